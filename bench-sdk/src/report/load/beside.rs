//! Two load tests side by side, for people.

use super::layout::{push_aligned, push_sentence};
use super::words::{figure, per_second, share};
use crate::record::load::{LoadComparison, LoadFigure};
use crate::report::escape::escape;
use crate::report::style::{Paint, push_painted};
use crate::report::table::Cell;

/// Both figures, by how much they differ, and in how many seconds; no verdict, see
/// `compare/load.rs`. At most 100 columns.
pub(crate) fn render_load_comparison(compared: &LoadComparison, color: bool) -> String {
    const COLUMNS: usize = 100;
    let mut out = String::new();
    push_painted(&mut out, "load tests", Paint::Bold, color);
    let sides = format!("  {} → {}\n\n", escape(&compared.baseline), escape(&compared.candidate));
    out.push_str(&sides);
    let head = ["", "baseline", "candidate", "change", "over time"];
    let mut rows = vec![head.map(|title| Cell::new(title, Paint::Dim)).to_vec()];
    rows.extend(compared.figures.iter().map(row));
    push_aligned(&mut out, &rows, 2, COLUMNS, color);
    out.push('\n');
    for remark in &compared.remarks {
        push_painted(&mut out, "note:", Paint::Caution, color);
        out.push(' ');
        push_sentence(&mut out, &escape(remark), 6, COLUMNS);
    }
    out
}

fn row(compared: &LoadFigure) -> Vec<Cell> {
    let shown = |value: Option<f64>| match (value, compared.name.as_str()) {
        (None, _) => "not known".to_owned(),
        (Some(value), "rate") => per_second(value),
        (Some(value), "failed") => share(value),
        (Some(value), _) => figure(compared.unit, value),
    };
    let change = compared.ratio.map_or_else(|| "·".to_owned(), change);
    let course = compared.ticks.map_or_else(String::new, |(above, below)| {
        format!("above in {above} ticks, below in {below}")
    });
    vec![
        Cell::plain(&compared.name),
        Cell::plain(shown(compared.baseline)),
        Cell::plain(shown(compared.candidate)),
        Cell::plain(change),
        Cell::new(course, Paint::Dim),
    ]
}

/// `+ 3.1 %`, `− 12 %`, `× 4.2`.
fn change(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    if ratio >= 3.0 {
        return format!("× {}", super::words::plain(ratio));
    }
    let sign = if percent < 0.0 { "−" } else { "+" };
    let decimals = usize::from(percent.abs() < 9.95);
    format!("{sign} {:.decimals$} %", percent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare_loads;
    use crate::report::load::fixture::{limited_run, open_run, spike_run};

    #[test]
    fn figures_stand_side_by_side() {
        let (old, mut new) = (open_run(), open_run());
        "20260102_120000_10ad".clone_into(&mut new.run.id);
        if let Some(trend) = new.metrics.get_mut("response").and_then(|it| it.trend.as_mut()) {
            (trend.p95, trend.p99) = (Some(12.98e6), None);
        }
        for tick in &mut new.timeline {
            tick.p95_ns = Some(13e6);
        }
        assert_eq!(
            render_load_comparison(&compare_loads(&old, &new), false),
            "\
load tests  20260101_120000_10ad → 20260102_120000_10ad

                 baseline   candidate   change    over time
  rate           2,000/s    2,000/s     + 0.0 %   above in 0 ticks, below in 0
  failed         0.02 %     0.02 %      + 0.0 %
  response p50   3.20 ms    3.20 ms     + 0.0 %
  response p95   11.8 ms    13.0 ms     + 10 %    above in 60 ticks, below in 0
  response p99   31.2 ms    not known   ·

note: the baseline did not pass
note: the candidate did not pass
note: one run each has no interval: repeat both before a difference is believed
"
        );
    }

    #[test]
    fn what_stands_against_it_is_told() {
        let text = render_load_comparison(&compare_loads(&limited_run(), &spike_run()), false);
        assert!(text.contains("the scenarios differ") && text.contains("limit in the baseline"));
        assert_eq!([1.031, 0.88, 4.2].map(change), ["+ 3.1 %", "− 12 %", "× 4.2"]);
    }
}
