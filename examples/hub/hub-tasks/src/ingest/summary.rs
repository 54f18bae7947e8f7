//! Totals over tasks.

use std::collections::BTreeMap;

use bench_sdk::hub_bench;

use crate::task::{Task, TaskKind};

/// The tasks of one kind, taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many there are.
    pub tasks: usize,
    /// The length of their texts.
    pub text_bytes: usize,
    /// The highest priority among them.
    pub highest_priority: u8,
    /// How many of them wait for others.
    pub waiting: usize,
}

/// The totals of each kind that occurs.
#[hub_bench(inputs = crate::sample::tasks(256), items_count = 256)]
pub fn aggregate(tasks: &[Task]) -> BTreeMap<TaskKind, Totals> {
    let mut by_kind: BTreeMap<TaskKind, Totals> = BTreeMap::new();
    for task in tasks {
        let totals = by_kind.entry(task.kind).or_default();
        totals.tasks += 1;
        totals.text_bytes += task.text.len();
        totals.highest_priority = totals.highest_priority.max(task.priority);
        totals.waiting += usize::from(!task.after.is_empty());
    }
    by_kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_task_is_counted_once() {
        let tasks = sample::tasks(101);
        let totals = aggregate(&tasks);
        assert_eq!(totals.values().map(|kind| kind.tasks).sum::<usize>(), 101);
        let bytes: usize = tasks.iter().map(|task| task.text.len()).sum();
        assert_eq!(totals.values().map(|kind| kind.text_bytes).sum::<usize>(), bytes);
    }

    #[test]
    fn totals_of_a_kind() {
        let tasks = [
            Task::new(1, TaskKind::Index, "four").priority(2),
            Task::new(2, TaskKind::Index, "six ab").priority(1).after(&[1]),
        ];
        let expected = Totals { tasks: 2, text_bytes: 10, highest_priority: 2, waiting: 1 };
        assert_eq!(aggregate(&tasks), BTreeMap::from([(TaskKind::Index, expected)]));
        assert!(aggregate(&[]).is_empty());
    }
}
