//! The bench lines of libtest, which many tools read.

use super::style::push_spaces;
use crate::record::is_unsafe;
use crate::record::{RunRecord, Status, metric_name};

/// The figures of libtest are right-aligned in this many columns.
const VALUE_WIDTH: usize = 14;

/// `test a::b ... bench:      55,589.05 ns/iter (+/- 320.85)` for each case that has a time.
///
/// The figure in brackets is half the width of the interval. White space and characters that a
/// terminal would obey are `_` in names.
pub fn render_bencher(record: &RunRecord) -> String {
    let mut out = String::new();
    for case in &record.cases {
        let (Status::Measured | Status::BudgetFailed, Some(time)) =
            (case.status, case.metric(metric_name::TIME))
        else {
            continue;
        };
        let half_width = time.low.zip(time.high).map_or(0.0, |(low, high)| (high - low) / 2.0);
        push_bench_line(&mut out, case.id.as_str(), time.estimate, half_width);
    }
    out
}

/// One line; white space and characters that a terminal would obey are `_` in its name.
pub(super) fn push_bench_line(out: &mut String, name: &str, value: f64, half_width: f64) {
    out.push_str("test ");
    let is_bad = |c: char| c.is_whitespace() || is_unsafe(c);
    out.extend(name.chars().map(|c| if is_bad(c) { '_' } else { c }));
    let value = grouped(value);
    out.push_str(" ... bench: ");
    push_spaces(out, VALUE_WIDTH.saturating_sub(value.len()));
    out.push_str(&value);
    out.push_str(" ns/iter (+/- ");
    out.push_str(&grouped(half_width));
    out.push_str(")\n");
}

/// Commas between thousands, two digits after the point, four where there is little before it.
fn grouped(value: f64) -> String {
    let value = if value.is_finite() { value.max(0.0) } else { 0.0 };
    let plain = if value < 1.0 { format!("{value:.4}") } else { format!("{value:.2}") };
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "0"));
    let mut text = String::with_capacity(plain.len() + whole.len() / 3);
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('.');
    text.push_str(fraction);
    text
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{measured, mixed_run, run_of};
    use super::*;

    /// By hand: `^test (.+)\s+\.\.\. bench:\s+([0-9,.]+) (\w+\/\w+) \(\+\/- ([0-9,.]+)\)$`, which
    /// github-action-benchmark matches; gives the groups 1, 2 and 4.
    fn matched(line: &str) -> Option<(&str, &str, &str)> {
        let is_number = |text: &&str| {
            !text.is_empty() && text.chars().all(|c| matches!(c, '0'..='9' | ',' | '.'))
        };
        let (name, rest) = line.strip_prefix("test ")?.rsplit_once(" ... bench:")?;
        let figures = rest.strip_prefix(' ')?.trim_start().strip_suffix(')')?;
        let (value, rest) = figures.split_once(' ')?;
        let range = rest.strip_prefix("ns/iter (+/- ")?;
        let one_line = !name.is_empty() && !name.contains(char::is_whitespace);
        (one_line && is_number(&value) && is_number(&range)).then_some((name, value, range))
    }

    #[test]
    fn the_line_is_that_of_libtest() {
        let record = run_of(vec![measured("a", "", "b", 55_589.05, 320.85)]);
        assert_eq!(
            render_bencher(&record),
            "test a::b ... bench:      55,589.05 ns/iter (+/- 320.85)\n"
        );
    }

    #[test]
    fn only_what_has_a_time_is_listed() {
        let text = render_bencher(&mixed_run());
        let lines: Vec<_> = text.lines().map(matched).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], Some(("hub_data::parse", "12,345,678.00", "50,000.00")));
    }

    #[test]
    fn any_name_and_any_figure_matches() {
        for (name, ns) in [
            ("with two\u{2028} words\n", 1e300),
            ("\x1b[31mred\u{202e} ... bench: 1 ns/iter (+/- 0)", 0.000_1),
            ("中文 👨‍👩‍👧", 999_999.999),
        ] {
            let text = render_bencher(&run_of(vec![measured("c", "", name, ns, 0.0)]));
            assert_eq!(text.matches('\n').count(), 1);
            assert!(matched(text.trim_end_matches('\n')).is_some(), "{text}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        let shown: Vec<String> =
            [0.0, 0.312_45, 1.0, 999.994, 1_000.0, 1_234_567.891].map(grouped).into();
        assert_eq!(shown, ["0.0000", "0.3125", "1.00", "999.99", "1,000.00", "1,234,567.89"]);
    }
}
