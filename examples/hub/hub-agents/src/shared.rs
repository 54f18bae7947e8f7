//! One registry for many threads.

use std::sync::{PoisonError, RwLock};

use bench_sdk::hub_bench;

use crate::agent::AgentId;
use crate::capability::{Capability, CapabilitySet};
use crate::registry::{AgentRegistry, RegistryError};

/// A registry that threads share: many may look things up at a time, one may change something.
#[derive(Debug, Default)]
pub struct SharedRegistry(RwLock<AgentRegistry>);

impl SharedRegistry {
    /// Shares a registry.
    pub fn new(registry: AgentRegistry) -> Self {
        Self(RwLock::new(registry))
    }

    /// Looks something up.
    pub fn read<R>(&self, look: impl FnOnce(&AgentRegistry) -> R) -> R {
        // Every change leaves a registry that is whole, even one that ends in a panic.
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes something.
    pub fn write<R>(&self, change: impl FnOnce(&mut AgentRegistry) -> R) -> R {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Gives a task to whoever of the able has most time for it.
pub fn claim(
    registry: &SharedRegistry,
    required: CapabilitySet,
) -> Result<Option<AgentId>, RegistryError> {
    registry.write(|registry| {
        let Some(agent) = registry.least_loaded(required) else { return Ok(None) };
        let id = agent.id;
        registry.assign(id).map(|()| Some(id))
    })
}

/// How much time the reviewers have together, while others ask the same.
#[hub_bench(threads = [1, 2, 3, 4], setup = of_256_agents, tags = ["threads"])]
pub fn free_reviewers(registry: &SharedRegistry) -> u32 {
    registry.read(|registry| {
        let reviewers = registry.find_by_capability(Capability::Review);
        reviewers.map(crate::agent::Agent::free_slots).sum()
    })
}

/// A task is given to an agent and taken back, while others do the same.
#[hub_bench(threads = [1, 2, 3, 4], setup = of_256_agents, tags = ["threads"])]
fn claim_and_release(registry: &SharedRegistry) -> Result<(), RegistryError> {
    let reviewer = claim(registry, CapabilitySet::EMPTY.with(Capability::Review))?;
    reviewer.map_or(Ok(()), |id| registry.write(|registry| registry.release(id)))
}

#[bench_sdk::bench_only]
fn of_256_agents() -> SharedRegistry {
    SharedRegistry::new(crate::sample::registry(256))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_is_given_away_twice() {
        let registry = SharedRegistry::new(crate::sample::registry(8));
        let places = free_reviewers(&registry) as usize;
        let required = CapabilitySet::EMPTY.with(Capability::Review);
        let claimed: usize = std::thread::scope(|scope| {
            let claim_all = || {
                std::iter::repeat_with(|| claim(&registry, required))
                    .take_while(|claimed| matches!(claimed, Ok(Some(_))))
                    .count()
            };
            let threads = [scope.spawn(claim_all), scope.spawn(claim_all)];
            threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
        });
        assert_eq!((claimed, free_reviewers(&registry)), (places, 0));
    }
}
