//! Decides what to run: iteration counts, warm-up, when to stop.

use super::amounts::Amounts;
use super::body::{Batch, Body, Job, Purpose};
use super::context::Context;
use super::metered::Metered;
use super::resources::LONG_REGION_NS;
use super::samples::{LaunchSamples, Sample};
use crate::record::{Resolved, Warmup};
use crate::resource::{Disturbance, PeakMemory, Readings, involuntary_switches};
use crate::stats::{Steadiness, median};

/// Least length of a batch.
const BATCH_NS: f64 = 250_000.0;
/// Share of a launch's time that one batch may take with everything around it: where inputs cost
/// far more than the benchmark, batches are shorter than they should be rather than too few.
const BATCH_SHARE: f64 = 0.1;
/// Times that a disturbed batch is repeated while iterations are being sized.
const CALIBRATION_RETRIES: u32 = 3;
/// A batch with inputs takes no longer than this, however much time there is, unless one iteration
/// does: a number of samples that was asked for is not cut short, so their length has to be.
const LONGEST_BATCH_NS: f64 = 50e6;
/// Most iterations of a batch, whatever their speed.
const MAX_ITERATIONS: u64 = 1 << 24;
/// Iteration counts vary by this share, so that they cannot lock to a periodic disturbance.
const JITTER: f64 = 0.2;
/// An iteration is timed by itself where it costs this many times what reading the clock does.
const CLOCKS_PER_LATENCY: f64 = 100.0;
/// A timed region with inputs or kept outputs is as long as this many readings of the clock.
const CLOCKS_PER_REGION: f64 = 200.0;
/// A region that takes this long, with making its inputs and dropping its outputs, is watched for
/// disturbances by itself: that takes about half a microsecond. Shorter ones are watched together.
const WATCHED_NS: f64 = 100_000.0;
/// Latencies kept of one launch.
const KEPT_LATENCIES: usize = 4096;
/// A launch never rests on fewer samples than this, unless one iteration alone outlasts its share.
const MIN_SAMPLES: usize = 3;

/// How much one launch samples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sampling {
    /// One iteration only, to see that it works.
    pub(crate) test: bool,
    pub(crate) sample_count: Option<u32>,
    pub(crate) sample_size: Option<u32>,
    /// Least time for sampling in this launch.
    pub(crate) min_ns: f64,
    /// Most time for sampling in this launch.
    pub(crate) max_ns: f64,
    /// Most time for warming up.
    pub(crate) warmup_ns: f64,
    /// Whether limits count timed regions only.
    pub(crate) skip_ext_time: bool,
    /// Whether disturbances are watched for and other resources measured than time.
    pub(crate) probes: bool,
    /// Where the process runs under Callgrind to count instructions: how the files are named that
    /// Callgrind writes. Nothing is timed then.
    pub(crate) callgrind: Option<String>,
}

impl Sampling {
    /// This launch's share of a case's settings.
    pub(crate) fn of(settings: &Resolved, test: bool) -> Self {
        let share = |total_ns: u64| total_ns as f64 / f64::from(settings.launches.max(1));
        Self {
            test,
            sample_count: settings.sample_count,
            sample_size: settings.sample_size,
            min_ns: share(settings.min_time_ns),
            max_ns: share(settings.max_time_ns),
            warmup_ns: settings.warmup_ns as f64,
            skip_ext_time: settings.skip_ext_time,
            probes: settings.probes,
            callgrind: None,
        }
    }
}

