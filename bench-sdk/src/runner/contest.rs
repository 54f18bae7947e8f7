//! One case of a paired comparison on its way.

use std::rc::Rc;
use std::time::Duration;

use crate::bencher::Broken;
use crate::compare::{block_value, blocks_per_launch, launch_value};
use crate::launch::{Block, Executable, PairLaunch, PairPlan, Scouted};
use crate::record::{CaseId, Rules, metric_name};
use crate::resource::Likeness;
use crate::stats::{median, sample_sd};

/// Launches of the pilot, which settles how many blocks a launch has and is not used again.
pub(super) const PILOT_LAUNCHES: u32 = 3;
/// Blocks of each.
const PILOT_BLOCKS: u32 = 8;
/// Share of a case's budget that the pilot may take.
const PILOT_SHARE: f64 = 0.15;
/// A budget should buy this many launches, even where a block alone takes long.
const WANTED_LAUNCHES: f64 = 14.0;
/// Time of the batches by which each side warms up, in nanoseconds, and the fewest there are.
const WARM_UP_NS: f64 = 1e6;
const WARM_UP_BATCHES: u32 = 2;
/// Latencies of a launch: as many as make the 99th percentile estimable.
const LATENCIES: u64 = 2000;
/// They are not timed where that takes longer, in nanoseconds.
const LATENCIES_NS: f64 = 1e7;
/// Batches in a block.
const BATCHES: f64 = 4.0;
/// Where more of the pilot's batches than that are disturbed, as they are with more threads than
/// processors, disturbances are a part of what is compared: then no block is left out.
const MOST_VOIDED: f64 = 0.3;

/// A case that both sides have.
#[derive(Clone, Debug)]
pub(crate) struct PairedCase {
    pub(crate) id: CaseId,
    /// The baseline's and the candidate's.
    pub(crate) executables: Rc<[Executable; 2]>,
    /// How alike they are.
    pub(crate) likeness: Likeness,
    /// Whether the code of the benchmark itself has changed.
    pub(crate) code_changed: bool,
    /// Deadline of a batch, and of setting up.
    pub(crate) timeout: Duration,
}

/// What a case took and gave, launch by launch.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Taken {
    /// The baseline's medians, in nanoseconds an iteration.
    pub(crate) baseline_ns: Vec<f64>,
    /// ln(candidate / baseline).
    pub(crate) differences: Vec<f64>,
    /// What it took before the first of these launches, in nanoseconds.
    pub(crate) before_ns: f64,
    /// What these launches took, in nanoseconds.
    pub(crate) launches_ns: f64,
}

/// What is known of a case so far.
pub(super) struct Contest {
    pub(super) case: PairedCase,
    /// Where the suite keeps its times.
    pub(super) time: usize,
    /// Where the suite keeps its 99th percentiles.
    pub(super) p99: Option<usize>,
    pub(super) spent_ns: f64,
    /// Medians of each launch, in nanoseconds an iteration: of the baseline, of the candidate.
    pub(super) times_ns: [Vec<f64>; 2],
    pub(super) p99s_ns: [Vec<f64>; 2],
    /// Figures of other resources from each process that was sent ahead, by side.
    pub(super) figures: [Vec<Vec<(String, f64)>>; 2],
    /// ln(candidate / baseline) of each launch.
    pub(super) differences: Vec<f64>,
    /// Time of the launches that are judged, in nanoseconds; scouts and pilot are not among them.
    pub(super) played_ns: f64,
    pub(super) voided: [u32; 2],
    pub(super) batches: u32,
    pub(super) at_floor: bool,
    /// What launches scatter by, as a logarithm, and how many of them the budget buys.
    pub(super) expected: Option<(f64, u32)>,
    /// The smallest change that the budget was expected to show.
    pub(super) announced: Option<f64>,
    pub(super) broken: bool,
    /// Cost of the loop, in nanoseconds an iteration.
    loop_ns: f64,
    plan: Option<PairPlan>,
    pilot: Vec<Vec<f64>>,
    pilot_voided: u32,
    pilot_costs_ns: Vec<(f64, f64)>,
}

