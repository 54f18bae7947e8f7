//! Agents of the hub: who they are, what they can do, and how messages reach them.
//!
//! - [`capability`]: what an agent can do, and compact sets of it;
//! - [`registry`]: every agent, found by id, by name or by capability;
//! - [`shared`]: a registry that threads share;
//! - [`router`]: mailboxes, delivery to one agent, to a capability, to everyone;
//! - [`wire`]: the bytes of a message between two hubs.
//!
//! Benchmarks stand beside what they measure: most annotate the function itself, those that need
//! a loop of their own are in the module `benches`.
#![forbid(unsafe_code)]

pub mod agent;
pub mod capability;
pub mod message;
pub mod registry;
pub mod router;
pub mod sample;
pub mod shared;
pub mod wire;

mod benches;

pub use agent::{Agent, AgentId, AgentSpec};
pub use capability::{Capability, CapabilitySet};
pub use message::{Address, Message};
pub use registry::{AgentRegistry, RegistryError};
pub use router::{Delivery, RouteError, Router};
pub use shared::{SharedRegistry, claim};
