//! Deciding together: every member of a committee is a task of its own and votes on what it is sent.

use std::fmt;

use bench_sdk::hub_bench;
use tokio::sync::mpsc;

/// Members that wait for motions; they leave when the committee is dropped.
#[derive(Debug)]
pub struct Committee {
    members: Vec<mpsc::Sender<Motion>>,
}

/// What is voted on, and where the votes go.
#[derive(Clone, Debug)]
struct Motion {
    number: u64,
    votes: mpsc::Sender<bool>,
}

/// How a vote ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Votes in favour.
    pub ayes: usize,
    /// Votes against.
    pub noes: usize,
}

impl Decision {
    /// Whether more were in favour than against.
    pub const fn is_carried(self) -> bool {
        self.ayes > self.noes
    }
}

impl Committee {
    /// Brings so many members together, each as a task of the runtime that this is called in.
    #[expect(clippy::unused_async, reason = "a task can only be started from within a runtime")]
    pub async fn convene(members: u64) -> Self {
        let join = |number| {
            let (inbox, motions) = mpsc::channel(4);
            tokio::spawn(member(number, motions));
            inbox
        };
        Self { members: (0..members).map(join).collect() }
    }
}

/// A member votes as its number and the motion's say, in favour about two times in three.
async fn member(number: u64, mut motions: mpsc::Receiver<Motion>) {
    while let Some(motion) = motions.recv().await {
        let mixed = (motion.number ^ number.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // Whoever counts may have lost interest.
        let _ = motion.votes.send(!(mixed >> 32).is_multiple_of(3)).await;
    }
}

/// Puts a motion to every member and counts until all have voted.
#[hub_bench(setup = committee_of_64, inputs = 7, items_count = 64, tags = ["async"])]
pub async fn vote(committee: &Committee, motion: u64) -> Result<Decision, VoteError> {
    let (votes, mut cast) = mpsc::channel(committee.members.len().max(1));
    for member in &committee.members {
        let motion = Motion { number: motion, votes: votes.clone() };
        member.send(motion).await.map_err(|_| VoteError::MemberLeft)?;
    }
    // The count ends when the last member has let go of its end.
    drop(votes);
    let mut decision = Decision { ayes: 0, noes: 0 };
    while let Some(aye) = cast.recv().await {
        if aye {
            decision.ayes += 1;
        } else {
            decision.noes += 1;
        }
    }
    if decision.ayes + decision.noes < committee.members.len() {
        return Err(VoteError::MemberLeft);
    }
    Ok(decision)
}

#[bench_sdk::bench_only]
async fn committee_of_64() -> Committee {
    Committee::convene(64).await
}

/// Why a vote has no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteError {
    /// Not every member is there any more.
    MemberLeft,
}

impl fmt::Display for VoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MemberLeft => "a member has left the committee",
        })
    }
}

impl std::error::Error for VoteError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn decide(members: u64, motion: u64) -> Result<Decision, VoteError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { vote(&Committee::convene(members).await, motion).await })
    }

    #[test]
    fn every_member_votes_once() {
        for members in [0, 1, 2, 100] {
            let decision = decide(members, 9).unwrap();
            assert_eq!((decision.ayes + decision.noes) as u64, members);
        }
    }

    #[test]
    fn a_motion_always_ends_the_same_way() {
        assert_eq!(decide(50, 3), decide(50, 3));
        assert!(decide(300, 1).unwrap().is_carried());
        assert!(!decide(0, 1).unwrap().is_carried());
    }

    #[test]
    fn a_committee_whose_members_are_gone_decides_nothing() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        // The members end with the runtime they were started in.
        let orphaned = runtime().block_on(Committee::convene(3));
        assert_eq!(runtime().block_on(vote(&orphaned, 1)), Err(VoteError::MemberLeft));
    }
}
