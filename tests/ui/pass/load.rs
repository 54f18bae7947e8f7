//! Load benches in all their forms, under the lints of a strict crate.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, single_use_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(clippy::absolute_paths, clippy::allow_attributes, clippy::allow_attributes_without_reason)]
#![deny(clippy::missing_const_for_fn, clippy::shadow_unrelated, clippy::integer_division)]

use std::cell::Cell;
use std::fmt;
use std::future::ready;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use bench_sdk::{Vu, bench_only, hub_bench, hub_bench_group};

/// What all virtual users share.
pub struct Server {
    /// Where it is.
    pub address: String,
}

/// What each has of its own, on its thread.
pub struct Session {
    /// How often it was used.
    pub used: Rc<Cell<u64>>,
}

/// A public one.
///
/// # Errors
/// Where nobody is there.
#[hub_bench(load(vus = 10, duration = "30s"))]
pub async fn visit(vu: Vu) -> Result<(), io::Error> {
    vu.request("home", get()).await?;
    vu.sleep(Duration::from_millis(1)).await;
    Ok(())
}

async fn get() -> Result<u16, io::Error> {
    ready(Ok(200)).await
}

#[hub_bench(load)]
async fn without_options() {
    ready(()).await;
}

#[hub_bench(load())]
async fn without_a_virtual_user() -> Result<u8, fmt::Error> {
    ready(Ok(1)).await
}

#[bench_only]
async fn start() -> Result<Server, io::Error> {
    ready(Ok(Server { address: String::from("127.0.0.1:1") })).await
}

#[bench_only]
async fn stop(server: Server) -> Result<(), io::Error> {
    drop(ready(server).await);
    Ok(())
}

#[bench_only]
async fn log_in(vu: &Vu, server: &Server) -> Result<Session, io::Error> {
    vu.check("has an address", !server.address.is_empty());
    ready(Ok(Session { used: Rc::new(Cell::new(0)) })).await
}

#[bench_only]
fn session(_vu: &Vu) -> Session {
    Session { used: Rc::default() }
}

#[hub_bench(setup = start, teardown = stop, load(rate = 10, duration = 5))]
async fn shared(vu: Vu, server: &Server) -> usize {
    vu.counter("bytes", 1.0);
    ready(server.address.len()).await
}

#[hub_bench(setup = start, vu_setup = log_in, teardown = stop, load(
    executor = "ramping-arrival-rate",
    start_rate = 0,
    time_unit = Duration::from_secs(1),
    stages = [("1m", 10), (SECOND, TARGET), (0, 1_000)],
    pre_allocated_vus = 10,
    max_vus = 100,
    arrivals = "poisson",
    when_busy = queue,
    start_time = 1.5,
    graceful_stop = "10s",
    env = [("REGION", "eu")],
    tags = [("team", "search")],
    thresholds = ["http_req_duration: p(95) < 500ms", "http_req_failed{name:home}: rate<0.1"],
))]
async fn all_of_it(vu: Vu, server: &Server, session: &mut Session) -> Result<(), io::Error> {
    session.used.set(session.used.get() + 1);
    vu.tag("region", vu.env("REGION").unwrap_or(&server.address));
    vu.gauge("used", 1.0);
    vu.rate("even", vu.random(2) == 0);
    vu.trend("size", 1.0);
    vu.trend_duration("waited", Duration::from_millis(1));
    vu.check(vu.scenario(), vu.id() > vu.iteration() + vu.iteration_in_scenario());
    ready(Ok(())).await
}

#[bench_only]
const SECOND: &str = "1s";
#[bench_only]
const TARGET: u32 = 5;

#[hub_bench(vu_setup = session, load(executor = per_vu_iterations, vus = 2, iterations = 3, max_duration = "1m"))]
async fn own_state(session: &mut Session, vu: Vu) {
    session.used.set(vu.iteration());
    ready(()).await;
}

#[hub_bench(
    setup = || 7_u64,
    vu_setup = |vu: &Vu, number: &u64| format!("{number}{}", vu.id()),
    load(executor = shared_iterations, vus = 2, iterations = 3),
)]
async fn closures(own: &mut String, number: &u64) -> bool {
    own.push('x');
    ready(own.starts_with(&number.to_string())).await
}

#[hub_bench(
    setup = async || ready(1_u64).await,
    vu_setup = async || ready(2_u64).await,
    teardown = async |number| ready(number).await,
    allow_err,
    load(executor = constant_vus, vus = 1, duration = "1s"),
)]
async fn async_closures(number: &u64, own: &mut u64) -> Result<(), fmt::Error> {
    if ready(*number).await == *own { Err(fmt::Error) } else { Ok(()) }
}

#[hub_bench(
    name = "other", group = "one", tags = ["slow"], ignore = "needs a server", timeout = "5s",
    load(executor = ramping_vus, start_vus = 0, stages = [("1s", 1)], graceful_ramp_down = "1s"),
)]
async fn with_identity(_: Vu) {
    ready(()).await;
}

#[hub_bench_group(tags = ["grouped"])]
mod grouped {
    use bench_sdk::hub_bench;
    use std::future::ready;

    #[hub_bench(load(executor = constant_arrival_rate, rate = 1, time_unit = 1, duration = 1, when_busy = "fail"))]
    async fn inside(vu: bench_sdk::Vu) {
        ready(vu.clone()).await;
    }
}

#[bench_only]
struct Opaque;

#[bench_only]
const fn may_fail() -> Result<u8, Opaque> {
    Err(Opaque)
}

#[hub_bench(setup = may_fail, load())]
async fn an_error_that_cannot_be_printed(number: &u8) -> u8 {
    ready(*number).await
}

fn main() {
    drop((Server { address: String::new() }, Session { used: Rc::default() }));
}
