//! Sampling and throughput options.

use proc_macro2::Ident;
use syn::{Error, Expr, Lit, Result};

use super::entry::{Entry, Value};
use super::value::{Literal, literal, peel};
use crate::errors::Errors;

/// One call that fills in the settings.
pub(crate) struct Setting {
    /// The option as written, which is also the name of the runtime's setter; `counter` for each
    /// element of `counters`.
    pub(crate) setter: Ident,
    /// Its value.
    pub(crate) value: Expr,
}

/// Kinds of values that settings have.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A whole number, at least one.
    Count,
    /// A number of things one iteration processes.
    Amount,
    /// A length of time.
    Duration,
    /// A part of one.
    Ratio,
}

impl Kind {
    fn of(option: &str) -> Option<Self> {
        Some(match option {
            "sample_count" | "sample_size" | "launches" => Self::Count,
            "items_count" | "bytes_count" | "chars_count" | "cycles_count" => Self::Amount,
            "min_time" | "max_time" | "warmup" | "timeout" => Self::Duration,
            "target_ci" => Self::Ratio,
            _ => return None,
        })
    }

    /// What such an option takes, in words and as an example.
    fn expected(self) -> (&'static str, &'static str) {
        match self {
            Self::Count => ("a whole number of at least 1", "100"),
            Self::Amount => ("a whole number", "1_000"),
            Self::Duration => ("a time: seconds, a `Duration` or a string", "\"20ms\""),
            Self::Ratio => ("a ratio between 0 and 1 or a percentage", "\"1%\""),
        }
    }

    fn accepts(self, value: &Literal) -> bool {
        match (self, value) {
            (Self::Count, Literal::Int(count)) => (1..=u128::from(u32::MAX)).contains(count),
            (Self::Amount, Literal::Int(_))
            | (Self::Duration, Literal::Int(_) | Literal::Float(_)) => true,
            (Self::Duration, Literal::Str(text)) => is_duration(text),
            (Self::Ratio, Literal::Float(ratio)) => *ratio > 0.0 && *ratio < 1.0,
            (Self::Ratio, Literal::Str(text)) => is_ratio(text),
            _ => false,
        }
    }
}

/// Reads a setting into calls of its setter.
pub(super) fn setting(entry: Entry, errors: &mut Errors) -> Vec<Setting> {
    let option = entry.option.to_string();
    let settings = match option.as_str() {
        "skip_ext_time" => skip_ext_time(entry).map(|setting| vec![setting]),
        "counters" => counters(entry),
        "counter" => one(entry, "counter = BytesCount::new(4096)"),
        name => match Kind::of(name) {
            Some(kind) => number(entry, kind),
            None => Ok(Vec::new()),
        },
    };
    errors.take(settings).unwrap_or_default()
}

fn one(entry: Entry, example: &str) -> Result<Vec<Setting>> {
    let given = entry.expr(example)?;
    Ok(vec![Setting { setter: given.option, value: given.value }])
}

fn number(entry: Entry, kind: Kind) -> Result<Vec<Setting>> {
    let (words, example) = kind.expected();
    let example = if entry.option == "launches" { "5" } else { example };
    let example = format!("{} = {example}", entry.option);
    let mut settings = one(entry, &example)?;
    for Setting { setter, value } in &mut settings {
        if literal(value).is_some_and(|literal| !kind.accepts(&literal)) {
            let message = format!("`{setter}` takes {words}, such as `{example}`");
            return Err(Error::new_spanned(value, message));
        }
        widen(value);
    }
    Ok(settings)
}

/// A plain integer literal becomes an `i32` where nothing else decides; one too big for that gets
/// a type that holds it.
pub(super) fn widen(value: &mut Expr) {
    let Expr::Lit(expr) = value else { return };
    let Lit::Int(int) = &mut expr.lit else { return };
    if int.suffix().is_empty() && int.base10_parse::<i32>().is_err() {
        *int = syn::LitInt::new(&format!("{}u64", int.base10_digits()), int.span());
    }
}

fn skip_ext_time(entry: Entry) -> Result<Setting> {
    let Entry { option: setter, value } = entry;
    let value = match value {
        Value::Absent => syn::parse_quote!(true),
        Value::Expr(expr) if matches!(literal(&expr), None | Some(Literal::Bool(_))) => expr,
        _ => {
            let message = "`skip_ext_time` stands alone, or is `true` or `false`";
            return Err(Error::new(setter.span(), message));
        }
    };
    Ok(Setting { setter, value })
}

fn counters(entry: Entry) -> Result<Vec<Setting>> {
    let given = entry.list("counters = [ItemsCount::new(10), BytesCount::new(4096)]")?;
    let setter = Ident::new("counter", given.option.span());
    let one = |value| Setting { setter: setter.clone(), value };
    Ok(given.value.into_iter().map(one).collect())
}

/// Reports two counters of one kind, as far as their kinds can be read.
pub(super) fn check_counters(settings: &[Setting], errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for setting in settings {
        let Some(kind) = counter_kind(setting) else { continue };
        if seen.contains(&kind) {
            let message = format!("a second counter of {kind}; each kind counts once");
            if setting.setter == "counter" {
                errors.at(&setting.value, message);
            } else {
                errors.at(&setting.setter, message);
            }
        } else {
            seen.push(kind);
        }
    }
}

/// What a setting counts: from its name, or from `ItemsCount::new(..)` and the like.
fn counter_kind(setting: &Setting) -> Option<String> {
    if setting.setter != "counter" {
        return setting
            .setter
            .to_string()
            .strip_suffix("_count")
            .filter(is_counted)
            .map(Into::into);
    }
    let Expr::Call(call) = peel(&setting.value) else { return None };
    let Expr::Path(function) = peel(&call.func) else { return None };
    let kind = |segment: &syn::PathSegment| {
        let name = segment.ident.to_string().to_lowercase();
        name.strip_suffix("count").filter(is_counted).map(Into::into)
    };
    function.path.segments.iter().find_map(kind)
}

fn is_counted(kind: &&str) -> bool {
    matches!(*kind, "items" | "bytes" | "chars" | "cycles")
}

/// Whether a string is a time, such as `20ms`, `1.5 s` or `1m30s`, as the runtime reads it.
pub(super) fn is_duration(text: &str) -> bool {
    let known = ["", "ns", "us", "µs", "μs", "ms", "s", "m", "min", "h"];
    let in_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c| !in_number(c)).unwrap_or(rest.len()));
        let (unit, next) = after.split_at(after.find(in_number).unwrap_or(after.len()));
        if number.parse::<f64>().is_err() || !known.contains(&unit.trim()) {
            return false;
        }
        rest = next;
    }
    !text.trim().is_empty()
}

/// Whether a string is `1%` or `0.01`.
fn is_ratio(text: &str) -> bool {
    let (number, whole) = match text.trim().strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    number.trim().parse::<f64>().is_ok_and(|number| number > 0.0 && number < whole)
}
