//! The cases of a comparison, a row each, and what explains them below.

use std::fmt::Write;

use super::comparison::ComparisonOptions;
use super::comparison_cases::{ComparedCase, with_verdict};
use super::comparison_words::{against_threshold, basis, change, figures, interval, undecided};
use super::escape::{cut, escape, width};
use super::header::plural;
use super::prose::push_wrapped;
use super::style::{Paint, end_line, push_painted, push_spaces};
use crate::record::{CaseComparison, ComparisonRecord, Method, Severity, Verdict};

#[path = "comparison_names.rs"]
mod names;

use names::cut_name;

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 20;
/// Rows of one verdict that are shown unless all are asked for; what regressed is shown always.
const MAX_ROWS: usize = 30;
/// From this many cases on, one reason they share is one row.
const CROWD: usize = 4;
/// Space between two columns, and what it shrinks to.
const GAP: usize = 3;
const NARROW_GAP: usize = 2;
/// Characters of a line of evidence.
const MAX_PROSE: usize = 400;
/// Names narrower than this tell nothing.
const MIN_NAME: usize = 8;

/// One line of the table, and the prose below it.
struct Row {
    /// Stands before the name.
    word: (&'static str, Paint),
    name: String,
    /// The metric, behind the name; empty for the time.
    metric: String,
    /// Change, interval, figures, launches.
    cells: [String; 4],
    paint: Paint,
    /// Stands in the place of figures and launches, or below where there is no room.
    tail: Option<String>,
    prose: Vec<(String, Paint)>,
}

/// Rows that stand together.
struct Section {
    rows: Vec<Row>,
    /// How many more there are.
    hidden: usize,
}

/// What changed, and what could not be decided, each verdict in a section of its own.
pub(crate) fn push_sections(
    out: &mut String,
    record: &ComparisonRecord,
    cases: &[ComparedCase<'_>],
    options: &ComparisonOptions,
) {
    let mut verdicts = vec![Verdict::Regressed, Verdict::Improved];
    verdicts.extend([Verdict::Inconclusive, Verdict::NotComparable]);
    verdicts.extend(options.verbose.then_some(Verdict::Equivalent));
    let sections: Vec<Section> = verdicts
        .into_iter()
        .map(|verdict| section(record, &with_verdict(cases, verdict), verdict, options.verbose))
        .filter(|section| !section.rows.is_empty())
        .collect();
    let layout = Layout::of(&sections, options.width.max(MIN_WIDTH));
    for section in &sections {
        for row in &section.rows {
            push_row(out, row, &layout, options.color);
        }
        if section.hidden > 0 {
            push_spaces(out, layout.word + 2);
            // Writing to a `String` cannot fail.
            let _ = writeln!(out, "and {} more", section.hidden);
        }
    }
    if !sections.is_empty() {
        out.push('\n');
    }
}

/// The word and its role.
fn verdict_word(verdict: Verdict, fails: bool) -> (&'static str, Paint) {
    match verdict {
        Verdict::Regressed if fails => ("REGRESSED", Paint::Bad),
        Verdict::Regressed => ("REGRESSED", Paint::Caution),
        Verdict::Improved => (verdict.words(), Paint::Good),
        Verdict::Equivalent => (verdict.words(), Paint::Dim),
        Verdict::Inconclusive | Verdict::NotComparable => (verdict.words(), Paint::Caution),
    }
}

fn section(
    record: &ComparisonRecord,
    cases: &[&ComparedCase<'_>],
    verdict: Verdict,
    verbose: bool,
) -> Section {
    let mut rows: Vec<Row> = Vec::new();
    let most = if verbose || verdict == Verdict::Regressed { usize::MAX } else { MAX_ROWS };
    let mut shown = 0;
    let mut told: Vec<&[String]> = Vec::new();
    for case in cases {
        let reason = case.head.evidence.as_slice();
        let alike = || cases.iter().filter(|other| other.head.evidence == reason).count();
        if verdict == Verdict::NotComparable && !verbose && alike() >= CROWD {
            if !told.contains(&reason) {
                told.push(reason);
                rows.push(Row { name: plural(alike(), "case"), ..case_row(record, case) });
            }
            shown += 1;
            continue;
        }
        if rows.len() >= most {
            break;
        }
        shown += 1;
        rows.push(case_row(record, case));
        rows.extend(case.others.iter().map(|other| metric_row(record, case, other)));
    }
    let repeats = matches!(verdict, Verdict::Regressed | Verdict::Improved);
    let word = verdict.words();
    for row in rows.iter_mut().skip(1).filter(|row| !repeats && row.word.0 == word) {
        row.word.0 = "";
    }
    Section { rows, hidden: cases.len() - shown }
}

fn case_row(record: &ComparisonRecord, case: &ComparedCase<'_>) -> Row {
    let mut row = row(record, case.head);
    row.word = verdict_word(case.verdict, case.fails());
    row.name = escape(case.id.as_str());
    row
}

/// Another metric of the case above.
fn metric_row(
    record: &ComparisonRecord,
    case: &ComparedCase<'_>,
    comparison: &CaseComparison,
) -> Row {
    let mut row = row(record, comparison);
    let differs = comparison.verdict != case.verdict;
    row.word = if differs {
        verdict_word(comparison.verdict, comparison.fails())
    } else {
        ("", Paint::Plain)
    };
    row.name = format!("  {}", escape(&comparison.metric));
    row.metric = String::new();
    row
}

fn row(record: &ComparisonRecord, comparison: &CaseComparison) -> Row {
    let method = record.method;
    let is_time = comparison.metric == crate::record::metric_name::TIME;
    let is_open = comparison.verdict == Verdict::Inconclusive;
    let tail = is_open.then(|| undecided(comparison, method)).flatten();
    let paint = match comparison.verdict {
        Verdict::Regressed => Paint::Bad,
        Verdict::Improved => Paint::Good,
        _ => Paint::Plain,
    };
    Row {
        word: ("", Paint::Plain),
        name: String::new(),
        metric: if is_time { String::new() } else { escape(&comparison.metric) },
        cells: cells(comparison, method, tail.is_some()),
        paint,
        tail,
        prose: prose(record, comparison),
    }
}

fn cells(comparison: &CaseComparison, method: Method, has_tail: bool) -> [String; 4] {
    if comparison.verdict == Verdict::NotComparable {
        return Default::default();
    }
    let ratio = comparison.ratio.as_ref();
    let from_nothing = || {
        let grew = comparison.baseline == Some(0.0) && comparison.candidate != Some(0.0);
        if grew { "from 0".to_owned() } else { String::new() }
    };
    let interval = ratio.and_then(interval).map(|text| format!("({text})"));
    let (figures, launches) = if has_tail {
        (None, String::new())
    } else {
        (figures(comparison), basis(comparison, method))
    };
    [
        ratio.map_or_else(from_nothing, change),
        interval.unwrap_or_default(),
        figures.unwrap_or_default(),
        launches,
    ]
}

fn prose(record: &ComparisonRecord, comparison: &CaseComparison) -> Vec<(String, Paint)> {
    let mut lines = Vec::new();
    if let Some((verdict, threshold)) = comparison.threshold.zip(record.rules.threshold) {
        let paint = if comparison.fails() { Paint::Bad } else { Paint::Plain };
        lines.push((against_threshold(verdict, threshold), paint));
    }
    let safe = |text: &str| cut(&escape(text), MAX_PROSE);
    lines.extend(comparison.evidence.iter().map(|line| (safe(line), Paint::Plain)));
    lines.extend(comparison.notes.iter().map(|note| {
        let paint = if note.severity == Severity::Warning { Paint::Caution } else { Paint::Dim };
        (safe(&note.text), paint)
    }));
    lines
}

/// Where the columns stand.
struct Layout {
    columns: usize,
    gap: usize,
    /// Columns of the widest verdict: names of all sections stand in line behind it.
    word: usize,
    /// Columns that word and name take together.
    left: usize,
    /// Widths of the columns that found room.
    widths: Vec<usize>,
}

impl Layout {
    /// The columns that fit: names keep a third of the width, and columns go from the right.
    fn of(sections: &[Section], columns: usize) -> Self {
        let rows = || sections.iter().flat_map(|section| &section.rows);
        let word = rows().map(|row| row.word.0.len()).max().unwrap_or(0);
        let natural = word + 2 + rows().map(Row::name_width).max().unwrap_or(0);
        let widest = |at: usize| rows().map(|row| width(&row.cells[at])).max().unwrap_or(0);
        let all: Vec<usize> = (0..4).map(widest).collect();
        for (gap, shown) in [(GAP, 4), (NARROW_GAP, 4), (NARROW_GAP, 3), (NARROW_GAP, 2)] {
            let left = Self::left(&all[..shown], gap, natural, columns);
            if left >= natural.min(word + 2 + columns / 3) {
                return Self { columns, gap, word, left, widths: all[..shown].to_vec() };
            }
        }
        let left = Self::left(&all[..1], NARROW_GAP, natural, columns);
        let gap = NARROW_GAP;
        if left >= natural.min(word + 2 + MIN_NAME) {
            return Self { columns, gap, word, left, widths: all[..1].to_vec() };
        }
        Self { columns, gap, word, left: natural.min(columns), widths: Vec::new() }
    }

    /// What the columns leave for word and name.
    fn left(widths: &[usize], gap: usize, natural: usize, columns: usize) -> usize {
        let taken: usize = widths.iter().filter(|wide| **wide > 0).map(|wide| wide + gap).sum();
        natural.min(columns.saturating_sub(taken))
    }
}

impl Row {
    fn name_width(&self) -> usize {
        let metric = width(&self.metric);
        width(&self.name) + if metric > 0 { 2 + metric } else { 0 }
    }
}

fn push_row(out: &mut String, row: &Row, layout: &Layout, color: bool) {
    let word_width = layout.word;
    let (word, paint) = row.word;
    let word = cut(word, layout.columns.saturating_sub(2));
    push_painted(out, &word, paint, color);
    push_spaces(out, word_width.saturating_sub(width(&word)) + 2);
    let room = layout.left.saturating_sub(word_width + 2);
    let mut spare = room.saturating_sub(push_name(out, row, room, color));
    let mut column = word_width.max(width(&word)) + 2 + room - spare;
    for (at, wide) in layout.widths.iter().enumerate().filter(|(_, wide)| **wide > 0) {
        spare += layout.gap + wide;
        let cell = &row.cells[at];
        if !cell.is_empty() {
            push_spaces(out, spare - width(cell));
            let paint = if at == 0 { row.paint } else { Paint::Plain };
            push_painted(out, cell, paint, color);
            column += spare;
            spare = 0;
        }
    }
    let indent = word_width + 2;
    let mut below: Vec<(&str, Paint)> = Vec::new();
    if let Some(tail) = &row.tail {
        if layout.widths.len() > 1 && column + layout.gap + width(tail) <= layout.columns {
            push_spaces(out, layout.gap);
            push_painted(out, tail, Paint::Dim, color);
        } else {
            below.push((tail, Paint::Dim));
        }
    }
    end_line(out);
    below.extend(row.prose.iter().map(|(text, paint)| (text.as_str(), *paint)));
    for (text, paint) in below {
        push_prose(out, text, paint, indent, layout.columns, color);
    }
}

/// Writes the name, cut to the room there is; gives the columns it takes.
fn push_name(out: &mut String, row: &Row, room: usize, color: bool) -> usize {
    let least = width(&row.name).min(MIN_NAME);
    let metric = cut(&row.metric, room.saturating_sub(least + 2));
    let joint = if metric.is_empty() { 0 } else { 2 };
    let name = cut_name(&row.name, room.saturating_sub(joint + width(&metric)));
    out.push_str(&name);
    push_spaces(out, joint);
    push_painted(out, &metric, Paint::Bold, color);
    width(&name) + joint + width(&metric)
}

fn push_prose(
    out: &mut String,
    text: &str,
    paint: Paint,
    indent: usize,
    columns: usize,
    color: bool,
) {
    let indent = if indent + 24 <= columns { indent } else { 2 };
    push_spaces(out, indent);
    let mut wrapped = String::new();
    push_wrapped(&mut wrapped, text, indent, columns);
    for (at, line) in wrapped.lines().enumerate() {
        if at > 0 {
            push_spaces(out, indent);
        }
        push_painted(out, &cut(line.trim_start(), columns - indent), paint, color);
        end_line(out);
    }
}
