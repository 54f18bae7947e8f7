//! Every agent of a hub, found by id, by name and by capability.

use std::collections::HashMap;
use std::fmt;

use bench_sdk::hub_bench;

use crate::agent::{Agent, AgentId, AgentSpec};
use crate::capability::{Capability, CapabilitySet};

/// The agents of a hub, with an index by name and one by capability.
#[derive(Clone, Debug, Default)]
pub struct AgentRegistry {
    /// Position = id; a retired agent leaves its place empty, so ids stay what they were.
    agents: Vec<Option<Agent>>,
    by_name: HashMap<String, AgentId>,
    by_capability: [Vec<AgentId>; Capability::COUNT],
}

impl AgentRegistry {
    /// A registry without agents.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many agents there are, retired ones not counted.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The agent with this id.
    pub fn get(&self, id: AgentId) -> Option<&Agent> {
        self.agents.get(id.index())?.as_ref()
    }

    /// The agent with this name.
    pub fn by_name(&self, name: &str) -> Option<&Agent> {
        self.get(*self.by_name.get(name)?)
    }

    /// All agents in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter().flatten()
    }

    /// The agents that have a capability, oldest first.
    pub fn find_by_capability(&self, capability: Capability) -> impl Iterator<Item = &Agent> {
        self.by_capability[capability.index()].iter().filter_map(|&id| self.get(id))
    }

    /// The agent with the most free slots among those that can do all that is required; of equals
    /// the one with the lowest id.
    pub fn least_loaded(&self, required: CapabilitySet) -> Option<&Agent> {
        let rarest = required
            .iter()
            .min_by_key(|capability| self.by_capability[capability.index()].len())?;
        self.find_by_capability(rarest)
            .filter(|agent| agent.capabilities.covers(required) && agent.free_slots() > 0)
            .max_by_key(|agent| (agent.free_slots(), std::cmp::Reverse(agent.id)))
    }

    /// Gives one task to an agent.
    pub fn assign(&mut self, id: AgentId) -> Result<(), RegistryError> {
        let agent = self.get_mut(id)?;
        if agent.free_slots() == 0 {
            return Err(RegistryError::Busy(id));
        }
        agent.load += 1;
        Ok(())
    }

    /// Takes one finished task from an agent; an idle agent stays idle.
    pub fn release(&mut self, id: AgentId) -> Result<(), RegistryError> {
        let agent = self.get_mut(id)?;
        agent.load = agent.load.saturating_sub(1);
        Ok(())
    }

    /// Removes an agent from the registry and returns it.
    pub fn retire(&mut self, id: AgentId) -> Result<Agent, RegistryError> {
        let place = self.agents.get_mut(id.index());
        let agent = place.and_then(Option::take).ok_or(RegistryError::UnknownAgent(id))?;
        self.by_name.remove(&agent.name);
        for capability in agent.capabilities.iter() {
            self.by_capability[capability.index()].retain(|&other| other != id);
        }
        Ok(agent)
    }

    fn get_mut(&mut self, id: AgentId) -> Result<&mut Agent, RegistryError> {
        let place = self.agents.get_mut(id.index());
        place.and_then(Option::as_mut).ok_or(RegistryError::UnknownAgent(id))
    }
}

/// Checks a specification and takes the agent into the registry.
#[hub_bench(inputs = (crate::sample::registry(64), newcomer()), tags = ["write"])]
pub fn create_agent(
    registry: &mut AgentRegistry,
    spec: AgentSpec,
) -> Result<AgentId, RegistryError> {
    if spec.capabilities.is_empty() {
        return Err(RegistryError::NoCapability(spec.name));
    }
    if spec.capacity == 0 {
        return Err(RegistryError::NoCapacity(spec.name));
    }
    if registry.by_name.contains_key(&spec.name) {
        return Err(RegistryError::NameTaken(spec.name));
    }
    let number = u32::try_from(registry.agents.len()).map_err(|_| RegistryError::Full)?;
    let id = AgentId::new(number);
    for capability in spec.capabilities.iter() {
        registry.by_capability[capability.index()].push(id);
    }
    registry.by_name.insert(spec.name.clone(), id);
    registry.agents.push(Some(Agent {
        id,
        name: spec.name,
        capabilities: spec.capabilities,
        capacity: spec.capacity,
        load: 0,
    }));
    Ok(id)
}