/// Measures one launch of one case.
pub(super) fn measure(body: &mut dyn Body, context: &mut Context) -> Result<LaunchSamples, String> {
    let mut launch = Launch::new(context);
    if body.has_own_clock() {
        launch.leave_unmetered();
    }
    if let Some(prefix) = launch.context.sampling.callgrind.clone() {
        launch.count_instructions(body, &prefix)?;
        return Ok(launch.finish(body));
    }
    launch.watch_memory();
    let first = launch.first_iteration(body)?;
    if let Some(mut pacer) = launch.context.pacer.take() {
        launch.keep_pace(body, &mut *pacer)?;
        return Ok(launch.finish(body));
    }
    if launch.context.sampling.test {
        launch.samples.samples.push(first);
        launch.keep_value(first);
        if launch.context.sampling.probes {
            launch.count_allocations(body, 1)?;
        }
        return Ok(launch.finish(body));
    }
    let mut iterations = launch.calibrate(body, first)?;
    let sized_by_ns = launch.usual_ns;
    launch.warm_up(body, iterations)?;
    if launch.usual_ns < sized_by_ns / 2.0 {
        // The allocator, say, kept the memory of the first few iterations for the others.
        let usual = Sample { iterations: 1, elapsed_ns: launch.usual_ns, voided: false };
        iterations = launch.calibrate(body, usual)?;
    }
    launch.sample_and_split(body, iterations)?;
    if launch.context.sampling.probes {
        launch.meter(body, iterations)?;
        launch.keep_usage();
        launch.count_allocations(body, iterations)?;
    }
    Ok(launch.finish(body))
}

/// One launch in progress.
pub(super) struct Launch<'a> {
    pub(super) context: &'a mut Context,
    pub(super) samples: LaunchSamples,
    counted: Amounts,
    iterations_run: u64,
    /// Timed regions of the batches that are samples.
    pub(super) regions: u64,
    regions_run: u64,
    pub(super) short_regions: bool,
    is_sizing: bool,
    /// What an iteration usually takes, as far as is known.
    pub(super) usual_ns: f64,
    pub(super) metered: Metered,
    /// Whether batches were metered of which it is not known how long they took as a whole.
    pub(super) takes_turns: bool,
    pub(super) memory: Option<Result<PeakMemory, String>>,
    /// What the last batch came to by a measurement of the benchmark's own.
    last_value: Option<f64>,
    /// What an iteration came to in each sample, and whether that was voided.
    values: Vec<(f64, bool)>,
}

impl<'a> Launch<'a> {
    fn new(context: &'a mut Context) -> Self {
        let samples = LaunchSamples {
            first_ns: 0.0,
            first_voided: false,
            first_faults: None,
            warmup: Warmup { spent_ns: 0.0, settled: true },
            samples: Vec::new(),
            latencies_ns: Vec::new(),
            latencies_seen: 0,
            loop_ns: (context.overhead.low_ns, context.overhead.high_ns),
            counters: Vec::new(),
            threads: 1,
            foreign_runtime: false,
            usage: Vec::new(),
            absent: Vec::new(),
            allocating_ns: None,
            disturbance: Disturbance::default(),
        };
        Self {
            context,
            samples,
            counted: Amounts::default(),
            iterations_run: 0,
            regions: 0,
            regions_run: 0,
            short_regions: false,
            is_sizing: false,
            usual_ns: f64::INFINITY,
            metered: Metered::default(),
            takes_turns: false,
            memory: None,
            last_value: None,
            values: Vec::new(),
        }
    }

    /// Whether disturbances can be told: threads of the case's own runtime take the processor away
    /// as well, as a part of the work.
    pub(super) fn is_watched(&self) -> bool {
        self.context.sampling.probes && !self.context.runtime.has_workers()
    }

