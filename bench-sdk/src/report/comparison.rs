//! What a comparison found, as people read it.

use std::fmt::Write;

use super::comparison_cases::{ComparedCase, compared_cases, with_verdict};
use super::comparison_rows::push_sections;
use super::comparison_words::{complaint, cut_front, rule, sides};
use super::escape::{cut, escape, escape_output_line, width};
use super::header::plural;
use super::prose::push_wrapped;
use super::style::{Paint, end_line, push_painted, push_spaces};
use super::units::{duration, percent};
use crate::record::{CaseId, ComparisonRecord, Method, Severity, Side, Verdict};

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 20;
/// Names of cases on one side that are told.
const MAX_NAMES: usize = 12;
/// Lines that are told of why a case broke.
const MAX_MESSAGE_LINES: usize = 20;
/// Columns of an id that stands alone.
const MAX_ID: usize = 300;

/// How a comparison is to be shown.
///
/// ```
/// use bench_sdk::report::ComparisonOptions;
///
/// let options = ComparisonOptions { exit_code: 3, ..ComparisonOptions::default() };
/// assert!(!options.verbose);
/// ```
#[derive(Clone, Debug)]
pub struct ComparisonOptions {
    /// Columns there are.
    pub width: usize,
    /// Whether colour is wanted.
    pub color: bool,
    /// Whether equivalent cases are listed, and long lists in full.
    pub verbose: bool,
    /// What the process is about to end with.
    pub exit_code: u8,
    /// Where the comparison is kept.
    pub kept_in: Option<String>,
}

impl Default for ComparisonOptions {
    /// 100 columns, no colour, exit 0.
    fn default() -> Self {
        Self { width: 100, color: false, verbose: false, exit_code: 0, kept_in: None }
    }
}

/// The whole comparison for a terminal: head, counts, what changed, what could not be decided, and
/// the exit code in words.
pub(super) fn render_comparison_pretty(
    record: &ComparisonRecord,
    options: &ComparisonOptions,
) -> String {
    let (columns, color) = (options.width.max(MIN_WIDTH), options.color);
    let cases = compared_cases(record);
    let mut out = String::new();
    push_header(&mut out, record, &cases, columns, color);
    out.push('\n');
    push_counts(&mut out, record, &cases, columns, color);
    out.push('\n');
    push_sections(&mut out, record, &cases, options);
    push_one_sided(&mut out, record, columns, color);
    push_broken(&mut out, record, columns, color);
    push_notes(&mut out, record, columns, color);
    push_closing(&mut out, record, &cases, options, columns);
    out
}

/// The word for what was asked for.
fn verb(method: Method) -> &'static str {
    match method {
        Method::Paired => "gate",
        Method::Unpaired => "compare",
    }
}

