//! One load test: the engine runs it, thresholds watch it, reporters hear of it.

use std::sync::Arc;

use super::assembled::{Ended, assemble};
use super::spike;
use crate::analysis::load::Watch;
use crate::clock::utc_now;
use crate::load::{Equipment, Finished, Go, Step, Stop, Target, run};
use crate::record::Environment;
use crate::record::Event;
use crate::record::load::{LoadKind, LoadPlan, LoadRecord, LoadRun, ThresholdRecord};
use crate::report::Fanout;
use crate::resource::interrupted;
use crate::runner::new_id;

/// A load test about to happen.
pub(crate) struct LoadTest<T: Target> {
    pub(crate) target: Arc<T>,
    pub(crate) plan: LoadPlan,
    /// What the load goes to, in words: an address, or the id of a load bench.
    pub(crate) named: String,
    pub(crate) equipment: Equipment,
    /// Whether what is tested runs inside of this process, on the generator's threads.
    pub(crate) shares_process: bool,
    pub(crate) environment: Environment,
    pub(crate) stop: Stop,
}

impl<T: Target> LoadTest<T> {
    /// The head of its record, before it has run.
    pub(super) fn header(&self) -> LoadRun {
        LoadRun {
            id: new_id(),
            started_at: utc_now().rfc3339(),
            duration_ns: 0,
            target: self.named.clone(),
            kind: self.plan.kind,
            interrupted: false,
            aborted: None,
            passed: false,
        }
    }

    /// Tells reporters that it begins.
    pub(super) fn announce(&self, run: &LoadRun, reporters: &mut Fanout) {
        reporters.send(&Event::LoadStarted {
            run: run.clone(),
            environment: self.environment.clone(),
            plan: self.plan.clone(),
        });
    }

    /// Runs a plan of the test, from `begun_ns` of the whole test on. `judged` is whether its
    /// thresholds may end it.
    pub(super) fn run(
        &self,
        plan: &LoadPlan,
        begun_ns: u64,
        judged: bool,
        reporters: &mut Fanout,
    ) -> Result<(Finished, Vec<ThresholdRecord>), String> {
        let mut watch = Watch::new(plan);
        let mut standing = Standing::default();
        let stop = self.stop.clone();
        let finished = run(&self.target, plan, &self.equipment, &stop, &mut |step: &Step<'_>| {
            let mut tick = step.tick.clone();
            tick.at_ns += begun_ns;
            reporters.send(&Event::LoadTick { tick });
            let at_ns = step.tick.at_ns;
            let ends = watch.step(plan, at_ns, step.interval, step.totals);
            if judged {
                standing.tell(&watch, plan, step, begun_ns, reporters);
            }
            if interrupted() {
                stop.gracefully();
            }
            match ends.filter(|_| judged) {
                Some(why) => Go::Abort(why),
                None => Go::On,
            }
        })?;
        let thresholds = watch.finish(plan, &finished.totals, finished.elapsed_ns);
        Ok((finished, thresholds))
    }
}

/// How thresholds stood when they were last looked at.
#[derive(Default)]
struct Standing {
    passed: Vec<bool>,
    next_ns: u64,
}

/// Time between two looks, as often as thresholds are judged.
const EVERY_NS: u64 = 2_000_000_000;

impl Standing {
    /// Tells reporters of thresholds that have come to hold, or to hold no more.
    fn tell(
        &mut self,
        watch: &Watch,
        plan: &LoadPlan,
        step: &Step<'_>,
        begun_ns: u64,
        reporters: &mut Fanout,
    ) {
        let at_ns = step.tick.at_ns;
        if at_ns < self.next_ns {
            return;
        }
        self.next_ns = at_ns + EVERY_NS;
        let now = watch.finish(plan, step.totals, at_ns);
        for (nth, threshold) in now.iter().enumerate() {
            // Without samples nothing has been crossed; the end tells.
            let before = self.passed.get(nth).copied().unwrap_or(true);
            if threshold.samples > 0 && before != threshold.passed {
                let (at_ns, threshold) = (begun_ns + at_ns, threshold.clone());
                reporters.send(&Event::ThresholdCrossed { at_ns, threshold });
            }
        }
        self.passed =
            now.iter().map(|threshold| threshold.passed || threshold.samples == 0).collect();
    }
}

/// Runs a load or spike test; the record is complete, but not yet kept or announced as finished.
/// An error says what could not be started.
pub(crate) fn measure<T: Target>(
    test: &LoadTest<T>,
    reporters: &mut Fanout,
) -> Result<LoadRecord, String> {
    let header = test.header();
    test.announce(&header, reporters);
    let (finished, thresholds) = test.run(&test.plan, 0, true, reporters)?;
    let ended = Ended { finished, thresholds };
    let mut record = assemble(test, header, &ended);
    if record.plan.kind == LoadKind::Spike {
        spike::judge(&mut record);
    }
    Ok(record)
}
