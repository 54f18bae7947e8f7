//! The grammar of thresholds: k6's, with units, windows and phases.

use std::time::Duration;

use super::limit::parse_limit;
use super::pointed::{offset, pointed, suggestion};
use crate::plan::nearest;
use crate::record::load::{
    Aggregation, Builtin, MetricKind, MetricUnit, Operator, Phase, Tags, Threshold,
    ThresholdOption, builtin,
};
use crate::record::parse_duration;

/// Signs of operators, those first that begin with others.
const OPERATORS: [(&str, Operator); 7] = [
    ("<=", Operator::LessOrEqual),
    ("<", Operator::Less),
    (">=", Operator::GreaterOrEqual),
    (">", Operator::Greater),
    ("===", Operator::Equal),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
];
const SIGNS: &str = "accepted: `<`, `<=`, `>`, `>=`, `==`, `===`, `!=`";
const AGGREGATIONS: [&str; 8] = ["count", "rate", "value", "avg", "min", "max", "med", "p(95)"];
const PHASES: [Phase; 4] = [Phase::Ramp, Phase::Steady, Phase::Spike, Phase::Recovery];
const OPTIONS: [&str; 4] = ["abort_on_fail", "delay_abort_eval", "window", "phase"];

/// Reads a threshold from the name of its metric, with or without tags, and an expression such as
/// `p(95)<500`. The error shows the place and what is accepted.
pub(crate) fn parse_threshold(metric: &str, expression: &str) -> Result<Threshold, String> {
    let (name, mut tags) = parse_metric(metric)?;
    let phase = match tags.remove("phase") {
        Some(name) => Some(parse_phase(&name)?),
        None => None,
    };
    let known = known_metric(name, metric)?;
    let (method, sign, operator, number) = scan(expression)?;
    let aggregation = parse_aggregation(method, expression)?;
    if let Some((kind, _)) = known {
        check_fit(name, kind, aggregation, method)?;
    }
    let value = parse_limit(number, known, aggregation).map_err(|wrong| {
        let at = if number.is_empty() {
            offset(expression, sign) + sign.len()
        } else {
            offset(expression, number)
        };
        pointed(expression, at, number, &wrong, "write it like `p(95) < 500`")
    })?;
    Ok(Threshold {
        metric: name.to_owned(),
        tags,
        expression: expression.trim().to_owned(),
        aggregation,
        operator,
        value,
        abort_on_fail: false,
        delay_abort_eval_ns: 0,
        window_ns: None,
        phase,
    })
}

/// Reads the form of one text, `metric{tag:value}: expression`, after which `abort_on_fail`,
/// `delay_abort_eval = 10s`, `window = 30s` and `phase = spike` may follow, each after a comma.
pub(crate) fn parse_line(text: &str) -> Result<Threshold, String> {
    let Some(colon) = separator(text) else {
        let help = "write it like `http_req_duration: p(95) < 500ms`";
        let wrong = "a threshold begins with its metric and a colon";
        return Err(pointed(text, 0, text, wrong, help));
    };
    let mut parts = text[colon + 1..].split(',');
    let expression = parts.next().unwrap_or_default();
    let mut threshold = parse_threshold(text[..colon].trim(), expression.trim())?;
    for part in parts {
        set_option(&mut threshold, part.trim()).map_err(|(wrong, help)| {
            let part = part.trim();
            pointed(text, offset(text, part), part, &wrong, &help)
        })?;
    }
    Ok(threshold)
}

/// Reads a threshold that was written as one text with options beside it.
pub(crate) fn parse_option(option: &ThresholdOption) -> Result<Threshold, String> {
    let mut threshold = parse_line(&option.text)?;
    if let Some(abort) = option.abort_on_fail {
        threshold.abort_on_fail = abort;
    }
    if let Some(delay) = option.delay_abort_eval {
        threshold.delay_abort_eval_ns = nanoseconds(delay);
    }
    threshold.window_ns = option.window.map(nanoseconds).or(threshold.window_ns);
    threshold.phase = option.phase.or(threshold.phase);
    Ok(threshold)
}

