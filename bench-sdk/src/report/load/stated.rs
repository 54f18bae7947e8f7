//! What is said of a load test below its times: checks, errors, what was found, remarks.

use super::layout::{push_aligned, push_sentence};
use super::words::{figure, grouped, per_second, plain, share};
use crate::record::Severity;
use crate::record::load::{Capacity, CheckRecord, LoadRecord, MetricUnit, Probed};
use crate::report::escape::{escape, escape_output_line};
use crate::report::style::{Paint, push_painted};
use crate::report::table::Cell;

/// Kinds of errors that are told one by one.
const MAX_ERRORS: usize = 12;

/// `✗ basket is kept   99.9 %   5,254 of 5,260`.
pub(super) fn push_checks(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    if record.checks.is_empty() {
        return;
    }
    push_title(out, "checks", color);
    let row = |check: &CheckRecord| {
        let all = check.passes.saturating_add(check.fails);
        let held = if all == 0 { 0.0 } else { check.passes as f64 / all as f64 };
        let (mark, paint) =
            if check.fails == 0 { ("✓", Paint::Good) } else { ("✗", Paint::Bad) };
        vec![
            Cell::new(format!("{mark} {}", escape(&check.name)), paint),
            Cell::plain(share(held)),
            Cell::new(format!("{} of {}", grouped(check.passes), grouped(all)), Paint::Dim),
        ]
    };
    let rows: Vec<Vec<Cell>> = record.checks.iter().map(row).collect();
    push_aligned(out, &rows, 2, columns, color);
}

/// `status_503   20   GET /agents answered 503 Service Unavailable`.
pub(super) fn push_errors(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    if record.errors.is_empty() {
        return;
    }
    push_title(out, "errors", color);
    let shown = record.errors.iter().take(MAX_ERRORS);
    let mut rows: Vec<Vec<Cell>> = shown
        .map(|error| {
            let first = error.example.lines().next().unwrap_or_default();
            vec![
                Cell::new(escape(&error.kind), Paint::Bad),
                Cell::plain(grouped(error.count)),
                Cell::new(escape_output_line(first), Paint::Dim),
            ]
        })
        .collect();
    let hidden = record.errors.len().saturating_sub(MAX_ERRORS);
    if hidden > 0 {
        let count: u64 = record.errors[MAX_ERRORS..].iter().map(|error| error.count).sum();
        rows.push(vec![
            Cell::plain(format!("{hidden} more kinds")),
            Cell::plain(grouped(count)),
            Cell::new("in the record", Paint::Dim),
        ]);
    }
    push_aligned(out, &rows, 2, columns, color);
}

/// What a stress test tried and found.
pub(super) fn push_capacity(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let Some(capacity) = &record.capacity else { return };
    push_title(out, "capacity", color);
    let head = ["planned", "reached", "in flight", "p95", "failed", ""];
    let mut rows = vec![head.map(|title| Cell::new(title, Paint::Dim)).to_vec()];
    rows.extend(capacity.probes.iter().map(probe_row));
    push_aligned(out, &rows, 2, columns, color);
    out.push_str("  ");
    push_sentence(out, &escape(&capacity.words), 2, columns);
    if let Some(words) = law_words(capacity) {
        out.push_str("  ");
        push_sentence(out, &words, 2, columns);
    }
}

fn probe_row(probe: &Probed) -> Vec<Cell> {
    let (word, paint) = match (probe.limited, probe.passed) {
        (true, _) => ("the generator was the limit", Paint::Caution),
        (false, true) => ("✓ held", Paint::Good),
        (false, false) => ("✗ did not hold", Paint::Bad),
    };
    let p95 = probe
        .p95_ns
        .map_or_else(|| "not measured".to_owned(), |p95| figure(MetricUnit::Nanoseconds, p95));
    vec![
        Cell::plain(per_second(probe.planned_per_second)),
        Cell::plain(per_second(probe.reached_per_second)),
        Cell::plain(plain(probe.in_flight)),
        Cell::plain(p95),
        Cell::plain(share(probe.failed)),
        Cell::new(word, paint),
    ]
}

/// The universal scalability law, where it could be fitted.
pub(in crate::report) fn law_words(capacity: &Capacity) -> Option<String> {
    let law = capacity.law.as_ref()?;
    let peak = law.peak.as_ref().map(|peak| {
        format!("; it would be greatest with {} in flight", plain(peak.estimate.round()))
    });
    Some(format!(
        "scalability law: contention {}, crosstalk {}{}",
        share(law.sigma.estimate),
        share(law.kappa.estimate),
        peak.unwrap_or_default()
    ))
}

/// What a spike test found.
pub(super) fn push_recovery(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let Some(recovery) = &record.recovery else { return };
    let paint = if recovery.recovered_after_ns.is_some() { Paint::Good } else { Paint::Caution };
    out.push('\n');
    push_painted(out, "recovery", paint, color);
    out.push_str("  ");
    push_sentence(out, &escape(&recovery.words), 10, columns);
    let ns = |value| figure(MetricUnit::Nanoseconds, value);
    let before = recovery.before_p95_ns.map(|(estimate, low, high)| {
        format!("before {} ({} … {})", ns(estimate), ns(low), ns(high))
    });
    let worst =
        recovery.spike_p95_ns.map(|p95| format!("in the worst second of the spike {}", ns(p95)));
    let parts: Vec<String> = before.into_iter().chain(worst).collect();
    if !parts.is_empty() {
        out.push_str("          ");
        push_sentence(out, &format!("P95 {}", parts.join(" · ")), 10, columns);
    }
}

/// Warnings first, then what else is worth knowing.
pub(super) fn push_remarks(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let mut notes: Vec<_> = record.notes.iter().collect();
    notes.sort_by_key(|note| note.severity != Severity::Warning);
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        let paint = if note.severity == Severity::Warning { Paint::Caution } else { Paint::Dim };
        push_painted(out, "note:", paint, color);
        out.push(' ');
        push_sentence(out, &escape(&note.text), 6, columns);
    }
}

fn push_title(out: &mut String, title: &str, color: bool) {
    out.push('\n');
    push_painted(out, title, Paint::Bold, color);
    out.push('\n');
}
