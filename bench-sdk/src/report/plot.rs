//! A fit, drawn with characters.

use super::escape::width;
use super::units::count;

/// Columns and lines of a plot, with its axes.
const MAX_COLUMNS: usize = 44;
const CANVAS_LINES: usize = 5;
/// A canvas narrower than this shows nothing.
const MIN_CANVAS: usize = 16;
/// Both axes are logarithmic from this ratio of the largest to the smallest value on.
const LOGARITHMIC_FROM: f64 = 8.0;
/// Places at which the curve is looked at for how high and low it goes.
const CURVE_STEPS: usize = 33;
/// The vertical axis spans at least this ratio: what does not grow is not blown up to look so.
const LEAST_SPAN: f64 = 2.0;

/// What to draw.
pub(crate) struct Plot<'a> {
    /// What was measured: x and y, in the order of x, all of them positive but for a first x of 0.
    pub(crate) points: &'a [(f64, f64)],
    /// What was fitted.
    pub(crate) curve: &'a dyn Fn(f64) -> f64,
    /// What is under the horizontal axis.
    pub(crate) x_title: &'a str,
    /// Figures at the vertical axis.
    pub(crate) y_label: &'a dyn Fn(f64) -> String,
    /// Whether a wide range of x makes the axes logarithmic.
    pub(crate) may_be_logarithmic: bool,
}

/// From values to places along an axis.
struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Axis {
    /// The cell of `cells` that the value falls into; `None` beyond the ends.
    fn cell(&self, value: f64, cells: usize) -> Option<usize> {
        let at = |value: f64| if self.logarithmic { value.ln() } else { value };
        let share = (at(value) - at(self.low)) / (at(self.high) - at(self.low));
        let cell = (share * (cells - 1) as f64).round();
        (cell >= 0.0 && cell < cells as f64).then_some(cell as usize)
    }

    /// The value in the middle of a cell.
    fn value(&self, cell: usize, cells: usize) -> f64 {
        let share = cell as f64 / (cells - 1) as f64;
        if self.logarithmic {
            (self.low.ln() + share * (self.high.ln() - self.low.ln())).exp()
        } else {
            self.low + share * (self.high - self.low)
        }
    }
}

/// The lines of the plot, `●` where something was measured and `·` along the fit; none where there
/// is no room or nothing to see.
pub(crate) fn plot_lines(plot: &Plot<'_>, columns: usize) -> Vec<String> {
    let Some((x_axis, y_axis)) = axes(plot) else { return Vec::new() };
    let labels = [(plot.y_label)(y_axis.high), (plot.y_label)(y_axis.low)];
    let gutter = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    // Between the labels and the canvas: a space and the axis.
    let canvas = columns.min(MAX_COLUMNS).saturating_sub(gutter + 2);
    if canvas < MIN_CANVAS {
        return Vec::new();
    }
    let mut rows = vec![vec![' '; canvas]; CANVAS_LINES];
    let mut mark = |x_cell: usize, y: f64, mark: char| {
        if let Some(row) = y_axis.cell(y, CANVAS_LINES) {
            rows[CANVAS_LINES - 1 - row][x_cell] = mark;
        }
    };
    for x_cell in 0..canvas {
        mark(x_cell, (plot.curve)(x_axis.value(x_cell, canvas)), '·');
    }
    for (x, y) in plot.points {
        if let Some(x_cell) = x_axis.cell(*x, canvas) {
            mark(x_cell, *y, '●');
        }
    }
    let mut lines = Vec::with_capacity(CANVAS_LINES + 2);
    for (at, row) in rows.iter().enumerate() {
        let label = match at {
            0 => &labels[0],
            last if last == CANVAS_LINES - 1 => &labels[1],
            _ => "",
        };
        let tick = if label.is_empty() { '│' } else { '┤' };
        let row: String = row.iter().collect();
        let pad = " ".repeat(gutter - width(label));
        lines.push(format!("{pad}{label} {tick}{}", row.trim_end()));
    }
    let pad = " ".repeat(gutter + 1);
    lines.push(format!("{pad}╰{}", "─".repeat(canvas)));
    lines.push(format!("{pad} {}", foot(plot, &x_axis, canvas)));
    lines
}

