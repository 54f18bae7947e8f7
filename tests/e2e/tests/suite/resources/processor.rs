//! Processor time, against a clock that the benches keep themselves.

use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

use e2e_tests::{find, measured};

use super::{absence, expect, expect_in, figure, measure};

/// Long enough for the kernel to tell the program's part of the time from its own.
const LONGER: [&str; 4] = ["--launches", "3", "--max-time", "900ms"];
const MS: f64 = 1e6;

#[test]
fn processor_time_is_what_the_benches_took() {
    measured(|| {
        let record = measure("resources::processor::", &LONGER);
        expect_in(&record, "processor::spins", "cpu", MS..1.06 * MS);
        expect_in(&record, "processor::spins", "cpu_utilisation", 0.9..1.1);
        expect_in(&record, "processor::spins_and_sleeps", "cpu", 10.0 * MS..10.6 * MS);
        expect_in(&record, "processor::spins_and_sleeps", "cpu_utilisation", 0.0..0.9);
        let two = "processor::two_threads_spin";
        expect_in(&record, two, "cpu", 24.0 * MS..25.5 * MS);
        // It is metered while it is timed: even its fastest iteration had no more than it used.
        let most = figure(&record, two, "cpu") / figure(&record, two, "time_min");
        expect_in(&record, two, "cpu_utilisation", 0.0..1.03 * most.min(2.0));
        expect_in(&record, "processor::on_each_thread{t=2}", "cpu", MS..1.1 * MS);
        let [user, system] = ["cpu_user", "cpu_system"]
            .map(|part| move |record, case: &str| figure(record, case, part));
        assert!(user(&record, "processor::spins") > 4.0 * system(&record, "processor::spins"));
        let kernel = "processor::works_in_the_kernel";
        assert!(system(&record, kernel) > 2.0 * user(&record, kernel));
    });
}

#[test]
fn a_sleep_takes_hardly_any_of_it() {
    measured(|| {
        let record = measure("resources::processor::sleeps", &super::BRIEFLY);
        expect_in(&record, "processor::sleeps", "time", 20.0 * MS..200.0 * MS);
        expect_in(&record, "processor::sleeps", "cpu_utilisation", 0.0..0.05);
        expect_in(&record, "processor::sleeps", "context_switches_voluntary", 1.0..3.0);
    });
}

#[test]
fn two_threads_take_two_processors() {
    while_quiet("processor::two_threads_spin", 1.5..2.1);
    while_quiet("processor::on_each_thread{t=2}", 1.7..2.1);
}

#[test]
fn threads_are_metered_each_by_itself() {
    let record = measure("resources::processor::on_each_thread", &super::BRIEFLY);
    let case = "processor::on_each_thread{t=2}";
    expect(&record, case, &[("io_written", 100.0), ("write_calls", 3.0), ("io_read", 0.0)]);
    let case = find(&record, "resources::processor::on_each_thread{t=2}");
    let reason = absence(&record, case, "net_sent");
    assert!(reason.is_some_and(|reason| reason.contains("threads")), "{reason:?}");
}

/// What takes turns keeps no more processors busy than there are, or it is not known how many.
#[test]
fn threads_that_take_turns_use_no_more_than_there_is() {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let record = measure("resources::processor::takes_turns", &["--max-time", "300ms"]);
    let case = find(&record, "resources::processor::takes_turns{t=64}");
    assert!(case["metrics"]["cpu"]["estimate"].as_f64().is_some(), "{case:#}");
    if let Some(found) = case["metrics"]["cpu_utilisation"]["estimate"].as_f64() {
        assert!(found <= 1.1 * processors as f64, "{found} of {processors}");
    } else {
        let reason = absence(&record, case, "cpu_utilisation");
        assert!(reason.is_some_and(|reason| reason.contains("take turns")), "{reason:?}");
    }
}

/// Judges how much of the processors a case uses, on a machine that has two to spare: what else
/// runs on it takes from the case.
fn while_quiet(case: &str, expected: Range<f64>) {
    let mut wrong = Vec::new();
    for _ in 0..6 {
        let quiet_before = two_are_free();
        let record = measure(&format!("resources::{case}"), &super::BRIEFLY);
        let found = figure(&record, case, "cpu_utilisation");
        if expected.contains(&found) {
            return;
        }
        if quiet_before && two_are_free() {
            wrong.push(found);
        }
    }
    assert!(wrong.len() < 3, "{case}: {wrong:?}, not within {expected:?}");
    eprintln!("not judged: {case} never had two processors for itself");
}

/// Whether two threads that compute have a processor each just now.
fn two_are_free() -> bool {
    let spin = || {
        let (start, used_before) = (Instant::now(), used());
        while start.elapsed() < Duration::from_millis(60) {
            black_box((0..1000_u64).fold(1, |state, n| black_box(state ^ n)));
        }
        (used().as_secs_f64() - used_before.as_secs_f64()) > 0.95 * start.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(spin);
        let this_had_one = spin();
        other.join().expect("a thread that computes ends well") && this_had_one
    })
}

/// Processor time of this thread.
fn used() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a `timespec`, valid for writes.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}
