//! Spreading news by telling a few others in every round.

use std::fmt;

use bench_sdk::hub_bench;

/// A piece of news that one agent has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gossip {
    /// How many agents there are.
    pub agents: usize,
    /// How many others everyone who knows tells in a round.
    pub fanout: usize,
    /// The share of messages that get lost, in percent.
    pub loss_percent: u8,
    /// Decides who is told and what gets lost.
    pub seed: u64,
}

impl Gossip {
    /// News for so many agents: three are told in a round, nothing gets lost.
    pub const fn among(agents: usize) -> Self {
        Self { agents, fanout: 3, loss_percent: 0, seed: 1 }
    }
}

/// How news spread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// How many agents knew after each round; the last number is all of them.
    pub known_after: Vec<usize>,
    /// How many messages were sent.
    pub messages: usize,
}

/// Gossips in rounds until everyone knows.
#[hub_bench(
    args = [16, 64, 256, 1024, 4096],
    inputs = |&agents| Gossip::among(agents),
    tags = ["scaling"],
)]
pub fn spread(gossip: Gossip) -> Result<Spread, GossipError> {
    if gossip.agents == 0 {
        return Err(GossipError::Nobody);
    }
    if gossip.agents > 1 && (gossip.fanout == 0 || gossip.loss_percent >= 100) {
        return Err(GossipError::NobodyIsTold);
    }
    let mut rng = fastrand::Rng::with_seed(gossip.seed);
    let mut knows = vec![false; gossip.agents];
    knows[0] = true;
    // In the order of hearing, so that who hears in this round tells from the next one on.
    let mut knowing = vec![0];
    let mut spread = Spread { known_after: Vec::new(), messages: 0 };
    while knowing.len() < gossip.agents {
        for teller in 0..knowing.len() {
            for _ in 0..gossip.fanout {
                spread.messages += 1;
                let lost = rng.u8(..100) < gossip.loss_percent;
                let told = someone_else(knowing[teller], gossip.agents, &mut rng);
                if !lost && !knows[told] {
                    knows[told] = true;
                    knowing.push(told);
                }
            }
        }
        spread.known_after.push(knowing.len());
    }
    Ok(spread)
}

fn someone_else(agent: usize, agents: usize, rng: &mut fastrand::Rng) -> usize {
    (agent + rng.usize(1..agents)) % agents
}

/// Why news cannot spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GossipError {
    /// There are no agents.
    Nobody,
    /// Nobody tells anybody, or every message gets lost.
    NobodyIsTold,
}

impl fmt::Display for GossipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "there is nobody who could know",
            Self::NobodyIsTold => "nobody is ever told",
        })
    }
}

impl std::error::Error for GossipError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn everyone_knows_in_the_end_and_nobody_forgets() {
        let spread = spread(Gossip::among(300)).unwrap();
        assert_eq!(spread.known_after.last(), Some(&300));
        assert!(spread.known_after.is_sorted());
    }

    #[test]
    fn news_grows_by_the_fanout_at_most() {
        let spread = spread(Gossip::among(1000)).unwrap();
        let mut before = 1;
        for known in spread.known_after {
            assert!(known <= before * 4);
            before = known;
        }
    }

    #[test]
    fn a_seed_stands_for_one_course() {
        let with_seed = |seed| spread(Gossip { seed, ..Gossip::among(100) });
        assert_eq!(with_seed(5), with_seed(5));
        assert_ne!(with_seed(5), with_seed(6));
    }

    #[test]
    fn losses_cost_messages() {
        let messages = |loss_percent| {
            let gossip = Gossip { loss_percent, ..Gossip::among(500) };
            spread(gossip).unwrap().messages
        };
        assert!(messages(80) > messages(0));
    }

    #[test]
    fn news_that_cannot_spread_are_refused() {
        let silent = Gossip { fanout: 0, ..Gossip::among(2) };
        let deaf = Gossip { loss_percent: 100, ..Gossip::among(2) };
        assert_eq!(spread(silent), Err(GossipError::NobodyIsTold));
        assert_eq!(spread(deaf), Err(GossipError::NobodyIsTold));
        assert_eq!(spread(Gossip::among(0)), Err(GossipError::Nobody));
        assert_eq!(spread(Gossip::among(1)).map(|s| s.messages), Ok(0));
    }
}
