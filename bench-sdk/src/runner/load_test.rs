//! The `#[test]` that stands beside every load bench.

use std::cell::RefCell;

use super::as_test::{TestOutcome, run_once as run_each_once, test_path};
use super::worker::{is_worker, serve_and_exit};
use crate::bencher::Bencher;
use crate::load_bench::run_once;
use crate::plan::{Ignored, Layer, Selection, SettingSources, plan};
use crate::record::Settings;
use crate::registry::{Benchmark, Catalog, LoadRegistration, load_id};

/// Runs one iteration of the load bench with one virtual user, between `setup` and `teardown`, in a
/// child process of the same test executable, so that an abort, an `exit` or a hang fails this test
/// and no other.
pub fn run_load_as_test(registration: &'static LoadRegistration) -> TestOutcome {
    let catalog = catalog(registration);
    if is_worker() {
        serve_and_exit(&catalog);
    }
    // Whether an ignored test runs has been decided by the test harness.
    let selection = Selection { ignored: Ignored::Include, ..Selection::default() };
    let quick = Layer::new("test", Settings::quick());
    let sources = SettingSources { below: vec![quick], ..SettingSources::default() };
    let plan = plan(&catalog, &selection, &sources);
    let test = test_path(registration.module_path, registration.function);
    let outcome = run_each_once(&catalog, &plan, test);
    TestOutcome::of(outcome.and_then(|()| check_thresholds(registration)))
}

/// One iteration says nothing about thresholds, save that they can be read.
#[cfg(feature = "load")]
fn check_thresholds(registration: &LoadRegistration) -> Result<(), String> {
    let options = (registration.options)();
    let unreadable = options
        .thresholds
        .iter()
        .flatten()
        .find_map(|written| crate::plan::load::parse_option(written).err());
    unreadable.map_or(Ok(()), |why| Err(format!("{}: {why}", load_id(registration))))
}

/// Without the feature nothing reads them.
#[cfg(not(feature = "load"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature they may be unreadable")]
fn check_thresholds(_: &LoadRegistration) -> Result<(), String> {
    Ok(())
}

/// The iteration as the body of a benchmark, which is how workers run things.
fn catalog(registration: &'static LoadRegistration) -> Catalog {
    let body = move |bencher: Bencher<'_>| {
        let outcome = RefCell::new(None);
        bencher.bench_local(|| {
            let once = || run_once((registration.bench)(), &(registration.options)());
            outcome.borrow_mut().get_or_insert_with(once);
        });
        outcome.into_inner().unwrap_or(Ok(()))
    };
    let benchmark = Benchmark::checked(load_id(registration).as_str(), body);
    let mut catalog = Catalog::empty();
    catalog.add(vec![benchmark.settings((registration.settings)())]);
    catalog
}
