//! Runs one case in this process.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;

use super::error::missing;
use super::protocol::{Order, Outcome};
use crate::bencher::{
    Bencher, Broken, Context, LaunchSamples, Overhead, ProcessGauge, anchor_ns, measure_overhead,
};
use crate::clock::{Timer, TimerSpec};
use crate::plan::panic_text;
use crate::record::short_label;
use crate::registry::{CaseSet, CaseSource, Catalog, Entrant};
use crate::resource::{Meter, Scope};
use crate::stats::Rng;

/// Measures cases of a catalog, one at a time.
pub(crate) struct Measurer<'c> {
    catalog: &'c Catalog,
    timer: Timer,
    overhead: Overhead,
    /// Arguments are evaluated once a process.
    cases: BTreeMap<usize, CaseSource<'c>>,
}

impl<'c> Measurer<'c> {
    pub(crate) fn new(catalog: &'c Catalog, spec: TimerSpec) -> Self {
        let timer = Timer::new(spec);
        let overhead = measure_overhead(&timer);
        Self { catalog, timer, overhead, cases: BTreeMap::new() }
    }

    /// Measures a case; panics of the benchmark are outcomes.
    pub(crate) fn measure(&mut self, order: &Order) -> Outcome {
        let anchor_ns = anchor_ns(&self.timer);
        let attempt = catch_unwind(AssertUnwindSafe(|| self.run(order)));
        let result = attempt
            .unwrap_or_else(|payload| Err(Broken::Panicked { message: panic_text(&*payload) }));
        Outcome { anchor_ns: Some(anchor_ns), result }
    }

    fn run(&mut self, order: &Order) -> Result<LaunchSamples, Broken> {
        if order.threads == Some(0) {
            return Err(Broken::failed(
                "0 threads run nothing; `threads = true` means one for each processor",
            ));
        }
        let cases = find(self.catalog, &mut self.cases, order)?;
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
        cases.run(order.index, Bencher::new(&mut context)).map_err(Broken::failed)?;
        context.outcome.unwrap_or_else(|| {
            Err(Broken::failed("it was given a `Bencher` and did not call `bench` on it"))
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
