//! A finished run as people read it.

use super::columns::{Column, Columns, Split};
use super::escape::{cut, escape};
use super::header::header_line;
use super::legend::{Fate, push_legend};
use super::prose::{push_closing, push_failures, push_remarks, push_run_notes};
use super::style::{Paint, end_line, push_painted};
use super::table::{Cell, Row, render_table};
use super::tree::{Place, TreeLine, tree_lines};
use super::units::{figure, time_at_most};
use crate::record::{CaseRecord, RunRecord, Severity, Status, metric_name};

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 20;
/// Longest word after a row, in columns.
const MAX_WORD: usize = 18;

/// How a terminal wants its text.
///
/// ```
/// use bench_sdk::report::TerminalOptions;
///
/// let options = TerminalOptions { width: 80, color: true, ..TerminalOptions::default() };
/// assert!(!options.quiet);
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct TerminalOptions {
    /// Columns there are; 100 where it is not a terminal.
    pub width: usize,
    /// Whether colour is wanted.
    pub color: bool,
    /// Failures and the closing line only.
    pub quiet: bool,
    /// Whether a line may be redrawn while the run goes on.
    pub progress: bool,
    /// Whether every fit of growth or scaling is drawn; else only few, and those that fail.
    pub plots: bool,
    /// Where the record is kept, for the closing line.
    pub kept_in: Option<String>,
    /// Columns of the table.
    pub columns: Columns,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self {
            width: 100,
            color: false,
            quiet: false,
            progress: false,
            plots: false,
            kept_in: None,
            columns: Columns::default(),
        }
    }
}

/// The whole run: head, table, warnings, failures, closing line.
///
/// ```
/// use bench_sdk::record::RunRecord;
/// use bench_sdk::report::{TerminalOptions, render_run};
///
/// fn show(record: &RunRecord) -> String {
///     render_run(record, &TerminalOptions::default())
/// }
/// ```
pub fn render_run(record: &RunRecord, options: &TerminalOptions) -> String {
    let (width, color) = (options.width.max(MIN_WIDTH), options.color);
    let mut out = String::new();
    if !options.quiet {
        push_header(&mut out, record, width, color);
        push_run_notes(&mut out, record, width, color);
        if !record.cases.is_empty() {
            out.push('\n');
            push_table(&mut out, record, options, width);
        }
        push_remarks(&mut out, record, options, width);
    }
    push_failures(&mut out, record, width, color);
    push_closing(&mut out, record, options, width);
    out
}

fn push_table(out: &mut String, record: &RunRecord, options: &TerminalOptions, width: usize) {
    let Body { columns, empty, wanted, rows } = table_body(record, &options.columns);
    let table = render_table(&rows, width, wanted, options.color);
    out.push_str(&table.text);
    out.push('\n');
    let (shown, narrow) = columns.split_at(table.columns.min(columns.len()));
    let asked = |columns: &[Column]| -> Vec<Column> {
        columns.iter().filter(|column| options.columns.asks_for(column)).cloned().collect()
    };
    let fate = Fate { shown, narrow: &asked(narrow), empty: &asked(&empty) };
    push_legend(out, record, &fate, width, options.color);
}

fn push_header(out: &mut String, record: &RunRecord, width: usize, color: bool) {
    let line = header_line(record, width);
    let name = line.find(" · ").unwrap_or(line.len());
    push_painted(out, &line[..name], Paint::Bold, color);
    push_painted(out, &line[name..], Paint::Dim, color);
    end_line(out);
}

/// The word for a note, as short as the table needs it.
pub(crate) fn note_word(code: &str) -> String {
    if code == "at_floor" {
        return "at the floor".to_owned();
    }
    cut(&escape(&code.replace('_', " ")), MAX_WORD)
}

/// The columns that have figures, and the rows under them.
struct Body {
    columns: Vec<Column>,
    /// Columns that were wanted, and that no case has a figure for.
    empty: Vec<Column>,
    /// How many of the columns are worth setting the table more tightly.
    wanted: usize,
    rows: Vec<Row>,
}

fn table_body(record: &RunRecord, columns: &Columns) -> Body {
    let has_figures =
        |case: &&CaseRecord| matches!(case.status, Status::Measured | Status::BudgetFailed);
    let measured: Vec<&CaseRecord> = record.cases.iter().filter(has_figures).collect();
    let Split { shown: columns, empty, wanted } = columns.split(&measured);
    let places: Vec<Place<'_>> = record.cases.iter().map(Place::of).collect();
    let mut rows = Vec::new();
    for line in tree_lines(&places) {
        let case = line.case.and_then(|at| record.cases.get(at));
        let row = match case {
            Some(case) => case_row(line, case, &columns, record.run.optimized),
            None => head_row(line, &columns, rows.is_empty()),
        };
        rows.push(row);
    }
    Body { columns, empty, wanted, rows }
}

fn head_row(line: TreeLine, columns: &[Column], first: bool) -> Row {
    let title = |column: &Column| Some(Cell::new(column.title(), Paint::Dim));
    Row {
        lead: line.lead,
        label: Cell::new(line.label, if line.head { Paint::Bold } else { Paint::Plain }),
        cells: if first { columns.iter().map(title).collect() } else { Vec::new() },
        note: None,
    }
}

fn case_row(line: TreeLine, case: &CaseRecord, columns: &[Column], optimized: bool) -> Row {
    let cells = match case.status {
        Status::Measured | Status::BudgetFailed => {
            let cell = |column: &Column| Some(column.cell(case));
            columns.iter().map(cell).collect()
        }
        status => vec![Some(Cell::new(status.words(), status_paint(status)))],
    };
    let note = row_word(case, optimized);
    Row { lead: line.lead, label: Cell::plain(line.label), cells, note }
}

/// The role of a status.
pub(crate) fn status_paint(status: Status) -> Paint {
    match status {
        Status::Measured => Paint::Good,
        Status::Skipped => Paint::Dim,
        Status::BudgetFailed
        | Status::Panicked
        | Status::Failed
        | Status::Died
        | Status::TimedOut => Paint::Bad,
    }
}

pub(super) fn row_word(case: &CaseRecord, optimized: bool) -> Option<Cell> {
    if case.status == Status::BudgetFailed {
        return Some(Cell::new(case.status.words(), Paint::Bad));
    }
    if case.status != Status::Measured {
        return None;
    }
    let is_shown = |code: &str| optimized || code != "unoptimised_build";
    let warning = case
        .notes
        .iter()
        .find(|note| note.severity == Severity::Warning && is_shown(&note.code))
        .or_else(|| case.notes.iter().find(|note| note.code == "at_floor"))?;
    let paint = if warning.severity == Severity::Warning { Paint::Caution } else { Paint::Dim };
    Some(Cell::new(note_word(&warning.code), paint))
}

/// Time of an iteration; `ok` where the body was only run, not timed. `None` where something else was
/// measured instead.
pub(crate) fn time_text(case: &CaseRecord, at_floor: bool) -> Option<String> {
    let Some(metric) = case.metric(metric_name::TIME) else {
        let has_own = case.metrics.keys().any(|name| metric_name::is_custom(name));
        return (!has_own).then(|| "ok".to_owned());
    };
    Some(match metric.high {
        Some(high) if at_floor => time_at_most(high),
        _ => figure(metric_name::TIME, metric),
    })
}

/// Writes a word and two spaces, the way every line below the table begins.
pub(crate) fn push_word(out: &mut String, word: &str, paint: Paint, color: bool) {
    push_painted(out, word, paint, color);
    out.push_str("  ");
}
