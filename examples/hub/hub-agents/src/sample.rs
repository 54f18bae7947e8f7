//! Registries and messages of any size, for tests, demonstrations and benchmarks.

use crate::agent::{AgentId, AgentSpec};
use crate::capability::{Capability, CapabilitySet};
use crate::message::{Address, Message};
use crate::registry::{AgentRegistry, create_agent};
use crate::router::Router;

/// A registry of `agents` agents with two neighbouring capabilities each, so that every capability
/// belongs to a quarter of them.
pub fn registry(agents: usize) -> AgentRegistry {
    let mut registry = AgentRegistry::new();
    for number in 0..agents {
        let first = Capability::ALL[number % Capability::COUNT];
        let second = Capability::ALL[(number + 1) % Capability::COUNT];
        let capabilities = CapabilitySet::EMPTY.with(first).with(second);
        // Numbered names are unique and the specification is complete: nothing can be refused.
        let created =
            create_agent(&mut registry, AgentSpec::new(format!("sample-{number}"), capabilities));
        debug_assert!(created.is_ok());
    }
    registry
}

/// A router with an empty mailbox for each agent of a [`registry`] of this size.
pub fn router(agents: usize) -> Router {
    let mut router = Router::new(64);
    for number in 0..agents {
        router.open(AgentId::new(number as u32));
    }
    router
}

/// A message with a body of `bytes` bytes.
pub fn message(to: Address, bytes: usize) -> Message {
    Message {
        from: AgentId::new(0),
        to,
        topic: "status".to_owned(),
        body: (0..bytes).map(|position| (position % 251) as u8).collect(),
    }
}
