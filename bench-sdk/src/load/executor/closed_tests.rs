//! The rules of closed executors, under a clock that stands still.

use super::fixture::{MS, SECOND, trial};
use crate::record::load::{Executor, Stage};
use crate::stats::Quantile;

fn stages(of: &[(u64, u64)]) -> Vec<Stage> {
    of.iter().map(|(ms, target)| Stage { duration_ns: ms * MS, target: *target }).collect()
}

#[test]
fn constant_vus_loop_until_the_duration_ends() {
    let executor = Executor::ConstantVus { vus: 3, duration_ns: SECOND };
    let seen = trial(executor, |_, _| 300).run();
    // Each starts at 0, 300, 600 and 900, and may end the last one.
    assert_eq!(seen.counts(), (12, 0, 0));
    assert_eq!(seen.ended_ms, 1200);
    assert_eq!(seen.at_ms().iter().max(), Some(&900));
    assert_eq!(
        seen.trend("iteration_duration").quantile(0.5).and_then(Quantile::known),
        Some(300 * MS)
    );
    assert!(!seen.metrics.contains_key("response"), "a closed scenario plans no instants");
}

#[test]
fn what_outlives_the_graceful_stop_is_cut_off_and_enters_no_latency() {
    let executor = Executor::ConstantVus { vus: 2, duration_ns: SECOND };
    let takes = |vu, _| if vu == 1 { 900 } else { 5000 };
    let seen = trial(executor, takes).graceful_stop(1000).run();
    // The first virtual user starts at 0 and 900; the other is cut off at 2000.
    assert_eq!(seen.counts(), (2, 1, 0));
    assert_eq!(seen.ended_ms, 2000);
    assert_eq!(seen.trend("iteration_duration").max(), Some(900 * MS));
}

#[test]
fn iterations_are_numbered_without_gaps_over_threads() {
    let executor = Executor::ConstantVus { vus: 4, duration_ns: SECOND };
    let mut seen = trial(executor, |_, _| 100);
    seen.threads = 2;
    let seen = seen.run();
    let mut numbers: Vec<u64> = seen.started.iter().map(|started| started.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
}

#[test]
fn a_start_time_is_waited_for() {
    let executor = Executor::ConstantVus { vus: 1, duration_ns: SECOND };
    let mut late = trial(executor, |_, _| 500);
    late.scenario.start_time_ns = 3 * SECOND;
    let seen = late.run();
    assert_eq!(seen.at_ms(), [3000, 3500]);
    assert_eq!(seen.ended_ms, 4000);
}

#[test]
fn shared_iterations_go_to_whoever_comes_first() {
    let executor =
        Executor::SharedIterations { vus: 2, iterations: 10, max_duration_ns: 60 * SECOND };
    let takes = |vu, _| if vu == 1 { 100 } else { 300 };
    let seen = trial(executor, takes).run();
    assert_eq!(seen.counts(), (10, 0, 0));
    let of_first = seen.started.iter().filter(|started| started.vu == 1).count();
    assert_eq!(of_first, 7, "the faster one takes more");
    let mut numbers: Vec<u64> = seen.started.iter().map(|started| started.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..10).collect::<Vec<_>>());
}

#[test]
fn shared_iterations_not_begun_in_time_are_dropped() {
    let executor = Executor::SharedIterations { vus: 2, iterations: 10, max_duration_ns: SECOND };
    for threads in [1, 2, 5] {
        let mut late = trial(executor.clone(), |_, _| 400);
        late.threads = threads;
        let seen = late.run();
        // Two each at 0, 400 and 800.
        assert_eq!(seen.counts(), (6, 0, 4), "{threads} threads");
    }
}

#[test]
fn per_vu_iterations_are_each_ones_own() {
    let executor = Executor::PerVuIterations { vus: 2, iterations: 4, max_duration_ns: SECOND };
    let takes = |vu, _| if vu == 1 { 100 } else { 400 };
    let seen = trial(executor, takes).run();
    // The second one begins at 0, 400 and 800.
    assert_eq!(seen.counts(), (7, 0, 1));
}

