//! Runs one case in this process.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;

use super::error::missing;
use super::protocol::{Order, Outcome};
use crate::bencher::{
    Bencher, Broken, Context, LaunchSamples, Overhead, ProcessGauge, anchor_ns, measure_overhead,
    panic_text,
};
use crate::clock::{Timer, TimerSpec};
use crate::record::short_label;
use crate::registry::{CaseSet, CaseSource, Catalog, Entrant};
use crate::resource::{Meter, Scope};
use crate::stats::Rng;

/// What a process measures with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instruments {
    timer: Timer,
    overhead: Overhead,
}

impl Instruments {
    pub(super) fn new(spec: TimerSpec) -> Self {
        let timer = Timer::new(spec);
        Self { timer, overhead: measure_overhead(&timer) }
    }

    /// The outcome of measuring a case; panics of the benchmark are outcomes.
    pub(super) fn contained(
        &self,
        measure: impl FnOnce() -> Result<LaunchSamples, Broken>,
    ) -> Outcome {
        let anchor_ns = anchor_ns(&self.timer);
        let result = catch_unwind(AssertUnwindSafe(measure))
            .unwrap_or_else(|payload| Err(Broken::Panicked { message: panic_text(&*payload) }));
        Outcome { anchor_ns: Some(anchor_ns), result }
    }

    /// Gives the benchmark a bencher that measures what the order says.
    pub(super) fn run(
        &self,
        order: &Order,
        benchmark: impl FnOnce(Bencher<'_>) -> Result<(), String>,
    ) -> Result<LaunchSamples, Broken> {
        let metered = order.sampling.probes && !order.sampling.test;
        let mut context = Context {
            timer: self.timer,
            overhead: self.overhead,
            sampling: order.sampling.clone(),
            threads: order.threads.unwrap_or(1) as usize,
            rng: Rng::new(order.seed),
            gauge: Box::new(ProcessGauge::start(metered)),
            // Opened before any code of the benchmark runs, which may start threads or close files.
            meter: metered.then(|| Mutex::new(Meter::open(Scope::Process))),
            counters: order.counters.clone(),
            runtime: Rc::default(),
            pacer: None,
            outcome: None,
        };
        benchmark(Bencher::new(&mut context)).map_err(Broken::failed)?;
        context.outcome.unwrap_or_else(|| Err(Broken::unmeasured()))
    }
}

/// Measures in this process what somebody has come to by running the program.
pub(crate) fn measure_here(
    spec: TimerSpec,
    order: &Order,
    benchmark: impl FnOnce(Bencher<'_>) -> Result<(), String>,
) -> Outcome {
    let instruments = Instruments::new(spec);
    instruments.contained(|| instruments.run(order, benchmark))
}

/// Measures cases of a catalog, one at a time.
pub(crate) struct Measurer<'c> {
    catalog: &'c Catalog,
    instruments: Instruments,
    /// Arguments are evaluated once a process.
    cases: BTreeMap<usize, CaseSource<'c>>,
}

impl<'c> Measurer<'c> {
    pub(crate) fn new(catalog: &'c Catalog, spec: TimerSpec) -> Self {
        Self { catalog, instruments: Instruments::new(spec), cases: BTreeMap::new() }
    }

    /// Measures a case; panics of the benchmark are outcomes.
    pub(crate) fn measure(&mut self, order: &Order) -> Outcome {
        let (catalog, instruments, cases) = (self.catalog, self.instruments, &mut self.cases);
        instruments.contained(|| {
            if order.threads == Some(0) {
                return Err(Broken::failed(
                    "0 threads run nothing; `threads = true` means one for each processor",
                ));
            }
            let cases = find(catalog, cases, order)?;
            instruments.run(order, |bencher| cases.run(order.index, bencher))
        })
    }
}

/// The benchmark that the order names, if it has the case that the order names.
fn find<'m, 'c>(
    catalog: &'c Catalog,
    evaluated: &'m mut BTreeMap<usize, CaseSource<'c>>,
    order: &Order,
) -> Result<&'m dyn CaseSet, Broken> {
    let missing = || missing(order.id.as_str());
    let named = |entrant: &&'c Entrant| entrant.id == order.entrant_id;
    let entrant = catalog.entrants.get(order.entrant).filter(named).ok_or_else(missing)?;
    let cases = evaluated.entry(order.entrant).or_insert_with(|| entrant.cases());
    let cases = cases.as_set();
    let labels = cases.labels();
    let label = labels.get(order.index).ok_or_else(missing)?;
    let label = label.as_ref().map(|label| short_label(&label.0));
    if label == order.label { Ok(cases) } else { Err(missing()) }
}
