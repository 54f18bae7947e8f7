//! The file `estimates.json` that criterion keeps for each benchmark. Times are in nanoseconds.

use serde::Deserialize;

use super::Estimate;
use crate::failure::{Context, Result};

#[derive(Deserialize)]
struct File {
    mean: Statistic,
    median: Statistic,
    slope: Option<Statistic>,
}

#[derive(Deserialize)]
struct Statistic {
    confidence_interval: Interval,
    point_estimate: f64,
}

#[derive(Deserialize)]
struct Interval {
    confidence_level: f64,
    lower_bound: f64,
    upper_bound: f64,
}

impl From<Statistic> for Estimate {
    fn from(statistic: Statistic) -> Self {
        let Interval { confidence_level, lower_bound, upper_bound } = statistic.confidence_interval;
        Self {
            ns: statistic.point_estimate,
            low: Some(lower_bound),
            high: Some(upper_bound),
            level: Some(confidence_level),
        }
    }
}

/// Two figures of one benchmark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CriterionEstimates {
    pub(crate) median: Estimate,
    /// What stands behind `time:` on the terminal: the slope, or the mean where there is none.
    pub(crate) shown: Estimate,
}

/// Reads `estimates.json`.
pub(crate) fn criterion_estimates(text: &str) -> Result<CriterionEstimates> {
    let file: File = serde_json::from_str(text).context(|| "criterion's estimates".to_owned())?;
    let File { mean, median, slope } = file;
    Ok(CriterionEstimates { median: median.into(), shown: slope.unwrap_or(mean).into() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn statistic(point: f64) -> String {
        format!(
            r#"{{"confidence_interval":{{"confidence_level":0.95,"lower_bound":{},"upper_bound":{}}},"point_estimate":{point},"standard_error":0.1}}"#,
            point - 1.0,
            point + 1.0
        )
    }

    fn file(slope: &str) -> String {
        format!(
            r#"{{"mean":{},"median":{},"median_abs_dev":{},"slope":{slope},"std_dev":{}}}"#,
            statistic(12.0),
            statistic(11.5),
            statistic(0.5),
            statistic(0.7)
        )
    }

    #[test]
    fn slope_is_shown_where_there_is_one() {
        let read = criterion_estimates(&file(&statistic(13.0))).unwrap();
        assert_eq!(read.shown.ns.to_bits(), 13.0_f64.to_bits());
        assert_eq!(read.median.low, Some(10.5));
        let flat = criterion_estimates(&file("null")).unwrap();
        assert_eq!((flat.shown.ns.to_bits(), flat.shown.level), (12.0_f64.to_bits(), Some(0.95)));
        assert!(criterion_estimates("{}").is_err());
    }
}
