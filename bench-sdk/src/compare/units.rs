//! Values of one kind, counted beyond the borders that a judgement asks about.

use crate::stats::{Bound, median_sorted};

/// Where the borders lie, on the scale of d.
#[derive(Clone, Copy, Debug)]
pub(super) struct Borders {
    /// ln(1 + the minimum effect); the other margin is its negative.
    pub(super) margin: f64,
    /// ln(1 + the threshold).
    pub(super) threshold: Option<f64>,
}

/// What a judgement counts. Ties with a border are on neither side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Slower at all.
    Zero,
    /// Faster at all.
    BelowZero,
    /// Slower by less than the margin.
    BelowMargin,
    /// Faster by less than the margin.
    AboveMinusMargin,
    /// Slower than the threshold.
    Threshold,
    /// Less slow than the threshold.
    BelowThreshold,
}

/// The units of inference: launches, or medians of consecutive ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Units {
    /// Ascending.
    sorted: Vec<f64>,
    counts: [u32; 6],
}

impl Units {
    /// Takes one more.
    pub(super) fn push(&mut self, value: f64, borders: Borders) {
        let at = self.sorted.partition_point(|other| *other <= value);
        self.sorted.insert(at, value);
        let over = borders.threshold.is_some_and(|threshold| value > threshold);
        let under = borders.threshold.is_some_and(|threshold| value < threshold);
        let beyond = [
            value > 0.0,
            value < 0.0,
            value < borders.margin,
            value > -borders.margin,
            over,
            under,
        ];
        for (count, beyond) in self.counts.iter_mut().zip(beyond) {
            *count += u32::from(beyond);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        self.sorted.len() as u32
    }

    /// How many lie there.
    pub(super) fn count(&self, beyond: Beyond) -> u32 {
        self.counts[beyond as usize]
    }

    /// Whether the evidence for lying there reaches the bound.
    pub(super) fn shown(&self, beyond: Beyond, bound: &mut Bound) -> bool {
        bound.reached(self.count(beyond), self.len())
    }

    /// Their median.
    pub(super) fn median(&self) -> Option<f64> {
        median_sorted(&self.sorted)
    }

    /// All values that neither side rejects, from the lowest to the highest; `None` where there are
    /// too few units to reject any.
    ///
    /// A value t is too low when E' of #{u > t} reaches the bound, which is when it lies below the
    /// k*-th largest unit, and too high in the mirror.
    pub(super) fn interval(&self, bound: &mut Bound) -> Option<(f64, f64)> {
        let fewest = bound.smallest_k(self.len()) as usize;
        let low = self.sorted.len().checked_sub(fewest)?;
        Some((*self.sorted.get(low)?, *self.sorted.get(fewest.checked_sub(1)?)?))
    }
}
