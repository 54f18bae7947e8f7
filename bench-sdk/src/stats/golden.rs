//! Comparison with values computed elsewhere: see `golden/generate.py`.

#![expect(clippy::unwrap_used, reason = "a malformed file of reference values must fail the test")]

use serde_json::Value;

use super::trend::theil_sen;
use super::{evidence, mann_kendall, normal, order};

fn rows(name: &str) -> Vec<Value> {
    let mut golden: Value = serde_json::from_str(include_str!("golden/golden.json")).unwrap();
    let rows = golden[name].as_array_mut().map(std::mem::take).unwrap();
    assert!(!rows.is_empty());
    rows
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|item| item.as_f64().unwrap()).collect()
}

fn close(ours: f64, theirs: &Value, tolerance: f64) -> bool {
    let theirs = theirs.as_f64().unwrap();
    (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-3)
}

#[test]
fn evidence_agrees() {
    for row in rows("evidence") {
        let (k, n) = (row[0].as_u64().unwrap(), row[1].as_u64().unwrap());
        assert!(close(evidence::log_e(k, n), &row[2], 1e-11), "{row}");
    }
}

#[test]
fn ranks_agree() {
    for row in rows("rank") {
        let (n, level) = (row[0].as_u64().unwrap() as usize, row[1].as_f64().unwrap());
        let (rank, attained) = order::fixed_rank(n, level).unwrap();
        assert_eq!(Some(rank as u64), row[2].as_u64(), "{row}");
        assert!(close(attained, &row[3], 1e-12), "{row}: {attained}");
    }
}

#[test]
fn anytime_ranks_agree() {
    for row in rows("anytime") {
        let (n, level) = (row[0].as_u64().unwrap(), row[1].as_f64().unwrap());
        let bound = (2.0 / (1.0 - level)).ln();
        assert_eq!(evidence::smallest_k(n, bound), row[2].as_u64(), "{row}");
        let values: Vec<f64> = (1..=n).map(|i| i as f64).collect();
        let ends = order::anytime_interval(&values, level).map(|i| (i.low, i.high));
        assert_eq!(ends, row[2].as_f64().map(|k| (n as f64 - k + 1.0, k)), "{row}");
    }
}

#[test]
fn normal_distribution_agrees() {
    for row in rows("upper_tail") {
        let tail = normal::upper_tail(row[0].as_f64().unwrap());
        assert!((tail / row[1].as_f64().unwrap() - 1.0).abs() < 1e-12, "{row}: {tail:e}");
    }
    for row in rows("normal_quantile") {
        let quantile = normal::quantile(row[0].as_f64().unwrap()).unwrap();
        assert!(close(quantile, &row[1], 1e-9), "{row}: {quantile}");
    }
}

#[test]
fn trends_agree() {
    for row in rows("mann_kendall") {
        let trend = mann_kendall(&floats(&row["y"])).unwrap();
        assert!(close(trend.tau, &row["tau"], 1e-12), "{row}: {trend:?}");
        assert!(close(trend.p_value, &row["p_value"], 1e-10), "{row}: {trend:?}");
    }
}

#[test]
fn slopes_agree() {
    for row in rows("theil_sen") {
        let found = theil_sen(&floats(&row["y"]), row["level"].as_f64().unwrap());
        assert_eq!(found.is_none(), row["low"].is_null(), "{row}");
        if let Some(found) = found {
            assert!(close(found.slope, &row["slope"], 1e-9), "{row}: {found:?}");
            assert!(close(found.low, &row["low"], 1e-9), "{row}: {found:?}");
            assert!(close(found.high, &row["high"], 1e-9), "{row}: {found:?}");
        }
    }
}

#[test]
fn quantiles_agree() {
    for row in rows("quantile") {
        let values = order::sorted(&floats(&row["values"]));
        let quantile = order::quantile_sorted(&values, row["p"].as_f64().unwrap()).unwrap();
        assert!(close(quantile, &row["quantile"], 1e-12), "{row}: {quantile}");
    }
}
