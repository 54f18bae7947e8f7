//! One metric of one case: what its launches say so far.

use crate::stats::{bimodal, log_e_mixed, median, rank_correlation, sequential_interval, sorted};

/// Launches depend on each other where each correlates with the one before by more than that.
const DEPENDENT: f64 = 0.2;
/// From so many launches on that can be told.
const TELLABLE: usize = 8;
/// Launches that are one unit then.
const GROUP: usize = 4;

/// What is asked of a metric, on the logarithmic scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// The smallest change that matters.
    pub(super) margin: f64,
    /// The threshold, if there is one.
    pub(super) threshold: Option<f64>,
    /// What the logarithm of evidence must reach for one side of one comparison.
    pub(super) bound: f64,
}

/// The values of the launches, and what they are evidence for.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    question: Question,
    /// Logarithm of candidate over baseline of each launch, in the order they ran.
    values: Vec<f64>,
    /// Values that were no numbers.
    pub(super) unusable: u32,
    pub(super) standing: Standing,
}

/// What the launches are evidence for: logarithms of e-values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Standing {
    /// Units that were judged: launches, or groups of four.
    pub(super) units: u32,
    /// Units above zero, and below it.
    pub(super) above: u32,
    pub(super) below: u32,
    pub(super) is_grouped: bool,
    pub(super) slower: f64,
    pub(super) faster: f64,
    /// Less than the margin slower, and less than the margin faster.
    pub(super) not_slower: f64,
    pub(super) not_faster: f64,
    /// Beyond the threshold, and within it.
    pub(super) over: f64,
    pub(super) under: f64,
    /// The median of the launches.
    pub(super) estimate: f64,
    /// Whether the launches have two modes.
    pub(super) has_modes: bool,
}

impl Trial {
    pub(super) fn new(question: Question) -> Self {
        Self { question, values: Vec::new(), unusable: 0, standing: Standing::default() }
    }

    /// Adds a launch.
    pub(super) fn push(&mut self, value: f64) {
        if value.is_finite() {
            self.values.push(value);
            self.standing = self.stand();
        } else {
            self.unusable += 1;
        }
    }

    pub(super) fn launches(&self) -> u32 {
        self.values.len() as u32
    }

    pub(super) fn question(&self) -> &Question {
        &self.question
    }

    /// All values that neither side rejects, as ratios; `None` with too few units.
    pub(super) fn interval(&self) -> Option<(f64, f64)> {
        let (units, _) = self.units();
        let (low, high) = sequential_interval(&sorted(&units), self.question.bound)?;
        Some((low.exp(), high.exp()))
    }

    /// What is judged: launches, or, where they depend on each other, the medians of four in a row.
    ///
    /// A sign test takes nothing for granted but that each unit may fall on either side as well,
    /// whatever came before; launches that hold on to the level of the one before break that.
    fn units(&self) -> (Vec<f64>, bool) {
        let dependent = self.values.len() >= TELLABLE
            && rank_correlation(&self.values).is_some_and(|r| r > DEPENDENT);
        if !dependent {
            return (self.values.clone(), false);
        }
        (self.values.chunks_exact(GROUP).filter_map(median).collect(), true)
    }

    fn stand(&self) -> Standing {
        let (units, is_grouped) = self.units();
        let count =
            |is: &dyn Fn(f64) -> bool| units.iter().filter(|unit| is(**unit)).count() as u64;
        let evidence = |is: &dyn Fn(f64) -> bool| log_e_mixed(count(is), units.len() as u64);
        let margin = self.question.margin;
        // Without a threshold nothing is beyond it.
        let threshold = self.question.threshold.unwrap_or(f64::INFINITY);
        Standing {
            units: units.len() as u32,
            above: count(&|unit| unit > 0.0) as u32,
            below: count(&|unit| unit < 0.0) as u32,
            is_grouped,
            slower: evidence(&|unit| unit > 0.0),
            faster: evidence(&|unit| unit < 0.0),
            not_slower: evidence(&|unit| unit < margin),
            not_faster: evidence(&|unit| unit > -margin),
            over: evidence(&|unit| unit > threshold),
            under: evidence(&|unit| unit < threshold),
            estimate: median(&self.values).unwrap_or(0.0),
            has_modes: bimodal(&self.values).is_some(),
        }
    }
}

impl Standing {
    /// Whether a change of less than the margin is shown, both ways.
    pub(super) fn is_equivalent(&self, bound: f64) -> bool {
        self.not_slower >= bound && self.not_faster >= bound && !self.has_modes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(values: &[f64], threshold: Option<f64>) -> Trial {
        let question = Question { margin: 0.01, threshold, bound: 400.0_f64.ln() };
        let mut trial = Trial::new(question);
        for value in values {
            trial.push(*value);
        }
        trial
    }

    /// Values that jump about, so that none depends on the one before.
    fn around(centre: f64, spread: f64, count: usize) -> Vec<f64> {
        let place = |i: usize| (i * 7 % count) as f64 / (count - 1) as f64 - 0.5;
        (0..count).map(|i| centre + spread * place(i)).collect()
    }

    #[test]
    fn ten_of_one_mind_are_evidence() {
        let bound = 400.0_f64.ln();
        let slower = trial(&around(0.03, 0.01, 10), None).standing;
        assert!(slower.slower >= bound && slower.faster < 0.0 && slower.not_faster >= bound);
        assert_eq!((slower.above, slower.units), (10, 10));
        assert!(trial(&around(0.03, 0.01, 9), None).standing.slower < bound);
        assert!(trial(&around(0.0, 0.015, 10), None).standing.is_equivalent(bound));
        assert!(!trial(&around(0.0, 0.03, 10), None).standing.is_equivalent(bound));
    }

    #[test]
    fn ties_count_for_neither_side() {
        let tied = trial(&[0.0; 20], None).standing;
        assert!(tied.slower < 0.0 && tied.faster < 0.0 && tied.is_equivalent(400.0_f64.ln()));
    }

    #[test]
    fn thresholds_are_beyond_or_within() {
        let bound = 400.0_f64.ln();
        let values = around(0.03, 0.01, 10);
        assert!(trial(&values, Some(0.05)).standing.under >= bound);
        assert!(trial(&values, Some(0.02)).standing.over >= bound);
        let between = trial(&values, Some(0.03)).standing;
        assert!(between.over < bound && between.under < bound);
    }

    #[test]
    fn launches_that_hold_on_are_judged_by_fours() {
        let waves: Vec<f64> = (0..40).map(|i| (f64::from(i) / 6.0).sin() + 2.0).collect();
        let standing = trial(&waves, None).standing;
        assert!(standing.is_grouped);
        assert_eq!((standing.units, standing.above), (10, 10));
    }

    #[test]
    fn the_interval_holds_what_is_not_rejected() {
        assert_eq!(trial(&around(0.0, 0.02, 9), None).interval(), None);
        let (low, high) = trial(&around(0.02, 0.01, 10), None).interval().unwrap_or((0.0, 0.0));
        assert!((low - 0.015_f64.exp()).abs() < 1e-12 && (high - 0.025_f64.exp()).abs() < 1e-12);
        let mut broken = trial(&[0.1], None);
        broken.push(f64::NAN);
        assert_eq!((broken.launches(), broken.unusable), (1, 1));
    }
}
