//! Values of options.

use std::ffi::OsString;
use std::time::Duration;

use super::usage::{UsageError, shortened};
use crate::record::parse_duration;
use crate::report::{Columns, Format, ListFormat};

/// What the user wrote, if it is text.
pub(super) fn text(what: &str, raw: OsString) -> Result<String, UsageError> {
    raw.into_string().map_err(|raw| {
        let shown = shortened(&raw.to_string_lossy());
        UsageError::new(format!("{what} `{shown}` is not valid UTF-8"))
            .help("ids of benches are UTF-8, so nothing could match")
    })
}

/// The value of the option.
pub(super) fn value(parser: &mut lexopt::Parser, name: &str) -> Result<String, UsageError> {
    let raw = parser.value().map_err(|_| UsageError::new(format!("`--{name}` needs a value")))?;
    text(&format!("value of --{name}"), raw)
}

/// A whole number.
pub(super) fn number(name: &str, text: &str) -> Result<u64, UsageError> {
    text.parse().map_err(|_| {
        UsageError::new(format!("`--{name}`: `{}` is not a whole number", shortened(text)))
    })
}

/// A length of time, of which there is some.
pub(super) fn time(name: &str, text: &str) -> Result<Duration, UsageError> {
    match parse_duration(text) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) => Err(UsageError::new(format!("`--{name}`: no time at all is nothing to do"))),
        Err(error) => Err(UsageError::new(format!("`--{name}`: {error}"))),
    }
}

/// `--columns`
pub(super) fn columns(text: &str) -> Result<Columns, UsageError> {
    Columns::parse(text).map_err(|error| {
        UsageError::new(format!("`--columns`: {error}"))
            .help("names of metrics, separated by commas; +NAME adds to the usual ones")
    })
}

/// `--color`: yes, no, or as the terminal is.
pub(super) fn color(when: &str) -> Result<Option<bool>, UsageError> {
    match when {
        "auto" => Ok(None),
        "always" => Ok(Some(true)),
        "never" => Ok(Some(false)),
        _ => Err(UsageError::new(format!(
            "`--color`: `{}` is none of auto, always, never",
            shortened(when)
        ))),
    }
}

/// `--partition`: a share of how many.
pub(super) fn partition(text: &str) -> Result<(u32, u32), UsageError> {
    let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((k, n)) if 1 <= k && k <= n => Ok((k, n)),
        _ => Err(UsageError::new(format!("`--partition`: `{}` is not K/N", shortened(text)))
            .help("the first of three machines takes 1/3")),
    }
}

/// `--output-format`
pub(super) fn output_format(name: &str) -> Result<Format, UsageError> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::names().collect();
        unknown_name("--output-format", name, &known)
    })
}

/// `--format`
pub(super) fn list_format_of(name: &str) -> Result<ListFormat, UsageError> {
    ListFormat::from_name(name)
        .ok_or_else(|| unknown_name("--format", name, &["pretty", "terse", "json"]))
}

fn unknown_name(option: &str, name: &str, known: &[&str]) -> UsageError {
    let error = UsageError::new(format!("`{option}`: unknown format `{}`", shortened(name)));
    match crate::plan::nearest(name, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("known: {}", known.join(", "))),
    }
}
