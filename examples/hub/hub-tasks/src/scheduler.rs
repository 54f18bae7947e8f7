//! The order of tasks that wait for each other.

use std::collections::HashMap;
use std::fmt;

use bench_sdk::hub_bench;

use crate::queue::TaskQueue;
use crate::task::{Task, TaskId};

/// Hands out tasks by urgency, each as soon as all it waits for is done.
#[derive(Clone, Debug)]
pub struct Scheduler {
    ready: TaskQueue,
    entries: Vec<Entry>,
    position_of: HashMap<TaskId, usize>,
    left: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    state: State,
    dependents: Vec<usize>,
}

#[derive(Clone, Debug)]
enum State {
    Waiting { task: Task, missing: usize },
    Ready,
    Running,
    Done,
}

impl Scheduler {
    /// A scheduler of these tasks. They must be able to run: every task that is waited for is
    /// there, and no two wait for each other.
    pub fn new(tasks: Vec<Task>) -> Result<Self, ScheduleError> {
        let mut position_of = HashMap::with_capacity(tasks.len());
        for (position, task) in tasks.iter().enumerate() {
            if position_of.insert(task.id, position).is_some() {
                return Err(ScheduleError::Duplicate(task.id));
            }
        }
        let mut dependents = vec![Vec::new(); tasks.len()];
        for (position, task) in tasks.iter().enumerate() {
            for &needed in &task.after {
                let needed = *position_of
                    .get(&needed)
                    .ok_or(ScheduleError::UnknownDependency { task: task.id, needs: needed })?;
                dependents[needed].push(position);
            }
        }
        if let Some(position) = in_a_cycle(&tasks, &dependents) {
            return Err(ScheduleError::Cycle(tasks[position].id));
        }
        let left = tasks.len();
        let mut ready = TaskQueue::new();
        let entries = tasks.into_iter().zip(dependents).map(|(task, dependents)| {
            let state = match task.after.len() {
                0 => {
                    ready.push(task);
                    State::Ready
                }
                missing => State::Waiting { task, missing },
            };
            Entry { state, dependents }
        });
        Ok(Self { entries: entries.collect(), ready, position_of, left })
    }

    /// Hands out the most urgent task that can run now.
    pub fn start(&mut self) -> Option<Task> {
        let task = self.ready.pop()?;
        let position = *self.position_of.get(&task.id)?;
        self.entries[position].state = State::Running;
        Some(task)
    }

    /// Notes that a task is done, and returns how many others can run because of it.
    pub fn finish(&mut self, id: TaskId) -> Result<usize, ScheduleError> {
        let position = self.position_of.get(&id);
        let position = *position.ok_or(ScheduleError::NotRunning(id))?;
        let entry = &mut self.entries[position];
        if !matches!(entry.state, State::Running) {
            return Err(ScheduleError::NotRunning(id));
        }
        entry.state = State::Done;
        self.left -= 1;
        let dependents = std::mem::take(&mut entry.dependents);
        Ok(dependents.into_iter().filter(|&dependent| self.one_less_missing(dependent)).count())
    }

    /// How many tasks are not done.
    pub const fn left(&self) -> usize {
        self.left
    }

    fn one_less_missing(&mut self, position: usize) -> bool {
        let entry = &mut self.entries[position];
        if let State::Waiting { missing, .. } = &mut entry.state {
            *missing -= 1;
            if *missing > 0 {
                return false;
            }
        }
        match std::mem::replace(&mut entry.state, State::Ready) {
            State::Waiting { task, .. } => {
                self.ready.push(task);
                true
            }
            other => {
                entry.state = other;
                false
            }
        }
    }
}

/// A task that can never run because it waits, over others, for itself.
fn in_a_cycle(tasks: &[Task], dependents: &[Vec<usize>]) -> Option<usize> {
    let mut missing: Vec<usize> = tasks.iter().map(|task| task.after.len()).collect();
    let mut open: Vec<usize> = (0..tasks.len()).filter(|&p| missing[p] == 0).collect();
    while let Some(position) = open.pop() {
        for &dependent in &dependents[position] {
            missing[dependent] -= 1;
            if missing[dependent] == 0 {
                open.push(dependent);
            }
        }
    }
    missing.iter().position(|&missing| missing > 0)
}

