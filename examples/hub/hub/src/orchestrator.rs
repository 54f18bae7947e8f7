//! A job end to end.

use bench_sdk::hub_bench;
use hub_agents::registry::create_agent;
use hub_agents::router::{Mailbox, route};
use hub_agents::wire::{decode, encode};
use hub_agents::{Address, Agent, AgentId, AgentRegistry, AgentSpec, Message, Router};
use hub_tasks::{Scheduler, Task, ingest, process, split_orphans};

use crate::classifier::{Classifier, Inference, infer};
use crate::error::HubError;
use crate::matching::assign;
use crate::report::{Done, Report};

/// The sender of messages that come from the hub itself.
const HUB: AgentId = AgentId::new(u32::MAX);
const MAILBOX_LIMIT: usize = 16;

/// A team of agents with everything needed to have them do a job.
#[derive(Clone, Debug)]
pub struct Orchestrator {
    registry: AgentRegistry,
    router: Router,
    classifier: Classifier,
}

/// A task that an agent has been chosen for.
struct Order {
    task: Task,
    agent: AgentId,
    need: Inference,
}

impl Orchestrator {
    /// A hub with this team.
    pub fn new(team: Vec<AgentSpec>, classifier: Classifier) -> Result<Self, HubError> {
        let mut hub =
            Self { registry: AgentRegistry::new(), router: Router::new(MAILBOX_LIMIT), classifier };
        for spec in team {
            let id = create_agent(&mut hub.registry, spec)?;
            hub.router.open(id);
        }
        Ok(hub)
    }

    /// The team.
    pub const fn registry(&self) -> &AgentRegistry {
        &self.registry
    }

    /// Chooses an agent for each of at most as many tasks as there are agents.
    fn deal_out(&mut self, tasks: Vec<Task>) -> Result<Vec<Order>, HubError> {
        let needs = tasks
            .iter()
            .map(|task| infer(&self.classifier, &task.text))
            .collect::<Result<Vec<_>, _>>()?;
        let agents: Vec<Agent> = self.registry.iter().cloned().collect();
        let assignment = assign(&needs, &agents)?;
        let chosen = assignment.agent_of.into_iter().zip(needs).zip(tasks);
        chosen
            .map(|((agent, need), task)| {
                let agent = agents[agent].id;
                self.registry.assign(agent)?;
                Ok(Order { task, agent, need })
            })
            .collect()
    }

    /// Sends an order to its agent, as it would go to another machine, and has it carried out.
    fn carry_out(&mut self, order: Order, report: &mut Report) -> Result<(), HubError> {
        let Order { task, agent, need } = order;
        let frame = encode(&Message {
            from: HUB,
            to: Address::Agent(agent),
            topic: task.kind.name().to_owned(),
            body: task.text.into_bytes(),
        });
        report.wire_bytes += frame.len();
        route(&mut self.router, &self.registry, decode(&frame)?)?;

        let received = self.router.mailbox(agent).and_then(Mailbox::take);
        let body = received.as_ref().map_or(&[][..], |message| &message.body);
        let text = String::from_utf8_lossy(body).into_owned();
        match process(Task { text, ..task }) {
            Ok(outcome) => report.done.push(Done { outcome, agent, need }),
            Err(error) => report.failed.push(error),
        }
        if let Some(agent) = self.registry.get(agent) {
            *report.tasks_of.entry(agent.name.clone()).or_default() += 1;
            report.matched += usize::from(agent.capabilities.contains(need.capability));
        }
        self.registry.release(agent)?;
        Ok(())
    }
}

