//! One line a comparison, for grep and awk.

use super::comparison_words::{change, interval};
use super::escape::{escape, width};
use super::style::push_spaces;
use crate::record::{CaseComparison, ComparisonRecord, Verdict};

/// Ids longer than this push their own line only.
const MAX_ID: usize = 60;

/// `id  metric  verdict  change  interval`, in per cent; a figure that is not there is `-`. Cases
/// that broke or are on one side only have a line too, without a metric.
pub(super) fn render_comparison_terse(record: &ComparisonRecord) -> String {
    let mut lines: Vec<[String; 5]> = record.comparisons.iter().map(figures).collect();
    let bare = |id: &str, what: &str| {
        [escape(id), "-".to_owned(), what.to_owned(), "-".to_owned(), "-".to_owned()]
    };
    lines.extend(record.broken.iter().map(|broken| bare(broken.id.as_str(), "broken")));
    lines.extend(record.only_in_baseline.iter().map(|id| bare(id.as_str(), "only in baseline")));
    lines.extend(record.only_in_candidate.iter().map(|id| bare(id.as_str(), "only in candidate")));
    let widest = |at: usize| {
        let widths = lines.iter().map(|line| width(&line[at]));
        widths.filter(|wide| at > 0 || *wide <= MAX_ID).max().unwrap_or(0)
    };
    let widths: [usize; 5] = std::array::from_fn(widest);
    let mut out = String::new();
    for line in &lines {
        for (at, cell) in line.iter().enumerate() {
            let padding = widths[at].saturating_sub(width(cell));
            if at > 0 {
                out.push_str("  ");
            }
            // Figures stand to the right.
            let is_figure = at == 3;
            push_spaces(&mut out, if is_figure { padding } else { 0 });
            out.push_str(cell);
            push_spaces(&mut out, if is_figure || at == 4 { 0 } else { padding });
        }
        out.push('\n');
    }
    out
}

fn figures(comparison: &CaseComparison) -> [String; 5] {
    let absent = || "-".to_owned();
    let is_comparable = comparison.verdict != Verdict::NotComparable;
    let ratio = comparison.ratio.as_ref().filter(|_| is_comparable);
    // Without spaces and with the signs of ASCII, so that each figure is one word to a program.
    let plain = |text: String| text.replace(' ', "").replace('−', "-").replace('×', "x");
    [
        escape(comparison.id.as_str()),
        escape(&comparison.metric),
        comparison.verdict.words().to_owned(),
        ratio.map_or_else(absent, |ratio| plain(change(ratio))),
        ratio.and_then(interval).map_or_else(absent, |text| plain(text).replace('…', "..")),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::comparison_fixture::mixed_gate;
    use super::*;

    #[test]
    fn one_line_a_comparison() {
        assert_eq!(
            render_comparison_terse(&mixed_gate()),
            "\
a::huge    time      regressed           x12.4  x11.5..x12.9
a::other   time      not comparable          -  -
a::same    time      equivalent           0.0%  -0.1..+0.1
a::same    leaked    regressed               -  -
a::slow    time      regressed          +12.0%  +11.0..+13.0
a::slow    peak_rss  inconclusive         +17%  -
a::slow    allocs    improved             -50%  -
a::unseen  time      inconclusive            -  -
a::broken  -         broken                  -  -
a::gone    -         only in baseline        -  -
a::new[1]  -         only in candidate       -  -
a::new[2]  -         only in candidate       -  -
"
        );
    }
}
