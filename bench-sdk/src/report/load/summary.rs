//! A finished load test as people read it.

use super::judged::judged;
use super::layout::{joined, push_aligned, push_sentence};
use super::metrics::push_metrics;
use super::outcome::{LoadOutcome, ended_early};
use super::search::{course_words, push_window, took_words};
use super::stated::{push_capacity, push_checks, push_errors, push_recovery, push_remarks};
use super::words::{
    counted, executor_words, figure, grouped, kind_word, model_word, percentile, span,
};
use crate::record::load::{LoadRecord, MetricRecord, MetricUnit};
use crate::record::units::{bytes, percent};
use crate::report::TerminalOptions;
use crate::report::escape::{cut, escape, width};
use crate::report::style::{Paint, end_line, push_painted};
use crate::report::table::{Cell, Row, render_table};

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 20;
/// Figures of a row of times.
const TITLES: [&str; 7] = ["min", "avg", "med", "p90", "p95", "p99", "max"];
/// Said where iterations wait for one another.
const NO_PLAN: &str = "closed scenarios have no planned instants: while the target is slow, users \
                       wait and fewer iterations start, so times are those from sending";

/// The whole load test: how it went at the top where it went badly, what was done, times,
/// iterations, checks, errors, all metrics, thresholds, and the exit code in words.
///
/// ```
/// use bench_sdk::record::load::LoadRecord;
/// use bench_sdk::report::{TerminalOptions, render_load_summary};
///
/// fn show(record: &LoadRecord) -> String {
///     render_load_summary(record, &TerminalOptions::default())
/// }
/// ```
pub fn render_load_summary(record: &LoadRecord, options: &TerminalOptions) -> String {
    let (columns, color) = (options.width.max(MIN_WIDTH), options.color);
    let outcome = LoadOutcome::of(record);
    let mut out = String::new();
    if outcome.is_void() {
        push_painted(&mut out, "FAILED", Paint::Bad, color);
        out.push_str("  ");
        push_painted(&mut out, &cut(&escape(&outcome.words()), columns - 8), Paint::Bad, color);
        end_line(&mut out);
    }
    push_limit(&mut out, record, columns, color);
    if !options.quiet {
        push_head(&mut out, record, columns, color);
        out.push('\n');
        push_window(&mut out, record, columns);
        push_times(&mut out, record, columns, color);
        push_generator(&mut out, record, columns, color);
        push_iterations(&mut out, record, columns);
        push_target(&mut out, record, columns);
        push_checks(&mut out, record, columns, color);
        push_errors(&mut out, record, columns, color);
        if !record.metrics.is_empty() {
            out.push('\n');
            push_metrics(&mut out, record, columns, color);
        }
        push_capacity(&mut out, record, columns, color);
        push_recovery(&mut out, record, columns, color);
    }
    push_thresholds(&mut out, record, columns, color);
    if !options.quiet {
        push_remarks(&mut out, record, columns, color);
    }
    push_closing(&mut out, record, &outcome, options, columns);
    out
}

/// Nothing is said of a capacity that was the generator's own.
fn push_limit(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    if !record.generator.limited {
        return;
    }
    push_painted(out, "generator-limited", Paint::Caution, color);
    out.push_str("  ");
    let why = record.generator.why.as_deref().unwrap_or("the side that makes the load was full");
    let text = format!("{}: nothing is said about the target's capacity", escape(why));
    push_sentence(out, &text, 2, columns.saturating_sub(17));
}

/// `load  NAME   constant-arrival-rate 2,000/s · 60 s · open model`; several scenarios stand below.
fn push_head(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let plan = &record.plan;
    let word = kind_word(plan.kind);
    let name = cut(&escape(&plan.name), columns.saturating_sub(word.len() + 2));
    push_painted(out, word, Paint::Bold, color);
    out.push_str("  ");
    push_painted(out, &name, Paint::Bold, color);
    let mut parts = Vec::new();
    match plan.scenarios.as_slice() {
        [only] => {
            parts.push(course_words(record, only));
            parts.push(model_word(&only.executor).to_owned());
        }
        many => {
            parts.push(counted(many.len() as u64, "scenario"));
            parts.push(span(record.run.duration_ns));
        }
    }
    if record.run.target != plan.name && !record.run.target.is_empty() {
        parts.push(escape(&record.run.target));
    }
    if (plan.time_scale - 1.0).abs() > f64::EPSILON {
        parts.push(format!("times × {}", super::words::plain(plan.time_scale)));
    }
    let room = columns.saturating_sub(word.len() + 2 + width(&name) + 3);
    if room >= MIN_WIDTH {
        out.push_str("   ");
        push_painted(out, &joined(&parts, room), Paint::Dim, color);
        end_line(out);
    } else {
        end_line(out);
        out.push_str("  ");
        push_painted(out, &joined(&parts, columns - 2), Paint::Dim, color);
        end_line(out);
    }
    if plan.scenarios.len() > 1 {
        push_scenarios(out, record, columns, color);
    }
}

