//! The sampling logic on a simulated clock: nothing here waits or measures.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Mutex;

use super::body::{Batch, Body, Job, Purpose};
use super::context::{Context, Gauge};
use super::overhead::Overhead;
use super::paced::{BatchPlan, Pace, Paced, Pacer};
use super::samples::LaunchSamples;
use super::sampling::{Sampling, measure};
use crate::clock::{Timer, TimerSpec};
use crate::resource::{Allocations, Disturbance, Faults, Meter, Scope};
use crate::stats::Rng;

/// Time of the simulated process.
#[derive(Clone, Default)]
struct World {
    now_ns: Rc<Cell<f64>>,
    /// How often the cgroup was stopped so far.
    throttlings: Rc<Cell<u64>>,
}

impl Gauge for World {
    fn elapsed_ns(&mut self) -> f64 {
        self.now_ns.get()
    }

    fn counts_allocations(&self) -> bool {
        true
    }

    /// A page a simulated nanosecond.
    fn faults(&self) -> Option<Faults> {
        Some(Faults { minor: self.now_ns.get() as u64, major: 0 })
    }

    fn throttlings(&mut self) -> u64 {
        self.throttlings.get()
    }

    fn begin_watch(&mut self) {}

    fn end_watch(&mut self, wall_ns: f64) -> Disturbance {
        Disturbance { wall_ns, ..Disturbance::default() }
    }
}

/// A benchmark whose cost is a function of how many iterations ran before.
struct Simulated<F> {
    world: World,
    cost_ns: F,
    /// What making one input takes.
    outside_ns: f64,
    threads: u32,
    /// What starting the threads of a batch takes.
    starting_ns: f64,
    done: u64,
    batches: u64,
    /// Inputs of one region that the last batch was allowed.
    region_items: usize,
    /// Iterations of one region.
    each_region: u64,
    /// Whether the regions of the last batch were watched together.
    watched_together: bool,
    /// Every so many batches something else takes the processor.
    disturbed_every: Option<u64>,
    /// As it does in so many batches from the start.
    disturbed_until: u64,
    /// Every so many batches the cgroup has used up its quota.
    throttled_every: Option<u64>,
    fails_at: Option<u64>,
}

impl<F: FnMut(u64) -> f64> Simulated<F> {
    fn new(world: &World, cost_ns: F) -> Self {
        Self {
            world: world.clone(),
            cost_ns,
            outside_ns: 0.0,
            threads: 1,
            starting_ns: 0.0,
            done: 0,
            batches: 0,
            region_items: 0,
            each_region: u64::MAX,
            watched_together: false,
            disturbed_every: None,
            disturbed_until: 0,
            throttled_every: None,
            fails_at: None,
        }
    }
}

impl<F: FnMut(u64) -> f64> Body for Simulated<F> {
    fn threads(&self) -> u32 {
        self.threads
    }

    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        if let Purpose::Allocations = job.purpose {
            let allocs = 3 * job.iterations;
            let allocations = Some(Allocations {
                allocs,
                bytes: allocs * 10,
                frees: 0,
                peak_live: 20,
                kept: 30 * job.iterations.cast_signed(),
            });
            return Ok(Batch { allocations, ..Batch::default() });
        }
        self.batches += 1;
        self.region_items = job.region_items;
        self.watched_together = job.short_regions;
        let mut batch = Batch::default();
        let opened = Batch::open(job);
        let mut total_ns = 0.0;
        // Long batches are summed in one step, so that the tests take no time either.
        let each_ns = (self.cost_ns)(self.done);
        total_ns += each_ns * job.iterations as f64;
        if job.each() {
            batch.each_ticks = vec![each_ns as u64; job.iterations as usize];
        }
        self.done += job.iterations;
        batch.close(job, opened, total_ns.round() as u64);
        batch.regions = job.iterations.div_ceil(self.each_region);
        let outside_ns = self.outside_ns * job.iterations as f64 + self.starting_ns;
        self.world.now_ns.set(self.world.now_ns.get() + total_ns + outside_ns);
        let disturbed = |every| self.batches.is_multiple_of(every);
        batch.preempted =
            self.disturbed_every.is_some_and(disturbed) || self.batches <= self.disturbed_until;
        if self.throttled_every.is_some_and(disturbed) {
            self.world.throttlings.set(self.world.throttlings.get() + 1);
        }
        match self.fails_at {
            Some(at) if self.done > at => Err("it failed".to_owned()),
            _ => Ok(batch),
        }
    }
}

