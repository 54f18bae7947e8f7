//! One agent.

use std::fmt;

use crate::capability::CapabilitySet;

/// The number of an agent in its registry; given once and never again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(u32);

impl AgentId {
    /// The id with this number, as it comes in over the wire.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number itself.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The number as a position in a table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "agent-{}", self.0)
    }
}

/// What is asked for when an agent is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSpec {
    /// A name nobody else in the registry has.
    pub name: String,
    /// What the agent can do; at least one thing.
    pub capabilities: CapabilitySet,
    /// How many tasks it takes at a time; at least one.
    pub capacity: u32,
}

impl AgentSpec {
    /// An agent of this name and these capabilities that takes four tasks at a time.
    pub fn new(name: impl Into<String>, capabilities: CapabilitySet) -> Self {
        Self { name: name.into(), capabilities, capacity: 4 }
    }

    /// The same with another capacity.
    #[must_use]
    pub const fn capacity(mut self, tasks: u32) -> Self {
        self.capacity = tasks;
        self
    }
}

/// An agent at work in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its number.
    pub id: AgentId,
    /// Its name, unique in the registry.
    pub name: String,
    /// What it can do.
    pub capabilities: CapabilitySet,
    /// How many tasks it takes at a time.
    pub capacity: u32,
    /// How many tasks it has now.
    pub load: u32,
}

impl Agent {
    /// How many more tasks the agent can take.
    pub const fn free_slots(&self) -> u32 {
        self.capacity.saturating_sub(self.load)
    }
}
