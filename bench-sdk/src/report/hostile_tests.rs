//! Names that mean harm, and names that are merely foreign.

use super::escape::width;
use super::fixture::{broken, hub_run, measured, mixed_run, run_of};
use super::{ListFormat, ListedCase, TerminalOptions, render_list, render_run, render_terse};
use crate::record::{Note, RunRecord, Status};

fn foreign_run() -> RunRecord {
    run_of(vec![
        measured("hub_data", "解析", "中文[大]", 184.2, 0.7),
        measured("hub_data", "解析", "中文[小]", 96.12, 0.29),
        measured("hub_data", "解析", "e\u{301}te\u{301}", 8_941.0, 54.0),
        measured("hub_data", "解析", "🚀", 2_310.4, 4.6),
    ])
}

fn hostile_run() -> RunRecord {
    let mut long = measured("hub_data", "", &"x".repeat(10_000), 184.2, 0.7);
    long.notes.push(Note::warning("noisy\x1b[2J", "a\nb\x07"));
    run_of(vec![
        measured("hub_data", "", "clear\x1b[2J\x1b]0;title\x07", 96.12, 0.29),
        measured("hub_data", "", "\u{202e}desrever\u{2066}", 96.12, 0.29),
        measured("hub_data", "", &format!("z{}", "\u{301}".repeat(10_000)), 96.12, 0.29),
        measured("hub_data", &"m::".repeat(10_000), "deep", 96.12, 0.29),
        broken("hub_data", "", "lines\n\r\n", Status::Died, "signal \x1b[31m9\x1b[0m\r\n\u{9b}5A"),
        long,
    ])
}

/// The table: what stands between the first and the second empty line.
fn table(text: &str) -> &str {
    text.split("\n\n").nth(1).unwrap_or_default()
}

#[test]
fn wide_names_keep_the_columns_straight() {
    assert_eq!(
        table(&render_run(&foreign_run(), &TerminalOptions::default())),
        "\
hub_data            time   interval   samples
╰─ 解析
   ├─ 中文
   │  ├─ [大]   184.2 ns    ± 0.4 %       400
   │  ╰─ [小]    96.1 ns    ± 0.3 %       400
   ├─ e\u{301}te\u{301}        8.94 µs    ± 0.6 %       400
   ╰─ 🚀        2.310 µs    ± 0.2 %       400"
    );
}

#[test]
fn hostile_names_are_spelled_out_and_cut() {
    let text = render_run(&hostile_run(), &TerminalOptions { width: 60, ..Default::default() });
    assert_eq!(
        table(&text),
        "\
hub_data                                     time   interval
├─ clear\\u{1b}[2J\\u{1b}]0;title\\u{7}      96.1 ns    ± 0.3 %
├─ \\u{202e}desrever\\u{2066}               96.1 ns    ± 0.3 %
├─ z\u{301}\u{301}\u{301}\u{301}�                                     96.1 ns    ± 0.3 %
├─ m::m::m::m::m::m::m::m::m::m::m::m…
│  ╰─ deep                                96.1 ns    ± 0.3 %
├─ lines\\n\\r\\n                               died
╰─ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…   184.2 ns    ± 0.4 %"
    );
    let below: String = text.split("\n\n").skip(2).collect::<Vec<_>>().join("\n\n");
    assert_eq!(
        below,
        "\
noisy\\u{1b}[2J  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
  a\\nb\\u{7}

died  hub_data::lines\\n\\r\\n   src/lib.rs:40
  signal 9
  \\u{9b}5A

5 measured, 1 died in 24 s
"
    );
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    for record in [hostile_run(), foreign_run()] {
        let list: Vec<ListedCase> = record
            .cases
            .iter()
            .map(|case| ListedCase {
                id: case.id.to_string(),
                crate_name: case.crate_name.clone(),
                group: case.group.clone(),
                name: case.name.clone(),
                tags: vec!["\x1b[5m".to_owned()],
                ignored: Some("\u{202e}\n".repeat(3_000)),
                ..ListedCase::default()
            })
            .collect();
        let texts = [
            render_run(&record, &TerminalOptions::default()),
            render_terse(&record),
            render_list(&list, &[], ListFormat::Pretty, 80, false),
            render_list(&list, &[], ListFormat::Terse, 80, false)
                .replace(['\u{202e}', '\u{2066}'], ""),
        ];
        for text in texts {
            let bad = |c: &char| *c != '\n' && crate::record::is_unsafe(*c);
            assert_eq!(text.chars().find(bad), None, "{text}");
        }
        let lines = render_list(&list, &[], ListFormat::Terse, 80, false).lines().count();
        assert_eq!(lines, record.cases.len());
    }
}

#[test]
fn no_row_is_ever_wider_than_the_terminal() {
    for record in [hub_run(), mixed_run(), foreign_run(), hostile_run()] {
        for columns in 20..140 {
            let options = TerminalOptions { width: columns, ..TerminalOptions::default() };
            let text = render_run(&record, &options);
            let head = text.lines().next().unwrap_or_default();
            for line in table(&text).lines().chain([head]) {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }
}