/// The order in which one worker does all tasks.
#[hub_bench(
    args = [16, 64, 256, 1024, 4096],
    inputs = |&tasks| crate::sample::tasks(tasks),
    tags = ["scaling"],
    complexity = "n log n",
)]
pub fn execution_order(tasks: Vec<Task>) -> Result<Vec<TaskId>, ScheduleError> {
    let mut scheduler = Scheduler::new(tasks)?;
    let mut order = Vec::with_capacity(scheduler.left());
    while let Some(task) = scheduler.start() {
        scheduler.finish(task.id)?;
        order.push(task.id);
    }
    Ok(order)
}

/// Why tasks cannot be scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// Two tasks have this id.
    Duplicate(TaskId),
    /// A task waits for one that is not there.
    UnknownDependency {
        /// The task that waits.
        task: TaskId,
        /// The one it waits for.
        needs: TaskId,
    },
    /// This task waits for itself, directly or over others, or for one that does.
    Cycle(TaskId),
    /// The task was not handed out, or is done already.
    NotRunning(TaskId),
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(id) => write!(f, "{id} is there twice"),
            Self::UnknownDependency { task, needs } => {
                write!(f, "{task} waits for {needs}, which is not there")
            }
            Self::Cycle(id) => write!(f, "{id} can never run: tasks wait for each other"),
            Self::NotRunning(id) => write!(f, "{id} is not running"),
        }
    }
}

impl std::error::Error for ScheduleError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::sample;
    use crate::task::TaskKind;

    fn task(id: u32, priority: u8, after: &[u32]) -> Task {
        Task::new(id, TaskKind::Grade, "text").priority(priority).after(after)
    }

    #[test]
    fn urgency_never_overtakes_a_dependency() {
        let tasks = vec![task(1, 9, &[3]), task(2, 1, &[]), task(3, 0, &[2])];
        let order = execution_order(tasks).unwrap();
        assert_eq!(order, [TaskId(2), TaskId(3), TaskId(1)]);
    }

    #[test]
    fn every_task_runs_once_and_after_what_it_waits_for() {
        let tasks = sample::tasks(400);
        let order = execution_order(tasks.clone()).unwrap();
        assert_eq!(order.len(), tasks.len());
        let place = |id: TaskId| order.iter().position(|&other| other == id).unwrap();
        for task in &tasks {
            assert!(task.after.iter().all(|&needed| place(needed) < place(task.id)));
        }
    }

    #[test]
    fn a_task_is_released_by_the_last_it_waits_for() {
        let tasks = vec![task(1, 0, &[]), task(2, 0, &[]), task(3, 0, &[1, 2])];
        let mut scheduler = Scheduler::new(tasks).unwrap();
        let (first, second) = (scheduler.start().unwrap(), scheduler.start().unwrap());
        assert_eq!(scheduler.start(), None);
        assert_eq!(scheduler.finish(first.id), Ok(0));
        assert_eq!(scheduler.finish(second.id), Ok(1));
        assert_eq!(scheduler.start().unwrap().id, TaskId(3));
        assert_eq!(scheduler.left(), 1);
    }

    #[test]
    fn impossible_plans_are_refused() {
        let error = |tasks| Scheduler::new(tasks).err().unwrap();
        assert_eq!(
            error(vec![task(1, 0, &[]), task(1, 0, &[])]),
            ScheduleError::Duplicate(TaskId(1))
        );
        assert_eq!(
            error(vec![task(1, 0, &[8])]),
            ScheduleError::UnknownDependency { task: TaskId(1), needs: TaskId(8) }
        );
        assert_eq!(
            error(vec![task(0, 0, &[]), task(1, 0, &[2]), task(2, 0, &[1])]),
            ScheduleError::Cycle(TaskId(1))
        );
    }

    #[test]
    fn only_running_tasks_finish() {
        let mut scheduler = Scheduler::new(vec![task(1, 0, &[])]).unwrap();
        let error = Err(ScheduleError::NotRunning(TaskId(1)));
        assert_eq!(scheduler.finish(TaskId(1)), error);
        assert!(scheduler.start().is_some());
        assert_eq!(scheduler.finish(TaskId(1)), Ok(0));
        assert_eq!(scheduler.finish(TaskId(1)), error);
    }
}
