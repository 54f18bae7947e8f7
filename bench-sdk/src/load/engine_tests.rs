//! Whole runs with real threads: what must hold whatever the clock says.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::load::{Outcome, Seat, Turn, User};
use crate::record::load::{Executor, LoadKind, Scenario, Tags, Threshold};
use crate::stats::Series;

/// Counts its iterations; each third fails.
#[derive(Default)]
struct Counting {
    iterations: AtomicU64,
    refuses: bool,
}

struct Counted(Arc<AtomicU64>, Seat);

impl Target for Counting {
    type User = Counted;

    async fn user(&self, seat: Seat) -> Result<Counted, String> {
        if self.refuses && seat.vu == 3 {
            return Err("no third one".to_owned());
        }
        Ok(Counted(Arc::new(AtomicU64::new(self.iterations.fetch_add(1, Ordering::Relaxed))), seat))
    }
}

impl User for Counted {
    async fn iterate(&mut self, turn: Turn) -> Outcome {
        tokio::task::yield_now().await;
        self.1.recorder.check("always", true);
        self.0.fetch_add(1, Ordering::Relaxed);
        if turn.of_user % 3 == 2 {
            return Outcome::Failed { kind: "third".into(), words: "a third one".to_owned() };
        }
        Outcome::Passed
    }
}

fn plan(executor: Executor, thresholds: Vec<Threshold>) -> LoadPlan {
    let scenario = Scenario {
        name: "one".to_owned(),
        executor,
        start_time_ns: 0,
        graceful_stop_ns: 1_000_000_000,
        exec: None,
        env: Tags::new(),
        tags: Tags::from([("team".to_owned(), "red".to_owned())]),
        phases: Vec::new(),
    };
    LoadPlan {
        name: "test".to_owned(),
        kind: LoadKind::Load,
        scenarios: vec![scenario],
        thresholds,
        seed: 1,
        time_scale: 1.0,
    }
}

fn counted(vus: u64, iterations: u64) -> Executor {
    Executor::PerVuIterations { vus, iterations, max_duration_ns: 60_000_000_000 }
}

fn on(threads: u64) -> Equipment {
    Equipment { threads, watched: None }
}

#[test]
fn every_iteration_is_counted_once_on_any_number_of_threads() {
    for threads in [1, 2, 7] {
        let mut steps = 0;
        let plan = plan(counted(5, 6), Vec::new());
        let target = Arc::new(Counting::default());
        let finished = run(&target, &plan, &on(threads), &Stop::default(), &mut |_| {
            steps += 1;
            Go::On
        });
        let finished = finished.expect("it runs");
        let counts = finished.noted.scenarios[0];
        assert_eq!((counts.full, counts.failed, counts.dropped), (30, 10, 0), "{threads} threads");
        assert_eq!(finished.noted.errors["third"], (10, "a third one".to_owned()));
        assert_eq!(finished.noted.checks["always"], (30, 0));
        assert_eq!(finished.vus_max, [5]);
        assert_eq!(finished.timeline.iter().map(|tick| tick.iterations).sum::<u64>(), 30);
        assert!(steps > 0, "the end is a step too");
        let Some(Series::Rate { passes: 10, samples: 30 }) =
            finished.totals.get("iteration_failed")
        else {
            panic!("{:?}", finished.totals.get("iteration_failed"))
        };
    }
}

#[test]
fn parts_are_kept_where_a_threshold_asks_for_them() {
    let with = |tag: &str, value: &str| Threshold {
        metric: "iterations".to_owned(),
        tags: Tags::from([(tag.to_owned(), value.to_owned())]),
        expression: "count>0".to_owned(),
        aggregation: crate::record::load::Aggregation::Count,
        operator: crate::record::load::Operator::Greater,
        value: 0.0,
        abort_on_fail: false,
        delay_abort_eval_ns: 0,
        window_ns: None,
        phase: None,
    };
    let thresholds = vec![with("team", "red"), with("team", "blue"), with("scenario", "one")];
    let plan = plan(counted(2, 2), thresholds);
    let finished =
        run(&Arc::new(Counting::default()), &plan, &on(2), &Stop::default(), &mut |_| Go::On);
    let totals = finished.expect("it runs").totals;
    assert_eq!(totals["iterations{team:red}"].samples(), 4);
    assert_eq!(totals["iterations{scenario:one}"].samples(), 4);
    assert!(!totals.contains_key("iterations{team:blue}"));
}

#[test]
fn a_virtual_user_that_does_not_get_ready_ends_the_run_with_its_words() {
    for threads in [1, 3] {
        let target = Arc::new(Counting { refuses: true, ..Counting::default() });
        let plan = plan(counted(5, 6), Vec::new());
        let ended = run(&target, &plan, &on(threads), &Stop::default(), &mut |_| Go::On);
        assert_eq!(ended.err(), Some("no third one".to_owned()), "{threads} threads");
    }
}

#[test]
fn a_step_can_end_the_run() {
    let executor = Executor::ConstantVus { vus: 2, duration_ns: 3_600_000_000_000 };
    let target = Arc::new(Counting::default());
    let ended = run(&target, &plan(executor, Vec::new()), &on(1), &Stop::default(), &mut |_| {
        Go::Abort("enough".to_owned())
    });
    assert_eq!(ended.expect("it runs").aborted, Some("enough".to_owned()));
}
