//! Options inside `load(..)`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Error, Expr, ExprLit, Lit, LitStr, Result};

use super::Given;
use super::entry::{Entry, Value, entries};
use super::names::{LOAD, unknown};
use super::setting::{is_duration, widen};
use super::value::{Literal, literal, peel};
use crate::errors::Errors;
use crate::suggest::nearest;

/// What `load(..)` says.
pub(crate) struct LoadScenario {
    /// The executor, where one is named.
    pub(crate) executor: Option<Given<&'static Executor>>,
    /// Everything else, in the order it was written.
    pub(crate) calls: Vec<LoadCall>,
}

/// One call that fills in the options of a scenario.
pub(crate) struct LoadCall {
    /// The option as written.
    pub(crate) option: Ident,
    /// The runtime's setter.
    pub(crate) setter: &'static str,
    /// Its values.
    pub(crate) values: Vec<Expr>,
}

/// An executor, with the options that it has.
#[derive(Debug)]
pub(crate) struct Executor {
    /// The name that k6 gives it.
    pub(crate) name: &'static str,
    /// What it takes besides what every scenario takes.
    pub(crate) takes: &'static [&'static str],
}

/// All executors.
static EXECUTORS: [Executor; 6] = [
    Executor { name: "constant-vus", takes: &["vus", "duration"] },
    Executor { name: "ramping-vus", takes: &["start_vus", "stages", "graceful_ramp_down"] },
    Executor { name: "shared-iterations", takes: &["vus", "iterations", "max_duration"] },
    Executor { name: "per-vu-iterations", takes: &["vus", "iterations", "max_duration"] },
    Executor {
        name: "constant-arrival-rate",
        takes: &[
            "rate",
            "time_unit",
            "duration",
            "pre_allocated_vus",
            "max_vus",
            "arrivals",
            "when_busy",
        ],
    },
    Executor {
        name: "ramping-arrival-rate",
        takes: &[
            "start_rate",
            "time_unit",
            "stages",
            "pre_allocated_vus",
            "max_vus",
            "arrivals",
            "when_busy",
        ],
    },
];

/// Reads `load` or `load(..)`; mistakes are added to the errors.
pub(super) fn load_scenario(entry: Entry, errors: &mut Errors) -> LoadScenario {
    let Entry { option, value } = entry;
    let inside = match value {
        Value::Absent => TokenStream::new(),
        Value::Call(inside) => inside,
        _ => {
            let message = "`load` takes its options in parentheses, such as \
                           `load(vus = 10, duration = \"30s\")`";
            errors.push(Error::new(option.span(), message));
            TokenStream::new()
        }
    };
    let mut scenario = LoadScenario { executor: None, calls: Vec::new() };
    for entry in entries(inside, errors) {
        if entry.option == "executor" {
            scenario.executor = errors.take(executor(entry));
        } else {
            let calls = calls(entry, errors);
            scenario.calls.extend(errors.take(calls).unwrap_or_default());
        }
    }
    scenario
}

fn calls(entry: Entry, errors: &mut Errors) -> Result<Vec<LoadCall>> {
    let option = entry.option.to_string();
    let Some(setter) = LOAD.into_iter().find(|name| *name == option) else {
        return Err(unknown(&entry.option, &[&LOAD]));
    };
    match setter {
        "stages" => stages(entry),
        "thresholds" => thresholds(entry),
        "env" | "tags" => pairs(entry, if setter == "env" { "env" } else { "tag" }),
        "arrivals" => word(entry, setter, &["uniform", "poisson"]),
        "when_busy" => word(entry, setter, &["drop", "queue", "fail"]),
        "duration" | "time_unit" | "start_time" | "graceful_stop" | "graceful_ramp_down"
        | "max_duration" => one(entry, setter, "\"30s\"", errors, check_duration),
        "start_vus" | "start_rate" => one(entry, setter, "10", errors, check_number),
        _ => one(entry, setter, "10", errors, check_count),
    }
}

/// An option of one value.
fn one(
    entry: Entry,
    setter: &'static str,
    example: &str,
    errors: &mut Errors,
    check: fn(&Ident, &Expr) -> Result<()>,
) -> Result<Vec<LoadCall>> {
    let Given { option, mut value } = entry.expr(&format!("{setter} = {example}"))?;
    errors.take(check(&option, &value));
    widen(&mut value);
    Ok(vec![LoadCall { option, setter, values: vec![value] }])
}

fn check_duration(option: &Ident, value: &Expr) -> Result<()> {
    let fine = match literal(value) {
        Some(Literal::Str(text)) => is_duration(&text),
        None | Some(Literal::Int(_) | Literal::Float(_)) => true,
        Some(_) => false,
    };
    let message = format!(
        "`{option}` takes a time: seconds, a `Duration` or a string, such as `{option} = \"1m30s\"`"
    );
    if fine { Ok(()) } else { Err(Error::new_spanned(value, message)) }
}