fn push_scenarios(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let rows: Vec<Vec<Cell>> = record
        .plan
        .scenarios
        .iter()
        .map(|scenario| {
            let mut words = executor_words(&scenario.executor);
            if scenario.start_time_ns > 0 {
                words = format!("{words} · from {}", span(scenario.start_time_ns));
            }
            let words = format!("{words} · {}", model_word(&scenario.executor));
            vec![Cell::plain(escape(&scenario.name)), Cell::new(words, Paint::Dim)]
        })
        .collect();
    push_aligned(out, &rows, 2, columns, color);
}

/// Times of iterations: of open scenarios from when they were planned and from when they were
/// sent, of closed ones from their start.
fn push_times(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let scenarios = &record.plan.scenarios;
    let is_open = scenarios.iter().any(|scenario| scenario.executor.is_open());
    let is_closed = scenarios.iter().any(|scenario| !scenario.executor.is_open());
    let mut rows = vec![Row {
        lead: "  ".to_owned(),
        label: Cell::plain(""),
        cells: TITLES.map(|title| Some(Cell::new(title, Paint::Dim))).into(),
        note: None,
    }];
    let mut add = |label: &str, name: &str| {
        if let Some(metric) = record.metrics.get(name) {
            rows.extend(times_row(label, metric));
        }
    };
    if is_open {
        add("response (from planned start)", "response");
        add("service (from sent)", "service");
    }
    if is_closed {
        add("iteration (from its start)", "iteration_duration");
    }
    if rows.len() > 1 {
        out.push_str(&render_table(&rows, columns, TITLES.len(), color).text);
    }
    if is_closed {
        out.push_str("  ");
        push_sentence(out, NO_PLAN, 2, columns);
    }
    let censored = record.metrics.get("response").and_then(|metric| metric.trend.as_ref());
    if let Some(trend) = censored.filter(|trend| is_open && trend.censored > 0) {
        let text = format!(
            "{} dropped or interrupted: each counts as longer than all that ended",
            grouped(trend.censored)
        );
        out.push_str("  ");
        push_sentence(out, &text, 2, columns);
    }
}

fn times_row(label: &str, metric: &MetricRecord) -> Option<Row> {
    let trend = metric.trend.as_ref()?;
    let known = |value| Some(Cell::plain(figure(metric.unit, value)));
    let at = |value: Option<f64>| {
        let paint = if value.is_some() { Paint::Plain } else { Paint::Caution };
        Some(Cell::new(percentile(metric.unit, trend, value), paint))
    };
    Some(Row {
        lead: "  ".to_owned(),
        label: Cell::plain(label),
        cells: vec![
            known(trend.min),
            known(trend.avg),
            at(trend.med),
            at(trend.p90),
            at(trend.p95),
            at(trend.p99),
            known(trend.max),
        ],
        note: None,
    })
}

/// `generator   lateness p99 0.21 ms · its CPU 38 % · not the limit`.
fn push_generator(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let generator = &record.generator;
    let mut parts = Vec::new();
    let lateness = record.metrics.get("lateness").and_then(|metric| metric.trend.as_ref());
    if let Some(trend) = lateness {
        parts.push(format!(
            "lateness p99 {}",
            percentile(MetricUnit::Nanoseconds, trend, trend.p99)
        ));
    }
    parts.extend(generator.cpu_share.map(|share| format!("its CPU {}", percent(share))));
    parts.push(if generator.limited { "the limit" } else { "not the limit" }.to_owned());
    parts.extend(generator.peak_rss.map(|rss| bytes(rss as f64)));
    let threads = counted(u64::from(generator.threads), "thread");
    parts.push(threads);
    let paint = if generator.limited { Paint::Caution } else { Paint::Plain };
    push_fact(out, "generator", &parts, paint, (columns, color));
}

