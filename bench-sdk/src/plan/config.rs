//! `hub-bench.toml`.

use serde_json::{Map, Value};

use super::nearest;
use crate::record::{Settings, parse_duration, parse_ratio};

/// What the configuration file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Configuration {
    /// `results-dir`
    pub(crate) results_dir: Option<String>,
    /// `columns`, joined by commas.
    pub(crate) columns: Option<String>,
    /// `[defaults]`
    pub(crate) defaults: Settings,
    /// `[[override]]`, in order.
    pub(crate) overrides: Vec<Override>,
    /// `[preset.NAME]`
    pub(crate) presets: Vec<(String, Settings)>,
    /// `[load.NAME]`
    #[cfg(feature = "load")]
    pub(crate) load: std::collections::BTreeMap<String, super::load::LoadEntry>,
}

/// Settings for the cases whose id matches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Override {
    /// Pattern in which `*` stands for any text.
    pub(crate) pattern: String,
    pub(crate) settings: Settings,
}

/// Names of settings, as they stand in files, on the command line (with dashes) and in variables.
pub(crate) const SETTING_NAMES: [&str; 11] = [
    "sample_count",
    "sample_size",
    "min_time",
    "max_time",
    "warmup",
    "target_ci",
    "launches",
    "skip_ext_time",
    "timeout",
    "probes",
    "instructions",
];

const KEYS: [&str; 6] = ["results-dir", "columns", "defaults", "override", "preset", "load"];

impl Configuration {
    /// Reads the text of a configuration file; the error names the key and what is accepted.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        super::depth::check_depth(text)?;
        let root: Map<String, Value> = basic_toml::from_str(text).map_err(|e| e.to_string())?;
        let mut configuration = Self::default();
        for (key, value) in &root {
            finite(key, value)?;
            match key.as_str() {
                "results-dir" => configuration.results_dir = Some(string(key, value)?.to_owned()),
                "columns" => configuration.columns = Some(columns(key, value)?),
                "defaults" => configuration.defaults = settings(key, value)?,
                "override" => configuration.overrides = overrides(value)?,
                "preset" => configuration.presets = presets(value)?,
                #[cfg(feature = "load")]
                "load" => {
                    for (name, value) in table(key, value)? {
                        let entry = super::load::parse_entry(name, value)?;
                        configuration.load.insert(name.clone(), entry);
                    }
                }
                // For those who can put load on something.
                #[cfg(not(feature = "load"))]
                "load" => {}
                _ => return Err(unknown(key, &KEYS)),
            }
        }
        Ok(configuration)
    }

    /// Settings of the preset of that name.
    pub(crate) fn preset(&self, name: &str) -> Result<Settings, String> {
        let found = self.presets.iter().find(|(known, _)| known == name);
        found.map(|(_, settings)| settings.clone()).ok_or_else(|| {
            let known: Vec<&str> = self.presets.iter().map(|(name, _)| name.as_str()).collect();
            if known.is_empty() {
                format!("there is no preset `{name}`: hub-bench.toml has no [preset.{name}]")
            } else {
                format!("there is no preset `{name}`; known: {}", known.join(", "))
            }
        })
    }
}

/// Refuses `inf` and `nan` wherever they stand: TOML has them, and as JSON they become nothing.
fn finite(path: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Null => Err(format!("`{path}` must be a finite number")),
        Value::Array(list) => {
            let mut each = list.iter().enumerate();
            each.try_for_each(|(at, value)| finite(&format!("{path}[{at}]"), value))
        }
        Value::Object(table) => {
            table.iter().try_for_each(|(key, value)| finite(&format!("{path}.{key}"), value))
        }
        _ => Ok(()),
    }
}

impl Override {
    /// Whether the pattern matches the whole id, or a part of it that begins a path segment.
    pub(crate) fn matches(&self, id: &str) -> bool {
        let starts = id.match_indices("::").map(|(at, separator)| at + separator.len());
        std::iter::once(0).chain(starts).any(|at| glob(&self.pattern, &id[at..]))
    }
}

/// Whether the pattern, in which `*` stands for any text, matches the whole text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn unknown(key: &str, accepted: &[&str]) -> String {
    let help = nearest(key, accepted.iter().copied()).map_or_else(
        || format!("accepted: {}", accepted.join(", ")),
        |name| format!("did you mean `{name}`?"),
    );
    format!("unknown key `{key}`; {help}")
}

fn string<'a>(key: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("`{key}` must be a text in quotes, found {value}"))
}

/// A list of texts, or one text with commas.
fn columns(key: &str, value: &Value) -> Result<String, String> {
    let Some(list) = value.as_array() else { return string(key, value).map(str::to_owned) };
    let names: Result<Vec<&str>, String> = list.iter().map(|name| string(key, name)).collect();
    Ok(names?.join(","))
}

fn table<'a>(key: &str, value: &'a Value) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("`{key}` must be a table, found {value}"))
}

