//! Values of a table that was read, with errors that say where.

use std::time::Duration;

use serde_json::{Map, Value};

use super::k6::parse_k6_duration;
use super::pointed::suggestion;
use crate::record::load::{Stage, Tags};
use crate::record::parse_duration;

/// A table and its name in errors.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) path: &'a str,
    values: &'a Map<String, Value>,
    dialect: Dialect,
}

/// How lengths of time are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As in k6: a bare number is one of milliseconds.
    K6,
    /// As in `hub-bench.toml`: a bare number is one of seconds.
    Toml,
}

impl<'a> Table<'a> {
    pub(super) fn new(dialect: Dialect, path: &'a str, value: &'a Value) -> Result<Self, String> {
        match value.as_object() {
            Some(values) => Ok(Self { path, values, dialect }),
            None if path.is_empty() => Err(format!("expected `{{ .. }}`, found {}", shown(value))),
            None => Err(format!("`{path}` must be a table `{{ .. }}`, found {}", shown(value))),
        }
    }

    /// A table within this one, or within a list of it, by its whole name.
    pub(super) fn inner<'b>(self, path: &'b str, value: &'b Value) -> Result<Table<'b>, String> {
        Table::new(self.dialect, path, value)
    }

    /// Names that are given; `null` counts as not given, as in k6.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.values.iter().filter(|(_, v)| !v.is_null()).map(|(name, v)| (name.as_str(), v))
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// An error on one of its values.
    pub(super) fn refuse<T>(self, name: &str, wrong: &str) -> Result<T, String> {
        if self.path.is_empty() {
            return Err(format!("`{name}` {wrong}"));
        }
        Err(format!("`{}.{name}` {wrong}", self.path))
    }

    /// A whole number of at least 0.
    pub(super) fn whole(self, name: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_f64().filter(|number| number.fract() == 0.0);
        match number {
            Some(number) if number < 0.0 => self.refuse(name, "can't be negative"),
            Some(number) if number < 9e15 => Ok(Some(number as u64)),
            _ => self.refuse(name, &format!("must be a whole number, found {}", shown(value))),
        }
    }

    /// A length of time of at least 0.
    pub(super) fn time(self, name: &str) -> Result<Option<Duration>, String> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let ns = match (self.dialect, value) {
            (Dialect::K6, Value::String(text)) => parse_k6_duration(text),
            (Dialect::K6, Value::Number(number)) => parse_k6_duration(&number.to_string()),
            (Dialect::Toml, Value::String(text)) => seconds(text),
            (Dialect::Toml, Value::Number(number)) => seconds(&number.to_string()),
            _ => None,
        };
        match ns.map(u64::try_from) {
            Some(Ok(ns)) => Ok(Some(Duration::from_nanos(ns))),
            Some(Err(_)) => self.refuse(name, "can't be negative"),
            None => {
                let words = self.dialect.time_words();
                self.refuse(name, &format!("must be {words}, found {}", shown(value)))
            }
        }
    }

    pub(super) fn text(self, name: &str) -> Result<Option<String>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(value) => {
                self.refuse(name, &format!("must be a text in quotes, found {}", shown(value)))
            }
        }
    }

    pub(super) fn flag(self, name: &str) -> Result<Option<bool>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(value) => {
                self.refuse(name, &format!("must be true or false, found {}", shown(value)))
            }
        }
    }

    /// Names and texts.
    pub(super) fn texts(self, name: &str) -> Result<Tags, String> {
        let Some(value) = self.get(name) else { return Ok(Tags::new()) };
        let path = self.under(name);
        let table = self.inner(&path, value)?;
        let mut texts = Tags::new();
        for (key, _) in table.entries() {
            texts.insert(key.to_owned(), table.text(key)?.unwrap_or_default());
        }
        Ok(texts)
    }

    pub(super) fn stages(self, name: &str) -> Result<Option<Vec<Stage>>, String> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let Some(list) = value.as_array() else {
            return self.refuse(name, &format!("must be a list `[ .. ]`, found {}", shown(value)));
        };
        let one = |(at, value): (usize, &Value)| {
            let path = format!("{}[{at}]", self.under(name));
            let stage = self.inner(&path, value)?;
            stage.only(&["duration", "target"])?;
            let missing = |what: &str| format!("`{path}` has no `{what}`");
            let duration = stage.time("duration")?.ok_or_else(|| missing("duration"))?;
            let target = stage.whole("target")?.ok_or_else(|| missing("target"))?;
            Ok(Stage::new(duration, target))
        };
        list.iter().enumerate().map(one).collect::<Result<_, String>>().map(Some)
    }

    /// Refuses names that are not among these.
    pub(super) fn only(self, accepted: &[&str]) -> Result<(), String> {
        match self.entries().find(|(name, _)| !accepted.contains(name)) {
            None => Ok(()),
            Some((name, _)) => {
                let help = suggestion(name, accepted.iter().copied());
                self.refuse(name, &format!("is not known here; {help}"))
            }
        }
    }

    pub(super) fn under(self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl Dialect {
    fn time_words(self) -> &'static str {
        match self {
            Self::K6 => "a length of time such as '1m30s', or a number of milliseconds",
            Self::Toml => "a length of time such as \"1m30s\", or a number of seconds",
        }
    }
}

fn seconds(text: &str) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let time = parse_duration(text).ok()?;
    Some(sign * i128::try_from(time.as_nanos()).ok()?)
}

/// A value as errors show it, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 40 {
        return text;
    }
    let end = text.floor_char_boundary(40);
    format!("{}..", &text[..end])
}
