//! The object `options` as a whole.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::scenario;
use super::literal::{Literal, find};
use super::wishes::HttpWishes;
use crate::plan::check_depth;
use crate::plan::load::layers::LoadLayer;
use crate::plan::load::pointed::suggestion;
use crate::plan::load::table::{Dialect, Table, shown};
use crate::plan::load::threshold::{parse_option, parse_threshold};
use crate::record::load::{LoadOptions, ThresholdOption};

/// What was read of `options`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct K6Options {
    /// Scenarios and thresholds.
    pub(crate) layer: LoadLayer,
    /// What it asks of requests.
    pub(crate) http: HttpWishes,
    /// What was in the file and means nothing here.
    pub(crate) notes: Vec<String>,
}

/// Options that make the load what it is, and are read.
const READ: [&str; 8] =
    ["vus", "duration", "iterations", "stages", "scenarios", "thresholds", "tags", "paused"];
/// Options of requests, which are passed on.
const REQUESTS: [&str; 6] = [
    "userAgent",
    "noConnectionReuse",
    "noVUConnectionReuse",
    "insecureSkipTLSVerify",
    "maxRedirects",
    "hosts",
];
/// Options that change nothing of the load, for the reason beside them.
const WITHOUT_EFFECT: [(&str, &str); 16] = [
    ("summaryTrendStats", "the summary has columns of its own"),
    ("summaryTimeUnit", "the summary chooses its units"),
    ("noColor", "colour depends on the terminal"),
    ("systemTags", "parts of metrics are kept where a threshold asks for them"),
    ("metricSamplesBufferSize", "samples are not buffered"),
    ("discardResponseBodies", "bodies are never kept"),
    ("throw", "there is no script that could catch"),
    ("noSetup", "`setup` of the script is not run"),
    ("setupTimeout", "`setup` of the script is not run"),
    ("noTeardown", "`teardown` of the script is not run"),
    ("teardownTimeout", "`teardown` of the script is not run"),
    ("batch", "requests of an iteration follow each other"),
    ("batchPerHost", "requests of an iteration follow each other"),
    ("httpDebug", "requests are not logged"),
    ("ext", "it is for other tools"),
    ("cloud", "it is for other tools"),
];
/// Options that would change the load or its safety and are not to be had, with what to do.
const REFUSED: [(&str, &str); 12] = [
    ("rps", "limits the rate of a closed test; use constant-arrival-rate instead"),
    ("minIterationDuration", "paces iterations; use an arrival rate instead"),
    ("executionSegment", "is given on the command line: `--shard K/N`"),
    ("executionSegmentSequence", "is given on the command line: `--shard K/N`"),
    ("dns", "chooses among addresses; give the address in `hosts` or in the URL"),
    ("blacklistIPs", "forbids addresses; here they are allowed one by one: `allow_hosts`"),
    ("blockHostnames", "forbids names; here they are allowed one by one: `allow_hosts`"),
    ("localIPs", "sends from several addresses, which is not supported"),
    ("noCookiesReset", "keeps cookies from one iteration to the next, which is not supported"),
    ("tlsAuth", "presents certificates, which is not supported"),
    ("tlsCipherSuites", "chooses ciphers, which is not supported"),
    ("tlsVersion", "chooses the version of TLS, which is not supported"),
];

/// Reads a file with `options`: JSON, JSON5, or a script that has them as a literal. The error says
/// where and what is accepted; `file` is its name.
pub(crate) fn parse_options(file: &str, source: &str) -> Result<K6Options, String> {
    read(file, source).map_err(|wrong| format!("{file}: {wrong}"))
}

fn read(file: &str, source: &str) -> Result<K6Options, String> {
    let literal = find(source)?;
    check_depth(&literal.json5)?;
    let value: Value = json5::from_str(&literal.json5).map_err(|e| unreadable(&literal, &e))?;
    let options = Table::new(Dialect::K6, "", &value)?;
    let mut notes = check_names(options)?;
    if literal.is_part {
        notes.push("only `options` is read; the rest of the script is not run".to_owned());
    }
    let scenarios = scenarios(options, &mut notes)?;
    let own = LoadOptions {
        vus: options.whole("vus")?,
        duration: options.time("duration")?,
        iterations: options.whole("iterations")?,
        stages: options.stages("stages")?.filter(|stages| !stages.is_empty()),
        tags: options.texts("tags")?,
        thresholds: thresholds(options)?,
        ..LoadOptions::default()
    };
    // k6 lets `vus` stand beside scenarios, where it means nothing.
    let own = if scenarios.is_empty() || own.vus.is_none() {
        own
    } else {
        notes.push("`vus` has no effect beside `scenarios`".to_owned());
        LoadOptions { vus: None, ..own }
    };
    let layer = LoadLayer { source: file.to_owned(), options: own, scenarios, phases: Vec::new() };
    Ok(K6Options { layer, http: HttpWishes::read(options)?, notes })
}

