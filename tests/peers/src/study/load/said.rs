//! What generators say of themselves.

use serde_json::Value;

use super::timed::Spent;
use crate::failure::{Context, Result};

pub(super) fn of_own(record: &Value) -> Spent {
    let trend = &record["metrics"]["http_req_duration"]["trend"];
    Spent {
        requests: record["metrics"]["http_reqs"]["value"].as_f64().unwrap_or(0.0),
        p50_ms: trend["med"].as_f64().map(|ns| ns / 1e6),
        p95_ms: trend["p95"].as_f64().map(|ns| ns / 1e6),
        p99_ms: trend["p99"].as_f64().map(|ns| ns / 1e6),
        ..Spent::default()
    }
}

/// `  1234 requests in 5.00s, 1.00MB read`, and lines such as `     99%    1.23ms`.
pub(super) fn of_wrk(text: &str) -> Spent {
    let mut spent = Spent::default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("50%"), Some(time)) => spent.p50_ms = milliseconds(time),
            (Some("99%"), Some(time)) => spent.p99_ms = milliseconds(time),
            (Some(count), Some("requests")) => spent.requests = count.parse().unwrap_or(0.0),
            _ => {}
        }
    }
    spent
}

/// `12.3us`, `1.23ms`, `1.23s`
fn milliseconds(text: &str) -> Option<f64> {
    for (unit, factor) in [("us", 1e-3), ("ms", 1.0), ("s", 1e3)] {
        if let Some(value) = text.strip_suffix(unit).and_then(|digits| digits.parse::<f64>().ok()) {
            return Some(value * factor);
        }
    }
    None
}

pub(super) fn of_oha(text: &str) -> Result<Spent> {
    let said: Value = serde_json::from_str(text).context(|| format!("reading {text}"))?;
    let counts = said["statusCodeDistribution"].as_object();
    let requests = counts.into_iter().flatten().filter_map(|(_, count)| count.as_f64()).sum();
    let at = |name: &str| said["latencyPercentiles"][name].as_f64().map(|s| s * 1e3);
    Ok(Spent {
        requests,
        p50_ms: at("p50"),
        p95_ms: at("p95"),
        p99_ms: at("p99"),
        ..Spent::default()
    })
}

/// `4711 3 12` in the last line: requests, and milliseconds.
pub(super) fn of_goose(text: &str) -> Spent {
    let last = text.lines().next_back().unwrap_or_default();
    let mut numbers = last.split(' ').map(|word| word.parse::<f64>().ok());
    let requests = numbers.next().flatten().unwrap_or(0.0);
    let (p50_ms, p99_ms) = (numbers.next().flatten(), numbers.next().flatten());
    Spent { requests, p50_ms, p99_ms, ..Spent::default() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_peers_say_is_read() {
        let wrk = "  Latency Distribution\n     50%  812.00us\n     99%    1.23ms\n  400 requests in 5.00s, 1.00MB read\n";
        let read = of_wrk(wrk);
        assert_eq!((read.requests, read.p50_ms, read.p99_ms), (400.0, Some(0.812), Some(1.23)));
        let oha = r#"{"statusCodeDistribution":{"200":7,"503":1},
            "latencyPercentiles":{"p50":0.001,"p99":0.002}}"#;
        let read = of_oha(oha).unwrap();
        assert_eq!((read.requests, read.p50_ms, read.p99_ms), (8.0, Some(1.0), Some(2.0)));
        let read = of_goose("a table\n4711 3 12\n");
        assert_eq!((read.requests, read.p50_ms, read.p99_ms), (4711.0, Some(3.0), Some(12.0)));
    }
}