/// Reads the name of a phase.
pub(super) fn parse_phase(name: &str) -> Result<Phase, String> {
    let found = PHASES.into_iter().find(|phase| phase.name() == name);
    found.ok_or_else(|| {
        format!("`{name}` is no phase; {}", suggestion(name, PHASES.map(Phase::name)))
    })
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The colon that ends the name of the metric: the first one outside of braces.
fn separator(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    text.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        (c == ':' && depth <= 0).then_some(at)
    })
}

/// Sets one of the options behind an expression; the error is what is wrong, and what to do.
fn set_option(threshold: &mut Threshold, part: &str) -> Result<(), (String, String)> {
    let (name, value) = match part.split_once('=') {
        Some((name, value)) => (name.trim(), value.trim()),
        None => part.split_once(' ').map_or((part, ""), |(name, value)| (name, value.trim())),
    };
    let example = |wrong: String| (wrong, format!("write it like `{name} = 10s`"));
    let time = || parse_duration(value).map(nanoseconds).map_err(example);
    match name {
        "abort_on_fail" | "abortOnFail" => {
            threshold.abort_on_fail = match value {
                "" | "true" => true,
                "false" => false,
                _ => {
                    let wrong = format!("`{value}` is neither `true` nor `false`");
                    return Err((wrong, "write `abort_on_fail` alone".to_owned()));
                }
            }
        }
        "delay_abort_eval" | "delayAbortEval" => threshold.delay_abort_eval_ns = time()?,
        "window" => threshold.window_ns = Some(time()?),
        "phase" => {
            let help = || "write it like `phase = spike`".to_owned();
            threshold.phase = Some(parse_phase(value).map_err(|wrong| (wrong, help()))?);
        }
        _ => return Err((format!("unknown option `{name}`"), suggestion(name, OPTIONS))),
    }
    Ok(())
}

/// The name and the tags of `name{tag:value,tag:value}`.
fn parse_metric(text: &str) -> Result<(&str, Tags), String> {
    let help = "write it like `http_req_duration{status:200,method:GET}`";
    let (name, inside) = match (text.find('{'), text.strip_suffix('}')) {
        (None, None) if !text.contains('}') => (text.trim(), None),
        (Some(open), Some(body)) if open < body.len() => {
            (text[..open].trim(), Some(&text[open + 1..body.len()]))
        }
        _ => {
            let at = text.find(['{', '}']).unwrap_or(0);
            let wrong = "the braces around the tags do not close at the end of the name";
            return Err(pointed(text, at, &text[at..], wrong, help));
        }
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        let wrong = format!("`{name}` is no name of a metric");
        return Err(pointed(text, 0, name, &wrong, "letters, digits and `_` are accepted"));
    }
    let mut tags = Tags::new();
    for pair in inside.into_iter().flat_map(|inside| inside.split(',')) {
        let unquoted = |part: &str| part.trim().trim_matches(['"', '\'']).to_owned();
        match pair.split_once(':') {
            Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
                tags.insert(unquoted(key), unquoted(value));
            }
            _ => {
                let wrong = "a tag is a name and a value with a colon between them";
                return Err(pointed(text, offset(text, pair), pair, wrong, help));
            }
        }
    }
    Ok((name, tags))
}

/// Kind and unit of a metric of ours; `None` for one of the user's own.
fn known_metric(name: &str, text: &str) -> Result<Option<(MetricKind, MetricUnit)>, String> {
    if let Some(metric) = builtin(name) {
        return Ok(Some((metric.kind(), metric.unit())));
    }
    // One of the user's own is known only when it runs, but hardly differs by a letter from ours.
    match nearest(name, Builtin::ALL.iter().map(|metric| metric.name())) {
        Some(near) => {
            let wrong = format!("unknown metric `{name}`");
            Err(pointed(text, offset(text, name), name, &wrong, &format!("did you mean `{near}`?")))
        }
        None => Ok(None),
    }
}

