//! Working off tasks side by side.

use std::sync::Arc;

use bench_sdk::hub_bench;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::pipeline::{Outcome, ProcessError, process};
use crate::task::Task;

/// What came of many tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Results, in the order of the tasks' numbers.
    pub outcomes: Vec<Outcome>,
    /// Why the others have none, in no order.
    pub failures: Vec<ProcessError>,
    /// Tasks that were cut short because their code panicked.
    pub lost: usize,
}

/// Runs all tasks, at most `at_once` of them at a time, on the runtime that this is called in.
#[hub_bench(
    args = [1, 2, 4],
    inputs = |&at_once| (crate::sample::independent_tasks(64), at_once),
    runtime = "multi_thread",
    workers = 2,
    items_count = 64,
    tags = ["async"],
)]
pub async fn work_off(tasks: Vec<Task>, at_once: usize) -> Finished {
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let mut running = JoinSet::new();
    for task in tasks {
        let places = Arc::clone(&places);
        running.spawn(async move {
            // Nobody closes the semaphore: without a place there is nothing to wait for.
            let _place = places.acquire().await.ok();
            process(task)
        });
    }
    let mut finished = Finished::default();
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok(Ok(outcome)) => finished.outcomes.push(outcome),
            Ok(Err(failure)) => finished.failures.push(failure),
            Err(_) => finished.lost += 1,
        }
    }
    finished.outcomes.sort_by_key(|outcome| outcome.task);
    finished
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::task::TaskKind;

    fn run(tasks: Vec<Task>, at_once: usize) -> Finished {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(work_off(tasks, at_once))
    }

    #[test]
    fn the_result_does_not_depend_on_how_many_run_at_once() {
        let tasks = || crate::sample::independent_tasks(20);
        let one_by_one: Vec<_> =
            tasks().into_iter().filter_map(|task| process(task).ok()).collect();
        for at_once in [0, 1, 3, 100] {
            assert_eq!(run(tasks(), at_once).outcomes, one_by_one);
        }
    }

    #[test]
    fn tasks_without_a_result_say_why() {
        let finished = run(vec![Task::new(4, TaskKind::Grade, "")], 2);
        assert_eq!((finished.outcomes.len(), finished.failures.len()), (0, 1));
    }
}
