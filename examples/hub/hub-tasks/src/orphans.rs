//! Tasks that can never run, because one they wait for is missing.

use std::collections::{HashMap, HashSet};

use bench_sdk::hub_bench;

use crate::task::{Task, TaskId};

/// Tasks, told apart by whether all they wait for is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Those whose dependencies are all there, in the order they had.
    pub complete: Vec<Task>,
    /// Those that wait for a missing task, or for one that does, in the order they had.
    pub orphans: Vec<Task>,
}

/// Takes out the tasks that wait, directly or over others, for one that is missing. A job with a
/// broken line loses what depends on that line and keeps the rest.
#[hub_bench(inputs = with_gaps(512), items_count = 512)]
pub fn split_orphans(tasks: Vec<Task>) -> Split {
    let there: HashSet<TaskId> = tasks.iter().map(|task| task.id).collect();
    let mut dependents: HashMap<TaskId, Vec<TaskId>> = HashMap::new();
    let mut open = Vec::new();
    for task in &tasks {
        if task.after.iter().any(|needed| !there.contains(needed)) {
            open.push(task.id);
        }
        for &needed in &task.after {
            dependents.entry(needed).or_default().push(task.id);
        }
    }
    let mut orphaned = HashSet::new();
    while let Some(id) = open.pop() {
        if orphaned.insert(id) {
            open.extend(dependents.get(&id).into_iter().flatten());
        }
    }
    let (orphans, complete) = tasks.into_iter().partition(|task| orphaned.contains(&task.id));
    Split { complete, orphans }
}

#[bench_sdk::bench_only]
fn with_gaps(count: usize) -> Vec<Task> {
    let mut tasks = crate::sample::tasks(count);
    tasks.retain(|task| task.id.0 % 20 != 7);
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::scheduler::execution_order;
    use crate::task::TaskKind;

    fn task(id: u32, after: &[u32]) -> Task {
        Task::new(id, TaskKind::Grade, "text").after(after)
    }

    fn ids(tasks: &[Task]) -> Vec<u32> {
        tasks.iter().map(|task| task.id.0).collect()
    }

    #[test]
    fn orphans_of_orphans_are_orphans() {
        let split =
            split_orphans(vec![task(4, &[3]), task(3, &[1, 9]), task(2, &[1]), task(1, &[])]);
        assert_eq!(ids(&split.orphans), [4, 3]);
        assert_eq!(ids(&split.complete), [2, 1]);
    }

    #[test]
    fn nothing_is_taken_from_a_complete_job() {
        let tasks = sample::tasks(100);
        let split = split_orphans(tasks.clone());
        assert_eq!((split.complete, split.orphans), (tasks, vec![]));
    }

    #[test]
    fn what_is_left_can_be_scheduled() {
        let mut tasks = sample::tasks(200);
        tasks.retain(|task| task.id.0 % 9 != 4);
        let count = tasks.len();
        let split = split_orphans(tasks);
        assert_eq!(split.complete.len() + split.orphans.len(), count);
        assert!(!split.orphans.is_empty());
        let order = execution_order(split.complete.clone());
        assert_eq!(order.map(|order| order.len()), Ok(split.complete.len()));
    }
}
