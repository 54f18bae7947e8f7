//! A load test as text for a pull request.

use super::judged::judged;
use super::outcome::{LoadOutcome, ended_early};
use super::search::{course_words, took_words};
use super::words::{figure, grouped, kind_word, model_word, percentile};
use crate::record::Severity;
use crate::record::load::{LoadRecord, MetricRecord};
use crate::report::escape::{cut, escape};
use crate::report::markdown_text::{cell, code, inert, name};

/// Columns of one line of a message.
const MAX_MESSAGE: usize = 200;
/// Rows of a table; the comment has to end somewhere.
const MAX_ROWS: usize = 50;

/// A heading with what came out, what was done, times, thresholds, errors and warnings.
pub(super) fn render_markdown(record: &LoadRecord) -> String {
    let outcome = LoadOutcome::of(record);
    let mark = if outcome.is_good() { "✅" } else { "❌" };
    let word = match kind_word(record.plan.kind) {
        "load" => "Load test",
        "stress" => "Stress test",
        _ => "Spike test",
    };
    let early = ended_early(record).map(|early| format!(", {early}")).unwrap_or_default();
    let verdict = format!("{}{early}", outcome.words());
    let mut out = format!(
        "### {mark} {word} {}: {}\n\n",
        code(&name(&record.plan.name)),
        inert(&cut(&escape(&verdict), MAX_MESSAGE))
    );
    if record.generator.limited {
        let why =
            record.generator.why.as_deref().unwrap_or("the side that makes the load was full");
        let why = inert(&cut(&escape(why), MAX_MESSAGE));
        push(
            &mut out,
            &format!(
                "> **generator-limited**: {why}. Nothing is said about the target's capacity.\n\n"
            ),
        );
    }
    push_scenarios(&mut out, record);
    push_times(&mut out, record);
    push_thresholds(&mut out, record);
    push_errors(&mut out, record);
    push_words(&mut out, record);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Appends what was just made.
fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

fn push_scenarios(out: &mut String, record: &LoadRecord) {
    for scenario in record.plan.scenarios.iter().take(MAX_ROWS) {
        let words = course_words(record, scenario);
        let model = model_word(&scenario.executor);
        push(out, &format!("- {}: {}, {model}\n", code(&name(&scenario.name)), inert(&words)));
    }
    let sum = |of: fn(&crate::record::load::ScenarioRecord) -> u64| {
        grouped(record.scenarios.iter().map(of).sum())
    };
    push(
        out,
        &format!(
            "- {}, {} failed, {} interrupted, {} dropped\n\n",
            took_words(record),
            sum(|scenario| scenario.failed),
            sum(|scenario| scenario.interrupted),
            sum(|scenario| scenario.dropped),
        ),
    );
}

fn push_times(out: &mut String, record: &LoadRecord) {
    let names = ["response", "service", "iteration_duration", "http_req_duration"];
    let found: Vec<(&str, &MetricRecord)> =
        names.iter().filter_map(|name| Some((*name, record.metrics.get(*name)?))).collect();
    let rows: Vec<String> =
        found.iter().filter_map(|(name, metric)| times_row(name, metric)).collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "| | min | avg | med | p90 | p95 | p99 | max |\n|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    out.push_str(&rows.concat());
    out.push('\n');
}

fn times_row(name: &str, metric: &MetricRecord) -> Option<String> {
    let trend = metric.trend.as_ref()?;
    let known = |value| figure(metric.unit, value);
    let at = |value| percentile(metric.unit, trend, value).replace('>', "&gt;");
    Some(format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
        code(name),
        known(trend.min),
        known(trend.avg),
        at(trend.med),
        at(trend.p90),
        at(trend.p95),
        at(trend.p99),
        known(trend.max),
    ))
}

fn push_thresholds(out: &mut String, record: &LoadRecord) {
    let all = judged(record);
    if all.is_empty() {
        return;
    }
    out.push_str("| | threshold | | found |\n|---|---|---|---|\n");
    for one in all.iter().take(MAX_ROWS) {
        let mark = if one.passed { "✅" } else { "❌" };
        let found = cut(&escape(&one.found_words()), MAX_MESSAGE);
        push(
            out,
            &format!(
                "| {mark} | {} | {} | {} |\n",
                cell(&code(&name(&one.metric))),
                cell(&code(&name(&one.condition))),
                cell(&inert(&found))
            ),
        );
    }
    push_left_out(out, all.len());
    out.push('\n');
}

fn push_errors(out: &mut String, record: &LoadRecord) {
    if record.errors.is_empty() {
        return;
    }
    out.push_str("| error | count | first |\n|---|---:|---|\n");
    for error in record.errors.iter().take(MAX_ROWS) {
        let first = error.example.lines().next().unwrap_or_default();
        push(
            out,
            &format!(
                "| {} | {} | {} |\n",
                cell(&code(&name(&error.kind))),
                grouped(error.count),
                cell(&inert(&cut(&escape(first), MAX_MESSAGE)))
            ),
        );
    }
    push_left_out(out, record.errors.len());
    out.push('\n');
}

fn push_left_out(out: &mut String, rows: usize) {
    if rows > MAX_ROWS {
        push(out, &format!("\nand {} more\n", rows - MAX_ROWS));
    }
}

/// What a stress or spike test found, and warnings.
fn push_words(out: &mut String, record: &LoadRecord) {
    let capacity = record.capacity.iter().map(|capacity| capacity.words.as_str());
    let recovery = record.recovery.iter().map(|recovery| recovery.words.as_str());
    let warnings = record.notes.iter().filter(|note| note.severity == Severity::Warning);
    let warnings = warnings.map(|note| note.text.as_str());
    for words in capacity.chain(recovery).chain(warnings).take(MAX_ROWS) {
        push(out, &format!("- {}\n", inert(&cut(&escape(words), MAX_MESSAGE))));
    }
}