/// `iterations  119,984 full · 12 interrupted · 4 dropped · 61 MB in · 22 MB out`.
fn push_iterations(out: &mut String, record: &LoadRecord, columns: usize) {
    let sum = |of: fn(&crate::record::load::ScenarioRecord) -> u64| -> u64 {
        record.scenarios.iter().map(of).sum()
    };
    let mut parts = vec![format!("{} full", grouped(sum(|scenario| scenario.full)))];
    let rest = [
        (sum(|scenario| scenario.failed), "of them failed"),
        (sum(|scenario| scenario.interrupted), "interrupted"),
        (sum(|scenario| scenario.dropped), "dropped"),
    ];
    parts.extend(
        rest.iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", grouped(*count))),
    );
    push_fact(out, "iterations", &parts, Paint::Plain, (columns, false));
    let data = |name: &str| record.metrics.get(name).and_then(|metric| metric.value);
    if let (Some(received), Some(sent)) = (data("data_received"), data("data_sent")) {
        let parts = [format!("{} in", bytes(received)), format!("{} out", bytes(sent))];
        push_fact(out, "data", &parts, Paint::Plain, (columns, false));
    }
}

/// `target  process 4711 · 0.91 processors · 455 µs an iteration · 80.0 MB`.
fn push_target(out: &mut String, record: &LoadRecord, columns: usize) {
    let Some(target) = &record.target else { return };
    let mut parts = vec![escape(&target.watched)];
    parts.extend(target.processors.map(|used| format!("{used:.2} processors")));
    let ns = MetricUnit::Nanoseconds;
    parts.extend(target.cpu_ns_per_iteration.map(|it| format!("{} an iteration", figure(ns, it))));
    parts.extend(target.peak_rss.map(|rss| bytes(rss as f64)));
    parts.extend(target.max_descriptors.map(|open| counted(open, "descriptor")));
    parts.extend(target.absent.iter().map(|absent| escape(absent)));
    push_fact(out, "target", &parts, Paint::Plain, (columns, false));
}

/// A word and what is known of it.
fn push_fact(
    out: &mut String,
    word: &str,
    parts: &[String],
    paint: Paint,
    (columns, color): (usize, bool),
) {
    let lead = format!("  {word:<10}  ");
    push_painted(out, &lead, Paint::Plain, false);
    push_painted(out, &joined(parts, columns.saturating_sub(lead.len())), paint, color);
    end_line(out);
}

/// `✓ http_req_duration   p(95) < 500 ms   11.2 ms`.
fn push_thresholds(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let rows: Vec<Vec<Cell>> = judged(record)
        .iter()
        .map(|one| {
            let (mark, paint) = if one.passed { ("✓", Paint::Good) } else { ("✗", Paint::Bad) };
            vec![
                Cell::new(format!("{mark} {}", escape(&one.metric)), paint),
                Cell::plain(escape(&one.condition)),
                Cell::new(escape(&one.found_words()), paint),
            ]
        })
        .collect();
    if !rows.is_empty() {
        out.push('\n');
        push_aligned(out, &rows, 2, columns, color);
    }
}

/// `exit 4: 1 of 3 thresholds failed`, or what passed; then what ended it early, how long it took
/// and where the record is kept.
fn push_closing(
    out: &mut String,
    record: &LoadRecord,
    outcome: &LoadOutcome,
    options: &TerminalOptions,
    columns: usize,
) {
    let words = escape(&outcome.words());
    let line = match outcome.code() {
        0 => words,
        code => format!("exit {code}: {words}"),
    };
    let paint = match outcome {
        LoadOutcome::Passed(0) => Paint::Plain,
        LoadOutcome::Passed(_) => Paint::Good,
        LoadOutcome::Interrupted => Paint::Caution,
        _ => Paint::Bad,
    };
    let line = cut(&line, columns);
    if !options.quiet {
        out.push('\n');
    }
    push_painted(out, &line, paint, options.color);
    let mut at = width(&line);
    let kept = options.kept_in.as_deref().map(|path| format!("kept in {}", escape(path)));
    let early = ended_early(record).map(|early| cut(&escape(&early), columns));
    let took = cut(&took_words(record), columns);
    for part in early.into_iter().chain([took]).chain(kept) {
        let fits = at + 3 + width(&part) <= columns;
        out.push_str(if fits { " · " } else { "\n" });
        out.push_str(&part);
        at = width(&part) + if fits { at + 3 } else { 0 };
    }
    out.push('\n');
}
