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
    measure_overhead,
};
use crate::clock::{Timer, TimerSpec};
use crate::plan::{Layer, SettingSources, panic_text, plan_case};
use crate::record::Settings;
use crate::registry::Catalog;
use crate::resource::{Meter, Scope, detach_stdin, die_with_parent, stay_on};
use crate::stats::Rng;

/// Serves the comparison that started this process until it closes the channel.
pub(crate) fn serve_pair(catalog: &Catalog) -> io::Result<()> {
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
    with_stack_offset(stack_offset, || serve_case(catalog, &channel, timer, &order))
}

/// Runs the case of the order; what breaks it is said.
fn serve_case(
    catalog: &Catalog,
    channel: &File,
    timer: TimerSpec,
    order: &PairOrder,
) -> io::Result<()> {
    let pacer = ChannelPacer { channel: channel.try_clone()?, token: order.token };
    let attempt = catch_unwind(AssertUnwindSafe(|| run(catalog, timer, order, pacer)));
    let ended =
        attempt.unwrap_or_else(|payload| Err(Broken::Panicked { message: panic_text(&*payload) }));
    match ended {
        // The parent has closed the channel: it knows all it wants.
        Ok(()) => Ok(()),
        Err(broken) => send(channel, &Said { token: order.token, done: Err(broken) }),
    }
}

fn run(
    catalog: &Catalog,
    spec: TimerSpec,
    order: &PairOrder,
    pacer: ChannelPacer,
) -> Result<(), Broken> {
    let full = Layer::new("full mode", Settings::full());
    let sources = SettingSources { below: vec![full], ..SettingSources::default() };
    let case = plan_case(catalog, &order.id, &sources).map_err(Broken::failed)?;
    let case = case.ok_or_else(|| missing(&order.id))?;
    let entrant = catalog.entrants.get(case.place.entrant).ok_or_else(|| missing(&order.id))?;
    let timer = Timer::new(spec);
    let scouts = order.scouts;
    let mut context = Context {
        timer,
        // What is compared needs no figure of the loop: it is the same on both sides.
        overhead: if scouts { measure_overhead(&timer) } else { Overhead::default() },
        sampling: Sampling::of(&case.settings, false),
        threads: case.threads.unwrap_or(1) as usize,
        rng: Rng::new(order.seed),
        gauge: Box::new(ProcessGauge::start(true)),
        meter: scouts.then(|| Mutex::new(Meter::open(Scope::Process))),
        counters: case.counters.clone(),
        runtime: Rc::default(),
        pacer: Some(Box::new(pacer)),
        outcome: None,
    };
    let cases = entrant.cases();
    cases.as_set().run(case.place.index, Bencher::new(&mut context)).map_err(Broken::failed)?;
    let outcome = context.outcome.unwrap_or_else(|| {
        Err(Broken::failed("it was given a `Bencher` and did not call `bench` on it"))
    });
    outcome.map(|_| ())
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
