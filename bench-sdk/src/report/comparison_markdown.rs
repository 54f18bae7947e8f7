//! A comparison as the comment on a pull request.

use std::fmt::Write;

use super::comparison::{ComparisonOptions, Outcome, counts, render_comparison_pretty};
use super::comparison_cases::{ComparedCase, compared_cases, with_verdict};
use super::comparison_words::{change, figures, interval, sides};
use super::header::plural;
use super::markdown_text::{beginning, cell, code, fence, inert, name};
use super::units::duration;
use crate::record::{CaseComparison, ComparisonRecord, Method, Verdict, metric_name};

/// Rows of the table; a comment is read at a glance.
const MAX_ROWS: usize = 20;
/// Bytes of the details: GitHub takes comments of 65,536 characters.
const MAX_DETAILS: usize = 40_000;

/// The comparison for a pull request: the verdict in words, a table of what changed, all else folded
/// away. Names of cases come as code, in which nothing means anything to Markdown or HTML.
pub(super) fn render_comparison_markdown(
    record: &ComparisonRecord,
    options: &ComparisonOptions,
) -> String {
    let cases = compared_cases(record);
    let mut out = format!("### {}\n\n", heading(record, &cases, options.exit_code));
    push_summary(&mut out, record, &cases);
    push_table(&mut out, &cases);
    push_details(&mut out, record, options);
    out
}