#[bench_sdk::bench_only]
fn newcomer() -> AgentSpec {
    let capabilities = [Capability::Plan, Capability::Review].into_iter().collect();
    AgentSpec::new("newcomer", capabilities)
}

/// Why the registry refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryError {
    /// An agent must be able to do something.
    NoCapability(String),
    /// An agent must take at least one task.
    NoCapacity(String),
    /// Another agent has this name.
    NameTaken(String),
    /// No agent has this id, or it has retired.
    UnknownAgent(AgentId),
    /// The agent has as many tasks as it can take.
    Busy(AgentId),
    /// All ids have been given away.
    Full,
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCapability(name) => write!(f, "agent `{name}` has no capability"),
            Self::NoCapacity(name) => write!(f, "agent `{name}` has a capacity of 0 tasks"),
            Self::NameTaken(name) => write!(f, "there is an agent `{name}` already"),
            Self::UnknownAgent(id) => write!(f, "there is no {id}"),
            Self::Busy(id) => write!(f, "{id} can take no more tasks"),
            Self::Full => f.write_str("the registry has given away all its ids"),
        }
    }
}

impl std::error::Error for RegistryError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn skills(list: &[Capability]) -> CapabilitySet {
        list.iter().copied().collect()
    }

    fn registry() -> AgentRegistry {
        let mut registry = AgentRegistry::new();
        let coder = AgentSpec::new("ada", skills(&[Capability::Code, Capability::Review]));
        let reviewer = AgentSpec::new("bo", skills(&[Capability::Review])).capacity(6);
        create_agent(&mut registry, coder).unwrap();
        create_agent(&mut registry, reviewer).unwrap();
        registry
    }

    #[test]
    fn agents_are_found_by_id_name_and_capability() {
        let registry = registry();
        let ada = registry.by_name("ada").unwrap();
        assert_eq!(registry.get(ada.id), Some(ada));
        let reviewers: Vec<_> = registry.find_by_capability(Capability::Review).collect();
        assert_eq!(reviewers.len(), 2);
        assert_eq!(registry.find_by_capability(Capability::Plan).count(), 0);
    }

    #[test]
    fn unusable_specifications_are_refused() {
        let mut registry = registry();
        let before = registry.len();
        let review = skills(&[Capability::Review]);
        for (spec, error) in [
            (AgentSpec::new("ada", review), RegistryError::NameTaken("ada".into())),
            (AgentSpec::new("cy", CapabilitySet::EMPTY), RegistryError::NoCapability("cy".into())),
            (AgentSpec::new("di", review).capacity(0), RegistryError::NoCapacity("di".into())),
        ] {
            assert_eq!(create_agent(&mut registry, spec), Err(error));
        }
        assert_eq!(registry.len(), before);
    }

    #[test]
    fn the_least_loaded_agent_has_all_that_is_required() {
        let mut registry = registry();
        let review = skills(&[Capability::Review]);
        assert_eq!(registry.least_loaded(review).unwrap().name, "bo");
        let bo = registry.by_name("bo").unwrap().id;
        for _ in 0..3 {
            registry.assign(bo).unwrap();
        }
        assert_eq!(registry.least_loaded(review).unwrap().name, "ada");
        let both = skills(&[Capability::Code, Capability::Review]);
        assert_eq!(registry.least_loaded(both).unwrap().name, "ada");
        assert_eq!(registry.least_loaded(skills(&[Capability::Plan])), None);
    }

    #[test]
    fn capacity_limits_assignment_until_release() {
        let mut registry = registry();
        let ada = registry.by_name("ada").unwrap().id;
        for _ in 0..4 {
            registry.assign(ada).unwrap();
        }
        assert_eq!(registry.assign(ada), Err(RegistryError::Busy(ada)));
        registry.release(ada).unwrap();
        assert_eq!(registry.assign(ada), Ok(()));
    }

    #[test]
    fn a_retired_agent_is_gone_from_every_index() {
        let mut registry = registry();
        let ada = registry.by_name("ada").unwrap().id;
        assert_eq!(registry.retire(ada).unwrap().name, "ada");
        assert_eq!(registry.retire(ada), Err(RegistryError::UnknownAgent(ada)));
        assert_eq!(registry.by_name("ada"), None);
        assert_eq!(registry.find_by_capability(Capability::Code).count(), 0);
        let again = AgentSpec::new("ada", skills(&[Capability::Code]));
        assert_ne!(create_agent(&mut registry, again), Ok(ada));
    }
}