fn check_count(option: &Ident, value: &Expr) -> Result<()> {
    if matches!(literal(value), None | Some(Literal::Int(1..))) {
        return Ok(());
    }
    let message = format!("`{option}` takes a whole number of at least 1, such as `{option} = 10`");
    Err(Error::new_spanned(value, message))
}

fn check_number(option: &Ident, value: &Expr) -> Result<()> {
    if matches!(literal(value), None | Some(Literal::Int(_))) {
        return Ok(());
    }
    let message = format!("`{option}` takes a whole number, such as `{option} = 10`");
    Err(Error::new_spanned(value, message))
}

/// `executor = "constant-vus"` or `executor = constant_vus`.
fn executor(entry: Entry) -> Result<Given<&'static Executor>> {
    let Given { option, value } = entry.expr("executor = \"constant-vus\"")?;
    let typed = name(&value).map(|(name, _)| name.replace('_', "-"));
    let known = typed.as_ref().and_then(|typed| EXECUTORS.iter().find(|e| e.name == *typed));
    if let Some(value) = known {
        return Ok(Given { option, value });
    }
    let names = EXECUTORS.iter().map(|executor| executor.name);
    let all = EXECUTORS.each_ref().map(|executor| format!("`{}`", executor.name)).join(", ");
    let typed = typed.unwrap_or_default();
    let hint = nearest(&typed, names).map(|name| format!("; did you mean `{name}`?"));
    let hint = hint.unwrap_or_default();
    Err(Error::new_spanned(value, format!("`executor` is one of {all}{hint}")))
}

/// An option that is one of a few words.
fn word(entry: Entry, setter: &'static str, words: &[&str]) -> Result<Vec<LoadCall>> {
    let Given { option, value } = entry.expr(&format!("{setter} = \"{}\"", words[0]))?;
    match name(&value) {
        Some((word, span)) if words.contains(&&*word) => {
            let word = LitStr::new(&word, span);
            let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(word) });
            Ok(vec![LoadCall { option, setter, values: vec![value] }])
        }
        _ => {
            let all: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            let message = format!("`{option}` is one of {}", all.join(", "));
            Err(Error::new_spanned(value, message))
        }
    }
}

/// A name, as a string or as a bare word.
fn name(value: &Expr) -> Option<(String, Span)> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some((text.value(), text.span())),
        Expr::Path(path) => path.path.get_ident().map(|name| (name.to_string(), name.span())),
        _ => None,
    }
}

/// `stages = [("1m", 10), ("2m", 1000)]`
fn stages(entry: Entry) -> Result<Vec<LoadCall>> {
    let example = "stages = [(\"1m\", 10), (\"2m\", 1000)]";
    let Given { option, value } = entry.list(example)?;
    if value.is_empty() {
        return Err(Error::new(option.span(), "`stages` is empty: there is nothing to do"));
    }
    let stage = |stage: Expr| {
        let message = format!("a stage is a time and a target, such as `{example}`");
        let mut values = pair(stage, &message)?;
        check_duration(&Ident::new("stages", option.span()), &values[0])
            .map_err(|error| Error::new(error.span(), &message))?;
        if !matches!(literal(&values[1]), None | Some(Literal::Int(_))) {
            return Err(Error::new_spanned(&values[1], message));
        }
        values.iter_mut().for_each(widen);
        Ok(LoadCall { option: option.clone(), setter: "stage", values })
    };
    value.into_iter().map(stage).collect()
}

/// `env = [("REGION", "eu")]`
fn pairs(entry: Entry, setter: &'static str) -> Result<Vec<LoadCall>> {
    let example = format!("{} = [(\"region\", \"eu\")]", entry.option);
    let Given { option, value } = entry.list(&example)?;
    let message = format!("`{option}` takes pairs of a name and a value, such as `{example}`");
    let one = |value: Expr| {
        let values = pair(value, &message)?;
        for value in &values {
            if !matches!(literal(value), None | Some(Literal::Str(_))) {
                return Err(Error::new_spanned(value, &message));
            }
        }
        Ok(LoadCall { option: option.clone(), setter, values })
    };
    value.into_iter().map(one).collect()
}

/// Both parts of `(a, b)`.
fn pair(value: Expr, message: &str) -> Result<Vec<Expr>> {
    match value {
        Expr::Tuple(pair) if pair.elems.len() == 2 => Ok(pair.elems.into_iter().collect()),
        other => Err(Error::new_spanned(other, message)),
    }
}

/// `thresholds = ["http_req_duration: p(95) < 500ms"]`
fn thresholds(entry: Entry) -> Result<Vec<LoadCall>> {
    let example = "thresholds = [\"http_req_duration: p(95) < 500ms\"]";
    let Given { option, value } = entry.texts(example)?;
    let one = |text: LitStr| {
        let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(text) });
        LoadCall { option: option.clone(), setter: "threshold", values: vec![value] }
    };
    Ok(value.into_iter().map(one).collect())
}