    /// A plain request for that many iterations.
    pub(super) fn job(&self, iterations: u64) -> Job<'_> {
        Job {
            iterations,
            purpose: Purpose::Time,
            timer: &self.context.timer,
            preemptions: if self.is_watched() { involuntary_switches } else { || 0 },
            short_regions: self.short_regions,
            region_items: self.region_items(),
            gate: None,
        }
    }

    /// Runs one batch to time it.
    pub(super) fn run(&mut self, body: &mut dyn Body, iterations: u64) -> Result<Batch, String> {
        let batch = body.run(self.job(iterations))?;
        self.ran(&batch, iterations);
        Ok(batch)
    }

    /// Keeps count of inputs and iterations.
    pub(super) fn ran(&mut self, batch: &Batch, iterations: u64) {
        self.counted.merge(&batch.counted);
        self.iterations_run += iterations;
        self.regions_run += batch.regions;
    }

    /// How many inputs or outputs to have alive at once: only as many as make a region long enough
    /// to be timed. With hundreds of vectors of boxes kept, a function that returns one was measured
    /// 1.8 times slower than with a few: the cost of the larger heap, not of the function.
    fn region_items(&self) -> usize {
        let items = CLOCKS_PER_REGION * self.clock_ns() / self.usual_ns.max(1e-3);
        // Before anything is known it is one.
        (items as usize).saturating_add(1)
    }

    /// The very first call in this process, which may do once what the others find done.
    fn first_iteration(&mut self, body: &mut dyn Body) -> Result<Sample, String> {
        let before = self.context.gauge.faults();
        let first = self.batch(body, 1, false)?;
        let after = self.context.gauge.faults();
        self.samples.first_ns = first.elapsed_ns;
        self.samples.first_voided = first.voided;
        self.samples.first_faults = after.zip(before).map(|(after, before)| after.since(before));
        Ok(first)
    }

    /// Times a batch. It is void if the processor was taken away within a timed region, or if the
    /// cgroup used up its quota meanwhile.
    pub(super) fn batch(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
        metered: bool,
    ) -> Result<Sample, String> {
        let throttlings = self.context.gauge.throttlings();
        let batch = if metered {
            self.metered_batch(body, iterations, Readings::All)
        } else {
            self.run(body, iterations)
        }?;
        self.last_value = batch.value;
        let voided = batch.preempted || self.context.gauge.throttlings() != throttlings;
        Ok(Sample { iterations, elapsed_ns: self.elapsed_ns(&batch), voided })
    }

    /// Time of a batch, the clock's own cost taken off, in nanoseconds.
    pub(super) fn elapsed_ns(&self, batch: &Batch) -> f64 {
        let timer = &self.context.timer;
        let clock_ns = batch.regions as f64 * timer.spec.cost_ns;
        // A batch is long enough when its threads are busy for long enough, however long they wait.
        let own_ticks = batch.own_ticks.filter(|_| self.is_sizing);
        (timer.ns(own_ticks.unwrap_or(batch.ticks)) - clock_ns).max(0.0)
    }

    /// Finds how many iterations fill a batch.
    pub(super) fn calibrate(&mut self, body: &mut dyn Body, first: Sample) -> Result<u64, String> {
        self.is_sizing = true;
        let iterations = self.size(body, first);
        self.is_sizing = false;
        iterations
    }

    fn size(&mut self, body: &mut dyn Body, first: Sample) -> Result<u64, String> {
        self.usual_ns = first.ns_per_iteration();
        if let Some(size) = self.context.sampling.sample_size {
            return Ok(u64::from(size.max(1)));
        }
        if first.elapsed_ns >= self.context.sampling.max_ns {
            return Ok(1);
        }
        // The first iteration may have filled caches or built tables: it tells nothing yet.
        let (mut sample, mut wall_ns) = self.batch_with_surroundings(body, 1)?;
        // Starting threads takes as long for many iterations as for one.
        let starting_ns =
            if body.threads() > 1 { (wall_ns - sample.elapsed_ns).max(0.0) } else { 0.0 };
        wall_ns = (wall_ns - starting_ns).max(sample.elapsed_ns);
        let share_ns = BATCH_SHARE * self.context.sampling.max_ns;
        let most_ns = share_ns.clamp(BATCH_NS, LONGEST_BATCH_NS);
        while sample.elapsed_ns < BATCH_NS
            && wall_ns < most_ns / 2.0
            && sample.iterations < MAX_ITERATIONS
        {
            // A forecast from a short batch is not trusted for more than ten times its length.
            let forecast = BATCH_NS / sample.ns_per_iteration().max(1e-3);
            let wanted = (forecast * 1.05).ceil() as u64;
            let next = wanted.clamp(sample.iterations + 1, sample.iterations.saturating_mul(10));
            self.usual_ns = sample.ns_per_iteration();
            (sample, wall_ns) = self.batch_with_surroundings(body, next.min(MAX_ITERATIONS))?;
            wall_ns = (wall_ns - starting_ns).max(sample.elapsed_ns);
        }
        self.usual_ns = sample.ns_per_iteration();
        let full = (BATCH_NS / sample.ns_per_iteration().max(1e-3)).ceil() as u64;
        let affordable = most_ns / (wall_ns / sample.iterations as f64).max(1e-3);
        Ok(full.min(affordable as u64).clamp(1, MAX_ITERATIONS))
    }

    /// A batch, and how long it took with inputs and drops, in nanoseconds. One that was disturbed
    /// is repeated, a few times, since what follows is sized by it.
    fn batch_with_surroundings(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
    ) -> Result<(Sample, f64), String> {
        let mut start_ns = self.context.gauge.elapsed_ns();
        let mut sample = self.batch(body, iterations, false)?;
        for _ in 0..CALIBRATION_RETRIES {
            if !sample.voided {
                break;
            }
            start_ns = self.context.gauge.elapsed_ns();
            sample = self.batch(body, iterations, false)?;
        }
        let wall_ns = self.context.gauge.elapsed_ns() - start_ns;
        // With `skip_ext_time` only timed regions count against the limits.
        let counts_ns =
            if self.context.sampling.skip_ext_time { sample.elapsed_ns } else { wall_ns };
        Ok((sample, counts_ns))
    }

    /// Runs batches until their times have settled, or the cap.
    fn warm_up(&mut self, body: &mut dyn Body, iterations: u64) -> Result<(), String> {
        let start_ns = self.context.gauge.elapsed_ns();
        let cap_ns = self.context.sampling.warmup_ns;
        let mut steadiness = Steadiness::new();
        let mut spent_ns = 0.0;
        let mut times = Vec::new();
        let surroundings = self.begin_surroundings();
        while spent_ns < cap_ns && !steadiness.settled() {
            let sample = self.batch(body, iterations, false)?;
            steadiness.push(sample.ns_per_iteration());
            times.push(sample.ns_per_iteration());
            spent_ns = self.context.gauge.elapsed_ns() - start_ns;
        }
        self.samples.warmup = Warmup { spent_ns, settled: steadiness.settled() };
        self.usual_ns = median(&times).unwrap_or(self.usual_ns);
        self.judge_regions(surroundings);
        Ok(())
    }

    /// What [`judge_regions`](Self::judge_regions) counts from: the time, and regions so far.
    pub(super) fn begin_surroundings(&mut self) -> (f64, u64) {
        (self.context.gauge.elapsed_ns(), self.regions_run)
    }

    /// Whether regions since then were too short, with what surrounds them, to be watched one by
    /// one.
    pub(super) fn judge_regions(&mut self, (start_ns, regions_before): (f64, u64)) {
        let regions = self.regions_run - regions_before;
        let spent_ns = self.context.gauge.elapsed_ns() - start_ns;
        self.short_regions = spent_ns < WATCHED_NS * regions as f64;
    }

    /// Whether iterations are slow enough to be timed one by one.
    pub(super) fn is_slow_enough(&self) -> bool {
        self.usual_ns >= CLOCKS_PER_LATENCY * self.clock_ns()
    }

    /// Takes samples until there are enough, and latencies between them where they can be had.
    pub(super) fn sample(&mut self, body: &mut dyn Body, iterations: u64) -> Result<(), String> {
        // Decided once: a slow moment must not make latencies of what is too fast for them.
        let slow_enough = self.is_slow_enough() && !body.has_own_clock();
        let metered = self.usual_ns >= LONG_REGION_NS && self.context.meter.is_some();
        self.context.gauge.begin_watch();
        let start_ns = self.context.gauge.elapsed_ns();
        let mut timed_ns = 0.0;
        loop {
            let count = self.jittered(iterations);
            let regions_before = self.regions_run;
            let sample = self.batch(body, count, metered)?;
            self.regions += self.regions_run - regions_before;
            timed_ns += sample.elapsed_ns;
            self.samples.samples.push(sample);
            self.keep_value(sample);
            if slow_enough {
                timed_ns += self.latencies(body, sample)?;
            }
            let spent_ns = if self.context.sampling.skip_ext_time {
                timed_ns
            } else {
                self.context.gauge.elapsed_ns() - start_ns
            };
            if self.enough(spent_ns) {
                break;
            }
        }
        let wall_ns = self.context.gauge.elapsed_ns() - start_ns;
        self.samples.disturbance = self.context.gauge.end_watch(wall_ns);
        Ok(())
    }

    /// What keeps a single iteration from being timed exactly.
    fn clock_ns(&self) -> f64 {
        let spec = &self.context.timer.spec;
        spec.cost_ns.max(spec.precision_ns)
    }

    fn enough(&self, spent_ns: f64) -> bool {
        let sampling = &self.context.sampling;
        let taken = self.samples.samples.len();
        let counted = sampling.sample_count.is_some_and(|count| taken >= count.max(1) as usize);
        if counted && spent_ns >= sampling.min_ns {
            return true;
        }
        // An explicit count is honoured even past the default time, up to the explicit maximum,
        // which the settings raise together with the count.
        spent_ns >= sampling.max_ns.max(sampling.min_ns)
            && (taken >= MIN_SAMPLES || spent_ns >= 10.0 * sampling.max_ns)
    }

    /// Between n and n + 20 %, so that no batch is shorter than it has to be.
    fn jittered(&mut self, iterations: u64) -> u64 {
        if self.context.sampling.sample_size.is_some() {
            return iterations;
        }
        let room = (iterations as f64 * JITTER) as u64;
        iterations + self.context.rng.below(room + 1)
    }

    /// Times iterations one by one. A batch of one iteration is a latency already.
    fn latencies(&mut self, body: &mut dyn Body, sample: Sample) -> Result<f64, String> {
        if sample.iterations == 1 && body.threads() == 1 {
            self.keep_latency(sample.elapsed_ns);
            return Ok(0.0);
        }
        let job = Job { purpose: Purpose::Latency, ..self.job(sample.iterations) };
        let batch = body.run(job)?;
        self.ran(&batch, sample.iterations);
        let cost_ns = self.context.timer.spec.cost_ns;
        let mut total_ns = 0.0;
        for ticks in batch.each_ticks {
            let latency_ns = (self.context.timer.ns(ticks) - cost_ns).max(0.0);
            total_ns += latency_ns;
            self.keep_latency(latency_ns);
        }
        Ok(total_ns)
    }

    /// Keeps a uniform sample of all latencies: Vitter, "Random Sampling with a Reservoir" (1985),
    /// algorithm R.
    fn keep_latency(&mut self, latency_ns: f64) {
        self.samples.latencies_seen += 1;
        let kept = &mut self.samples.latencies_ns;
        if kept.len() < KEPT_LATENCIES {
            kept.push(latency_ns);
            return;
        }
        let place = self.context.rng.below(self.samples.latencies_seen) as usize;
        if let Some(slot) = kept.get_mut(place) {
            *slot = latency_ns;
        }
    }

    /// What the batch was measured to be: time, unless the benchmark measures something else.
    pub(super) fn measured(&self, sample: Sample) -> f64 {
        self.last_value.unwrap_or(sample.elapsed_ns)
    }

    fn keep_value(&mut self, sample: Sample) {
        if let Some(value) = self.last_value {
            self.values.push((value / sample.iterations as f64, sample.voided));
        }
    }

    /// The benchmark's own metric. As with time, voided samples count only where there are no others.
    fn keep_own_metric(&mut self, name: &str) {
        let of = |voided_too: bool| {
            let kept = self.values.iter().filter(|(_, voided)| voided_too || !voided);
            median(&kept.map(|(value, _)| *value).collect::<Vec<_>>())
        };
        if let Some(value) = of(false).or_else(|| of(true)) {
            self.samples.usage.push((name.to_owned(), value));
        }
    }

    fn finish(mut self, body: &dyn Body) -> LaunchSamples {
        if let Some(name) = body.own_metric() {
            self.keep_own_metric(name);
        }
        let mut counters = std::mem::take(&mut self.context.counters);
        for counted in self.counted.means(self.iterations_run) {
            counters.retain(|counter| counter.kind != counted.kind);
            counters.push(counted);
        }
        self.samples.counters = counters;
        self.samples.threads = body.threads();
        self.samples
    }
}
