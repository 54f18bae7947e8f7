//! Tasks in order of urgency.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use bench_sdk::hub_bench;

use crate::task::Task;

/// A priority queue in which tasks of equal priority keep the order they came in.
#[derive(Clone, Debug, Default)]
pub struct TaskQueue {
    heap: BinaryHeap<Entry>,
    arrivals: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    arrival: u64,
    task: Task,
}

impl Entry {
    const fn urgency(&self) -> (u8, Reverse<u64>) {
        (self.task.priority, Reverse(self.arrival))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.urgency().cmp(&other.urgency())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl TaskQueue {
    /// A queue without tasks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a task wait.
    pub fn push(&mut self, task: Task) {
        let arrival = self.arrivals;
        self.arrivals += 1;
        self.heap.push(Entry { arrival, task });
    }

    /// Takes the most urgent task, of equals the one that waits longest.
    pub fn pop(&mut self) -> Option<Task> {
        self.heap.pop().map(|entry| entry.task)
    }

    /// How many tasks wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl Extend<Task> for TaskQueue {
    fn extend<I: IntoIterator<Item = Task>>(&mut self, tasks: I) {
        tasks.into_iter().for_each(|task| self.push(task));
    }
}

/// Tasks by falling urgency, those of equal priority in the order they had.
#[hub_bench(
    args = [16, 64, 256, 1024, 4096],
    inputs = |&tasks| crate::sample::independent_tasks(tasks),
    tags = ["scaling"],
    complexity = "n log n",
)]
pub fn by_urgency(tasks: Vec<Task>) -> Vec<Task> {
    let mut queue = TaskQueue::new();
    queue.extend(tasks);
    std::iter::from_fn(|| queue.pop()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::task::TaskKind;

    #[test]
    fn urgent_tasks_overtake() {
        let mut queue = TaskQueue::new();
        for (id, priority) in [(1, 2), (2, 9), (3, 0), (4, 9)] {
            queue.push(Task::new(id, TaskKind::Index, "text").priority(priority));
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).map(|task| task.id.0).collect();
        assert_eq!(order, [2, 4, 1, 3]);
        assert!(queue.is_empty());
    }

    #[test]
    fn the_order_is_that_of_a_stable_sort() {
        let tasks = sample::independent_tasks(500);
        let mut sorted = tasks.clone();
        sorted.sort_by_key(|task| Reverse(task.priority));
        assert_eq!(by_urgency(tasks), sorted);
    }
}