/// `gate  HEAD~1 (4b1c2d9) → working tree   paired · 31 cases · 19 s · ..`; what does not fit goes to
/// a second line.
fn push_header(
    out: &mut String,
    record: &ComparisonRecord,
    cases: &[ComparedCase<'_>],
    columns: usize,
    color: bool,
) {
    let word = verb(record.method);
    let indent = width(word) + 2;
    let room = columns.saturating_sub(indent);
    let [from, to] = sides(record);
    let mut names = format!("{from} → {to}");
    if width(&names) > room {
        let half = room.saturating_sub(3) / 2;
        names = format!("{} → {}", cut(&from, half), cut(&to, half));
    }
    let names = cut(&names, room);
    push_painted(out, word, Paint::Bold, color);
    out.push_str("  ");
    push_painted(out, &names, Paint::Bold, color);
    let parts = effort(record, cases.len());
    let whole = parts.join(" · ");
    if indent + width(&names) + 3 + width(&whole) <= columns {
        out.push_str("   ");
        push_painted(out, &whole, Paint::Dim, color);
        end_line(out);
        return;
    }
    end_line(out);
    push_spaces(out, indent);
    push_joined(out, &parts, indent, columns, color);
}

fn effort(record: &ComparisonRecord, cases: usize) -> Vec<String> {
    let method = match record.method {
        Method::Paired => "paired",
        Method::Unpaired => "unpaired",
    };
    let mut parts = vec![method.to_owned(), plural(cases, "case")];
    if record.duration_ns > 0 {
        parts.push(duration(record.duration_ns as f64 / 1e9));
    }
    if record.method == Method::Paired {
        let share = percent(record.rules.alpha * 2.0);
        parts.push(format!("at most {share} of unchanged cases would be called by chance"));
    }
    if let Some(threshold) = record.rules.threshold {
        parts.push(format!("threshold {}", rule(threshold)));
    }
    parts
}

/// Parts with dots between them; lines break at the dots.
fn push_joined(out: &mut String, parts: &[String], indent: usize, columns: usize, color: bool) {
    let mut column = indent;
    for (at, part) in parts.iter().enumerate() {
        if at > 0 && column + 3 + width(part) > columns {
            end_line(out);
            push_spaces(out, indent);
            column = indent;
        } else if at > 0 {
            push_painted(out, " · ", Paint::Dim, color);
            column += 3;
        }
        let mut wrapped = String::new();
        push_wrapped(&mut wrapped, part, indent, columns);
        push_painted(out, wrapped.trim_end(), Paint::Dim, color);
        column += width(part);
    }
    end_line(out);
}

/// How many cases have which verdict, in words and only where there are any.
pub(crate) fn counts(
    record: &ComparisonRecord,
    cases: &[ComparedCase<'_>],
) -> Vec<(String, Paint)> {
    let mut parts = Vec::new();
    for (verdict, paint) in [
        (Verdict::Regressed, Paint::Bad),
        (Verdict::Improved, Paint::Good),
        (Verdict::Equivalent, Paint::Plain),
        (Verdict::Inconclusive, Paint::Caution),
        (Verdict::NotComparable, Paint::Caution),
    ] {
        let count = cases.iter().filter(|case| case.verdict == verdict).count();
        if count > 0 {
            let within = match verdict {
                Verdict::Equivalent => format!(" (within {})", rule(record.rules.minimum_effect)),
                _ => String::new(),
            };
            parts.push((format!("{count} {}{within}", verdict.words()), paint));
        }
    }
    if !record.broken.is_empty() {
        parts.push((format!("{} broken", record.broken.len()), Paint::Bad));
    }
    for (ids, name) in
        [(&record.only_in_baseline, "baseline"), (&record.only_in_candidate, "candidate")]
    {
        if !ids.is_empty() {
            parts.push((format!("{} only in the {name}", ids.len()), Paint::Dim));
        }
    }
    parts
}

fn push_counts(
    out: &mut String,
    record: &ComparisonRecord,
    cases: &[ComparedCase<'_>],
    columns: usize,
    color: bool,
) {
    let parts = counts(record, cases);
    if parts.is_empty() {
        out.push_str("no case is on both sides\n");
        return;
    }
    let mut column = 0;
    for (at, (part, paint)) in parts.iter().enumerate() {
        let part = &cut(part, columns);
        if at > 0 && column + 3 + width(part) > columns {
            out.push('\n');
            column = 0;
        } else if at > 0 {
            out.push_str(" · ");
            column += 3;
        }
        push_painted(out, part, *paint, color);
        column += width(part);
    }
    out.push('\n');
}

fn push_one_sided(out: &mut String, record: &ComparisonRecord, columns: usize, color: bool) {
    let sides = [
        ("only in the baseline", &record.only_in_baseline),
        ("only in the candidate", &record.only_in_candidate),
    ];
    for (word, ids) in sides.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        push_painted(out, &cut(word, columns), Paint::Dim, color);
        end_line(out);
        for id in ids.iter().take(MAX_NAMES) {
            out.push_str("  ");
            out.push_str(&cut_front(&escape(id.as_str()), columns - 2));
            end_line(out);
        }
        if ids.len() > MAX_NAMES {
            // Writing to a `String` cannot fail.
            let _ = writeln!(out, "  and {} more", ids.len() - MAX_NAMES);
        }
        out.push('\n');
    }
}

fn push_broken(out: &mut String, record: &ComparisonRecord, columns: usize, color: bool) {
    for broken in &record.broken {
        let side = match broken.side {
            Side::Baseline => "in the baseline",
            Side::Candidate => "in the candidate",
        };
        push_painted(out, "broken", Paint::Bad, color);
        out.push_str("  ");
        let room = columns.saturating_sub(8 + 3 + side.len()).clamp(12, MAX_ID);
        out.push_str(&cut_front(&escape(broken.id.as_str()), room));
        out.push_str("   ");
        push_painted(out, side, Paint::Dim, color);
        end_line(out);
        for line in broken.message.lines().take(MAX_MESSAGE_LINES) {
            out.push_str("  ");
            out.push_str(&escape_output_line(line));
            end_line(out);
        }
        out.push('\n');
    }
}

fn push_notes(out: &mut String, record: &ComparisonRecord, columns: usize, color: bool) {
    for note in &record.notes {
        let paint = if note.severity == Severity::Warning { Paint::Caution } else { Paint::Dim };
        push_painted(out, "note:", paint, color);
        out.push(' ');
        push_wrapped(out, &escape(&note.text), 6, columns);
    }
    if !record.notes.is_empty() {
        out.push('\n');
    }
}

fn push_closing(
    out: &mut String,
    record: &ComparisonRecord,
    cases: &[ComparedCase<'_>],
    options: &ComparisonOptions,
    columns: usize,
) {
    let (exit_code, color) = (options.exit_code, options.color);
    if let Some(folder) = &options.kept_in {
        push_painted(out, &cut(&format!("kept in {}", escape(folder)), columns), Paint::Dim, color);
        end_line(out);
    }
    let lead = format!("exit {exit_code}: ");
    let outcome = Outcome::of(record, cases, exit_code);
    let name = outcome.name.map(|id| {
        let room = columns.saturating_sub(lead.len() + 1 + width(&outcome.words)).max(12);
        cut_front(&escape(id.as_str()), room) + " "
    });
    let line = format!("{lead}{}{}", name.unwrap_or_default(), outcome.words);
    let paint = if exit_code == 0 { Paint::Good } else { Paint::Bad };
    push_painted(out, &cut(&line, columns), paint, color);
    end_line(out);
}

/// The outcome in words, with the case that it is told of.
pub(crate) struct Outcome<'a> {
    pub(crate) name: Option<&'a CaseId>,
    pub(crate) words: String,
}

impl<'a> Outcome<'a> {
    /// What the exit code stands for.
    pub(crate) fn of(
        record: &'a ComparisonRecord,
        cases: &[ComparedCase<'a>],
        exit_code: u8,
    ) -> Self {
        let plain = |words: &str| Self { name: None, words: words.to_owned() };
        match exit_code {
            0 => plain(success(record, cases)),
            3 => Self::of_failures(cases),
            5 => {
                let open = |verdict| cases.iter().filter(|case| case.verdict == verdict).count();
                let count = open(Verdict::Inconclusive) + open(Verdict::NotComparable);
                plain(&format!("{} could not be decided", plural(count, "case")))
            }
            101 => match record.broken.split_first() {
                None => plain("a benchmark broke"),
                Some((first, others)) => {
                    let words = format!("broke{}", and_more(others.len(), ""));
                    Self { name: Some(&first.id), words }
                }
            },
            1 if record.interrupted => plain("stopped before all was judged"),
            _ => plain("the comparison is not complete"),
        }
    }

    fn of_failures(cases: &[ComparedCase<'a>]) -> Self {
        let regressed = with_verdict(cases, Verdict::Regressed);
        let failing: Vec<_> = regressed.iter().filter(|case| case.fails()).collect();
        let Some((first, others)) = failing.split_first() else {
            return Self { name: None, words: "something regressed".to_owned() };
        };
        let words = complaint(first.failing().unwrap_or(first.head));
        Self { name: Some(first.id), words: words + &and_more(others.len(), " regressed") }
    }
}

fn and_more(count: usize, words: &str) -> String {
    if count == 0 { String::new() } else { format!(" and {count} more{words}") }
}

fn success(record: &ComparisonRecord, cases: &[ComparedCase<'_>]) -> &'static str {
    let is = |verdict: Verdict| move |case: &ComparedCase<'_>| case.verdict == verdict;
    if cases.is_empty() {
        "nothing was compared"
    } else if cases.iter().any(is(Verdict::Regressed)) && record.rules.threshold.is_some() {
        "nothing is over the threshold"
    } else if cases.iter().all(is(Verdict::NotComparable)) {
        "nothing could be compared"
    } else {
        "nothing regressed"
    }
}
