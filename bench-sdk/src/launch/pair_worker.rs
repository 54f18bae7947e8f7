//! One side of a comparison: runs what the parent says, batch by batch.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;

use super::error::missing;
use super::offset::with_stack_offset;
use super::pair_protocol::{PairHello, PairOrder, Said};
use super::protocol::{Ready, receive, send};
use super::worker::install_panic_hook;
use crate::bencher::{
    Bencher, Broken, Context, Overhead, Pace, Paced, Pacer, ProcessGauge, Sampling,
    measure_overhead, panic_text,
};
use crate::clock::{Timer, TimerSpec};
use crate::plan::{Layer, SettingSources, plan_case, resolve};
use crate::record::{Counter, Settings};
use crate::registry::Catalog;
use crate::resource::{Meter, Scope, detach_stdin, die_with_parent, stay_on};
use crate::stats::Rng;

/// Serves the comparison that started this process until it closes the channel.
pub(crate) fn serve_pair(catalog: &Catalog) -> io::Result<()> {
    serve_with(|started| {
        let full = Layer::new("full mode", Settings::full());
        let sources = SettingSources { below: vec![full], ..SettingSources::default() };
        let id = &started.order.id;
        let case = plan_case(catalog, id, &sources).map_err(Broken::failed)?;
        let case = case.ok_or_else(|| missing(id))?;
        let entrant = catalog.entrants.get(case.place.entrant).ok_or_else(|| missing(id))?;
        let how = How {
            sampling: Sampling::of(&case.settings, false),
            threads: case.threads,
            counters: case.counters,
        };
        started.run(how, |bencher| entrant.cases().as_set().run(case.place.index, bencher))
    })
}

/// [`serve_pair`] for a program that has come to one case by running: it is the only one here, and
/// the order is for it.
pub(crate) fn serve_pair_reached(
    settings: &Settings,
    benchmark: &mut dyn FnMut(Bencher<'_>) -> Result<(), String>,
) -> io::Result<()> {
    serve_with(|started| {
        let own = Layer::new("benchmark", settings.clone());
        let (resolved, merged) = resolve(&[own, Layer::new("full mode", Settings::full())]);
        let how = How {
            sampling: Sampling::of(&resolved, false),
            threads: None,
            counters: merged.counters,
        };
        started.run(how, benchmark)
    })
}

/// How a case is run.
struct How {
    sampling: Sampling,
    threads: Option<u32>,
    counters: Vec<Counter>,
}

/// What the parent has said so far.
struct Started<'a> {
    timer: TimerSpec,
    order: &'a PairOrder,
    pacer: ChannelPacer,
}

impl Started<'_> {
    /// Gives the benchmark a bencher whose pace the parent keeps.
    fn run(
        self,
        how: How,
        benchmark: impl FnOnce(Bencher<'_>) -> Result<(), String>,
    ) -> Result<(), Broken> {
        let timer = Timer::new(self.timer);
        let scouts = self.order.scouts;
        let mut context = Context {
            timer,
            // What is compared needs no figure of the loop: it is the same on both sides.
            overhead: if scouts { measure_overhead(&timer) } else { Overhead::default() },
            sampling: how.sampling,
            threads: how.threads.unwrap_or(1) as usize,
            rng: Rng::new(self.order.seed),
            gauge: Box::new(ProcessGauge::start(true)),
            meter: scouts.then(|| Mutex::new(Meter::open(Scope::Process))),
            counters: how.counters,
            runtime: Rc::default(),
            pacer: Some(Box::new(self.pacer)),
            outcome: None,
        };
        benchmark(Bencher::new(&mut context)).map_err(Broken::failed)?;
        context.outcome.unwrap_or_else(|| Err(Broken::unmeasured())).map(|_| ())
    }
}

/// Greets the parent and runs the case that it orders; what breaks it is said.
fn serve_with(run: impl FnOnce(Started<'_>) -> Result<(), Broken>) -> io::Result<()> {
    die_with_parent();
    let channel = File::from(detach_stdin()?);
    install_panic_hook();
    let Some(PairHello { timer, stack_offset, processor }) = receive(&channel)? else {
        return Err(io::Error::other("the parent did not say hello"));
    };
    if let Some(processor) = processor {
        stay_on(&[processor])?;
    }
    send(&channel, &Ready { process: std::process::id() })?;
    let Some(order) = receive::<PairOrder>(&channel)? else { return Ok(()) };
    let pacer = ChannelPacer { channel: channel.try_clone()?, token: order.token };
    let started = Started { timer, order: &order, pacer };
    let attempt =
        with_stack_offset(stack_offset, || catch_unwind(AssertUnwindSafe(|| run(started))));
    let ended =
        attempt.unwrap_or_else(|payload| Err(Broken::Panicked { message: panic_text(&*payload) }));
    match ended {
        // The parent has closed the channel: it knows all it wants.
        Ok(()) => Ok(()),
        Err(broken) => send(&channel, &Said { token: order.token, done: Err(broken) }),
    }
}

/// Keeps the pace of the parent.
struct ChannelPacer {
    channel: File,
    token: u64,
}

impl Pacer for ChannelPacer {
    fn next(&mut self, done: Paced) -> Option<Pace> {
        // A channel that is closed ends the launch, whoever closed it.
        send(&self.channel, &Said { token: self.token, done: Ok(done) }).ok()?;
        receive(&self.channel).ok()?
    }
}