impl Contest {
    pub(super) fn new(case: PairedCase, time: usize) -> Self {
        Self {
            case,
            time,
            p99: None,
            spent_ns: 0.0,
            times_ns: [Vec::new(), Vec::new()],
            p99s_ns: [Vec::new(), Vec::new()],
            figures: [Vec::new(), Vec::new()],
            differences: Vec::new(),
            played_ns: 0.0,
            voided: [0; 2],
            batches: 0,
            at_floor: false,
            expected: None,
            announced: None,
            broken: false,
            loop_ns: 0.0,
            plan: None,
            pilot: Vec::new(),
            pilot_voided: 0,
            pilot_costs_ns: Vec::new(),
        }
    }

    /// What it took and gave.
    pub(super) fn taken(&self) -> Taken {
        Taken {
            baseline_ns: self.times_ns[0].clone(),
            differences: self.differences.clone(),
            before_ns: self.spent_ns - self.played_ns,
            launches_ns: self.played_ns,
        }
    }

    /// How the next launch is run; `None` before [`settle_size`](Self::settle_size).
    pub(super) fn plan(&self) -> Option<&PairPlan> {
        self.plan.as_ref()
    }

    /// The metric that batches give: time, unless the benchmark measures something else instead.
    pub(super) fn metric(&self) -> &str {
        self.metric_of(0)
    }

    /// Why both sides cannot be compared, where they do not measure the same.
    pub(super) fn measures_something_else(&self) -> Option<Broken> {
        let (baseline, candidate) = (self.metric_of(0), self.metric_of(1));
        (baseline != candidate).then(|| {
            Broken::failed(format!("it measures `{candidate}`, and in the baseline `{baseline}`"))
        })
    }

    fn metric_of(&self, side: usize) -> &str {
        let mut figures = self.figures[side].iter().flatten().map(|(name, _)| name.as_str());
        figures.rfind(|name| metric_name::is_custom(name)).unwrap_or(metric_name::TIME)
    }

    /// Whether blocks that were disturbed are left out.
    pub(super) fn voids(&self) -> bool {
        self.plan.is_none_or(|plan| plan.voids)
    }

    /// Whether latencies are compared as well.
    pub(super) fn has_latencies(&self) -> bool {
        self.plan.is_some_and(|plan| plan.latencies.is_some())
    }

    /// Settles how batches are, from what each side found by itself: what both take for one is what
    /// suits both.
    pub(super) fn settle_size(&mut self, baseline: &Scouted, candidate: &Scouted, budget_ns: f64) {
        let sizes = [&baseline.size, &candidate.size];
        let plans = sizes.map(|size| size.plan);
        let mut batch = plans[0];
        batch.iterations = plans[0].iterations.max(plans[1].iterations);
        batch.usual_ns = plans[0].usual_ns.min(plans[1].usual_ns);
        batch.short_regions = plans[0].short_regions || plans[1].short_regions;
        self.at_floor = sizes.iter().any(|size| size.at_floor);
        self.loop_ns = if self.at_floor { 0.0 } else { sizes[0].loop_ns.min(sizes[1].loop_ns) };
        let slower_ns = plans[0].usual_ns.max(plans[1].usual_ns);
        let batch_ns = (slower_ns * batch.iterations as f64).max(1.0);
        let latencies_ns = slower_ns * LATENCIES as f64;
        let has_latencies = sizes.iter().all(|size| size.has_latencies);
        let affordable = budget_ns * PILOT_SHARE / f64::from(PILOT_LAUNCHES) / (BATCHES * batch_ns);
        self.plan = Some(PairPlan {
            batch,
            blocks: (affordable as u32).clamp(1, PILOT_BLOCKS),
            warm_up: warm_up_batches(batch_ns),
            pinned: self.runs_on_one_processor(),
            latencies: (has_latencies && latencies_ns <= LATENCIES_NS).then_some(LATENCIES),
            voids: true,
            timeout: self.case.timeout,
        });
    }

    /// Whether it is known that neither side keeps more than one processor busy: only then they are
    /// kept on one.
    fn runs_on_one_processor(&self) -> bool {
        let name = metric_name::CPU_UTILISATION;
        let figures = self.figures.iter().flatten().flatten();
        let busy: Vec<f64> =
            figures.filter(|(found, _)| found == name).map(|(_, value)| *value).collect();
        !busy.is_empty() && busy.iter().all(|busy| *busy <= 1.1)
    }

