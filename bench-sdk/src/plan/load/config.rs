//! `[load.NAME]` of `hub-bench.toml`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::layers::LoadLayer;
use super::pointed::suggestion;
use super::table::{Dialect, Table, shown};
use super::threshold::{parse_option, parse_phase};
use crate::record::load::{Arrivals, ExecutorKind, LoadOptions, ThresholdOption, WhenBusy};

/// What an entry says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LoadEntry {
    /// Its scenarios and thresholds.
    pub(crate) layer: LoadLayer,
    /// What the load goes to: an address, or the id of a load bench.
    pub(crate) target: Option<String>,
    /// Hosts that are not loopback and may be sent to.
    pub(crate) allow_hosts: Vec<String>,
    /// The requests of an iteration: the name of a file, or what such a file holds.
    pub(crate) requests: Option<Value>,
}

/// Keys of a scenario.
pub(crate) const LOAD_KEYS: [&str; 21] = [
    "executor",
    "vus",
    "duration",
    "stages",
    "iterations",
    "max_duration",
    "rate",
    "time_unit",
    "start_rate",
    "start_vus",
    "pre_allocated_vus",
    "max_vus",
    "start_time",
    "graceful_stop",
    "graceful_ramp_down",
    "arrivals",
    "when_busy",
    "exec",
    "env",
    "tags",
    "thresholds",
];
/// Keys of an entry beside them.
const ENTRY_KEYS: [&str; 4] = ["target", "allow_hosts", "requests", "scenarios"];

/// Reads the entry of that name; the error names the key and what is accepted.
pub(crate) fn parse_entry(name: &str, value: &Value) -> Result<LoadEntry, String> {
    let path = format!("load.{name}");
    let table = Table::new(Dialect::Toml, &path, value)?;
    let keys: Vec<&str> = LOAD_KEYS.into_iter().chain(ENTRY_KEYS).collect();
    table.only(&keys)?;
    let mut scenarios = BTreeMap::new();
    if let Some(value) = table.get("scenarios") {
        let path = table.under("scenarios");
        let inner = table.inner(&path, value)?;
        for (name, value) in inner.entries() {
            let path = inner.under(name);
            let fields = inner.inner(&path, value)?;
            fields.only(&LOAD_KEYS)?;
            scenarios.insert(name.to_owned(), options(fields)?);
        }
    }
    let layer = LoadLayer {
        source: format!("[{path}]"),
        options: options(table)?,
        scenarios,
        phases: Vec::new(),
    };
    Ok(LoadEntry {
        layer,
        target: table.text("target")?,
        allow_hosts: hosts(table)?,
        requests: requests(table)?,
    })
}

fn options(table: Table<'_>) -> Result<LoadOptions, String> {
    Ok(LoadOptions {
        executor: word(table, "executor", |text| text.parse::<ExecutorKind>())?,
        vus: table.whole("vus")?,
        duration: table.time("duration")?,
        stages: table.stages("stages")?,
        iterations: table.whole("iterations")?,
        max_duration: table.time("max_duration")?,
        rate: table.whole("rate")?,
        time_unit: table.time("time_unit")?,
        start_rate: table.whole("start_rate")?,
        start_vus: table.whole("start_vus")?,
        pre_allocated_vus: table.whole("pre_allocated_vus")?,
        max_vus: table.whole("max_vus")?,
        start_time: table.time("start_time")?,
        graceful_stop: table.time("graceful_stop")?,
        graceful_ramp_down: table.time("graceful_ramp_down")?,
        arrivals: word(table, "arrivals", parse_arrivals)?,
        when_busy: word(table, "when_busy", parse_when_busy)?,
        exec: table.text("exec")?,
        env: table.texts("env")?,
        tags: table.texts("tags")?,
        thresholds: thresholds(table)?,
    })
}

fn word<T>(
    table: Table<'_>,
    name: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let Some(text) = table.text(name)? else { return Ok(None) };
    read(&text).map(Some).map_err(|wrong| format!("`{}`: {wrong}", table.under(name)))
}

fn parse_arrivals(text: &str) -> Result<Arrivals, String> {
    match text {
        "uniform" => Ok(Arrivals::Uniform),
        "poisson" => Ok(Arrivals::Poisson),
        _ => Err(format!("`{text}` is unknown; {}", suggestion(text, ["uniform", "poisson"]))),
    }
}

fn parse_when_busy(text: &str) -> Result<WhenBusy, String> {
    match text {
        "drop" => Ok(WhenBusy::Drop),
        "queue" => Ok(WhenBusy::Queue),
        "fail" => Ok(WhenBusy::Fail),
        _ => Err(format!("`{text}` is unknown; {}", suggestion(text, ["drop", "queue", "fail"]))),
    }
}

fn hosts(table: Table<'_>) -> Result<Vec<String>, String> {
    let Some(value) = table.get("allow_hosts") else { return Ok(Vec::new()) };
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let one = |value: &Value| match value.as_str() {
        Some(host) if !host.is_empty() => Ok(host.to_owned()),
        _ => table.refuse("allow_hosts", &format!("is a list of names, found {}", shown(value))),
    };
    list.iter().map(one).collect()
}

fn requests(table: Table<'_>) -> Result<Option<Value>, String> {
    match table.get("requests") {
        Some(value) if value.is_string() || value.is_array() => Ok(Some(value.clone())),
        Some(value) => {
            let wrong = "is the name of a file, or a list of requests";
            table.refuse("requests", &format!("{wrong}, found {}", shown(value)))
        }
        None => Ok(None),
    }
}

/// A list of texts and tables, or lists by the name of the metric as in k6.
fn thresholds(table: Table<'_>) -> Result<Option<Vec<ThresholdOption>>, String> {
    let Some(value) = table.get("thresholds") else { return Ok(None) };
    let path = table.under("thresholds");
    let mut all = Vec::new();
    if let Some(list) = value.as_array() {
        for (at, value) in list.iter().enumerate() {
            all.push(threshold(table, &format!("{path}[{at}]"), "", value)?);
        }
        return Ok(Some(all));
    }
    for (metric, value) in table.inner(&path, value)?.entries() {
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for (at, value) in list.iter().enumerate() {
            let path = format!("{path}.{metric}[{at}]");
            all.push(threshold(table, &path, &format!("{metric}: "), value)?);
        }
    }
    Ok(Some(all))
}

fn threshold(
    of: Table<'_>,
    path: &str,
    metric: &str,
    value: &Value,
) -> Result<ThresholdOption, String> {
    let option = match value.as_str() {
        Some(text) => ThresholdOption::from(format!("{metric}{text}").as_str()),
        None => {
            let table = of.inner(path, value)?;
            let keys = ["threshold", "abort_on_fail", "delay_abort_eval", "window", "phase"];
            table.only(&keys)?;
            let Some(text) = table.text("threshold")? else {
                return Err(format!("`{path}` has no `threshold`, the text of one"));
            };
            ThresholdOption {
                text: format!("{metric}{text}"),
                abort_on_fail: table.flag("abort_on_fail")?,
                delay_abort_eval: table.time("delay_abort_eval")?,
                window: table.time("window")?,
                phase: word(table, "phase", parse_phase)?,
            }
        }
    };
    parse_option(&option).map_err(|wrong| format!("in `{path}`: {wrong}"))?;
    Ok(option)
}
