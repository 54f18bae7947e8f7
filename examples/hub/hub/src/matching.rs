//! Which agent does which task.

use bench_sdk::hub_bench;
use hub_agents::Agent;
use hub_swarm::{Assignment, AuctionError, Benefits, hold_auction};

use crate::classifier::Inference;

/// Deals out tasks to agents, one each: to one that can do it before one that has time.
///
/// The agents are numbered as in `agents`.
#[hub_bench(
    args = [2, 4, 8, 16, 32],
    inputs = |&tasks| (needs(tasks), team(tasks)),
    tags = ["scaling"],
)]
pub fn assign(needs: &[Inference], agents: &[Agent]) -> Result<Assignment, AuctionError> {
    let rows: Vec<Vec<i64>> = needs
        .iter()
        .map(|&need| agents.iter().map(|agent| benefit(need, agent)).collect())
        .collect();
    Ok(hold_auction(&Benefits::new(&rows)?))
}

/// At most 10 for being free, and 50 to 100 for the right capability: the surer the inference, the
/// more.
fn benefit(need: Inference, agent: &Agent) -> i64 {
    let free = i64::from(agent.free_slots().min(10));
    if agent.capabilities.contains(need.capability) {
        free + 50 + (need.confidence.clamp(0.0, 1.0) * 50.0) as i64
    } else {
        free
    }
}

#[bench_sdk::bench_only]
fn needs(tasks: usize) -> Vec<Inference> {
    let capabilities = hub_agents::Capability::ALL.into_iter().cycle();
    let need = |capability| Inference { capability, confidence: 0.8 };
    capabilities.map(need).take(tasks).collect()
}

#[bench_sdk::bench_only]
fn team(agents: usize) -> Vec<Agent> {
    let registry = hub_agents::sample::registry(agents);
    registry.iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use hub_agents::{AgentId, Capability};

    use super::*;

    fn agent(number: u32, capability: Capability, load: u32) -> Agent {
        Agent {
            id: AgentId::new(number),
            name: format!("agent {number}"),
            capabilities: [capability].into_iter().collect(),
            capacity: 4,
            load,
        }
    }

    fn need(capability: Capability, confidence: f32) -> Inference {
        Inference { capability, confidence }
    }

    fn agents_of(needs: &[Inference], agents: &[Agent]) -> Option<Vec<usize>> {
        assign(needs, agents).ok().map(|assignment| assignment.agent_of)
    }

    #[test]
    fn capability_comes_before_time() {
        let agents = [agent(0, Capability::Code, 3), agent(1, Capability::Plan, 0)];
        let needs = [need(Capability::Code, 0.1)];
        assert_eq!(agents_of(&needs, &agents), Some(vec![0]));
    }

    #[test]
    fn the_surer_inference_gets_the_only_specialist() {
        let agents = [agent(0, Capability::Code, 0), agent(1, Capability::Plan, 0)];
        let needs = [need(Capability::Code, 0.3), need(Capability::Code, 0.9)];
        assert_eq!(agents_of(&needs, &agents), Some(vec![1, 0]));
    }

    #[test]
    fn more_tasks_than_agents_are_refused() {
        let error = assign(&[need(Capability::Code, 1.0)], &[]).err();
        let (tasks, agents) = (1, 0);
        assert_eq!(error, Some(AuctionError::TooManyTasks { tasks, agents }));
    }
}
