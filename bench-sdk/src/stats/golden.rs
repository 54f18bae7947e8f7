//! Comparison with values computed elsewhere: see `golden/generate.py`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a malformed file of reference values must fail the test"
)]

use serde_json::Value;

use super::trend::theil_sen;
use super::{
    Point, e_bh_bound, evidence, fit_growth, fit_scalability, lag_one, mann_kendall, normal, order,
    student,
};

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
fn mixed_evidence_agrees() {
    for row in rows("mixed") {
        let (k, n) = (row[0].as_u64().unwrap(), row[1].as_u64().unwrap());
        assert!(close(evidence::log_mixed(k, n), &row[2], 1e-11), "{row}");
    }
}

#[test]
fn discoveries_agree() {
    for row in rows("e_bh") {
        let log_e = floats(&row["log_e"]);
        let hypotheses = row["hypotheses"].as_u64().unwrap() as usize;
        let bound = e_bh_bound(&log_e, hypotheses, row["q"].as_f64().unwrap());
        let found = log_e.iter().filter(|value| bound.is_some_and(|bound| **value >= bound));
        assert_eq!(Some(found.count() as u64), row["discoveries"].as_u64(), "{row}");
    }
}

#[test]
fn serial_correlations_agree() {
    for row in rows("lag_one") {
        let found = lag_one(&floats(&row["y"])).unwrap();
        assert!(close(found, &row["correlation"], 1e-12), "{row}: {found}");
    }
}

#[test]
fn student_agrees() {
    for row in rows("student_tail") {
        let [t, df, tail] = floats(&row)[..] else { panic!("{row}") };
        let found = student::upper_tail(t, df);
        assert!((found / tail - 1.0).abs() < 1e-10, "{row}: {found:e}");
        assert!((student::upper_tail(-t, df) + tail - 1.0).abs() < 1e-12, "{row}");
    }
    for row in rows("student_quantile") {
        let [p, df, t] = floats(&row)[..] else { panic!("{row}") };
        for (p, t) in [(p, t), (1.0 - p, -t)] {
            let found = student::quantile(p, df).unwrap();
            assert!((found / t - 1.0).abs() < 1e-8, "{row}: {found}");
        }
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

fn points(row: &Value) -> Vec<Point> {
    let point = |point: &Value| {
        let [n, value, error] = floats(point)[..] else { panic!("{point}") };
        Point { n, value, error }
    };
    row["points"].as_array().unwrap().iter().map(point).collect()
}

#[test]
fn growth_agrees() {
    for row in rows("growth") {
        let ours = fit_growth(&points(&row));
        let theirs = row["laws"].as_array().unwrap();
        assert_eq!(ours.len(), theirs.len(), "{row}: {ours:?}");
        for (fit, law) in ours.iter().zip(theirs) {
            assert_eq!(law[0].as_str(), Some(fit.growth.name()), "{row}");
            let ours = [fit.constant, fit.factor, fit.weight, fit.misfit];
            for (at, ours) in ours.into_iter().enumerate() {
                assert!(close(ours, &law[at + 1], 1e-7), "{law}: {fit:?} in {row}");
            }
        }
    }
}

#[test]
fn scalability_agrees() {
    for row in rows("scalability") {
        let points = points(&row);
        let law = fit_scalability(&points, 1).unwrap();
        let theirs = &row["law"];
        let ours = [law.lambda.estimate, law.sigma.estimate, law.kappa.estimate];
        for (at, ours) in ours.into_iter().enumerate() {
            assert!(close(ours, &theirs[at], 1e-7), "{row}: {law:?}");
        }
        assert_eq!(law.peak.is_none(), theirs[3].is_null(), "{row}: {law:?}");
        assert!(law.peak.is_none_or(|peak| close(peak.estimate, &theirs[3], 1e-6)), "{row}");
        assert!(close(law.misfit, &theirs[4], 1e-6), "{row}: {law:?}");
        assert_eq!(law.level.is_some(), points.len() >= 6);
    }
}
