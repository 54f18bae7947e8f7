//! Whole pages against what they should look like.
#![expect(clippy::unwrap_used, reason = "a list of columns that is refused fails the test")]

use super::fixture::{broken, hub_run, measured, mixed_run, run_of, with};
use super::{Columns, TerminalOptions, render_run};
use crate::record::{Mode, Note, RunRecord, Status, Unit};

fn kept() -> TerminalOptions {
    TerminalOptions {
        kept_in: Some("target/hub-bench/runs/20260101_120000_3f2a".to_owned()),
        ..TerminalOptions::default()
    }
}

#[test]
fn a_run_at_full_width() {
    assert_eq!(
        render_run(&hub_run(), &kept()),
        "\
hub · 5 cases in 2 crates · 8 launches · AMD EPYC 2 cores, virtual machine · rustc 1.95 release
note: CPU frequency cannot be read here; differences under 1 % need `--baseline` to be believed

hub_agents                    time  interval      p99  throughput  allocs    cpu  ops/cpu s
├─ messages
│  ╰─ broadcast{t=2}       41.7 µs   ± 2.1 %  88.0 µs    24.0 k/s      64  171 %     14.0 k  noisy
╰─ registry
   ├─ create              184.2 ns   ± 0.4 %        ·    5.43 M/s       2  100 %     5.43 M
   ╰─ find_by_capability
      ├─ [10]              96.1 ns   ± 0.3 %        ·    10.4 M/s       0  100 %     10.4 M
      ╰─ [1000]            8.94 µs   ± 0.6 %  11.2 µs     112 k/s       0  100 %      112 k
hub_neural
╰─ forward[64x64]         2.310 µs   ± 0.2 %        ·    1.77 G/s       0  100 %     1.77 G

noisy  broadcast{t=2}   24 % of the samples were disturbed by other processes; repeat, or pin with
                        `doctor --apply`

5 measured in 24 s · kept in target/hub-bench/runs/20260101_120000_3f2a
"
    );
}

fn with_columns(list: &str) -> TerminalOptions {
    TerminalOptions { columns: Columns::parse(list).unwrap(), ..TerminalOptions::default() }
}

/// What stands between the head and the closing line.
fn body(record: &RunRecord, list: &str) -> String {
    let text = render_run(record, &with_columns(list));
    let parts: Vec<&str> = text.split("\n\n").collect();
    parts[1..parts.len() - 1].join("\n\n")
}

#[test]
fn columns_that_are_asked_for_stand_in_their_order() {
    let mut record = hub_run();
    record.cases.truncate(2);
    record.cases[0].notes.clear();
    assert_eq!(
        body(&record, "cpu,time"),
        "\
hub_agents               cpu       time
├─ messages
│  ╰─ broadcast{t=2}   171 %    41.7 µs
╰─ registry
   ╰─ create           100 %   184.2 ns"
    );
}

#[test]
fn the_legend_says_what_figures_take_in_and_why_others_are_not_there() {
    let mut record = run_of(vec![measured("solo", "", "only", 96.12, 0.29)]);
    let case = record.cases.remove(0);
    let case = with(case, "net_received", Unit::Bytes, 1_500.0);
    record.cases.push(with(case, "net_sent", Unit::Bytes, 20_000_000.0));
    for name in ["energy", "instructions"] {
        record.run.absent.insert(name.to_owned(), "the kernel has no such counter".to_owned());
    }
    assert_eq!(
        body(&record, "time,net,energy,instructions,p99"),
        "\
solo         time    net in   net out
╰─ only   96.1 ns   1.50 kB   20.0 MB

network figures are of the whole network namespace, with every process in it
no figure for energy, instructions: the kernel has no such counter
no figure for p99: its iterations are too short to be timed one by one, or too few to tell"
    );
    let narrow = TerminalOptions { width: 24, ..with_columns("time,net") };
    let text = render_run(&record, &narrow);
    assert!(text.contains("\n\nno room for net in, net\nout\n\n"), "{text}");
}

#[test]
fn a_run_in_sixty_columns() {
    assert_eq!(
        render_run(&hub_run(), &TerminalOptions { width: 60, ..kept() }),
        "\
hub · 5 cases in 2 crates · 8 launches
note: CPU frequency cannot be read here; differences under
      1 % need `--baseline` to be believed

hub_agents                    time  interval      p99
├─ messages
│  ╰─ broadcast{t=2}       41.7 µs   ± 2.1 %  88.0 µs  noisy
╰─ registry
   ├─ create              184.2 ns   ± 0.4 %        ·
   ╰─ find_by_capability
      ├─ [10]              96.1 ns   ± 0.3 %        ·
      ╰─ [1000]            8.94 µs   ± 0.6 %  11.2 µs
hub_neural
╰─ forward[64x64]         2.310 µs   ± 0.2 %        ·

noisy  broadcast{t=2}   24 % of the samples were disturbed
                        by other processes; repeat, or pin
                        with `doctor --apply`

5 measured in 24 s
kept in target/hub-bench/runs/20260101_120000_3f2a
"
    );
}

