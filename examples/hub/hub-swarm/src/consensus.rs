//! Agreeing on the mean of what everyone believes, by talking to neighbours only.

use std::fmt;

use bench_sdk::hub_bench;

use crate::topology::Topology;

/// What was agreed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The common value, within the tolerance.
    pub value: f64,
    /// How many rounds of talk it took.
    pub rounds: usize,
}

/// One round: everyone moves towards its neighbours, by Metropolis weights, which keep the mean.
#[hub_bench(
    setup = small_worlds::of_1024,
    inputs = |world: &Topology| small_worlds::beliefs(world),
    items_count = 1024,
)]
pub fn talk(topology: &Topology, beliefs: &[f64]) -> Vec<f64> {
    let moved = beliefs.iter().enumerate().map(|(agent, &own)| {
        let neighbours = topology.neighbours(agent);
        let pulls = neighbours.iter().filter_map(|&neighbour| {
            let degree = neighbours.len().max(topology.neighbours(neighbour).len());
            let other = beliefs.get(neighbour)?;
            Some((other - own) / (1 + degree) as f64)
        });
        own + pulls.sum::<f64>()
    });
    moved.collect()
}

/// Talks until all beliefs are within `tolerance` of each other.
pub fn reach_agreement(
    topology: &Topology,
    beliefs: &[f64],
    tolerance: f64,
    max_rounds: usize,
) -> Result<Agreement, ConsensusError> {
    if beliefs.is_empty() {
        return Err(ConsensusError::Nobody);
    }
    if beliefs.len() != topology.len() {
        return Err(ConsensusError::WrongBeliefs {
            agents: topology.len(),
            beliefs: beliefs.len(),
        });
    }
    if !topology.is_connected() {
        return Err(ConsensusError::NotConnected);
    }
    let mut beliefs = beliefs.to_vec();
    for rounds in 0..=max_rounds {
        if disagreement(&beliefs) <= tolerance {
            return Ok(Agreement { value: beliefs[0], rounds });
        }
        beliefs = talk(topology, &beliefs);
    }
    Err(ConsensusError::StillApart { rounds: max_rounds, by: disagreement(&beliefs) })
}

/// How far the two most different beliefs are apart.
#[hub_bench(args = [&[1.0, 3.0, 2.0] as &[f64], &[0.5; 12]])]
fn disagreement(beliefs: &[f64]) -> f64 {
    let highest = beliefs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = beliefs.iter().copied().fold(f64::INFINITY, f64::min);
    highest - lowest
}

#[bench_sdk::bench_only]
mod small_worlds {
    use crate::topology::{Topology, small_world};

    pub(super) fn of_1024() -> Topology {
        small_world(1024, 512, 7)
    }

    pub(super) fn beliefs(world: &Topology) -> Vec<f64> {
        (0..world.len()).map(|agent| agent as f64).collect()
    }
}

/// Why there is no agreement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConsensusError {
    /// Nobody believes anything.
    Nobody,
    /// There are more or fewer beliefs than agents.
    WrongBeliefs {
        /// How many agents there are.
        agents: usize,
        /// How many beliefs there are.
        beliefs: usize,
    },
    /// Some agents cannot hear of others.
    NotConnected,
    /// The rounds were not enough.
    StillApart {
        /// How many there were.
        rounds: usize,
        /// How far the beliefs were from each other after the last.
        by: f64,
    },
}

impl fmt::Display for ConsensusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("there is nobody to agree"),
            Self::WrongBeliefs { agents, beliefs } => {
                write!(f, "{agents} agents cannot have {beliefs} beliefs")
            }
            Self::NotConnected => f.write_str("some agents cannot hear of others"),
            Self::StillApart { rounds, by } => {
                write!(f, "beliefs are still {by:.3} apart after {rounds} rounds")
            }
        }
    }
}

impl std::error::Error for ConsensusError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::topology::small_world;

    #[test]
    fn talking_keeps_the_mean() {
        let topology = small_world(30, 20, 5);
        let before: Vec<f64> = (0..30).map(|agent| f64::from(agent * agent)).collect();
        let after = talk(&topology, &before);
        let difference = before.iter().sum::<f64>() - after.iter().sum::<f64>();
        assert!(difference.abs() < 1e-9);
        assert!(disagreement(&after) < disagreement(&before));
    }

    #[test]
    fn the_agreement_is_the_mean() {
        let beliefs: Vec<f64> = (0..20).map(f64::from).collect();
        let agreement = reach_agreement(&Topology::ring(20), &beliefs, 1e-6, 5000).unwrap();
        assert!((agreement.value - 9.5).abs() < 1e-6);
        assert!(agreement.rounds > 10);
    }

    #[test]
    fn shortcuts_make_agreement_faster() {
        let beliefs: Vec<f64> = (0..40).map(f64::from).collect();
        let rounds = |topology| reach_agreement(&topology, &beliefs, 1e-3, 50_000).unwrap().rounds;
        assert!(rounds(small_world(40, 40, 1)) * 2 < rounds(Topology::ring(40)));
    }

    #[test]
    fn those_who_agree_need_no_round() {
        let agreement = reach_agreement(&Topology::ring(3), &[2.0; 3], 0.0, 0);
        assert_eq!(agreement.map(|agreement| agreement.rounds), Ok(0));
    }

    #[test]
    fn hopeless_cases_are_told_apart() {
        let ring = Topology::ring(3);
        let error = |topology: &Topology, beliefs: &[f64]| {
            reach_agreement(topology, beliefs, 1e-9, 1).unwrap_err()
        };
        assert_eq!(error(&Topology::unconnected(0), &[]), ConsensusError::Nobody);
        assert_eq!(error(&Topology::unconnected(2), &[0.0, 1.0]), ConsensusError::NotConnected);
        assert_eq!(error(&ring, &[0.0]), ConsensusError::WrongBeliefs { agents: 3, beliefs: 1 });
        assert!(matches!(
            error(&Topology::ring(30), &[&[1.0][..], &[0.0; 29]].concat()),
            ConsensusError::StillApart { rounds: 1, .. }
        ));
    }
}
