//! How often the interval of one run covers what many runs agree on.

use serde::{Deserialize, Serialize};

use crate::figures::{at_most_probability, median, ratio};
use crate::parse::Estimate;
use crate::report::figure;

/// What whole runs reported, one after the other, for one benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Series {
    /// The tool and the figure of it.
    pub(crate) figure: String,
    pub(crate) benchmark: String,
    pub(crate) runs: Vec<Estimate>,
}

/// How many intervals cover the median of all estimates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Coverage {
    pub(crate) covering: usize,
    pub(crate) intervals: usize,
    /// The lowest level that any of the intervals claims, if one of them claims any.
    pub(crate) level: Option<f64>,
    /// Median half width of the intervals, as a ratio of their estimates.
    pub(crate) half_width: f64,
}

impl Series {
    pub(crate) fn estimates(&self) -> Vec<f64> {
        self.runs.iter().map(|run| run.ns).collect()
    }

    /// `None` without any interval.
    pub(crate) fn coverage(&self) -> Option<Coverage> {
        let middle = median(&self.estimates())?;
        let mut widths = Vec::new();
        let (mut covering, mut intervals) = (0, 0);
        let level = lowest(self.runs.iter().filter_map(|run| run.level));
        for run in &self.runs {
            let (Some(low), Some(high)) = (run.low, run.high) else { continue };
            intervals += 1;
            covering += usize::from(low <= middle && middle <= high);
            widths.extend(ratio((high - low) / 2.0, run.ns));
        }
        let half_width = median(&widths)?;
        Some(Coverage { covering, intervals, level, half_width })
    }
}

impl Coverage {
    /// Several taken together.
    pub(crate) fn pooled(all: &[Self]) -> Option<Self> {
        let widths: Vec<f64> = all.iter().map(|one| one.half_width).collect();
        Some(Self {
            covering: all.iter().map(|one| one.covering).sum(),
            intervals: all.iter().map(|one| one.intervals).sum(),
            level: lowest(all.iter().filter_map(|one| one.level)),
            half_width: median(&widths)?,
        })
    }

    /// Whether so few hits, or fewer, happen at least once in twenty times when every interval
    /// covers with the probability that it claims.
    pub(crate) fn is_as_claimed(&self) -> bool {
        self.level
            .is_none_or(|level| at_most_probability(self.covering, self.intervals, level) >= 0.05)
    }

    /// The claimed level in per cent.
    pub(crate) fn level_text(&self) -> String {
        self.level.map_or_else(|| "none".to_owned(), |level| format!("{} %", figure(level * 100.0)))
    }
}

fn lowest(levels: impl Iterator<Item = f64>) -> Option<f64> {
    levels.min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn run(ns: f64, half: f64) -> Estimate {
        Estimate { ns, low: Some(ns - half), high: Some(ns + half), level: Some(0.95) }
    }

    #[test]
    fn intervals_that_miss_the_median_of_all_are_counted() {
        let runs =
            vec![run(10.0, 1.0), run(10.5, 1.0), run(11.0, 1.0), run(20.0, 1.0), run(2.0, 1.0)];
        let series = Series { figure: "f".to_owned(), benchmark: "b".to_owned(), runs };
        let coverage = series.coverage().unwrap();
        assert_eq!((coverage.covering, coverage.intervals), (3, 5));
        assert!(coverage.level == Some(0.95) && !coverage.is_as_claimed());
        let pooled = Coverage::pooled(&[coverage, coverage]).unwrap();
        assert_eq!((pooled.covering, pooled.intervals), (6, 10));
    }

    #[test]
    fn figures_without_intervals_have_no_coverage() {
        let bare = Estimate { ns: 1.0, low: None, high: None, level: None };
        let series = Series { figure: "f".to_owned(), benchmark: "b".to_owned(), runs: vec![bare] };
        assert_eq!(series.coverage(), None);
    }
}