/// Refuses what is unknown or not to be had, and notes what has no effect.
fn check_names(options: Table<'_>) -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    for (name, value) in options.entries() {
        if READ.contains(&name) || REQUESTS.contains(&name) {
            continue;
        }
        if let Some((_, why)) = WITHOUT_EFFECT.iter().find(|(known, _)| *known == name) {
            notes.push(format!("`{name}` has no effect: {why}"));
            continue;
        }
        let Some((_, why)) = REFUSED.iter().find(|(known, _)| *known == name) else {
            return Err(unknown(name));
        };
        // Switched off it asks for nothing.
        if *value != Value::Bool(false) {
            return Err(format!("`{name}` {why}; or leave it out"));
        }
    }
    if options.flag("paused")? == Some(true) {
        return Err("`paused` waits for a command from outside, which never comes here; \
                    leave it out"
            .to_owned());
    }
    Ok(notes)
}

fn unknown(name: &str) -> String {
    let known = READ.iter().chain(&REQUESTS).copied();
    let known = known.chain(WITHOUT_EFFECT.iter().map(|(name, _)| *name));
    let known = known.chain(REFUSED.iter().map(|(name, _)| *name));
    format!("unknown option `{name}`; {}", suggestion(name, known))
}

fn scenarios(
    options: Table<'_>,
    notes: &mut Vec<String>,
) -> Result<BTreeMap<String, LoadOptions>, String> {
    let mut scenarios = BTreeMap::new();
    let Some(value) = options.get("scenarios") else { return Ok(scenarios) };
    let table = options.inner("scenarios", value)?;
    for (name, value) in table.entries() {
        let path = table.under(name);
        scenarios.insert(name.to_owned(), scenario(table.inner(&path, value)?)?);
    }
    if scenarios.is_empty() {
        notes.push("`scenarios` is empty: one iteration of one virtual user".to_owned());
    }
    Ok(scenarios)
}

/// `{ metric: ["p(95)<500", { threshold: .., abortOnFail: true, delayAbortEval: '10s' }] }`
fn thresholds(options: Table<'_>) -> Result<Option<Vec<ThresholdOption>>, String> {
    let Some(value) = options.get("thresholds") else { return Ok(None) };
    let table = options.inner("thresholds", value)?;
    let mut all = Vec::new();
    for (metric, value) in table.entries() {
        // One text without a list around it is what people write, and can mean one thing only.
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for (at, value) in list.iter().enumerate() {
            let path = format!("{}[{at}]", table.under(metric));
            let wrong = |error: String| format!("in `{path}`: {error}");
            let option = threshold(&path, metric, value)?;
            let expression = option.text[metric.len() + 2..].to_owned();
            parse_threshold(metric, &expression).map_err(wrong)?;
            parse_option(&option).map_err(wrong)?;
            all.push(option);
        }
    }
    Ok(Some(all))
}

fn threshold(path: &str, metric: &str, value: &Value) -> Result<ThresholdOption, String> {
    let text = |expression: &str| format!("{metric}: {expression}");
    if let Some(expression) = value.as_str() {
        return Ok(ThresholdOption { text: text(expression), ..ThresholdOption::default() });
    }
    if !value.is_object() {
        return Err(format!(
            "`{path}` must be a text such as 'p(95)<500', or {{ threshold: .. }}, found {}",
            shown(value)
        ));
    }
    let table = Table::new(Dialect::K6, path, value)?;
    table.only(&["threshold", "abortOnFail", "delayAbortEval"])?;
    let Some(expression) = table.text("threshold")? else {
        return Err(format!("`{path}` has no `threshold`, such as 'p(95)<500'"));
    };
    Ok(ThresholdOption {
        text: text(&expression),
        abort_on_fail: table.flag("abortOnFail")?,
        delay_abort_eval: table.time("delayAbortEval")?,
        ..ThresholdOption::default()
    })
}

/// Why the literal is no JSON5, with the line of the file.
fn unreadable(literal: &Literal, error: &json5::Error) -> String {
    let Some(position) = error.position() else { return error.to_string() };
    let text = literal.json5.lines().nth(position.line).unwrap_or_default();
    let rest: String = text.chars().skip(position.column).collect();
    let found: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let found = if found.is_empty() { rest.chars().take(1).collect() } else { found };
    let line = literal.line + position.line + 1;
    let spaces = " ".repeat(position.column);
    format!(
        "line {line}: `{found}` is no plain value; variables, functions and sums are not evaluated\n    \
         {text}\n    {spaces}^\n  write the value itself, such as 30, '30s' or [ .. ]"
    )
}
