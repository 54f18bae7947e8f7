//! How a swarm of agents acts together without a centre.
//!
//! - [`flock`]: moving together;
//! - [`topology`] and [`consensus`]: agreeing on a number by talking to neighbours;
//! - [`election`]: finding a leader in a ring;
//! - [`auction`]: dealing out tasks so that the total benefit is the largest possible;
//! - [`committee`]: deciding by votes of members that run as tasks;
//! - [`gossip`]: spreading news.
//!
//! Chance comes from seeds only: the same input gives the same result everywhere.
#![forbid(unsafe_code)]

pub mod auction;
pub mod committee;
pub mod consensus;
pub mod election;
pub mod flock;
pub mod gossip;
pub mod topology;

mod benches;

pub use auction::{Assignment, AuctionError, Benefits, hold_auction};
pub use committee::{Committee, Decision, VoteError, vote};
pub use consensus::{Agreement, ConsensusError, reach_agreement};
pub use election::{Election, ElectionError, elect};
pub use flock::{Boid, Flock, Neighbours, Rules, step};
pub use gossip::{Gossip, GossipError, Spread, spread};
pub use topology::Topology;
