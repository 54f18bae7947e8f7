//! Resting after connections that could not be made.

use super::failure::Failure;

/// How many connections in a row could not be made. A refusal takes microseconds: a virtual user
/// that tried again at once would fail a million times a second, and measure nothing but itself.
/// So it rests, 10 ms after the first and up to a second as they go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusals(u32);

/// The least and the greatest rest.
const RESTS_NS: (u64, u64) = (10_000_000, 1_000_000_000);

impl Refusals {
    /// Notes how an iteration ended.
    pub(crate) fn note(&mut self, failure: Option<&Failure>) {
        let is_one = failure.is_some_and(Failure::is_of_connecting);
        self.0 = if is_one { self.0.saturating_add(1) } else { 0 };
    }

    /// How long to rest now.
    pub(crate) fn rest_ns(self) -> u64 {
        let (least, greatest) = RESTS_NS;
        match self.0 {
            0 => 0,
            times => (least << (times - 1).min(7)).min(greatest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_up_to_a_second_and_end_with_a_connection() {
        let mut refusals = Refusals::default();
        let mut rests = Vec::new();
        for _ in 0..9 {
            refusals.note(Some(&Failure::Refused));
            rests.push(refusals.rest_ns() / 1_000_000);
        }
        assert_eq!(rests, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
        refusals.note(Some(&Failure::Status(500)));
        assert_eq!(refusals.rest_ns(), 0);
    }
}
