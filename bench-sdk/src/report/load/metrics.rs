//! The table of all metrics, after k6's end of test.

use super::order::{Group, base, in_order};
use super::words::{figure, grouped, percentile, share};
use crate::record::load::{LoadRecord, MetricKind, MetricRecord, TrendSummary};
use crate::report::escape::{cut, escape, width};
use crate::report::style::{Paint, end_line, push_painted, push_spaces};

/// Columns that names take at most.
const MAX_NAME: usize = 44;
/// Columns of a figure of a trend.
const FIGURE: usize = 9;
/// Figures of trends, in k6's order.
const TITLES: [&str; 7] = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];
/// Indent of every line.
const INDENT: usize = 2;

/// Appends a line for each metric: its name, dotted to its figures; as many figures as find room.
pub(super) fn push_metrics(out: &mut String, record: &LoadRecord, columns: usize, color: bool) {
    let rows = in_order(&record.metrics);
    if rows.is_empty() {
        return;
    }
    let has = |name: &str| record.metrics.contains_key(name);
    let names: Vec<String> =
        rows.iter().map(|(_, name, _)| shown_name(name, has(base(name)))).collect();
    let longest = names.iter().map(|name| width(name)).max().unwrap_or(0) + 3;
    let name_width = longest.min(MAX_NAME).min(columns / 2);
    let room = columns.saturating_sub(INDENT + name_width + 1);
    let figures = (room / FIGURE).min(TITLES.len());
    if figures > 0 {
        push_titles(out, name_width, figures, color);
    }
    let mut group: Option<Group> = None;
    for ((of, _, metric), name) in rows.iter().zip(&names) {
        if group.is_some_and(|group| group != *of) {
            out.push('\n');
        }
        group = Some(*of);
        push_name(out, name, name_width, color);
        if let Some(trend) = &metric.trend {
            push_trend(out, metric, trend, figures, color);
        } else {
            let text = single(metric);
            push_spaces(out, 1);
            push_painted(out, &cut(&text, room.saturating_sub(1)), Paint::Plain, color);
        }
        end_line(out);
    }
}

/// A part of a metric stands as its tags, a little to the right of the whole.
fn shown_name(name: &str, below_whole: bool) -> String {
    match name.strip_prefix(base(name)) {
        Some(tags) if !tags.is_empty() && below_whole => format!("  {}", escape(tags)),
        _ => escape(name),
    }
}

fn push_titles(out: &mut String, name_width: usize, figures: usize, color: bool) {
    push_spaces(out, INDENT + name_width + 1);
    for title in &TITLES[..figures] {
        push_spaces(out, FIGURE.saturating_sub(title.len()));
        push_painted(out, title, Paint::Dim, color);
    }
    end_line(out);
}

fn push_name(out: &mut String, name: &str, name_width: usize, color: bool) {
    let name = cut(name, name_width.saturating_sub(1));
    let dots = ".".repeat(name_width - width(&name));
    push_spaces(out, INDENT);
    out.push_str(&name);
    push_painted(out, &dots, Paint::Dim, color);
    push_painted(out, ":", Paint::Dim, color);
}

fn push_trend(
    out: &mut String,
    metric: &MetricRecord,
    trend: &TrendSummary,
    figures: usize,
    color: bool,
) {
    let unit = metric.unit;
    let known = |value| (figure(unit, value), Paint::Plain);
    let at = |value: Option<f64>| {
        let paint = if value.is_some() { Paint::Plain } else { Paint::Caution };
        (percentile(unit, trend, value), paint)
    };
    let cells = [
        known(trend.avg),
        known(trend.min),
        at(trend.med),
        known(trend.max),
        at(trend.p90),
        at(trend.p95),
        at(trend.p99),
    ];
    for (text, paint) in &cells[..figures] {
        // Two figures never touch.
        push_spaces(out, FIGURE.saturating_sub(width(text)).max(1));
        push_painted(out, text, *paint, color);
    }
}

/// What k6 says of a metric that is no trend.
pub(super) fn single(metric: &MetricRecord) -> String {
    let Some(value) = metric.value else {
        return "no samples".to_owned();
    };
    let shown = |value| figure(metric.unit, value);
    match metric.kind {
        MetricKind::Counter => {
            let rate = metric.per_second.map(|rate| format!("   {}/s", shown(rate)));
            shown(value) + &rate.unwrap_or_default()
        }
        MetricKind::Gauge => {
            let range = metric.range.map(|(least, greatest)| {
                format!("   min {}   max {}", shown(least), shown(greatest))
            });
            shown(value) + &range.unwrap_or_default()
        }
        MetricKind::Rate => {
            let passes = metric.passes.unwrap_or(0);
            format!("{}   {} of {}", share(value), grouped(passes), grouped(metric.samples))
        }
        MetricKind::Trend => "no samples".to_owned(),
    }
}
