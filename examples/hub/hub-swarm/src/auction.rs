//! Dealing out tasks by auction, after Bertsekas: the total benefit is the largest possible.

use std::fmt;

use bench_sdk::hub_bench;

/// What it is worth to have each agent do each task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefits {
    agents: usize,
    /// One row for each task, one column for each agent.
    values: Vec<i64>,
}

impl Benefits {
    /// A table with one row for each task.
    pub fn new(rows: &[Vec<i64>]) -> Result<Self, AuctionError> {
        let agents = rows.first().map_or(0, Vec::len);
        if let Some(task) = rows.iter().position(|row| row.len() != agents) {
            return Err(AuctionError::RaggedRow(task));
        }
        if rows.len() > agents {
            return Err(AuctionError::TooManyTasks { tasks: rows.len(), agents });
        }
        Ok(Self { agents, values: rows.concat() })
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> usize {
        self.values.len().checked_div(self.agents).unwrap_or(0)
    }

    /// How many agents there are.
    pub const fn agents(&self) -> usize {
        self.agents
    }

    fn row(&self, task: usize) -> &[i64] {
        &self.values[task * self.agents..][..self.agents]
    }
}

/// Who does what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The agent of each task.
    pub agent_of: Vec<usize>,
    /// The sum of the benefits.
    pub total: i64,
}

/// Deals out every task to an agent of its own.
///
/// Tasks bid for agents: each raises the price of the agent that is worth most to it, at today's
/// prices, by what it gains over its second choice. Benefits are scaled by the number of tasks plus
/// one, so that the smallest raise of 1 is too small to cost the best total.
#[hub_bench(
    args = [4, 8, 16, 32, 64],
    inputs = |&tasks| random_benefits(tasks, tasks + tasks / 4),
    tags = ["scaling"],
)]
pub fn hold_auction(benefits: &Benefits) -> Assignment {
    let scale = i64::try_from(benefits.tasks() + 1).unwrap_or(i64::MAX);
    let mut prices = vec![0_i64; benefits.agents];
    let mut owner: Vec<Option<usize>> = vec![None; benefits.agents];
    let mut bidders: Vec<usize> = (0..benefits.tasks()).rev().collect();
    while let Some(task) = bidders.pop() {
        let (agent, raise) = bid(benefits.row(task), &prices, scale);
        prices[agent] += raise;
        if let Some(outbid) = owner[agent].replace(task) {
            bidders.push(outbid);
        }
    }
    let mut assignment = Assignment { agent_of: vec![0; benefits.tasks()], total: 0 };
    for (agent, task) in owner.iter().enumerate() {
        if let Some(task) = *task {
            assignment.agent_of[task] = agent;
            assignment.total += benefits.row(task)[agent];
        }
    }
    assignment
}

/// The agent that is worth most at these prices, and the raise that keeps it worth as much as the
/// second choice, and one more.
fn bid(row: &[i64], prices: &[i64], scale: i64) -> (usize, i64) {
    let (mut choice, mut best, mut second) = (0, i64::MIN, i64::MIN);
    for (agent, (benefit, price)) in row.iter().zip(prices).enumerate() {
        let value = benefit.saturating_mul(scale).saturating_sub(*price);
        if value > best {
            (choice, second, best) = (agent, best, value);
        } else if value > second {
            second = value;
        }
    }
    let lead = if second == i64::MIN { 0 } else { best - second };
    (choice, lead + 1)
}

/// Benefits between 0 and 99, always the same ones; at least as many agents as tasks.
pub fn random_benefits(tasks: usize, agents: usize) -> Benefits {
    let agents = agents.max(tasks);
    let mut rng = fastrand::Rng::with_seed(tasks as u64);
    let values = std::iter::repeat_with(|| rng.i64(0..100));
    Benefits { agents, values: values.take(tasks * agents).collect() }
}

/// Why there can be no auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuctionError {
    /// The row of this task has another length than the first.
    RaggedRow(usize),
    /// Not every task can have an agent of its own.
    TooManyTasks {
        /// How many tasks there are.
        tasks: usize,
        /// How many agents there are.
        agents: usize,
    },
}

impl fmt::Display for AuctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RaggedRow(task) => {
                write!(f, "task {task} is not valued for the same agents as task 0")
            }
            Self::TooManyTasks { tasks, agents } => {
                write!(f, "{agents} agents cannot take {tasks} tasks at once")
            }
        }
    }
}

impl std::error::Error for AuctionError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    /// The best total, by trying everything.
    fn best_total(benefits: &Benefits, task: usize, taken: u32) -> i64 {
        if task == benefits.tasks() {
            return 0;
        }
        let free = (0..benefits.agents()).filter(|agent| taken >> agent & 1 == 0);
        free.map(|agent| {
            benefits.row(task)[agent] + best_total(benefits, task + 1, taken | 1 << agent)
        })
        .max()
        .unwrap_or(0)
    }

    #[test]
    fn the_total_is_the_best_there_is() {
        for tasks in 1..=6 {
            for agents in tasks..=8 {
                let benefits = random_benefits(tasks, agents);
                let assignment = hold_auction(&benefits);
                assert_eq!(assignment.total, best_total(&benefits, 0, 0));
            }
        }
    }

    #[test]
    fn nobody_does_two_tasks() {
        let assignment = hold_auction(&random_benefits(40, 40));
        let mut agents = assignment.agent_of;
        agents.sort_unstable();
        assert_eq!(agents, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_specialist_is_left_to_who_needs_it() {
        // Both tasks like agent 0 best, but only the second can do nothing with agent 1.
        let benefits = Benefits::new(&[vec![10, 9], vec![10, 0]]).unwrap();
        let assignment = hold_auction(&benefits);
        assert_eq!((assignment.agent_of, assignment.total), (vec![1, 0], 19));
    }

    #[test]
    fn no_tasks_need_nobody() {
        let assignment = hold_auction(&Benefits::new(&[]).unwrap());
        assert!(assignment.agent_of.is_empty() && assignment.total == 0);
    }

    #[test]
    fn impossible_tables_are_refused() {
        assert_eq!(Benefits::new(&[vec![1, 2], vec![1]]).err(), Some(AuctionError::RaggedRow(1)));
        assert_eq!(
            Benefits::new(&[vec![1], vec![2]]).err(),
            Some(AuctionError::TooManyTasks { tasks: 2, agents: 1 })
        );
    }
}