fn sampling() -> Sampling {
    Sampling {
        test: false,
        sample_count: None,
        sample_size: None,
        min_ns: 0.0,
        max_ns: 50e6,
        warmup_ns: 25e6,
        skip_ext_time: false,
        probes: true,
        callgrind: None,
    }
}

fn context(world: &World, sampling: Sampling) -> Context {
    let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 20.0 };
    Context {
        timer: Timer::new(spec),
        overhead: Overhead { low_ns: 0.3, high_ns: 0.6 },
        sampling,
        threads: 1,
        rng: Rng::new(7),
        gauge: Box::new(world.clone()),
        meter: None,
        counters: Vec::new(),
        runtime: Rc::default(),
        pacer: None,
        outcome: None,
    }
}

fn run<F: FnMut(u64) -> f64>(body: &mut Simulated<F>, sampling: Sampling) -> LaunchSamples {
    let world = body.world.clone();
    measure(body, &mut context(&world, sampling)).unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn batches_last_a_quarter_of_a_millisecond_whatever_the_speed() {
    for cost_ns in [0.4, 3.0, 80.0, 5_000.0, 240_000.0] {
        let world = World::default();
        let samples = run(&mut Simulated::new(&world, |_| cost_ns), sampling());
        for sample in &samples.samples {
            assert!(sample.elapsed_ns >= 249_000.0, "{cost_ns}: {sample:?}");
            assert!(sample.elapsed_ns < 620_000.0, "{cost_ns}: {sample:?}");
            assert!((sample.ns_per_iteration() / cost_ns - 1.0).abs() < 2e-4, "{cost_ns}");
        }
    }
}

#[test]
fn a_disturbance_while_sizing_does_not_shorten_the_batches() {
    let world = World::default();
    // The second and third calls cost a thousand times more, and are known to be disturbed.
    let mut body = Simulated::new(&world, |done| if done < 3 { 100_000.0 } else { 100.0 });
    body.disturbed_until = 3;
    for sample in run(&mut body, sampling()).samples {
        assert!(sample.elapsed_ns > 240_000.0, "{sample:?}");
    }
}

#[test]
fn regions_are_as_short_as_the_clock_allows() {
    // 200 readings of 20 ns are 4 µs.
    for (cost_ns, items) in [(700.0, 6), (40.0, 101), (10_000.0, 1)] {
        let world = World::default();
        let mut body = Simulated::new(&world, |_| cost_ns);
        run(&mut body, sampling());
        assert_eq!(body.region_items, items, "{cost_ns}");
    }
}

#[test]
fn iteration_counts_vary_so_that_they_cannot_lock_to_a_beat() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 10.0);
    let samples = run(&mut body, sampling()).samples;
    let least = samples.iter().map(|s| s.iterations).min().unwrap_or(0) as f64;
    let most = samples.iter().map(|s| s.iterations).max().unwrap_or(0) as f64;
    assert!(most / least > 1.15 && most / least <= 1.21, "{least} to {most}");
}

#[test]
fn the_time_limit_ends_a_launch_and_a_slow_first_iteration_is_kept_apart() {
    let world = World::default();
    let slow_start = |done| if done == 0 { 2e6 } else { 100.0 };
    let samples = run(&mut Simulated::new(&world, slow_start), sampling());
    assert!((samples.first_ns - 2e6).abs() < 30.0);
    assert!(samples.warmup.settled && samples.warmup.spent_ns < 25e6);
    let total_ns: f64 = samples.samples.iter().map(|s| s.elapsed_ns).sum();
    assert!(samples.samples.iter().all(|sample| sample.iterations >= 2_500));
    assert!((49.9e6..51e6).contains(&total_ns), "{total_ns}");
}

#[test]
fn batches_are_sized_anew_where_warming_up_made_iterations_much_faster() {
    let world = World::default();
    let slow_start = |done| if done < 4 { 400_000.0 } else { 7_000.0 };
    let samples = run(&mut Simulated::new(&world, slow_start), sampling());
    assert!(samples.samples.iter().all(|sample| sample.elapsed_ns >= 249_000.0));
}

#[test]
fn a_benchmark_that_keeps_getting_faster_is_warmed_up_to_the_cap() {
    let world = World::default();
    let speeding_up = |done: u64| 100.0 + 1e8 / (done as f64 + 1e4);
    let samples = run(&mut Simulated::new(&world, speeding_up), sampling());
    assert!(!samples.warmup.settled);
    assert!((25e6..27e6).contains(&samples.warmup.spent_ns));
}

