//! How often things are repeated.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// A scale for repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Effort {
    minutes: f64,
    /// What all studies of the page take with all their repetitions, on two quiet cores.
    #[serde(default = "overhead_minutes")]
    full_minutes: f64,
    quick: bool,
}

/// Records of the first page were written before there was another.
fn overhead_minutes() -> f64 {
    35.0
}

impl Effort {
    pub(crate) fn full(full_minutes: f64) -> Self {
        Self { minutes: full_minutes, full_minutes, quick: false }
    }

    pub(crate) fn quick(full_minutes: f64) -> Self {
        Self { minutes: 0.0, full_minutes, quick: true }
    }

    pub(crate) fn of_minutes(minutes: f64, full_minutes: f64) -> Result<Self> {
        if minutes.is_finite() && minutes > 0.0 {
            Ok(Self { minutes, full_minutes, quick: false })
        } else {
            Err(Failure::new(format!("a budget of {minutes} minutes buys nothing")))
        }
    }

    pub(crate) fn is_quick(self) -> bool {
        self.quick
    }

    /// The minutes asked for, where they are not those of the full run.
    pub(crate) fn own_minutes(self) -> Option<f64> {
        let is_full = (self.minutes - self.full_minutes).abs() <= f64::EPSILON;
        (!self.quick && !is_full).then_some(self.minutes)
    }

    /// The time for a study that is repeated until it is over and has that share of the page's;
    /// none in a smoke run, where everything is done once.
    pub(crate) fn time(self, share: f64) -> Duration {
        Duration::from_secs_f64(self.minutes * 60.0 * share)
    }

    /// The number of repetitions where the full run takes `full`; at least `least`, and exactly
    /// that in a smoke run.
    pub(crate) fn repetitions(self, full: usize, least: usize) -> usize {
        let scaled = full as f64 * self.minutes / self.full_minutes;
        if self.quick { least } else { (scaled.round() as usize).max(least) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn repetitions_follow_the_budget() {
        assert_eq!(Effort::full(8.0).repetitions(20, 2), 20);
        assert_eq!(Effort::quick(8.0).repetitions(20, 2), 2);
        assert_eq!(Effort::of_minutes(4.0, 8.0).unwrap().repetitions(20, 2), 10);
        assert_eq!(Effort::of_minutes(1.0, 8.0).unwrap().repetitions(3, 1), 1);
        assert!(Effort::of_minutes(f64::NAN, 8.0).is_err());
    }

    #[test]
    fn a_share_of_the_budget_is_a_time() {
        let half = Effort::of_minutes(4.0, 8.0).unwrap().time(0.5);
        assert_eq!((half.as_secs(), Effort::quick(8.0).time(0.5).as_secs()), (120, 0));
    }

    #[test]
    fn only_an_own_budget_is_repeated() {
        assert_eq!(Effort::full(8.0).own_minutes(), None);
        assert_eq!(Effort::quick(8.0).own_minutes(), None);
        assert_eq!(Effort::of_minutes(4.0, 8.0).unwrap().own_minutes(), Some(4.0));
    }
}
