//! What agents say to each other.

use crate::agent::AgentId;
use crate::capability::Capability;

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// One agent.
    Agent(AgentId),
    /// Whoever has this capability and the most time for it.
    Capability(Capability),
    /// Everyone except the sender.
    Everyone,
}

/// A message between two agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub from: AgentId,
    /// Whom it is for.
    pub to: Address,
    /// What it is about, for filters and for people.
    pub topic: String,
    /// What it says.
    pub body: Vec<u8>,
}

impl Message {
    /// A message with a text as its body.
    pub fn text(from: AgentId, to: Address, topic: &str, body: &str) -> Self {
        Self { from, to, topic: topic.to_owned(), body: body.as_bytes().to_vec() }
    }
}
