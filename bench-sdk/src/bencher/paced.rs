//! Launches whose pace somebody outside keeps: batch by batch, in turns with another process.

use super::body::{Body, Job, Purpose};
use super::sampling::Launch;
use crate::stats::{median, quantile_sorted, sorted};

/// Batches from which the usual time of an iteration is taken.
const USUAL_BATCHES: usize = 5;
/// The quantile of latencies that is told.
const QUANTILE: f64 = 0.99;

/// What to run next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Pace {
    /// Find how many iterations fill a batch.
    Size,
    /// Time one batch.
    Batch(BatchPlan),
    /// Time that many iterations one by one.
    Latencies(BatchPlan),
    /// Find what an iteration uses besides time.
    Resources(BatchPlan),
    /// Have Callgrind, under which the process runs, count the instructions of an iteration; the
    /// text is how the files are named that it writes.
    Instructions(String),
}

/// How a batch is run; the same on both sides of a comparison, or their figures would differ by it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BatchPlan {
    pub(crate) iterations: u64,
    /// What an iteration usually takes: decides how many inputs are alive at once.
    pub(crate) usual_ns: f64,
    /// Whether regions are too short to be watched for disturbances one by one.
    pub(crate) short_regions: bool,
}

/// What has been run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Paced {
    /// Everything is set up and the first iteration has run.
    Started,
    /// How batches should be.
    Sized(BatchSize),
    /// Time of a batch, the clock's own cost taken off, in nanoseconds, or what the benchmark measures
    /// instead; whether the processor was taken away meanwhile.
    Batch { elapsed_ns: f64, voided: bool },
    /// The 99th percentile of latency, in nanoseconds.
    Latencies { p99_ns: f64 },
    /// Figures by the names of metrics.
    Resources(Vec<(String, f64)>),
}

/// How batches of a case should be, as one process finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BatchSize {
    pub(crate) plan: BatchPlan,
    /// What a turn of the empty loop costs, in nanoseconds.
    pub(crate) loop_ns: f64,
    /// Whether an iteration cannot be told from an empty loop.
    pub(crate) at_floor: bool,
    /// Whether iterations are slow enough to be timed one by one.
    pub(crate) has_latencies: bool,
}

/// Keeps the pace.
pub(crate) trait Pacer {
    /// Takes what has been run and says what comes next; `None` ends the launch.
    fn next(&mut self, done: Paced) -> Option<Pace>;
}

impl Launch<'_> {
    /// Runs what the pacer says until it says no more. The first iteration has run before.
    pub(super) fn keep_pace(
        &mut self,
        body: &mut dyn Body,
        pacer: &mut dyn Pacer,
    ) -> Result<(), String> {
        let mut done = Paced::Started;
        while let Some(pace) = pacer.next(done) {
            done = match pace {
                Pace::Size => Paced::Sized(self.find_size(body)?),
                Pace::Batch(plan) => {
                    self.adopt(plan);
                    let sample = self.batch(body, plan.iterations, false)?;
                    Paced::Batch { elapsed_ns: self.measured(sample), voided: sample.voided }
                }
                Pace::Latencies(plan) => {
                    self.adopt(plan);
                    self.percentile(body, plan.iterations)?
                }
                Pace::Resources(plan) => {
                    self.adopt(plan);
                    self.find_resources(body, plan.iterations)?
                }
                Pace::Instructions(prefix) => {
                    self.count_instructions(body, &prefix)?;
                    Paced::Resources(std::mem::take(&mut self.samples.usage))
                }
            };
        }
        Ok(())
    }

    fn adopt(&mut self, plan: BatchPlan) {
        self.usual_ns = plan.usual_ns;
        self.short_regions = plan.short_regions;
    }

    fn find_size(&mut self, body: &mut dyn Body) -> Result<BatchSize, String> {
        let first = super::Sample {
            iterations: 1,
            elapsed_ns: self.samples.first_ns,
            voided: self.samples.first_voided,
        };
        let iterations = self.calibrate(body, first)?;
        let batches =
            if first.elapsed_ns > self.context.sampling.max_ns { 1 } else { USUAL_BATCHES };
        self.warm_batches(body, iterations, batches)?;
        // The allocator, say, kept the memory of the first few iterations for the others.
        let usual = super::Sample { iterations: 1, elapsed_ns: self.usual_ns, voided: false };
        let iterations = self.calibrate(body, usual)?;
        let overhead = self.context.overhead;
        let plan =
            BatchPlan { iterations, usual_ns: self.usual_ns, short_regions: self.short_regions };
        let is_time = body.own_metric().is_none();
        Ok(BatchSize {
            plan,
            loop_ns: if is_time { overhead.low_ns } else { 0.0 },
            at_floor: is_time && overhead.hides(self.usual_ns),
            has_latencies: self.is_slow_enough() && body.threads() == 1 && !body.has_own_clock(),
        })
    }

    fn percentile(&mut self, body: &mut dyn Body, iterations: u64) -> Result<Paced, String> {
        let job = Job { purpose: Purpose::Latency, ..self.job(iterations) };
        let batch = body.run(job)?;
        self.ran(&batch, iterations);
        let timer = &self.context.timer;
        let of = |ticks: &u64| (timer.ns(*ticks) - timer.spec.cost_ns).max(0.0);
        let latencies: Vec<f64> = batch.each_ticks.iter().map(of).collect();
        let p99_ns = quantile_sorted(&sorted(&latencies), QUANTILE).unwrap_or(0.0);
        Ok(Paced::Latencies { p99_ns })
    }

    fn find_resources(&mut self, body: &mut dyn Body, iterations: u64) -> Result<Paced, String> {
        self.meter(body, iterations)?;
        self.keep_usage();
        self.count_allocations(body, iterations)?;
        if let Some(name) = body.own_metric().map(str::to_owned) {
            // Tells the parent which metric it is that batches give.
            let sample = self.batch(body, iterations, false)?;
            let each = self.measured(sample) / iterations as f64;
            self.samples.usage.push((name, each));
        }
        Ok(Paced::Resources(std::mem::take(&mut self.samples.usage)))
    }

    /// Runs batches to see what an iteration usually takes, and whether regions are short.
    fn warm_batches(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
        batches: usize,
    ) -> Result<(), String> {
        let watch = self.begin_surroundings();
        let mut times = Vec::with_capacity(batches);
        for _ in 0..batches {
            times.push(self.batch(body, iterations, false)?.ns_per_iteration());
        }
        self.usual_ns = median(&times).unwrap_or(self.usual_ns);
        self.judge_regions(watch);
        Ok(())
    }
}
