//! Finding a leader in a ring, after Chang and Roberts.

use std::collections::HashSet;
use std::fmt;

use bench_sdk::hub_bench;

/// How an election went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Election {
    /// The position of the leader in the ring: who has the highest number.
    pub leader: usize,
    /// How many messages were passed on before everyone knew.
    pub messages: usize,
}

/// Everyone sends its number around the ring; who gets a number lower than its own keeps it back,
/// so only the highest comes all the way round. The leader then announces itself.
///
/// The order of the numbers decides the cost: about n log n messages at random, n² at worst.
#[hub_bench(
    args = [16, 64, 256, 1024, 4096],
    inputs = |&agents| shuffled(agents),
    tags = ["scaling"],
)]
pub fn elect(ring: &[u32]) -> Result<Election, ElectionError> {
    let numbers: HashSet<u32> = ring.iter().copied().collect();
    if numbers.len() != ring.len() {
        return Err(ElectionError::NumberTwice);
    }
    let mut leader = None;
    let mut messages = 0;
    for (start, &number) in ring.iter().enumerate() {
        let others = ring[start + 1..].iter().chain(&ring[..start]);
        let passed = others.take_while(|&&other| other < number).count();
        messages += passed + 1;
        if passed + 1 == ring.len() {
            leader = Some(start);
        }
    }
    let leader = leader.ok_or(ElectionError::Nobody)?;
    messages += ring.len();
    Ok(Election { leader, messages })
}

/// The numbers up to `agents` in an order that is always the same.
pub fn shuffled(agents: u32) -> Vec<u32> {
    let mut ring: Vec<u32> = (0..agents).collect();
    fastrand::Rng::with_seed(u64::from(agents)).shuffle(&mut ring);
    ring
}

/// Why nobody was elected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionError {
    /// The ring is empty.
    Nobody,
    /// Two agents have the same number.
    NumberTwice,
}

impl fmt::Display for ElectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "there is nobody to elect",
            Self::NumberTwice => "two agents have the same number",
        })
    }
}

impl std::error::Error for ElectionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_number_leads() {
        for agents in [1, 2, 17, 100] {
            let ring = shuffled(agents);
            let leader = elect(&ring).map(|election| ring[election.leader]);
            assert_eq!(leader, Ok(agents - 1));
        }
    }

    #[test]
    fn the_cost_depends_on_the_order() {
        let rising: Vec<u32> = (0..10).collect();
        let falling: Vec<u32> = (0..10).rev().collect();
        let messages = |ring: &[u32]| elect(ring).map(|election| election.messages);
        // Rising: each number stops at its neighbour, the highest goes round, then everyone hears.
        assert_eq!(messages(&rising), Ok(9 + 10 + 10));
        assert_eq!(messages(&falling), Ok((1..=10).sum::<usize>() + 10));
    }

    #[test]
    fn a_ring_without_a_leader_is_an_error() {
        assert_eq!(elect(&[]), Err(ElectionError::Nobody));
        assert_eq!(elect(&[1, 2, 1]), Err(ElectionError::NumberTwice));
    }
}