/// The aggregation, the sign, the operator and the number of an expression, as they stand there.
fn scan(expression: &str) -> Result<(&str, &str, Operator, &str), String> {
    let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '!');
    let Some(start) = expression.find(is_sign) else {
        let at = expression.trim_end().len();
        return Err(pointed(expression, at, "", "an operator and a number are missing", SIGNS));
    };
    let end = expression[start..].find(|c| !is_sign(c)).map_or(expression.len(), |n| start + n);
    let sign = &expression[start..end];
    let Some((_, operator)) = OPERATORS.into_iter().find(|(known, _)| *known == sign) else {
        let wrong = format!("`{sign}` is no operator");
        return Err(pointed(expression, start, sign, &wrong, SIGNS));
    };
    Ok((expression[..start].trim(), sign, operator, expression[end..].trim()))
}

fn parse_aggregation(method: &str, expression: &str) -> Result<Aggregation, String> {
    Ok(match method {
        "count" => Aggregation::Count,
        "rate" => Aggregation::Rate,
        "value" => Aggregation::Value,
        "avg" => Aggregation::Avg,
        "min" => Aggregation::Min,
        "max" => Aggregation::Max,
        "med" => Aggregation::Med,
        _ => {
            let inside = method.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
            let percent = inside.and_then(|number| number.trim().parse::<f64>().ok());
            match percent.filter(|percent| (0.0..=100.0).contains(percent)) {
                Some(percent) => Aggregation::Percentile(percent),
                None => return Err(no_aggregation(method, inside.is_some(), expression)),
            }
        }
    })
}

fn no_aggregation(method: &str, is_percentile: bool, expression: &str) -> String {
    let at = offset(expression, method);
    if is_percentile {
        let wrong = format!("`{method}` is no percentile");
        let help = "between the brackets stands a number from 0 to 100, as in `p(99.9)`";
        return pointed(expression, at, method, &wrong, help);
    }
    let wrong = if method.is_empty() {
        "an aggregation is missing in front of the operator".to_owned()
    } else {
        format!("`{method}` is no aggregation")
    };
    let digits = method.strip_prefix('p').filter(|rest| rest.parse::<f64>().is_ok());
    let help = match (method, digits) {
        ("mean" | "average", _) => "did you mean `avg`?".to_owned(),
        ("median", _) => "did you mean `med`?".to_owned(),
        (_, Some(digits)) => format!("did you mean `p({digits})`?"),
        _ => suggestion(method, AGGREGATIONS),
    };
    pointed(expression, at, method, &wrong, &help)
}

/// Which aggregations there are of a kind of metric.
pub(crate) fn fits(kind: MetricKind, aggregation: Aggregation) -> bool {
    use Aggregation as A;
    match aggregation {
        A::Count => kind == MetricKind::Counter,
        A::Rate => matches!(kind, MetricKind::Counter | MetricKind::Rate),
        A::Value => kind == MetricKind::Gauge,
        A::Avg | A::Min | A::Max | A::Med | A::Percentile(_) => kind == MetricKind::Trend,
    }
}

/// The kind and its aggregations, in words.
pub(crate) fn kind_words(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "a counter, which has `count` and `rate`",
        MetricKind::Gauge => "a gauge, which has `value`",
        MetricKind::Rate => "a rate, which has `rate`",
        MetricKind::Trend => "a trend, which has `avg`, `min`, `max`, `med` and `p(N)`",
    }
}

fn check_fit(
    name: &str,
    kind: MetricKind,
    aggregation: Aggregation,
    method: &str,
) -> Result<(), String> {
    if fits(kind, aggregation) {
        return Ok(());
    }
    Err(format!("`{method}` does not fit `{name}`: that is {}", kind_words(kind)))
}