/// Takes a job file through the hub: reads it, orders its tasks, finds out what each needs, deals
/// them out in rounds of one task an agent, and reports.
///
/// A task that has no result counts as done for those that wait for it.
#[hub_bench(
    args = [4, 8, 16, 32, 64],
    inputs = |&lines| (TEAM.clone(), hub_tasks::sample::job_file(lines)),
    sample_size = 2,
    tags = ["end to end", "scaling"],
)]
pub fn run_job(hub: &mut Orchestrator, job: &str) -> Result<Report, HubError> {
    let ingestion = ingest(job);
    let split = split_orphans(ingestion.tasks);
    let mut report = Report::begin(ingestion.rejected, &split);
    let team = hub.registry.len();
    if team == 0 && !split.complete.is_empty() {
        return Err(HubError::NoAgents);
    }
    let mut scheduler = Scheduler::new(split.complete)?;
    while scheduler.left() > 0 {
        let round = std::iter::from_fn(|| scheduler.start()).take(team);
        let orders = hub.deal_out(round.collect())?;
        for order in orders {
            let id = order.task.id;
            hub.carry_out(order, &mut report)?;
            scheduler.finish(id)?;
        }
        report.rounds += 1;
    }
    Ok(report)
}

#[bench_sdk::bench_only]
#[expect(clippy::expect_used, reason = "without the team there is nothing to measure")]
static TEAM: std::sync::LazyLock<Orchestrator> = std::sync::LazyLock::new(|| {
    crate::scenario::orchestrator().expect("the team of the scenario is complete")
});

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use hub_agents::Capability;
    use hub_tasks::TaskId;

    use super::*;
    use crate::scenario::{JOB, classifier, orchestrator};

    #[test]
    fn every_line_is_accounted_for() {
        let mut hub = orchestrator().unwrap();
        let lines = 100;
        let report = run_job(&mut hub, &hub_tasks::sample::job_file(lines)).unwrap();
        assert_eq!(report.rejected.len(), lines / 20);
        let accounted = report.rejected.len() + report.orphans.len() + report.done.len();
        assert_eq!(accounted, lines);
        assert_eq!(report.tasks_of.values().sum::<usize>(), report.done.len());
    }

    #[test]
    fn tasks_are_done_after_what_they_wait_for() {
        let mut hub = orchestrator().unwrap();
        let report = run_job(&mut hub, "1,grade,9,2,Last.\n2,grade,0,,First.").unwrap();
        let order: Vec<_> = report.done.iter().map(|done| done.outcome.task).collect();
        assert_eq!(order, [TaskId(2), TaskId(1)]);
        assert_eq!(report.rounds, 2);
    }

    #[test]
    fn the_scenario_goes_to_agents_that_can_do_it() {
        let mut hub = orchestrator().unwrap();
        let report = run_job(&mut hub, JOB).unwrap();
        assert_eq!(report.matched, report.done.len());
        let translation = report.done.iter().find(|done| done.outcome.task.0 == 3);
        let agent = hub.registry().get(translation.unwrap().agent).unwrap();
        assert!(agent.capabilities.contains(Capability::Translate));
    }

    #[test]
    fn nobody_is_left_busy_and_the_next_job_runs_alike() {
        let mut hub = orchestrator().unwrap();
        let first = run_job(&mut hub, JOB).unwrap();
        assert!(hub.registry().iter().all(|agent| agent.load == 0));
        assert_eq!(run_job(&mut hub, JOB).unwrap(), first);
    }

    #[test]
    fn a_job_needs_agents_only_if_there_is_something_to_do() {
        let mut hub = Orchestrator::new(Vec::new(), classifier().unwrap()).unwrap();
        assert_eq!(run_job(&mut hub, JOB), Err(HubError::NoAgents));
        assert!(run_job(&mut hub, "# nothing\n").unwrap().done.is_empty());
    }

    #[test]
    fn tasks_that_wait_for_each_other_end_the_job() {
        let mut hub = orchestrator().unwrap();
        let error = run_job(&mut hub, "1,grade,0,2,One.\n2,grade,0,1,Two.").unwrap_err();
        let expected = "schedule: task 1 can never run: tasks wait for each other";
        assert_eq!(error.to_string(), expected);
    }
}
