//! What came of a job.

use std::collections::BTreeMap;
use std::fmt;

use bench_sdk::hub_bench;
use hub_agents::AgentId;
use hub_tasks::ingest::{Totals, aggregate};
use hub_tasks::{Outcome, ProcessError, Rejection, Split, TaskId, TaskKind};

use crate::classifier::Inference;

/// What came of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Lines that gave no task.
    pub rejected: Vec<Rejection>,
    /// Tasks that wait for one that is missing.
    pub orphans: Vec<TaskId>,
    /// The other tasks, by kind.
    pub totals: BTreeMap<TaskKind, Totals>,
    /// Tasks with a result, in the order they were done.
    pub done: Vec<Done>,
    /// Tasks without one.
    pub failed: Vec<ProcessError>,
    /// How many tasks each agent got, by name.
    pub tasks_of: BTreeMap<String, usize>,
    /// How many tasks went to an agent that can do what they call for.
    pub matched: usize,
    /// How often tasks were dealt out.
    pub rounds: usize,
    /// How much was sent to agents.
    pub wire_bytes: usize,
}

/// A task that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Its result.
    pub outcome: Outcome,
    /// Who did it.
    pub agent: AgentId,
    /// What it seemed to call for.
    pub need: Inference,
}

impl Report {
    pub(crate) fn begin(rejected: Vec<Rejection>, split: &Split) -> Self {
        Self {
            rejected,
            orphans: split.orphans.iter().map(|task| task.id).collect(),
            totals: aggregate(&split.complete),
            ..Self::default()
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.done.len() + self.failed.len();
        writeln!(
            f,
            "{count} tasks in {} rounds, {} matched to the right agent, {} bytes sent",
            self.rounds, self.matched, self.wire_bytes
        )?;
        for (kind, totals) in &self.totals {
            let Totals { tasks, text_bytes, .. } = totals;
            writeln!(f, "  {kind:<10} {tasks:>4} tasks {text_bytes:>7} bytes")?;
        }
        for (agent, tasks) in &self.tasks_of {
            writeln!(f, "  {agent:<10} {tasks:>4} done")?;
        }
        for Done { outcome, .. } in &self.done {
            writeln!(f, "{}: {}", outcome.task, outcome.output)?;
        }
        for error in &self.failed {
            writeln!(f, "no result: {error}")?;
        }
        for id in &self.orphans {
            writeln!(f, "left out: {id} waits for a task that is missing")?;
        }
        for Rejection { line, reason } in &self.rejected {
            writeln!(f, "line {line}: {reason}")?;
        }
        Ok(())
    }
}

/// The report as it is printed.
#[hub_bench(inputs = of_the_scenario, tags = ["report"])]
pub fn render(report: &Report) -> String {
    report.to_string()
}

#[bench_sdk::bench_only]
fn of_the_scenario() -> Report {
    let hub = crate::scenario::orchestrator();
    let report = hub.and_then(|mut hub| crate::run_job(&mut hub, crate::scenario::JOB));
    report.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use hub_tasks::ingest::{LineError, SyntaxError};
    use hub_tasks::{Task, ingest, split_orphans};

    use super::*;

    #[test]
    fn an_empty_report_says_so() {
        assert_eq!(
            render(&Report::default()),
            "0 tasks in 0 rounds, 0 matched to the right agent, 0 bytes sent\n"
        );
    }

    #[test]
    fn everything_left_out_is_named() {
        let ingestion = ingest("1,grade,x,,Bad.\n2,grade,1,1,Orphan.\n");
        let reason = LineError::Syntax(SyntaxError::NotANumber("priority"));
        assert_eq!(ingestion.rejected, [Rejection { line: 1, reason }]);
        let report = Report::begin(ingestion.rejected, &split_orphans(ingestion.tasks));
        let text = render(&report);
        assert!(text.contains("left out: task 2 waits for a task that is missing\n"));
        assert!(text.contains("line 1: `priority` is not a whole number\n"));
    }

    #[test]
    fn totals_are_those_of_the_tasks_that_run() {
        let split = Split {
            complete: vec![Task::new(1, TaskKind::Index, "four")],
            orphans: vec![Task::new(2, TaskKind::Grade, "five!").after(&[3])],
        };
        let report = Report::begin(Vec::new(), &split);
        assert_eq!(report.totals.len(), 1);
        assert!(render(&report).contains("index         1 tasks       4 bytes"));
    }
}