#[test]
fn per_vu_iterations_cut_off_are_not_counted_twice() {
    let executor = Executor::PerVuIterations { vus: 1, iterations: 3, max_duration_ns: SECOND };
    let seen = trial(executor, |_, _| 5000).graceful_stop(500).run();
    assert_eq!(seen.counts(), (0, 1, 2));
    assert_eq!(seen.ended_ms, 1500);
}

#[test]
fn ramping_vus_come_one_at_a_time() {
    let executor = Executor::RampingVus {
        start_vus: 0,
        stages: stages(&[(1000, 4), (1000, 4)]),
        graceful_ramp_down_ns: 30 * SECOND,
    };
    let seen = trial(executor, |_, _| 10_000).run();
    assert_eq!(seen.at_ms(), [250, 500, 750, 1000]);
    assert_eq!(seen.counts(), (4, 0, 0));
}

#[test]
fn ramping_down_lets_iterations_end_and_then_cuts_them_off() {
    let ramp = |graceful_ms: u64| Executor::RampingVus {
        start_vus: 2,
        stages: stages(&[(1000, 0), (5000, 0)]),
        graceful_ramp_down_ns: graceful_ms * MS,
    };
    // The second one is to go at 500, the first at 1000.
    let ended = trial(ramp(2000), |_, _| 1200).run();
    assert_eq!(ended.counts(), (2, 0, 0));
    let cut_off = trial(ramp(300), |_, _| 1200).run();
    // At 800 and at 1300; the first had ended its iteration at 1200.
    assert_eq!(cut_off.counts(), (1, 1, 0));
}

#[test]
fn ramping_up_again_in_time_keeps_the_virtual_user_and_its_iteration() {
    let ramp = |graceful_ms: u64| Executor::RampingVus {
        start_vus: 1,
        stages: stages(&[(100, 1), (0, 0), (500, 0), (0, 1), (1000, 1)]),
        graceful_ramp_down_ns: graceful_ms * MS,
    };
    // Gone from 100 to 600; its iteration takes until 900.
    let kept = trial(ramp(1000), |_, turn| if turn.of_user == 0 { 900 } else { 10_000 });
    let kept = kept.graceful_stop(0).run();
    assert_eq!(kept.at_ms(), [0, 900]);
    assert_eq!(kept.started[1].vu, kept.started[0].vu);
    assert_eq!(kept.counts(), (1, 1, 0));
    let renewed = trial(ramp(200), |_, _| 900).graceful_stop(500).run();
    // Cut off at 300, and a new one begins at 600 and at 1500.
    assert_eq!(renewed.at_ms(), [0, 600, 1500]);
    assert_ne!(renewed.started[1].vu, renewed.started[0].vu);
    assert_eq!(renewed.counts(), (1, 2, 0));
}

#[test]
fn a_graceful_end_by_hand_starts_nothing_new() {
    let executor = Executor::ConstantVus { vus: 1, duration_ns: 60 * SECOND };
    let mut stopped = trial(executor, |_, _| 400);
    stopped.stops_ms = (Some(1000), None);
    let seen = stopped.run();
    assert_eq!(seen.at_ms(), [0, 400, 800]);
    assert_eq!((seen.counts(), seen.ended_ms), ((3, 0, 0), 1200));
}

#[test]
fn an_end_at_once_cuts_off_everything() {
    let executor = Executor::ConstantVus { vus: 2, duration_ns: 60 * SECOND };
    let mut stopped = trial(executor, |_, _| 400);
    stopped.stops_ms = (Some(1000), Some(1100));
    let seen = stopped.run();
    assert_eq!((seen.counts(), seen.ended_ms), ((4, 2, 0), 1100));
}

#[test]
fn a_stop_during_a_wait_for_the_start_ends_it() {
    let executor = Executor::ConstantVus { vus: 1, duration_ns: SECOND };
    let mut stopped = trial(executor, |_, _| 400);
    stopped.scenario.start_time_ns = 3600 * SECOND;
    stopped.stops_ms = (Some(50), None);
    let seen = stopped.run();
    assert_eq!((seen.counts(), seen.ended_ms), ((0, 0, 0), 50));
}
