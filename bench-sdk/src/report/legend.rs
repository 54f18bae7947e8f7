//! What has to be known of the columns, in dim lines below the table.

use super::columns::Column;
use super::escape::escape;
use super::prose::push_wrapped;
use super::style::{Paint, end_line, push_painted};
use crate::analysis::absence_reason;
use crate::record::{CaseRecord, Mode, RunRecord};

/// Metrics whose figures take in more than the case, by how their names begin.
const SCOPES: [(&str, &str); 2] = [
    ("net_", "network figures are of the whole network namespace, with every process in it"),
    ("energy", "energy is that of the whole processor package, with all that runs on it"),
];

/// What became of the columns.
pub(super) struct Fate<'a> {
    pub(super) shown: &'a [Column],
    /// Columns that were asked for, and for which the terminal is too narrow.
    pub(super) narrow: &'a [Column],
    /// Columns that were asked for, and that no case has a figure for.
    pub(super) empty: &'a [Column],
}

/// What figures take in, and what became of columns that were asked for and are not there.
pub(super) fn push_legend(
    out: &mut String,
    record: &RunRecord,
    fate: &Fate<'_>,
    width: usize,
    color: bool,
) {
    let is_shown = |begin: &str| {
        fate.shown.iter().filter_map(Column::metric).any(|metric| metric.starts_with(begin))
    };
    let mut lines: Vec<String> = SCOPES
        .iter()
        .filter(|(begin, _)| is_shown(begin))
        .map(|(_, text)| (*text).to_owned())
        .collect();
    if record.run.mode != Mode::Test {
        if !fate.narrow.is_empty() {
            lines.push(format!("no room for {}", titles(fate.narrow)));
        }
        lines.extend(missing(record, fate.empty));
    }
    for line in &lines {
        let mut text = String::new();
        push_wrapped(&mut text, line, 0, width);
        for line in text.lines() {
            push_painted(out, line, Paint::Dim, color);
            end_line(out);
        }
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn titles(columns: &[Column]) -> String {
    columns.iter().map(Column::title).collect::<Vec<_>>().join(", ")
}

/// Columns without a figure, those with the same reason together.
fn missing(record: &RunRecord, empty: &[Column]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<Column>)> = Vec::new();
    for column in empty {
        let reason = column.metric().and_then(|metric| reason(record, metric)).unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, columns)) => columns.push(column.clone()),
            None => groups.push((reason, vec![column.clone()])),
        }
    }
    let line = |(reason, columns): (String, Vec<Column>)| {
        let joint = if reason.is_empty() { "" } else { ": " };
        format!("no figure for {}{joint}{reason}", titles(&columns))
    };
    groups.into_iter().map(line).collect()
}

fn reason(record: &RunRecord, metric: &str) -> Option<String> {
    let has_figures = |case: &&CaseRecord| !case.metrics.is_empty();
    let mut cases = record.cases.iter().filter(has_figures);
    let reason = cases.find_map(|case| absence_reason(metric, case, &record.run.absent))?;
    Some(escape(&reason))
}
