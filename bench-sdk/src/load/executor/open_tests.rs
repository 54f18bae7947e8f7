//! The rules of open executors, under a clock that stands still.

use super::fixture::{MS, SECOND, Trial, stall, trial};
use crate::load::target::Turn;
use crate::record::load::{Arrivals, Executor, Stage, WhenBusy};
use crate::stats::Quantile;

fn ten_a_second(ready: u64, max: u64, when_busy: WhenBusy, takes: fn(u64, Turn) -> u64) -> Trial {
    let executor = Executor::ConstantArrivalRate {
        rate: 10,
        time_unit_ns: SECOND,
        duration_ns: SECOND,
        pre_allocated_vus: ready,
        max_vus: max,
        arrivals: Arrivals::Uniform,
        when_busy,
    };
    trial(executor, takes)
}

#[test]
fn iterations_start_when_they_are_planned() {
    let seen = ten_a_second(5, 5, WhenBusy::Drop, |_, _| 250).run();
    assert_eq!(seen.at_ms(), (0..10).map(|i| i * 100).collect::<Vec<_>>());
    assert_eq!(seen.counts(), (10, 0, 0));
    let lateness = seen.trend("lateness");
    assert!(lateness.max() <= Some(MS), "{:?}", lateness.max());
    assert_eq!(seen.trend("response").count(), 10);
}

#[test]
fn without_a_free_virtual_user_an_arrival_is_dropped_and_censored() {
    let seen = ten_a_second(2, 2, WhenBusy::Drop, |_, _| 350).run();
    // At 0 and 100; free again at 350 and 450: 400 and 500; then 800 and 900.
    assert_eq!(seen.at_ms(), [0, 100, 400, 500, 800, 900]);
    assert_eq!(seen.counts(), (6, 0, 4));
    let response = seen.trend("response");
    assert_eq!((response.count(), response.censored()), (6, 4));
    assert_eq!(response.quantile(0.95), Some(Quantile::Beyond));
}

#[test]
fn an_arrival_that_waits_counts_from_when_it_was_planned() {
    let seen = ten_a_second(1, 1, WhenBusy::Queue, |_, _| 200).run();
    assert_eq!(seen.at_ms(), (0..10).map(|i| i * 200).collect::<Vec<_>>());
    assert_eq!(seen.counts(), (10, 0, 0));
    // The last one was planned for 900, began at 1800 and ended at 2000.
    assert_eq!(seen.trend("response").max().map(|ns| ns / MS), Some(1100));
    assert_eq!(seen.trend("service").max().map(|ns| ns / MS), Some(200));
    assert_eq!(seen.trend("lateness").max().map(|ns| ns / MS), Some(900));
}

#[test]
fn arrivals_that_wait_in_vain_are_dropped_at_the_end() {
    let seen = ten_a_second(1, 1, WhenBusy::Queue, |_, _| 400).graceful_stop(500).run();
    // At 0, 400, 800 and 1200; the end is at 1500 and the last one is under way.
    assert_eq!(seen.counts(), (3, 1, 6));
    assert_eq!(seen.trend("response").censored(), 7);
}

#[test]
fn finding_nobody_free_can_end_the_run() {
    let seen = ten_a_second(1, 1, WhenBusy::Fail, |_, _| 250).run();
    assert_eq!(seen.at_ms(), [0]);
    assert!(seen.fault.is_some_and(|fault| fault.contains("found none of 1 virtual users free")));
}

#[test]
fn one_further_virtual_user_at_a_time_is_made_ready_in_the_background() {
    let mut growing = ten_a_second(1, 3, WhenBusy::Drop, |_, _| 5000);
    growing.readying_ms = 150;
    let seen = growing.run();
    // The one that is ready starts at 0. At 100 nobody is free: dropped, and another one is made
    // ready by 250, which starts at 300; the next is asked for at 400, ready by 550, starts at 600.
    let from_epoch: Vec<u64> = seen.at_ms().iter().map(|at| at - 150).collect();
    assert_eq!(from_epoch, [0, 300, 600]);
    assert_eq!(seen.counts(), (3, 0, 7));
}

#[test]
fn an_arrival_goes_to_another_thread_before_it_is_dropped() {
    for threads in [2, 3] {
        let mut spread = ten_a_second(3, 3, WhenBusy::Drop, |_, _| 250);
        spread.threads = threads;
        let seen = spread.run();
        assert_eq!(seen.counts(), (10, 0, 0), "{threads} threads");
        assert_eq!(seen.at_ms(), (0..10).map(|i| i * 100).collect::<Vec<_>>());
    }
}

#[test]
fn more_threads_than_virtual_users_do_no_harm() {
    let mut spread = ten_a_second(1, 1, WhenBusy::Drop, |_, _| 50);
    spread.threads = 4;
    let seen = spread.run();
    assert_eq!(seen.counts(), (10, 0, 0));
}

#[test]
fn interrupted_arrivals_are_censored() {
    let seen = ten_a_second(10, 10, WhenBusy::Drop, |vu, _| if vu > 5 { 60_000 } else { 10 });
    let seen = seen.graceful_stop(1000).run();
    let (full, interrupted, dropped) = seen.counts();
    assert_eq!((full + interrupted, dropped), (10, 0));
    assert_eq!(seen.trend("response").censored(), interrupted);
    assert!(interrupted > 0);
    assert_eq!(seen.ended_ms, 2000);
}

#[test]
fn a_ramp_starts_each_one_when_the_area_is_reached() {
    let stage = |seconds: u64, target| Stage { duration_ns: seconds * SECOND, target };
    let executor = Executor::RampingArrivalRate {
        start_rate: 0,
        time_unit_ns: SECOND,
        stages: vec![stage(5, 1), stage(1, 1), stage(5, 0)],
        pre_allocated_vus: 1,
        max_vus: 1,
        arrivals: Arrivals::Uniform,
        when_busy: WhenBusy::Drop,
    };
    let seen = trial(executor, |_, _| 10).run();
    assert_eq!(seen.at_ms(), [3163, 4473, 5500, 6528, 7838, 11_000]);
}

#[test]
fn a_stop_ends_the_schedule() {
    let mut stopped = ten_a_second(2, 2, WhenBusy::Drop, |_, _| 50);
    stopped.stops_ms = (Some(450), None);
    let seen = stopped.run();
    assert_eq!(seen.at_ms(), [0, 100, 200, 300, 400]);
    assert_eq!(seen.counts(), (5, 0, 0));
}

#[test]
fn a_generator_that_stood_still_past_the_end_accounts_for_every_arrival() {
    for (threads, graceful_ms) in [(1, 0), (1, 500), (1, 5000), (2, 500), (3, 500)] {
        let takes = |_, turn: Turn| {
            if turn.of_scenario == 3 {
                stall(3000);
            }
            10
        };
        let mut stalled = ten_a_second(5, 5, WhenBusy::Drop, takes).graceful_stop(graceful_ms);
        stalled.threads = threads;
        let (full, interrupted, dropped) = stalled.run().counts();
        assert!(dropped > 0 || graceful_ms == 5000, "{threads} threads");
        assert_eq!(full + interrupted + dropped, 10, "{threads} threads, {graceful_ms} ms");
    }
}
