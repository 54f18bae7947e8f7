//! What the gate's record of a comparison says.

use serde::Deserialize;

use super::trial::{Call, Found};
use crate::failure::{Context, Failure, Result};
use crate::figures::rounded;

/// The metric that is judged.
const TIME: &str = "time";

#[derive(Deserialize)]
struct Record {
    duration_ns: u64,
    comparisons: Vec<Comparison>,
    #[serde(default)]
    broken: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Comparison {
    metric: String,
    verdict: String,
    #[serde(default)]
    launches: u32,
    ratio: Option<Ratio>,
    announced: Option<f64>,
}

#[derive(Deserialize)]
struct Ratio {
    estimate: f64,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
}

/// A comparison of some cases.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) seconds: f64,
    /// One for each case, of its time.
    pub(super) times: Vec<(Call, Found)>,
    /// Differences that were called in other metrics.
    pub(super) other_alarms: usize,
}

/// Reads the record; one in which a case broke is an error.
pub(super) fn judged(text: &str) -> Result<Judged> {
    let record: Record =
        serde_json::from_str(text).context(|| "the record of a comparison".to_owned())?;
    if let Some(broken) = record.broken.first() {
        return Err(Failure::new(format!("a case broke: {broken}")));
    }
    let (mut times, mut other_alarms) = (Vec::new(), 0);
    for comparison in &record.comparisons {
        let call = call(&comparison.verdict)?;
        if comparison.metric == TIME {
            times.push((call, found(comparison)));
        } else {
            other_alarms += usize::from(call.is_alarm());
        }
    }
    Ok(Judged { seconds: rounded(record.duration_ns as f64 / 1e9), times, other_alarms })
}

fn call(verdict: &str) -> Result<Call> {
    match verdict {
        "regressed" => Ok(Call::Regressed),
        "improved" => Ok(Call::Improved),
        "equivalent" => Ok(Call::Equivalent),
        "inconclusive" => Ok(Call::Inconclusive),
        other => Err(Failure::new(format!("a verdict of two copies is `{other}`"))),
    }
}

fn found(comparison: &Comparison) -> Found {
    let ratio = comparison.ratio.as_ref();
    Found {
        launches: comparison.launches,
        ratio: ratio.map(|ratio| rounded(ratio.estimate)),
        low: ratio.and_then(|ratio| ratio.low).map(rounded),
        high: ratio.and_then(|ratio| ratio.high).map(rounded),
        level: ratio.and_then(|ratio| ratio.level).map(rounded),
        announced_percent: comparison.announced.map(|announced| rounded(announced * 100.0)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn times_are_kept_and_other_metrics_are_counted() {
        let text = r#"{"schema":1,"duration_ns":500000000,"comparisons":[
            {"id":"a","metric":"time","verdict":"equivalent","launches":12,
             "ratio":{"estimate":1.001,"low":0.999,"high":1.003,"level":0.995},"announced":0.012},
            {"id":"a","metric":"time_p99","verdict":"regressed","launches":12}]}"#;
        let read = judged(text).unwrap();
        assert!(read.times[0].0 == Call::Equivalent && read.other_alarms == 1);
        assert_eq!((read.seconds, read.times[0].1.announced_percent), (0.5, Some(1.2)));
        let broken = text.replace("\"schema\":1", "\"broken\":[{\"id\":\"a\"}]");
        assert!(judged(&broken).unwrap_err().to_string().contains("broke"));
        assert!(judged(&text.replace("equivalent", "not_comparable")).is_err());
    }
}
