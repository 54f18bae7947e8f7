//! What surrounds one launch of one case while it is measured.

use std::rc::Rc;
use std::sync::Mutex;

use super::asynchronous::CaseRuntime;
use super::overhead::Overhead;
use super::paced::Pacer;
use super::samples::{Broken, LaunchSamples};
use super::sampling::Sampling;
use crate::clock::{Stopwatch, Timer};
use crate::record::Counter;
use crate::resource::{Disturbance, DisturbanceWatch, Faults, Meter, counts_allocations};
use crate::stats::Rng;

/// Everything a body is measured with, and where its samples end up.
pub(crate) struct Context {
    /// The clock of timed regions.
    pub(crate) timer: Timer,
    /// What the empty loop costs in this process.
    pub(crate) overhead: Overhead,
    /// How much to sample.
    pub(crate) sampling: Sampling,
    /// Threads that run the body at once.
    pub(crate) threads: usize,
    /// Source of jitter.
    pub(crate) rng: Rng,
    /// Limits.
    pub(crate) gauge: Box<dyn Gauge>,
    /// Counts what regions use; `None` where nobody asks for that.
    pub(crate) meter: Option<Mutex<Meter>>,
    /// What one iteration processes.
    pub(crate) counters: Vec<Counter>,
    /// What drives async benchmarks, and async `setup` and `teardown` of all.
    pub(crate) runtime: Rc<CaseRuntime>,
    /// Says what to run, where that is not decided here.
    pub(crate) pacer: Option<Box<dyn Pacer>>,
    /// What came of it; `None` until the benchmark measures something.
    pub(crate) outcome: Option<Result<LaunchSamples, Broken>>,
}

/// What the sampling logic asks of the process around it; a fake one stands in for tests.
pub(crate) trait Gauge {
    /// Time since some moment before the case, in nanoseconds.
    fn elapsed_ns(&mut self) -> f64;
    /// Whether allocations can be counted here.
    fn counts_allocations(&self) -> bool;
    /// Pages that this process had to have mapped so far.
    fn faults(&self) -> Option<Faults>;
    /// How often the cgroup has used up its quota so far.
    fn throttlings(&mut self) -> u64;
    /// Begins to watch for disturbances.
    fn begin_watch(&mut self);
    /// Disturbances since then, that long ago.
    fn end_watch(&mut self, wall_ns: f64) -> Disturbance;
}

/// The gauge of a real process.
pub(crate) struct ProcessGauge {
    stopwatch: Stopwatch,
    /// `None` where nobody asks for disturbances.
    watch: Option<DisturbanceWatch>,
}

impl ProcessGauge {
    /// Starts the watch. Files are opened now, before any code of the benchmark runs.
    pub(crate) fn start(probes: bool) -> Self {
        let watch = probes.then(DisturbanceWatch::open);
        Self { stopwatch: Stopwatch::start(), watch }
    }
}

impl Gauge for ProcessGauge {
    fn elapsed_ns(&mut self) -> f64 {
        self.stopwatch.elapsed_ns()
    }

    fn counts_allocations(&self) -> bool {
        counts_allocations()
    }

    fn faults(&self) -> Option<Faults> {
        Faults::read()
    }

    fn throttlings(&mut self) -> u64 {
        self.watch.as_mut().map_or(0, DisturbanceWatch::throttlings)
    }

    fn begin_watch(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.begin();
        }
    }

    fn end_watch(&mut self, wall_ns: f64) -> Disturbance {
        let watch = self.watch.as_mut();
        watch.map_or_else(Disturbance::default, |watch| watch.end(wall_ns))
    }
}