#[test]
fn a_run_in_which_much_goes_wrong() {
    assert_eq!(
        render_run(&mixed_run(), &kept()).replace(&output_rows(4..=22), "...\n"),
        "\
hub · 6 of 31 cases in 2 crates · 8 launches · AMD EPYC 2 cores, virtual machine

hub_agents             time   interval   samples
╰─ registry
   ├─ create       1.000 µs    ± 0.2 %       400
   ╰─ noop         ≤ 0.3 ns          ·       400   at the floor
hub_data
├─ ingest
│  ├─ [1000]       panicked
│  ╰─ [1000000]   timed out
├─ parse           12.35 ms    ± 0.4 %       400   over budget
╰─ upload           skipped

at the floor  noop                too fast to tell from an empty loop
skipped       upload              needs a network
skipped       hub_neural::train   its argument list is empty

panicked  hub_data::ingest[1000]   src/lib.rs:40
  index out of bounds: the len is 3 but the index is 7
  at src/ingest.rs:12
  │ loading 1000 rows
  │     done \\u{1b}[2J

timed out  hub_data::ingest[1000000]   src/lib.rs:40
  still running after 60 s
  │ … 2 lines before, kept in the record
  │ row 3
...

over budget  hub_data::parse   src/lib.rs:40
  median < 10ms: the median is 12.35 ms

not written  junit: writing failed: no space left

2 measured, 1 over budget, 1 panicked, 1 timed out, 2 skipped in 24 s
kept in target/hub-bench/runs/20260101_120000_3f2a
"
    );
}

fn output_rows(numbers: std::ops::RangeInclusive<u32>) -> String {
    let rows: Vec<String> = numbers.map(|n| format!("  │ row {n}\n")).collect();
    rows.concat()
}

#[test]
fn quiet_keeps_failures_and_the_closing_line() {
    let text = render_run(&mixed_run(), &TerminalOptions { quiet: true, ..kept() });
    assert!(text.starts_with("panicked  hub_data::ingest[1000]"), "{text}");
    assert!(text.ends_with("20260101_120000_3f2a\n") && text.contains("over budget  hub_data"));
    assert_eq!(
        render_run(&hub_run(), &TerminalOptions { quiet: true, ..TerminalOptions::default() }),
        "5 measured in 24 s\n"
    );
}

#[test]
fn quick_and_unoptimised_runs_say_so() {
    let mut record = run_of(vec![measured("solo", "", "only", 96.12, 0.29)]);
    (record.run.mode, record.run.launches, record.run.optimized) = (Mode::Quick, 1, false);
    record.run.duration_ns = 102_000_000;
    // The run says it; the case need not say it again.
    record.cases[0].notes.push(Note::warning("unoptimised_build", "built without optimisation"));
    let text = "unoptimised build: these figures say nothing about a release build";
    record.run.notes.push(Note::warning("unoptimised_build", text));
    assert_eq!(
        render_run(&record, &TerminalOptions::default()),
        "\
hub · 1 case in 1 crate · 1 launch · AMD EPYC 2 cores, virtual machine · rustc 1.95 unoptimised
note: unoptimised build: these figures say nothing about a release build

solo         time   interval   samples
╰─ only   96.1 ns    ± 0.3 %       400

1 measured in 102 ms
"
    );
}

#[test]
fn a_trial_run_says_ok() {
    let mut record = run_of(vec![broken("solo", "", "only", Status::Measured, "")]);
    (record.run.mode, record.run.interrupted) = (Mode::Test, true);
    let text = render_run(&record, &TerminalOptions::default());
    assert!(text.contains(" · one iteration each · "), "{text}");
    assert!(
        text.ends_with("solo      time\n╰─ only     ok\n\n1 tested in 24 s, interrupted\n"),
        "{text}"
    );
}

#[test]
fn nothing_selected_is_one_line_of_news() {
    let mut record = run_of(Vec::new());
    (record.run.registered, record.run.duration_ns) = (31, 1_000_000);
    let text = render_run(&record, &TerminalOptions::default());
    assert_eq!(text, "hub · 0 of 31 selected\n");
}

#[test]
fn what_many_share_is_said_once() {
    let mut cases: Vec<_> =
        (0..5).map(|n| measured("a", "m", &format!("f[{n}]"), 100.0, 1.0)).collect();
    for case in &mut cases {
        case.notes.push(Note::warning("cap_reached", "times had not settled"));
        case.notes.push(Note::remark("bimodal", "not worth a line"));
    }
    cases.push(measured("b", "m", "f[0]", 100.0, 1.0));
    cases[5].notes.push(Note::warning("drifting", "0.6 % a launch"));
    let text = render_run(&run_of(cases), &TerminalOptions::default());
    assert!(
        text.contains(
            "\ncap reached  5 cases      times had not settled\n\
             drifting     b::m::f[0]   0.6 % a launch\n\n"
        ),
        "{text}"
    );
}

#[test]
fn colour_adds_nothing_but_colour() {
    let colored = render_run(&mixed_run(), &TerminalOptions { color: true, ..kept() });
    assert!(colored.contains("\x1b[31mpanicked\x1b[0m\n"), "{colored}");
    assert!(colored.contains("\x1b[33mat the floor\x1b[0m\n"), "{colored}");
    let mut plain = colored;
    for code in ["0", "1", "2", "31", "32", "33"] {
        plain = plain.replace(&format!("\x1b[{code}m"), "");
    }
    assert_eq!(plain, render_run(&mixed_run(), &kept()));
}