/// The ends of the horizontal axis, and what it shows in the middle where that fits.
fn foot(plot: &Plot<'_>, axis: &Axis, canvas: usize) -> String {
    let label = |x: f64| if x < 1e9 { x.to_string() } else { count(x) };
    let (low, high) = (label(axis.low), label(axis.high));
    let scale = if axis.logarithmic { ", log axes" } else { "" };
    let title = [format!("{}{scale}", plot.x_title), plot.x_title.to_owned(), String::new()];
    let spare = canvas.saturating_sub(width(&low) + width(&high));
    let title = title.iter().find(|title| width(title) + 4 <= spare).map_or("", String::as_str);
    let left = spare.saturating_sub(width(title)) / 2;
    let right = spare.saturating_sub(width(title) + left);
    format!("{low}{}{title}{}{high}", " ".repeat(left), " ".repeat(right))
}

fn axes(plot: &Plot<'_>) -> Option<(Axis, Axis)> {
    let ((low, _), (high, _)) = (plot.points.first()?, plot.points.last()?);
    let logarithmic = plot.may_be_logarithmic && *low > 0.0 && high / low >= LOGARITHMIC_FROM;
    let x_axis = Axis { low: *low, high: *high, logarithmic };
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for (_, y) in plot.points {
        (least, most) = (least.min(*y), most.max(*y));
    }
    // Between the points the curve may go beyond them, as a peak of the throughput does.
    for at in 0..CURVE_STEPS {
        let y = (plot.curve)(x_axis.value(at, CURVE_STEPS));
        if !y.is_finite() {
            return None;
        }
        (least, most) = (least.min(y), most.max(y));
    }
    if !(low < high && least > 0.0 && most.is_finite()) {
        return None;
    }
    let widen = (LEAST_SPAN / (most / least)).max(1.0).sqrt();
    Some((x_axis, Axis { low: least / widen, high: most * widen, logarithmic }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::units::time;

    fn drawn(points: &[(f64, f64)], curve: &dyn Fn(f64) -> f64, columns: usize) -> String {
        let plot = Plot {
            points,
            curve,
            x_title: "n",
            y_label: &|y| time(y, None),
            may_be_logarithmic: true,
        };
        plot_lines(&plot, columns).join("\n")
    }

    fn sized(law: fn(f64) -> f64) -> Vec<(f64, f64)> {
        [64.0, 256.0, 1024.0, 4096.0, 16384.0].map(|n| (n, law(n))).to_vec()
    }

    #[test]
    fn a_wide_range_is_drawn_on_logarithmic_axes() {
        let line = |n: f64| 7.0 + 0.2 * n;
        assert_eq!(
            drawn(&sized(line), &line, 100),
            "\
3.28 µs ┤                               ···●
        │                       ···●····
        │               ··●·····
        │      ···●·····
19.8 ns ┤●·····
        ╰───────────────────────────────────
         64        n, log axes         16384"
        );
    }

    #[test]
    fn a_narrow_range_is_drawn_on_linear_axes_and_misses_are_seen() {
        let points = [(1.0, 10.0), (2.0, 40.0), (3.0, 90.0), (4.0, 160.0), (5.0, 250.0)];
        assert_eq!(
            drawn(&points, &|n| 45.0 * n, 40),
            " 250 ns ┤                              ●
        │                    ···●······
        │          ··········
        │········●·     ●
10.0 ns ┤●
        ╰───────────────────────────────
         1              n              5"
        );
    }

    #[test]
    fn what_does_not_grow_looks_flat() {
        let text = drawn(&sized(|n| 100.0 + n / 1e4), &|_| 100.5, 60);
        assert_eq!(text.lines().filter(|line| line.contains('●')).count(), 1, "{text}");
    }

    #[test]
    fn it_fits_or_is_not_drawn() {
        let line = |n: f64| 7.0 + 0.2 * n;
        for columns in 0..80 {
            let text = drawn(&sized(line), &line, columns);
            let widest = text.lines().map(width).max().unwrap_or(0);
            assert!(widest <= columns.min(MAX_COLUMNS), "{columns}\n{text}");
            assert!(text.is_empty() || text.lines().count() == 7);
        }
        for points in [&[][..], &[(1.0, 1.0)], &[(1.0, 1.0), (1.0, 2.0)], &[(0.0, 0.0), (1.0, 1.0)]]
        {
            assert_eq!(drawn(points, &|_| 1.0, 60), "", "{points:?}");
        }
        assert_eq!(drawn(&[(1.0, 1.0), (2.0, 2.0)], &|_| f64::INFINITY, 60), "");
        assert!(!drawn(&[(0.0, 1.0), (100.0, 2.0)], &|n| 1.0 + n / 100.0, 60).is_empty());
    }
}
