//! How often things are repeated.

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// What all studies take with all their repetitions, on two quiet cores.
pub(crate) const FULL_MINUTES: f64 = 35.0;

/// A scale for repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Effort {
    minutes: f64,
    quick: bool,
}

impl Effort {
    pub(crate) fn full() -> Self {
        Self { minutes: FULL_MINUTES, quick: false }
    }

    pub(crate) fn quick() -> Self {
        Self { minutes: 0.0, quick: true }
    }

    pub(crate) fn of_minutes(minutes: f64) -> Result<Self> {
        if minutes.is_finite() && minutes > 0.0 {
            Ok(Self { minutes, quick: false })
        } else {
            Err(Failure::new(format!("a budget of {minutes} minutes buys nothing")))
        }
    }

    pub(crate) fn is_quick(self) -> bool {
        self.quick
    }

    pub(crate) fn minutes(self) -> f64 {
        self.minutes
    }

    /// The number of repetitions where the full run takes `full`; at least `least`, and exactly
    /// that in a smoke run.
    pub(crate) fn repetitions(self, full: usize, least: usize) -> usize {
        let scaled = full as f64 * self.minutes / FULL_MINUTES;
        if self.quick { least } else { (scaled.round() as usize).max(least) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn repetitions_follow_the_budget() {
        assert_eq!(Effort::full().repetitions(20, 2), 20);
        assert_eq!(Effort::quick().repetitions(20, 2), 2);
        assert_eq!(Effort::of_minutes(FULL_MINUTES / 2.0).unwrap().repetitions(20, 2), 10);
        assert_eq!(Effort::of_minutes(1.0).unwrap().repetitions(3, 1), 1);
        assert!(Effort::of_minutes(f64::NAN).is_err());
    }
}