#[test]
fn disturbed_samples_are_voided_and_still_there() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 50.0);
    body.disturbed_every = Some(4);
    let samples = run(&mut body, sampling()).samples;
    let voided = samples.iter().filter(|s| s.voided).count();
    assert!(voided * 5 > samples.len() && voided * 3 < samples.len(), "{voided}");
}

#[test]
fn samples_that_a_quota_interrupts_are_voided() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 50.0);
    body.throttled_every = Some(5);
    let samples = run(&mut body, sampling()).samples;
    let voided = samples.iter().filter(|s| s.voided).count();
    assert!(voided * 6 > samples.len() && voided * 4 < samples.len(), "{voided}");
}

#[test]
fn faults_are_those_of_the_first_iteration_and_disturbances_those_of_sampling() {
    let world = World::default();
    let slow_start = |done| if done == 0 { 3_000.0 } else { 100.0 };
    let samples = run(&mut Simulated::new(&world, slow_start), sampling());
    assert_eq!(samples.first_faults, Some(Faults { minor: 3_000, major: 0 }));
    assert!((49.9e6..51e6).contains(&samples.disturbance.wall_ns));
}

#[test]
fn iterations_slow_enough_are_also_timed_one_by_one() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 20_000.0);
    let samples = run(&mut body, sampling());
    assert!(samples.latencies_seen > 1_000);
    assert!(samples.latencies_ns.len() <= 4096);
    assert!(samples.latencies_ns.iter().all(|ns| (ns - 19_980.0).abs() < 1.0));
    let fast = run(&mut Simulated::new(&world, |_| 100.0), sampling());
    assert!(fast.latencies_ns.is_empty());
}

#[test]
fn a_count_and_a_size_are_honoured() {
    let world = World::default();
    let wanted = Sampling { sample_count: Some(12), sample_size: Some(5), ..sampling() };
    let mut body = Simulated::new(&world, |_| 100.0);
    let samples = run(&mut body, wanted).samples;
    assert_eq!(samples.len(), 12);
    assert!(samples.iter().all(|sample| sample.iterations == 5));
    let longer = Sampling { sample_count: Some(3), min_ns: 40e6, ..sampling() };
    let world = World::default();
    let total_ns: f64 = run(&mut Simulated::new(&world, |_| 100.0), longer)
        .samples
        .iter()
        .map(|s| s.elapsed_ns)
        .sum();
    assert!(total_ns >= 40e6);
}

/// Samples that are counted are not cut short by time, so each has to be short by itself, even if its
/// inputs cost far more than the function.
#[test]
fn counted_samples_are_short_where_inputs_are_dear() {
    let world = World::default();
    let wanted = Sampling { sample_count: Some(4), max_ns: 100e9, ..sampling() };
    let mut body = Simulated { outside_ns: 1_000.0, ..Simulated::new(&world, |_| 1.0) };
    let samples = run(&mut body, wanted).samples;
    assert_eq!(samples.len(), 4);
    let longest =
        samples.iter().map(|sample| sample.iterations as f64 * 1_001.0).fold(0.0, f64::max);
    assert!((20e6..80e6).contains(&longest), "a sample takes {longest} ns");
}

#[test]
fn one_very_slow_iteration_is_enough() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 2e9);
    let samples = run(&mut body, sampling());
    assert_eq!(samples.samples.len(), 1);
    assert!(body.done <= 3, "{} iterations of two seconds", body.done);
}

#[test]
fn allocations_are_counted_apart_and_by_the_iteration() {
    let world = World::default();
    let samples = run(&mut Simulated::new(&world, |_| 100.0), sampling());
    let usage: Vec<(&str, f64)> = samples.usage.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    // The peak is that of one iteration, not a share of anything.
    assert_eq!(usage[..2], [("allocs", 3.0), ("alloc_bytes", 30.0)]);
    assert_eq!(usage[2..], [("frees", 0.0), ("peak_live", 20.0), ("leaked", 0.0)]);
}

fn metered(cost_ns: f64, sampling: Sampling) -> (LaunchSamples, u64) {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| cost_ns);
    let mut context = context(&world, sampling);
    context.meter = Some(Mutex::new(Meter::open(Scope::Process)));
    let samples = measure(&mut body, &mut context);
    (samples.unwrap_or_else(|error| unreachable!("{error}")), body.done)
}

