//! `ramping-vus`: virtual users that come and go.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::conduct::at_work;
use super::crew::{Crew, Member};
use super::looping;
use crate::load::race::{First, race};
use crate::load::schedule::Active;
use crate::load::target::Target;

/// A virtual user that is at work in those stretches, given from the scenario's start. At the end
/// of one it may finish its iteration within the graceful ramp-down; where it is to come back
/// before that is over, it is the same one, and its iteration goes on.
pub(super) async fn on_and_off<T: Target>(
    crew: Rc<Crew<T>>,
    member: Member<T::User>,
    stretches: Vec<Active>,
    graceful_ns: u64,
) {
    let mut member = Some(member);
    for (nth, stretch) in stretches.iter().enumerate() {
        if !crew.wait_until(crew.starts_ns() + stretch.from_ns).await {
            return;
        }
        let mut at_hand = match member.take() {
            Some(member) => member,
            // The former one was cut off in an iteration.
            None => match crew.member().await {
                Ok(member) => member,
                Err(why) => return crew.give_up(why),
            },
        };
        let _at_work = at_work(&crew.common);
        let last_ns = crew.starts_ns().saturating_add(last_moment(&stretches[nth..], graceful_ns));
        let until_ns = crew.starts_ns() + stretch.until_ns;
        let looping = looping::until(&crew, &mut at_hand, until_ns);
        if let First::Left(()) = race(looping, crew.clock().until(last_ns)).await {
            member = Some(at_hand);
        } else {
            crew.common.ready.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Until when an iteration that began in the first of these stretches may run.
fn last_moment(stretches: &[Active], graceful_ns: u64) -> u64 {
    let mut last = 0_u64;
    for (nth, stretch) in stretches.iter().enumerate() {
        last = stretch.until_ns.saturating_add(graceful_ns);
        let back = stretches.get(nth + 1).is_some_and(|next| next.from_ns <= last);
        if !back {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coming_back_in_time_lets_an_iteration_go_on() {
        let stretches = [(0, 10), (15, 20), (40, 50)];
        let stretches = stretches.map(|(from_ns, until_ns)| Active { from_ns, until_ns });
        assert_eq!(last_moment(&stretches, 4), 14);
        assert_eq!(last_moment(&stretches, 5), 25);
        assert_eq!(last_moment(&stretches, 20), 70);
        assert_eq!(last_moment(&stretches[2..], 20), 70);
        assert_eq!(last_moment(&stretches, u64::MAX), u64::MAX);
    }
}
