//! A case on its way, from launches that were made up.

use std::rc::Rc;
use std::time::Duration;

use super::contest::{Contest, PILOT_LAUNCHES, PairedCase};
use crate::bencher::{BatchPlan, BatchSize};
use crate::launch::{Block, PairLaunch, Scouted};
use crate::record::{CaseId, Rules};
use crate::resource::Likeness;

fn contest() -> Contest {
    let case = PairedCase {
        id: CaseId::from("a"),
        executables: Rc::default(),
        likeness: Likeness::Different,
        code_changed: false,
        timeout: Duration::from_secs(1),
    };
    let mut contest = Contest::new(case, 0);
    for side in &mut contest.figures {
        side.push(vec![("cpu_utilisation".to_owned(), 1.0)]);
    }
    contest
}

fn scouted(usual_ns: f64, iterations: u64) -> Scouted {
    let plan = BatchPlan { iterations, usual_ns, short_regions: false };
    let size = BatchSize { plan, loop_ns: 0.5, at_floor: false, has_latencies: false };
    Scouted { size, figures: Vec::new() }
}

/// A launch in which the candidate takes so many times as long.
fn launch(ratio: f64, blocks: usize) -> PairLaunch {
    let block = Block {
        baseline_ns: [100.5, 100.5],
        candidate_ns: [100.0 * ratio + 0.5, 100.0 * ratio + 0.5],
    };
    PairLaunch {
        blocks: vec![block; blocks],
        blocks_ns: 1e6 * blocks as f64,
        surroundings_ns: 6e6,
        ..PairLaunch::default()
    }
}

fn sized() -> Contest {
    let mut contest = contest();
    contest.settle_size(&scouted(100.0, 2_500), &scouted(120.0, 2_100), 1e10);
    contest
}

#[test]
fn both_sides_run_the_same_batches_long_enough_for_either() {
    let plan = *sized().plan().unwrap_or_else(|| unreachable!("sizes are settled"));
    assert_eq!(plan.batch.iterations, 2_500);
    assert!((plan.batch.usual_ns - 100.0).abs() < 1e-9 && plan.pinned && plan.voids);
    let mut mirrored = contest();
    mirrored.settle_size(&scouted(120.0, 2_100), &scouted(100.0, 2_500), 1e10);
    assert_eq!(mirrored.plan(), Some(&plan));
}

#[test]
fn the_loop_is_taken_off_before_sides_are_compared() {
    let mut contest = sized();
    let (value, tail) = contest.take(&launch(1.1, 8));
    assert!(value.is_some_and(|value| (value - 1.1_f64.ln()).abs() < 1e-12) && tail.is_none());
    assert!((contest.times_ns[0][0] - 100.0).abs() < 1e-9);
    assert_eq!(contest.take(&launch(1.1, 0)).0, None);
}

#[test]
fn what_keeps_several_processors_busy_is_not_put_on_one() {
    let mut contest = contest();
    contest.figures[1].push(vec![("cpu_utilisation".to_owned(), 1.8)]);
    contest.settle_size(&scouted(100.0, 2_500), &scouted(100.0, 2_500), 1e10);
    assert!(contest.plan().is_some_and(|plan| !plan.pinned));
    // Nor is what nobody knows that of.
    contest.figures = [Vec::new(), Vec::new()];
    contest.settle_size(&scouted(100.0, 2_500), &scouted(100.0, 2_500), 1e10);
    assert!(contest.plan().is_some_and(|plan| !plan.pinned));
}

#[test]
fn the_pilot_settles_blocks_and_is_not_used_again() {
    let mut contest = sized();
    let rules = Rules::default();
    for _ in 0..PILOT_LAUNCHES {
        assert!(contest.expected.is_none());
        contest.take_pilot(&launch(1.0, 8), &rules);
    }
    // Of 10 s, launches of 6 ms and a few blocks of 1 ms.
    assert!(contest.expected.is_some_and(|(_, launches)| (500..1_100).contains(&launches)));
    assert!(contest.plan().is_some_and(|plan| (4..=80).contains(&plan.blocks)));
    assert!(contest.times_ns[0].is_empty());
}

#[test]
fn a_small_budget_still_buys_launches_of_what_is_slow() {
    let mut contest = contest();
    // Iterations of 100 ms, a budget of 10 s.
    contest.settle_size(&scouted(1e8, 1), &scouted(1e8, 1), 1e10);
    assert!(contest.plan().is_some_and(|plan| plan.blocks == 1));
    let slow = PairLaunch { blocks_ns: 4e8, ..launch(1.0, 1) };
    for _ in 0..PILOT_LAUNCHES {
        contest.take_pilot(&slow, &Rules::default());
    }
    assert!(contest.plan().is_some_and(|plan| plan.blocks == 1));
    assert!(contest.expected.is_some_and(|(_, launches)| launches >= 14));
}

#[test]
fn what_is_always_disturbed_is_compared_with_its_disturbances() {
    let mut contest = sized();
    let disturbed = PairLaunch { voided: [16, 16], ..launch(1.0, 0) };
    for _ in 0..PILOT_LAUNCHES {
        contest.take_pilot(&disturbed, &Rules::default());
    }
    assert!(contest.plan().is_some_and(|plan| !plan.voids));
    let mut seldom = sized();
    for voided in [[3, 0], [0, 2], [0, 0]] {
        seldom.take_pilot(&PairLaunch { voided, ..launch(1.0, 6) }, &Rules::default());
    }
    assert!(seldom.plan().is_some_and(|plan| plan.voids));
}

#[test]
fn sides_are_compared_by_what_both_measure() {
    let mut contest = contest();
    assert_eq!((contest.metric(), contest.measures_something_else()), ("time", None));
    contest.figures[0].push(vec![("custom_steps".to_owned(), 7.0)]);
    let why = contest.measures_something_else();
    assert!(why.is_some_and(|why| why.message().contains("in the baseline `custom_steps`")));
    contest.figures[1].push(vec![("custom_steps".to_owned(), 8.0)]);
    assert_eq!((contest.metric(), contest.measures_something_else()), ("custom_steps", None));
}
