//! One metric of one case: the values of its launches, and what they show by themselves.

use super::units::{Beyond, Borders, Units};
use crate::record::Ratio;
use crate::stats::{Bound, Modes, bimodal, lag_one, log_mixed, median};

/// Rank correlation between consecutive launches above which they are not taken for independent.
const DEPENDENT: f64 = 0.2;
/// Fewer launches do not show whether they depend on each other.
const FEWEST_FOR_DEPENDENCE: usize = 8;
/// So many consecutive launches make a unit where they do.
const GROUP: usize = 4;

/// One comparison: the values d = ln(candidate / baseline) of its launches, one a launch.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    borders: Borders,
    /// In the order in which they were taken.
    values: Vec<f64>,
    launches: Units,
    groups: Units,
    /// Launches without a value.
    ignored: u32,
    standing: Standing,
}

/// What the values of a trial show, leaving other trials aside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Standing {
    /// A difference that would be called in a comparison of its own.
    pub(super) call: Option<Call>,
    /// No difference as large as matters.
    pub(super) equivalent: bool,
    /// Beyond the threshold (true) or within it.
    pub(super) over: Option<bool>,
}

/// A difference that is shown, and large enough to matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Call {
    /// Whether the candidate is the slower one.
    pub(super) slower: bool,
    /// The logarithm of the evidence.
    pub(super) log_e: f64,
}

impl Trial {
    /// One without launches; margin and threshold are ratios.
    pub(super) fn new(margin: f64, threshold: Option<f64>) -> Self {
        let threshold = threshold.map(f64::ln_1p).filter(|border| border.is_finite());
        // A margin that is not a number becomes 0: nothing is then equivalent.
        let margin = margin.max(0.0).ln_1p();
        Self {
            borders: Borders { margin, threshold },
            values: Vec::new(),
            launches: Units::default(),
            groups: Units::default(),
            ignored: 0,
            standing: Standing::default(),
        }
    }

    /// Takes the value of the next launch; `bound` is that of one side of one comparison.
    pub(super) fn push(&mut self, d: f64, bound: &mut Bound) {
        if !d.is_finite() {
            self.ignored += 1;
            return;
        }
        self.values.push(d);
        self.launches.push(d, self.borders);
        if self.values.len().is_multiple_of(GROUP) {
            let last = &self.values[self.values.len() - GROUP..];
            if let Some(middle) = median(last) {
                self.groups.push(middle, self.borders);
            }
        }
        self.standing = self.weigh(bound);
    }

    fn weigh(&self, bound: &mut Bound) -> Standing {
        // Most launches show nothing by either kind of unit: then the kind need not be known.
        if !shows_anything(&self.launches, bound) && !shows_anything(&self.groups, bound) {
            return Standing::default();
        }
        let units = self.units();
        let both =
            units.shown(Beyond::BelowMargin, bound) && units.shown(Beyond::AboveMinusMargin, bound);
        let over = if units.shown(Beyond::Threshold, bound) {
            Some(true)
        } else {
            units.shown(Beyond::BelowThreshold, bound).then_some(false)
        };
        Standing {
            call: self.call(units, bound),
            equivalent: both
                && self.estimate().is_some_and(|d| d.abs() < self.borders.margin)
                && self.two_modes_that_matter().is_none(),
            over,
        }
    }

    fn call(&self, units: &Units, bound: &mut Bound) -> Option<Call> {
        let estimate = self.estimate()?;
        for (slower, beyond) in [(true, Beyond::Zero), (false, Beyond::BelowZero)] {
            let change = if slower { estimate } else { -estimate };
            if change > 0.0 && change >= self.borders.margin && units.shown(beyond, bound) {
                return Some(Call { slower, log_e: log_e(units, beyond) });
            }
        }
        None
    }

    /// What the values show so far.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether launches depend on those before them, so that medians of four are the units.
    ///
    /// Ten launches do not show all dependence there is. Of comparisons without a difference, 0.6 %
    /// are called where each launch holds on to 0.3 of the one before, and 2 % at 0.5, most of them
    /// at the tenth launch (simulated). Where the order of sides is drawn for each launch, and they
    /// do not differ, the sign of d does not depend on the past.
    pub(super) fn is_dependent(&self) -> bool {
        self.values.len() >= FEWEST_FOR_DEPENDENCE
            && lag_one(&self.values).is_some_and(|correlation| correlation > DEPENDENT)
    }

    /// What is counted: launches, or medians of four of them.
    pub(super) fn units(&self) -> &Units {
        if self.is_dependent() { &self.groups } else { &self.launches }
    }

    /// The borders it is held against.
    pub(super) fn borders(&self) -> Borders {
        self.borders
    }

    /// Launches with a value.
    pub(super) fn len(&self) -> u32 {
        self.launches.len()
    }

    /// Launches without a value.
    pub(super) fn ignored(&self) -> u32 {
        self.ignored
    }

    /// The median of d.
    pub(super) fn estimate(&self) -> Option<f64> {
        self.launches.median()
    }

    /// Two modes among launches of which one is a change that matters: two within the margins
    /// leave nothing open.
    pub(super) fn two_modes_that_matter(&self) -> Option<Modes> {
        let margin = self.borders.margin;
        bimodal(&self.values).filter(|modes| modes.low < -margin || modes.high > margin)
    }

    /// Candidate over baseline, with all ratios that neither side rejects at `alpha` a side, whose
    /// bound is `bound`.
    pub(super) fn ratio(&self, alpha: f64, bound: &mut Bound) -> Option<Ratio> {
        let estimate = self.estimate()?;
        let (low, high) = self.units().interval(bound).unzip();
        // The median of launches may lie beyond an interval that comes from medians of four.
        let (low, high) = (low.map(|d| d.min(estimate)), high.map(|d| d.max(estimate)));
        let ratio = Ratio {
            estimate: finite(estimate.exp())?,
            low: low.and_then(|d| finite(d.exp())),
            high: high.and_then(|d| finite(d.exp())),
            level: None,
        };
        let level = ratio.low.and(ratio.high).map(|_| 1.0 - 2.0 * alpha);
        Some(Ratio { level, ..ratio })
    }
}

/// Whether any of the judgements may hold by these units.
fn shows_anything(units: &Units, bound: &mut Bound) -> bool {
    let mut shown = |beyond| units.shown(beyond, bound);
    shown(Beyond::Zero)
        || shown(Beyond::BelowZero)
        || (shown(Beyond::BelowMargin) && shown(Beyond::AboveMinusMargin))
        || shown(Beyond::Threshold)
        || shown(Beyond::BelowThreshold)
}

/// The logarithm of the evidence for lying there.
pub(super) fn log_e(units: &Units, beyond: Beyond) -> f64 {
    log_mixed(u64::from(units.count(beyond)), u64::from(units.len()))
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