#[test]
fn metering_takes_a_share_of_what_counted_samples_took() {
    let counted = Sampling { sample_count: Some(10), max_ns: 100e9, ..sampling() };
    let (with, done) = metered(100.0, counted.clone());
    assert!(with.usage.iter().any(|(name, _)| name == "cpu"));
    let (_, sampled) = metered(100.0, Sampling { probes: false, ..counted });
    let share = done as f64 / sampled as f64;
    assert!((1.0..2.0).contains(&share), "{share} times as many iterations with metering");
}

#[test]
fn usage_is_metered_after_sampling_and_leaves_the_samples_alone() {
    let (with, _) = metered(100.0, sampling());
    let (without, _) = metered(100.0, Sampling { probes: false, ..sampling() });
    assert_eq!(with.samples, without.samples);
    let has = |samples: &LaunchSamples, name| samples.usage.iter().any(|(n, _)| n == name);
    assert!(has(&with, "cpu") && !has(&without, "cpu"));
}

#[test]
fn a_slow_benchmark_is_metered_while_it_is_timed() {
    let (samples, done) = metered(30e6, sampling());
    assert!(samples.usage.iter().any(|(name, _)| name == "cpu"));
    let (_, done_without) = metered(30e6, Sampling { probes: false, ..sampling() });
    assert_eq!(done, done_without);
}

#[test]
fn testing_runs_one_iteration() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 100.0);
    let samples = run(&mut body, Sampling { test: true, ..sampling() });
    assert_eq!((body.done, samples.samples.len()), (1, 1));
}

#[test]
fn an_error_of_the_benchmark_ends_the_launch() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 100.0);
    body.fails_at = Some(10_000);
    let outcome = measure(&mut body, &mut context(&world, sampling()));
    assert_eq!(outcome.err().as_deref(), Some("it failed"));
}

#[test]
fn costly_inputs_shorten_batches_instead_of_leaving_two() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 2_000.0);
    body.outside_ns = 1e6;
    let samples = run(&mut body, sampling());
    assert!(samples.samples.len() >= 8, "{}", samples.samples.len());
    assert!(world.now_ns.get() < 150e6, "{} ms", world.now_ns.get() / 1e6);
}

#[test]
fn short_regions_are_watched_together_and_long_ones_each() {
    // Iterations of a region, what making an input takes, and whether asking would show.
    for (each_region, outside_ns, together) in
        [(40, 0.0, true), (40, 1e3, true), (40, 3e3, false), (2_000, 0.0, false)]
    {
        let world = World::default();
        let mut body = Simulated::new(&world, |_| 100.0);
        (body.each_region, body.outside_ns) = (each_region, outside_ns);
        run(&mut body, sampling());
        assert_eq!(body.watched_together, together, "{each_region} {outside_ns}");
    }
}

#[test]
fn starting_threads_is_no_reason_for_short_batches() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 10.0);
    (body.threads, body.starting_ns) = (4, 6e6);
    let samples = run(&mut body, sampling());
    assert!(samples.samples.iter().all(|sample| sample.elapsed_ns >= 249_000.0));
}

#[test]
fn a_first_iteration_that_outlasts_the_launch_tells_nothing_of_the_others() {
    let world = World::default();
    let mut body = Simulated::new(&world, |done| if done == 0 { 2e9 } else { 20.0 });
    let samples = run(&mut body, sampling());
    assert!(samples.samples.iter().all(|sample| sample.elapsed_ns >= 249_000.0));
}

/// Says what it was told to, and keeps what it heard.
struct Script {
    orders: std::vec::IntoIter<Pace>,
    heard: Rc<std::cell::RefCell<Vec<Paced>>>,
}

impl Pacer for Script {
    fn next(&mut self, done: Paced) -> Option<Pace> {
        self.heard.borrow_mut().push(done);
        self.orders.next()
    }
}

/// What the launch answers to these orders.
fn paced<F: FnMut(u64) -> f64>(body: &mut Simulated<F>, orders: Vec<Pace>) -> Vec<Paced> {
    let heard = Rc::default();
    let world = body.world.clone();
    let mut context = context(&world, sampling());
    context.pacer = Some(Box::new(Script { orders: orders.into_iter(), heard: Rc::clone(&heard) }));
    assert!(measure(body, &mut context).is_ok());
    heard.take()
}