    /// Keeps a launch of the pilot. When that is complete, the number of blocks is settled, and what
    /// the rest of the budget buys is known.
    pub(super) fn take_pilot(&mut self, launch: &PairLaunch, rules: &Rules) {
        self.pilot.push(self.values(launch));
        self.pilot_voided += launch.voided[0] + launch.voided[1];
        let blocks = self.plan.map_or(1, |plan| plan.blocks).max(1);
        let block_ns = launch.blocks_ns / f64::from(blocks);
        self.pilot_costs_ns.push((launch.surroundings_ns, block_ns));
        if (self.pilot.len() as u32) < PILOT_LAUNCHES {
            return;
        }
        let of = |pick: fn(&(f64, f64)) -> f64| {
            median(&self.pilot_costs_ns.iter().map(pick).collect::<Vec<_>>()).unwrap_or(1.0)
        };
        let (launch_ns, block_ns) = (of(|costs| costs.0), of(|costs| costs.1));
        let left_ns = (rules.budget_ns as f64 - self.spent_ns).max(0.0);
        let affordable = ((left_ns / WANTED_LAUNCHES - launch_ns) / block_ns.max(1.0)) as u32;
        let wanted = blocks_per_launch(&self.pilot, launch_ns, block_ns);
        let blocks = wanted.min(affordable).max(1);
        if let Some(plan) = &mut self.plan {
            let batches = BATCHES as u32 * PILOT_LAUNCHES * plan.blocks;
            plan.voids = f64::from(self.pilot_voided) <= MOST_VOIDED * f64::from(batches);
            plan.blocks = blocks;
        }
        let launches = left_ns / (launch_ns + f64::from(blocks) * block_ns).max(1.0);
        self.expected = self.scatter(blocks).map(|scatter| (scatter, launches as u32));
    }

    /// What the launches of the pilot scatter by, at that number of blocks.
    fn scatter(&self, blocks: u32) -> Option<f64> {
        let within: Vec<f64> = self.pilot.iter().filter_map(|values| sample_sd(values)).collect();
        // A single block tells nothing of scatter within a launch.
        let within = median(&within).unwrap_or(0.0) / f64::from(blocks).sqrt();
        let launches: Vec<f64> = self.pilot.iter().filter_map(|v| median(v)).collect();
        let between = sample_sd(&launches)?;
        Some(between.max(within))
    }

    /// Keeps a launch; gives the logarithm of candidate over baseline, of time and of the 99th
    /// percentile, where it has them.
    pub(super) fn take(&mut self, launch: &PairLaunch) -> (Option<f64>, Option<f64>) {
        self.batches += 4 * self.plan.map_or(0, |plan| plan.blocks);
        for side in 0..2 {
            self.voided[side] += launch.voided[side];
        }
        let per_side = |pick: fn(&Block) -> [f64; 2]| {
            let times: Vec<f64> = launch.blocks.iter().flat_map(pick).collect();
            median(&times)
        };
        let medians = [per_side(|block| block.baseline_ns), per_side(|block| block.candidate_ns)];
        for (kept, found) in self.times_ns.iter_mut().zip(medians) {
            kept.extend(found.map(|ns| ns - self.loop_ns));
        }
        let tail =
            launch.p99_ns.filter(|[baseline, candidate]| *baseline > 0.0 && *candidate > 0.0);
        if let Some(found) = tail {
            self.p99s_ns[0].push(found[0]);
            self.p99s_ns[1].push(found[1]);
        }
        let ratio = tail.map(|[baseline, candidate]| (candidate / baseline).ln());
        let difference = launch_value(&self.values(launch));
        self.differences.extend(difference);
        (difference, ratio)
    }

    /// The values of the blocks.
    fn values(&self, launch: &PairLaunch) -> Vec<f64> {
        let own = |times_ns: [f64; 2]| times_ns.map(|ns| ns - self.loop_ns);
        let value = |block: &Block| {
            let (a, b) = (own(block.baseline_ns), own(block.candidate_ns));
            block_value(a[0], b[0], a[1], b[1])
        };
        launch.blocks.iter().filter_map(value).collect()
    }
}

fn warm_up_batches(batch_ns: f64) -> u32 {
    ((WARM_UP_NS / batch_ns).ceil() as u32).max(if batch_ns > 1e7 { 1 } else { WARM_UP_BATCHES })
}
