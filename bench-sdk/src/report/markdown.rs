//! A run as tables for a pull request or a page.

use super::columns::{Column, Columns};
use super::escape::{cut, escape, escape_output_line};
use super::header::header_line;
use super::markdown_text::{cell, code, inert, name};
use super::pretty::{note_word, row_word};
use super::prose::outcome;
use super::tracked::has_figures;
use super::tree::Place;
use crate::record::{CaseRecord, Growth, RunRecord, Severity};

/// Bytes of tables and of remarks: GitHub takes comments of 65,536 characters.
const MAX_TABLES: usize = 45_000;
const MAX_REMARKS: usize = 12_000;
/// Columns of one line of a message.
const MAX_MESSAGE: usize = 200;

/// A heading with what came out, a table for each crate, then failures and warnings in words.
pub(super) fn render_markdown(record: &RunRecord) -> String {
    let mut out = format!("### Benchmarks: {}\n\n", inert(&outcome(record, false)));
    out.push_str(&inert(&header_line(record, usize::MAX)));
    out.push_str("\n\n");
    for note in record.run.notes.iter().filter(|note| note.severity == Severity::Warning) {
        out.push_str(&format_line("> ", &inert(&escape(&note.text))));
        out.push('\n');
    }
    let left_out = push_tables(&mut out, record);
    if left_out > 0 {
        out.push_str(&format_line("and ", &format!("{left_out} more")));
        out.push('\n');
    }
    push_remarks(&mut out, record);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A line of its own; what others wrote cannot begin another.
fn format_line(lead: &str, text: &str) -> String {
    format!("{lead}{}\n", text.replace(['\r', '\n'], " "))
}

/// A table for each crate, as long as there is room; gives how many cases there was none for.
fn push_tables(out: &mut String, record: &RunRecord) -> usize {
    let with_figures: Vec<&CaseRecord> =
        record.cases.iter().filter(|case| has_figures(case)).collect();
    let columns = Columns::default().split(&with_figures).shown;
    let mut crates: Vec<&str> = Vec::new();
    for case in &record.cases {
        if !crates.contains(&case.crate_name.as_str()) {
            crates.push(&case.crate_name);
        }
    }
    let mut left_out = 0;
    for crate_name in crates {
        let cases: Vec<&CaseRecord> =
            record.cases.iter().filter(|case| case.crate_name == crate_name).collect();
        left_out += push_table(out, crate_name, &cases, &columns);
    }
    left_out
}

fn push_table(
    out: &mut String,
    crate_name: &str,
    cases: &[&CaseRecord],
    columns: &[Column],
) -> usize {
    let crate_name = if crate_name.is_empty() { "benchmarks" } else { crate_name };
    let titles: Vec<String> = columns.iter().map(|column| cell(&column.title())).collect();
    if out.len() > MAX_TABLES {
        return cases.len();
    }
    let head = cell(&code(&name(crate_name)));
    let rule = "---:|".repeat(columns.len());
    let head = format!("| {head} | {} | |\n|---|{rule}---|\n", titles.join(" | "));
    out.push_str(&head);
    let mut shown = 0;
    for case in cases {
        if out.len() > MAX_TABLES {
            break;
        }
        out.push_str(&row(case, columns));
        shown += 1;
    }
    out.push('\n');
    cases.len() - shown
}

fn row(case: &CaseRecord, columns: &[Column]) -> String {
    let place = Place::of(case);
    let group = if place.group.is_empty() { String::new() } else { format!("{}::", place.group) };
    let label = format!("{group}{}{}", place.name, place.suffix);
    let figure = |column: &Column| {
        if has_figures(case) { column.cell(case).text } else { "·".to_owned() }
    };
    let figures: Vec<String> = columns.iter().map(|column| cell(&figure(column))).collect();
    let word = match case.status {
        status if status.is_broken() => format!("**{}**", status.words()),
        _ if !has_figures(case) => case.status.words().to_owned(),
        _ => row_word(case, true).map(|cell| inert(&cell.text)).unwrap_or_default(),
    };
    format!("| {} | {} | {} |\n", cell(&code(&name(&label))), figures.join(" | "), cell(&word))
}

/// What broke, what grows too fast, and what may mislead.
fn push_remarks(out: &mut String, record: &RunRecord) {
    let mut lines = Vec::new();
    for case in &record.cases {
        if case.message.is_some() {
            let message = case.message.as_deref().unwrap_or_default();
            let first = message.lines().next().unwrap_or_default();
            let first = cut(&escape_output_line(first), MAX_MESSAGE);
            lines.push(remark(
                &format!("**{}**", case.status.words()),
                case.id.as_str(),
                &code(&first),
            ));
        }
    }
    for fit in record.scaling.iter().filter(|fit| fit.is_exceeded()) {
        let law = |growth: Option<Growth>| growth.map_or("?", Growth::name);
        let text = format!("{}, and promises {}", code(law(fit.chosen)), code(law(fit.complexity)));
        lines.push(remark("**grows as**", fit.id.as_str(), &text));
    }
    for case in &record.cases {
        for note in case.notes.iter().filter(|note| note.severity == Severity::Warning) {
            let text = inert(&escape(&note.text));
            lines.push(remark(&inert(&note_word(&note.code)), case.id.as_str(), &text));
        }
    }
    let room = out.len() + MAX_REMARKS;
    for (shown, line) in lines.iter().enumerate() {
        if out.len() > room {
            out.push_str(&format_line("- and ", &format!("{} more", lines.len() - shown)));
            break;
        }
        out.push_str(line);
    }
}

fn remark(word: &str, id: &str, text: &str) -> String {
    format_line("- ", &format!("{word} {}: {text}", code(&name(id))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{hub_run, measured, mixed_run, run_of};
    use super::*;
    use crate::record::Note;

    #[test]
    fn a_table_for_each_crate() {
        assert_eq!(
            render_markdown(&hub_run()),
            r"### Benchmarks: 5 measured in 24 s

hub · 5 cases in 2 crates · 8 launches · AMD EPYC 2 cores\, virtual machine · rustc 1\.95 release

> CPU frequency cannot be read here\; differences under 1 \% need \`\-\-baseline\` to be believed

| `hub_agents` | time | interval | p99 | throughput | allocs | cpu | ops/cpu s | samples | |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---|
| `messages::broadcast{t=2}` | 41.7 µs | ± 2.1 % | 88.0 µs | 24.0 k/s | 64 | 171 % | 14.0 k | 400 | noisy |
| `registry::create` | 184.2 ns | ± 0.4 % | · | 5.43 M/s | 2 | 100 % | 5.43 M | 400 |  |
| `registry::find_by_capability[10]` | 96.1 ns | ± 0.3 % | · | 10.4 M/s | 0 | 100 % | 10.4 M | 400 |  |
| `registry::find_by_capability[1000]` | 8.94 µs | ± 0.6 % | 11.2 µs | 112 k/s | 0 | 100 % | 112 k | 400 |  |

| `hub_neural` | time | interval | p99 | throughput | allocs | cpu | ops/cpu s | samples | |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---|
| `forward[64x64]` | 2.310 µs | ± 0.2 % | · | 1.77 G/s | 0 | 100 % | 1.77 G | 400 |  |

- noisy `hub_agents::messages::broadcast{t=2}`: 24 \% of the samples were disturbed by other processes\; repeat\, or pin with \`doctor \-\-apply\`
"
        );
    }

    #[test]
    fn what_broke_is_said_in_words() {
        let text = render_markdown(&mixed_run());
        assert!(
            text.ends_with(
                r"| `hub_data` | time | interval | samples | |
|---|---:|---:|---:|---|
| `ingest[1000]` | · | · | · | **panicked** |
| `ingest[1000000]` | · | · | · | **timed out** |
| `parse` | 12.35 ms | ± 0.4 % | 400 | over budget |
| `upload` | · | · | · | skipped |

- **panicked** `hub_data::ingest[1000]`: `index out of bounds: the len is 3 but the index is 7`
- **timed out** `hub_data::ingest[1000000]`: `still running after 60 s`
- **over budget** `hub_data::parse`: `median < 10ms: the median is 12.35 ms`
- **skipped** `hub_data::upload`: `needs a network`
- at the floor `hub_agents::registry::noop`: too fast to tell from an empty loop
"
            ),
            "{text}"
        );
    }

    #[test]
    fn names_stay_in_their_cells() {
        let mut case = measured("a", "", "x|`y`</td>\n# z @team", 1.0, 0.1);
        case.notes.push(Note::warning("noisy", "see\n# <b>@team</b>"));
        let text = render_markdown(&run_of(vec![case]));
        assert!(text.contains("| ``x\\|`y`</td>\\n# z @team`` |"), "{text}");
        assert!(text.contains(r"see\\n\# \<b\>\@team\<\/b\>"), "{text}");
        assert!(text.lines().all(|line| !line.starts_with("# ")));
    }

    #[test]
    fn many_cases_fit_into_a_comment() {
        let many = (0..5_000).map(|n| {
            let mut case = measured("a", "b", &format!("c[{n}]"), 100.0, 1.0);
            case.notes.push(Note::warning("noisy", "much was disturbed"));
            case
        });
        let text = render_markdown(&run_of(many.collect()));
        assert!(text.len() < 62_000, "{}", text.len());
        assert!(text.contains("more\n\n- noisy") && text.trim_end().ends_with("more"));
    }
}