#[test]
fn a_launch_runs_what_its_pacer_says_and_no_more() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 100.0);
    let plan = BatchPlan { iterations: 1_000, usual_ns: 100.0, short_regions: false };
    let heard = paced(&mut body, vec![Pace::Size, Pace::Batch(plan), Pace::Batch(plan)]);
    let Some(Paced::Sized(size)) = heard.get(1) else { unreachable!("{heard:?}") };
    assert!((2_400..2_800).contains(&size.plan.iterations), "{size:?}");
    assert!((size.plan.usual_ns - 100.0).abs() < 0.1 && !size.at_floor && !size.has_latencies);
    for batch in &heard[2..] {
        let Paced::Batch { elapsed_ns, voided: false } = batch else { unreachable!("{batch:?}") };
        assert!((elapsed_ns - 100_000.0).abs() < 25.0, "{elapsed_ns}");
    }
    assert_eq!((heard.len(), &heard[0]), (4, &Paced::Started));
    // The first iteration, and the batches that were asked for: nothing warms up by itself.
    let mut unsized_body = Simulated::new(&World::default(), |_| 100.0);
    paced(&mut unsized_body, vec![Pace::Batch(plan)]);
    assert_eq!(unsized_body.done, 1_001);
}

#[test]
fn a_batch_is_run_as_the_plan_has_it_whatever_this_side_would_find() {
    let world = World::default();
    let mut body = Simulated::new(&world, |_| 100.0);
    let plan = BatchPlan { iterations: 64, usual_ns: 400.0, short_regions: true };
    paced(&mut body, vec![Pace::Size, Pace::Batch(plan)]);
    // 200 readings of 20 ns over 400 ns, although an iteration takes 100.
    assert_eq!((body.region_items, body.watched_together), (11, true));
}

/// A benchmark that measures something else: three for each iteration, more while it is disturbed.
struct Counted<F>(Simulated<F>);

impl<F: FnMut(u64) -> f64> Body for Counted<F> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        let mut batch = self.0.run(job)?;
        let each = if batch.preempted { 300.0 } else { 3.0 };
        batch.value = Some(each * job.iterations as f64);
        Ok(batch)
    }

    fn has_own_clock(&self) -> bool {
        true
    }

    fn own_metric(&self) -> Option<&str> {
        Some("custom_steps")
    }
}

#[test]
fn time_sizes_the_batches_of_what_is_no_time() {
    for test in [false, true] {
        let world = World::default();
        let mut body = Counted(Simulated::new(&world, |_| 100.0));
        body.0.disturbed_every = Some(3);
        let mut context = context(&world, Sampling { test, ..sampling() });
        let samples = measure(&mut body, &mut context).unwrap_or_else(|e| unreachable!("{e}"));
        let steps = samples.usage.iter().find(|(name, _)| name == "custom_steps");
        assert_eq!(steps.map(|(_, value)| *value), Some(3.0), "{test}");
        let filled = |ns: f64| (249_000.0..620_000.0).contains(&ns);
        assert!(test || samples.samples.iter().all(|sample| filled(sample.elapsed_ns)));
    }
}

#[test]
fn a_comparison_is_told_the_value_in_the_place_of_time() {
    struct Once(u32, std::rc::Rc<std::cell::RefCell<Vec<Paced>>>);
    impl Pacer for Once {
        fn next(&mut self, done: Paced) -> Option<Pace> {
            self.1.borrow_mut().push(done);
            self.0 += 1;
            let plan = BatchPlan { iterations: 10, usual_ns: 100.0, short_regions: false };
            match self.0 {
                1 => Some(Pace::Size),
                2 => Some(Pace::Resources(plan)),
                3 => Some(Pace::Batch(plan)),
                _ => None,
            }
        }
    }
    let world = World::default();
    let heard = std::rc::Rc::default();
    let mut body = Counted(Simulated::new(&world, |_| 0.4));
    let mut context = context(&world, sampling());
    context.pacer = Some(Box::new(Once(0, std::rc::Rc::clone(&heard))));
    measure(&mut body, &mut context).unwrap_or_else(|error| unreachable!("{error}"));
    let heard = heard.borrow();
    let [Paced::Started, Paced::Sized(size), Paced::Resources(figures), batch] = heard.as_slice()
    else {
        unreachable!("{heard:?}")
    };
    assert!(!size.at_floor && size.loop_ns.abs() < 1e-9 && !size.has_latencies);
    assert!(figures.contains(&("custom_steps".to_owned(), 3.0)), "{figures:?}");
    assert_eq!(*batch, Paced::Batch { elapsed_ns: 30.0, voided: false });
}
