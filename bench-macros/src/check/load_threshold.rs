//! The outline of a threshold of a load test: `metric{tag:value}: aggregation operator number`.
//!
//! Which aggregations a metric has, and which units, is for the runtime: metrics are added by the
//! functions themselves.

use syn::{Expr, ExprLit, Lit};

use crate::errors::Errors;
use crate::parse::LoadScenario;
use crate::suggest::nearest;

/// What is made of the samples of a metric, besides `p(N)`.
const AGGREGATIONS: [&str; 7] = ["count", "rate", "value", "avg", "min", "max", "med"];
/// Operators; the longer ones first, as they begin with a shorter one.
const OPERATORS: [&str; 7] = ["===", "==", "!=", "<=", ">=", "<", ">"];

/// Reports thresholds that cannot be read.
pub(super) fn check_all(scenario: &LoadScenario, errors: &mut Errors) {
    for call in scenario.calls.iter().filter(|call| call.setter == "threshold") {
        for value in &call.values {
            let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else { continue };
            if let Err(message) = check(&text.value()) {
                errors.at(text, message);
            }
        }
    }
}

fn check(threshold: &str) -> Result<(), String> {
    let grammar = || {
        format!(
            "`{threshold}` is not a threshold; write metric, colon, aggregation, operator and \
             number, such as `http_req_duration: p(95) < 500ms`"
        )
    };
    let (metric, expression) = split(threshold).ok_or_else(grammar)?;
    let place = expression.find(['<', '>', '=', '!']).ok_or_else(grammar)?;
    let (aggregation, rest) = expression.split_at(place);
    if metric.is_empty() || aggregation.trim().is_empty() {
        return Err(grammar());
    }
    check_aggregation(aggregation.trim())?;
    let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
    let operator = operator.ok_or_else(|| {
        format!(
            "`{threshold}` has no operator; there are `<`, `<=`, `>`, `>=`, `==`, `===` and `!=`"
        )
    })?;
    let bound = rest[operator.len()..].trim();
    if bound.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+')) {
        Ok(())
    } else {
        Err(format!("`{bound}` does not begin with a number, as `500ms` does"))
    }
}

/// The metric with its tags, and what stands behind the colon after it.
fn split(threshold: &str) -> Option<(&str, &str)> {
    let tags_end = match (threshold.find('{'), threshold.find(':')) {
        (Some(open), Some(colon)) if open < colon => threshold.find('}')?,
        _ => 0,
    };
    let colon = tags_end + threshold[tags_end..].find(':')?;
    Some((threshold[..colon].trim(), threshold[colon + 1..].trim()))
}

fn check_aggregation(text: &str) -> Result<(), String> {
    if AGGREGATIONS.contains(&text) {
        return Ok(());
    }
    if let Some(inside) = text.strip_prefix('p').and_then(|rest| rest.trim().strip_prefix('(')) {
        let number = inside.strip_suffix(')').map(|number| number.trim().parse::<f64>());
        if number.is_some_and(|n| n.is_ok_and(|percent| (0.0..=100.0).contains(&percent))) {
            return Ok(());
        }
        return Err(format!(
            "`{text}` is no percentile; write one between 0 and 100, such as `p(95)`"
        ));
    }
    Err(nearest(text, AGGREGATIONS).map_or_else(
        || {
            let all = AGGREGATIONS.map(|name| format!("`{name}`")).join(", ");
            format!("unknown aggregation `{text}`; there are {all} and `p(95)`")
        },
        |name| format!("unknown aggregation `{text}`; did you mean `{name}`?"),
    ))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn thresholds_of_k6_are_taken() {
        for text in [
            "http_req_duration: p(95)<500",
            "http_req_duration: p(99.9) <= 1.5s",
            "http_req_failed: rate<0.1",
            "http_req_duration{status:200,method:GET}: avg < 200ms",
            "dropped_iterations: count == 0",
            "queue: value === 3",
            "checks{check:is a: b}: rate>0.9",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn others_are_told_what_is_wrong_with_them() {
        for (text, part) in [
            ("http_req_duration", "is not a threshold"),
            ("p(95) < 500ms", "is not a threshold"),
            (": p(95) < 500ms", "is not a threshold"),
            ("a{b:c: p(95) < 500ms", "is not a threshold"),
            ("a: p95 < 500ms", "unknown aggregation `p95`"),
            ("a: averag < 5", "unknown aggregation `averag`; there are `count`"),
            ("a: mex < 5", "did you mean `max`?"),
            ("a: p(101) < 5", "between 0 and 100"),
            ("a: p(x) < 5", "between 0 and 100"),
            ("a: rate ! 5", "has no operator"),
            ("a: rate < ms", "does not begin with a number"),
        ] {
            let message = check(text).err().unwrap_or_default();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