fn settings(section: &str, value: &Value) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for (key, value) in table(section, value)? {
        if !SETTING_NAMES.contains(&key.as_str()) {
            return Err(format!("in [{section}]: {}", unknown(key, &SETTING_NAMES)));
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        set_by_name(&mut settings, key, &text).map_err(|e| format!("in [{section}]: {e}"))?;
    }
    Ok(settings)
}

fn overrides(value: &Value) -> Result<Vec<Override>, String> {
    let list = value.as_array().ok_or("`override` is a list: write [[override]]")?;
    let one = |value: &Value| {
        let mut fields = table("override", value)?.clone();
        let pattern = fields.remove("match").ok_or("[[override]] needs `match = \"..\"`")?;
        let pattern = string("match", &pattern)?.to_owned();
        Ok(Override { pattern, settings: settings("override", &Value::Object(fields))? })
    };
    list.iter().map(one).collect()
}

fn presets(value: &Value) -> Result<Vec<(String, Settings)>, String> {
    let one = |(name, value): (&String, &Value)| {
        Ok((name.clone(), settings(&format!("preset.{name}"), value)?))
    };
    table("preset", value)?.iter().map(one).collect()
}

/// Sets one setting from text, as files, flags and variables give it.
pub(crate) fn set_by_name(settings: &mut Settings, name: &str, text: &str) -> Result<(), String> {
    let named = |error: String| format!("`{name}`: {error}");
    let count = || match text.trim().replace('_', "").parse::<u32>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(named(format!("`{text}` is not a whole number of at least 1"))),
    };
    let yes_or_no = || match text {
        "true" | "yes" | "on" => Ok(true),
        "false" | "no" | "off" => Ok(false),
        _ => Err(named(format!("`{text}` is neither true nor false"))),
    };
    let time = || parse_duration(text).map_err(named);
    match name {
        "sample_count" => settings.sample_count = Some(count()?),
        "sample_size" => settings.sample_size = Some(count()?),
        "launches" => settings.launches = Some(count()?),
        "min_time" => settings.min_time = Some(time()?),
        "max_time" => settings.max_time = Some(time()?),
        "warmup" => settings.warmup = Some(time()?),
        "timeout" => settings.timeout = Some(time()?),
        "target_ci" => settings.target_ci = Some(parse_ratio(text).map_err(named)?),
        "skip_ext_time" => settings.skip_ext_time = Some(yes_or_no()?),
        "probes" => settings.probes = Some(yes_or_no()?),
        "instructions" => settings.instructions = Some(yes_or_no()?),
        _ => return Err(unknown(name, &SETTING_NAMES)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const TEXT: &str = r#"
results-dir = "bench-results"
columns = ["+rss", "faults"]
[defaults]
launches = 5
warmup = "10ms"
[[override]]
match = "swarm::*"
max_time = 2
[preset.ci]
target_ci = "1%"
"#;

    #[test]
    fn a_whole_file_is_read() {
        let read = Configuration::parse(TEXT).unwrap_or_default();
        assert_eq!(read.results_dir.as_deref(), Some("bench-results"));
        assert_eq!(read.columns.as_deref(), Some("+rss,faults"));
        assert_eq!(read.defaults.launches, Some(5));
        assert_eq!(read.defaults.warmup, Some(Duration::from_millis(10)));
        assert_eq!(read.overrides[0].settings.max_time, Some(Duration::from_secs(2)));
        assert_eq!(read.preset("ci").ok().and_then(|ci| ci.target_ci), Some(0.01));
        assert!(read.preset("cj").is_err_and(|e| e.contains("known: ci")));
    }

    #[test]
    fn wrong_keys_and_values_say_what_is_right() {
        let error = |text: &str| Configuration::parse(text).err().unwrap_or_default();
        assert!(error("[default]").contains("did you mean `defaults`?"));
        assert!(error("columns = [1]").contains("`columns` must be a text"));
        assert!(error("[defaults]\nlaunch = 3").contains("did you mean `launches`?"));
        assert!(error("[defaults]\nlaunches = 0").contains("at least 1"));
        assert!(error("[[override]]\nlaunches = 1").contains("match"));
        assert!(error("x = ").contains("expected"));
        assert!(
            error("[defaults]\nlaunches = nan").contains("`defaults.launches` must be a finite")
        );
        let listed = error("[[override]]\nmatch = \"a\"\ntarget-ci = inf");
        assert!(listed.contains("`override[0].target-ci` must be a finite"), "{listed}");
    }

    #[test]
    fn patterns_match_from_any_segment() {
        let matches = |pattern: &str, id: &str| {
            Override { pattern: pattern.into(), settings: Settings::default() }.matches(id)
        };
        assert!(matches("swarm::*", "hub::swarm::vote[3]"));
        assert!(matches("hub::*::vote*", "hub::swarm::vote[3]"));
        assert!(!matches("warm::*", "hub::swarm::vote[3]"));
        assert!(!matches("swarm", "hub::swarm::vote"));
    }
}
