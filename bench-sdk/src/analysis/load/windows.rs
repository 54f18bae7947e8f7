//! The last stretch of the series that thresholds want a window of.

use std::collections::{BTreeMap, VecDeque};

use crate::record::load::Threshold;
use crate::stats::{Metrics, Series};

/// Interval series of the thresholds that have a window, as far back as the longest of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Windows {
    kept: BTreeMap<String, Kept>,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    longest_ns: u64,
    /// The end of each interval and what was recorded in it.
    intervals: VecDeque<(u64, Series)>,
}

impl Windows {
    /// Empty ones for the thresholds that need them.
    pub(crate) fn new(thresholds: &[Threshold]) -> Self {
        let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
        for threshold in thresholds {
            let Some(window_ns) = threshold.window_ns else { continue };
            let kept = kept.entry(threshold.series_key()).or_default();
            kept.longest_ns = kept.longest_ns.max(window_ns);
        }
        Self { kept }
    }

    /// Takes the interval that ended then, and forgets what is too old.
    pub(crate) fn push(&mut self, at_ns: u64, interval: &Metrics) {
        for (key, kept) in &mut self.kept {
            if let Some(series) = interval.get(key).filter(|series| series.samples() > 0) {
                kept.intervals.push_back((at_ns, series.clone()));
            }
            let oldest = at_ns.saturating_sub(kept.longest_ns);
            while kept.intervals.front().is_some_and(|(end, _)| *end <= oldest) {
                kept.intervals.pop_front();
            }
        }
    }

    /// What was recorded in the last stretch of that length; `None` where that was nothing.
    pub(super) fn last(&self, key: &str, window_ns: u64, now_ns: u64) -> Option<Series> {
        let oldest = now_ns.saturating_sub(window_ns);
        let intervals = &self.kept.get(key)?.intervals;
        let mut recent = intervals.iter().filter(|(end, _)| *end > oldest);
        let mut sum = recent.next()?.1.clone();
        recent.for_each(|(_, later)| sum.merge(later));
        Some(sum)
    }
}