/// `Benchmarks: hub_tasks::queue::push[1000] is slower`, the name as code.
fn heading(record: &ComparisonRecord, cases: &[ComparedCase<'_>], exit_code: u8) -> String {
    let outcome = Outcome::of(record, cases, exit_code);
    // `has a higher NAME` is the only part that can hold more than words.
    let words = inert(&outcome.words);
    match outcome.name {
        Some(id) => format!("Benchmarks: {} {words}", code(&name(id.as_str()))),
        None => format!("Benchmarks: {words}"),
    }
}

fn push_summary(out: &mut String, record: &ComparisonRecord, cases: &[ComparedCase<'_>]) {
    let [from, to] = sides(record).map(|side| code(&name(&side)));
    let method = match record.method {
        Method::Paired => "paired",
        Method::Unpaired => "unpaired",
    };
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{from} → {to} · {method} · {}", plural(cases.len(), "case"));
    if record.duration_ns > 0 {
        // Writing to a `String` cannot fail.
        let _ = write!(out, " · {}", duration(record.duration_ns as f64 / 1e9));
    }
    let counts: Vec<String> = counts(record, cases).into_iter().map(|(words, _)| words).collect();
    out.push_str("  \n");
    out.push_str(&counts.join(" · "));
    out.push_str("\n\n");
}

fn push_table(out: &mut String, cases: &[ComparedCase<'_>]) {
    let mut rows = Vec::new();
    for verdict in [Verdict::Regressed, Verdict::Improved] {
        for case in with_verdict(cases, verdict) {
            rows.push(table_row(case, case.head));
            rows.extend(case.others.iter().map(|other| table_row(case, other)));
        }
    }
    if rows.is_empty() {
        return;
    }
    out.push_str("| | benchmark | change | interval | before → after |\n");
    out.push_str("|---|---|---:|---|---|\n");
    for row in rows.iter().take(MAX_ROWS) {
        out.push_str(row);
    }
    out.push('\n');
    if rows.len() > MAX_ROWS {
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "and {} more\n", rows.len() - MAX_ROWS);
    }
}

fn table_row(case: &ComparedCase<'_>, comparison: &CaseComparison) -> String {
    let words = comparison.verdict.words();
    let word = if comparison.verdict == Verdict::Regressed {
        format!("**{words}**")
    } else {
        words.to_owned()
    };
    let mut subject = cell(&code(&name(case.id.as_str())));
    if comparison.metric != metric_name::TIME {
        subject.push(' ');
        subject.push_str(&cell(&code(&name(&comparison.metric))));
    }
    let ratio = comparison.ratio.as_ref();
    let change = ratio.map_or_else(|| "·".to_owned(), change);
    let interval = ratio.and_then(interval).unwrap_or_default();
    let figures = figures(comparison).unwrap_or_default();
    format!("| {word} | {subject} | {change} | {interval} | {figures} |\n")
}

/// All of it as a terminal would show it, in a block of code.
fn push_details(out: &mut String, record: &ComparisonRecord, options: &ComparisonOptions) {
    let plain = ComparisonOptions { width: 100, color: false, kept_in: None, ..options.clone() };
    let text = render_comparison_pretty(record, &plain);
    let shown = beginning(&text, MAX_DETAILS);
    let fence = fence(shown);
    out.push_str("<details><summary>Details</summary>\n\n");
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{fence}text\n{shown}");
    if shown.len() < text.len() {
        out.push_str("… cut here; the whole of it is in the other formats\n");
    }
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{fence}\n\n</details>");
}

#[cfg(test)]
mod tests {
    use super::super::comparison_fixture::{compared, hub_gate, time};
    use super::*;

    fn comment(record: &ComparisonRecord, exit_code: u8) -> String {
        let options = ComparisonOptions { exit_code, ..ComparisonOptions::default() };
        render_comparison_markdown(record, &options)
    }

    #[test]
    fn the_verdict_comes_first_and_the_rest_is_folded_away() {
        assert_eq!(
            comment(&hub_gate(), 3),
            "\
### Benchmarks: `hub_tasks::queue::push[1000]` is slower

`HEAD~1 (4b1c2d9)` → `working tree` · paired · 31 cases · 19 s  
1 regressed · 1 improved · 27 equivalent (within 1 %) · 2 inconclusive

| | benchmark | change | interval | before → after |
|---|---|---:|---|---|
| **regressed** | `hub_tasks::queue::push[1000]` | + 3.1 % | +2.7 … +3.5 | 812 ns → 837 ns |
| improved | `hub_neural::forward[64x64]` | − 6.4 % | −6.9 … −6.0 | 2.31 µs → 2.16 µs |

<details><summary>Details</summary>

```text
gate  HEAD~1 (4b1c2d9) → working tree
      paired · 31 cases · 19 s · at most 0.5 % of unchanged cases would be called by chance

1 regressed · 1 improved · 27 equivalent (within 1 %) · 2 inconclusive

REGRESSED     hub_tasks::queue::push[1000]  + 3.1 %  (+2.7 … +3.5)    812 ns → 837 ns  14 launches
              allocations 2 → 3 a call
improved      hub_neural::forward[64x64]    − 6.4 %  (−6.9 … −6.0)  2.31 µs → 2.16 µs  14 launches
inconclusive  hub_data::ingest[1M]          − 0.2 %  (−1.6 … +1.3)
              a change of 1.6 % or more is excluded
              hub_swarm::broadcast{t=2}     + 0.9 %  (−2.8 … +4.1)
              a change of 4.1 % or more is excluded

exit 3: hub_tasks::queue::push[1000] is slower
```

</details>
"
        );
    }

    #[test]
    fn a_hostile_name_stays_in_its_cell() {
        let id = "a::`|</details>\n# x";
        let record = compared(vec![time(id, Verdict::Regressed, [3.0, 2.0, 4.0], (100.0, 103.0))]);
        let text = comment(&record, 3);
        assert!(
            text.starts_with("### Benchmarks: ``a::`|</details>\\n# x`` is slower\n"),
            "{text}"
        );
        assert!(
            text.contains("| **regressed** | ``a::`\\|</details>\\n# x`` | + 3.0 % |"),
            "{text}"
        );
        let lines = text.lines().filter(|line| line.contains("</details>"));
        assert_eq!(lines.count(), 5, "{text}");
    }

    #[test]
    fn many_cases_fit_into_a_comment() {
        let many = (0..5_000).map(|n| {
            time(&format!("a::b[{n}]"), Verdict::Regressed, [3.0, 2.0, 4.0], (100.0, 103.0))
        });
        let text = comment(&compared(many.collect()), 3);
        assert!(text.len() < 60_000 && text.ends_with("</details>\n"));
        assert!(text.contains("and 4980 more\n") && text.contains("cut here"));
    }
}
