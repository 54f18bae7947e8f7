//! Whole comparisons against what they should look like.

use super::comparison_fixture::{compared, hub_gate, metric, mixed_gate, time};
use super::escape::width;
use super::{ComparisonFormat, ComparisonOptions, render_comparison};
use crate::record::{
    BrokenCase, CaseId, ComparisonRecord, Method, Note, Side, ThresholdVerdict, Verdict,
};

fn shown(record: &ComparisonRecord, width: usize, exit_code: u8) -> String {
    let options = ComparisonOptions { width, exit_code, ..ComparisonOptions::default() };
    page(record, &options)
}

fn page(record: &ComparisonRecord, options: &ComparisonOptions) -> String {
    render_comparison(ComparisonFormat::Pretty, record, options).unwrap_or_default()
}

/// The part between the second and the third empty line: the rows.
fn rows(text: &str) -> &str {
    text.split("\n\n").nth(2).unwrap_or_default()
}

#[test]
fn a_gate_is_told_as_in_the_documentation() {
    assert_eq!(shown(&hub_gate(), 120, 3), "\
gate  HEAD~1 (4b1c2d9) → working tree
      paired · 31 cases · 19 s · at most 0.5 % of unchanged cases would be called by chance

1 regressed · 1 improved · 27 equivalent (within 1 %) · 2 inconclusive

REGRESSED     hub_tasks::queue::push[1000]   + 3.1 %   (+2.7 … +3.5)     812 ns → 837 ns   14 launches
              allocations 2 → 3 a call
improved      hub_neural::forward[64x64]     − 6.4 %   (−6.9 … −6.0)   2.31 µs → 2.16 µs   14 launches
inconclusive  hub_data::ingest[1M]           − 0.2 %   (−1.6 … +1.3)   a change of 1.6 % or more is excluded
              hub_swarm::broadcast{t=2}      + 0.9 %   (−2.8 … +4.1)   a change of 4.1 % or more is excluded

exit 3: hub_tasks::queue::push[1000] is slower
");
}

#[test]
fn everything_that_can_happen_is_told() {
    assert_eq!(
        shown(&mixed_gate(), 100, 101),
        "\
gate  HEAD~1 (4b1c2d9) → working tree
      paired · 5 cases · 19 s · at most 0.5 % of unchanged cases would be called by chance

3 regressed · 1 inconclusive · 1 not comparable · 1 broken · 1 only in the baseline
2 only in the candidate

REGRESSED       a::same  leaked     from 0                           0 B → 64 B    8 launches
                memory left behind 0 B → 64 B a call
REGRESSED       a::huge             × 12.4   (×11.5 … ×12.9)   1.0 µs → 12.4 µs   14 launches
REGRESSED       a::slow           + 12.0 %   (+11.0 … +13.0)    100 ns → 112 ns   14 launches
                instructions and allocations are the same: layout or microarchitecture?
inconclusive      peak_rss          + 17 %   8 launches tell nothing yet
improved          allocs            − 50 %                                4 → 2    8 launches
inconclusive    a::unseen   3 launches tell nothing yet
not comparable  a::other
                the processor differs: AMD EPYC → Intel Xeon

only in the baseline
  a::gone

only in the candidate
  a::new[1]
  a::new[2]

broken  a::broken   in the candidate
  panicked: index out of bounds
  at src/lib.rs:12

note: both sides were linked apart: differences of this size may be placement

exit 101: a::broken broke
"
    );
}

#[test]
fn in_40_columns_the_change_stays() {
    assert_eq!(
        rows(&shown(&mixed_gate(), 40, 101)),
        "\
REGRESSED       a::same  leak…    from 0
                memory left behind 0 B →
                64 B a call
REGRESSED       a::huge           × 12.4
REGRESSED       a::slow         + 12.0 %
                instructions and
                allocations are the
                same: layout or
                microarchitecture?
inconclusive      peak_rss        + 17 %
                8 launches tell nothing
                yet
improved          allocs          − 50 %
inconclusive    a::unseen
                3 launches tell nothing
                yet
not comparable  a::other
                the processor differs:
                AMD EPYC → Intel Xeon"
    );
}

#[test]
fn in_60_columns_the_interval_stays() {
    assert_eq!(
        shown(&hub_gate(), 60, 3),
        "\
gate  HEAD~1 (4b1c2d9) → working tree
      paired · 31 cases · 19 s
      at most 0.5 % of unchanged cases would be called by
      chance

1 regressed · 1 improved · 27 equivalent (within 1 %)
2 inconclusive

REGRESSED     hub_tasks::…push[1000]  + 3.1 %  (+2.7 … +3.5)
              allocations 2 → 3 a call
improved      hub_neural:…ard[64x64]  − 6.4 %  (−6.9 … −6.0)
inconclusive  hub_data::ingest[1M]    − 0.2 %  (−1.6 … +1.3)
              a change of 1.6 % or more is excluded
              hub_swarm::…dcast{t=2}  + 0.9 %  (−2.8 … +4.1)
              a change of 4.1 % or more is excluded

exit 3: hub_tasks::queue::push[1000] is slower
"
    );
}

#[test]
fn in_80_columns_names_are_whole() {
    assert_eq!(
        rows(&shown(&hub_gate(), 80, 3)),
        "\
REGRESSED     hub_tasks::queue::push[1000]  + 3.1 %  (+2.7 … +3.5)
              allocations 2 → 3 a call
improved      hub_neural::forward[64x64]    − 6.4 %  (−6.9 … −6.0)
inconclusive  hub_data::ingest[1M]          − 0.2 %  (−1.6 … +1.3)
              a change of 1.6 % or more is excluded
              hub_swarm::broadcast{t=2}     + 0.9 %  (−2.8 … +4.1)
              a change of 4.1 % or more is excluded"
    );
}

#[test]
fn what_is_the_same_is_listed_on_request_only() {
    let mut record = hub_gate();
    record.comparisons.truncate(6);
    let options = ComparisonOptions { verbose: true, ..ComparisonOptions::default() };
    let text = page(&record, &options);
    assert!(!shown(&record, 100, 3).contains("find[0]"));
    assert!(text.contains("\nequivalent    hub_agents::registry::find[0]  "), "{text}");
}

#[test]
fn with_a_threshold_each_case_says_where_it_stands() {
    let mut record = hub_gate();
    record.comparisons.truncate(5);
    record.rules.threshold = Some(0.05);
    record.comparisons[0].threshold = Some(ThresholdVerdict::ProbablyUnder);
    record.comparisons[3].threshold = Some(ThresholdVerdict::Under);
    let mut other =
        time("hub_tasks::queue::pop", Verdict::Regressed, [6.1, 4.8, 7.4], (100.0, 106.1));
    other.threshold = Some(ThresholdVerdict::ProbablyOver);
    record.comparisons.push(other);
    record.comparisons.retain(|comparison| comparison.metric == "time");
    assert_eq!(
        shown(&record, 100, 3),
        "\
gate  HEAD~1 (4b1c2d9) → working tree
      paired · 5 cases · 19 s · at most 0.5 % of unchanged cases would be called by chance
      threshold 5 %

2 regressed · 1 improved · 2 inconclusive

REGRESSED     hub_tasks::queue::pop         + 6.1 %  (+4.8 … +7.4)    100 ns → 106 ns  14 launches
              over the threshold of 5 %, decided by the estimate
REGRESSED     hub_tasks::queue::push[1000]  + 3.1 %  (+2.7 … +3.5)    812 ns → 837 ns  14 launches
              under the threshold of 5 %
              allocations 2 → 3 a call
improved      hub_neural::forward[64x64]    − 6.4 %  (−6.9 … −6.0)  2.31 µs → 2.16 µs  14 launches
inconclusive  hub_data::ingest[1M]          − 0.2 %  (−1.6 … +1.3)
              a change of 1.6 % or more is excluded
              under the threshold of 5 %, decided by the estimate
              hub_swarm::broadcast{t=2}     + 0.9 %  (−2.8 … +4.1)
              a change of 4.1 % or more is excluded

exit 3: hub_tasks::queue::pop is slower
"
    );
    record.comparisons.pop();
    let text = shown(&record, 100, 0);
    assert!(text.ends_with("exit 0: nothing is over the threshold\n"), "{text}");
}

#[test]
fn the_end_says_why() {
    let end = |record: &ComparisonRecord, exit_code: u8| {
        shown(record, 100, exit_code).lines().last().unwrap_or_default().to_owned()
    };
    let mut record = mixed_gate();
    assert_eq!(end(&record, 3), "exit 3: a::same leaves more memory behind and 2 more regressed");
    assert_eq!(end(&record, 5), "exit 5: 2 cases could not be decided");
    record.interrupted = true;
    assert_eq!(end(&record, 1), "exit 1: stopped before all was judged");
    assert_eq!(end(&compared(Vec::new()), 0), "exit 0: nothing was compared");
    record.comparisons.retain(|comparison| comparison.verdict == Verdict::NotComparable);
    assert_eq!(end(&record, 0), "exit 0: nothing could be compared");
    record.comparisons = vec![time("a::b", Verdict::Equivalent, [0.0, -0.1, 0.1], (9.0, 9.0))];
    assert_eq!(end(&record, 0), "exit 0: nothing regressed");
}

#[test]
fn a_reason_that_many_share_is_told_once() {
    let of = |n: usize| {
        let mut other =
            metric(&format!("a::other[{n}]"), "time", Verdict::NotComparable, (1.0, 2.0));
        other.evidence = vec!["the compiler differs: 1.94.0 → 1.95.0".to_owned()];
        other
    };
    let record = compared((0..9).map(of).collect());
    assert_eq!(
        rows(&shown(&record, 100, 0)),
        "\
not comparable  9 cases
                the compiler differs: 1.94.0 → 1.95.0"
    );
}

#[test]
fn long_lists_are_cut_but_for_what_regressed() {
    let many = |verdict| {
        let of = |n: usize| time(&format!("a::b[{n}]"), verdict, [2.0, 1.0, 3.0], (9.0, 9.2));
        shown(&compared((0..50).map(of).collect()), 100, 3)
    };
    assert!(many(Verdict::Inconclusive).contains("\n              and 20 more\n"));
    assert_eq!(many(Verdict::Regressed).matches("REGRESSED").count(), 50);
}

#[test]
fn records_are_counted_in_runs() {
    let mut record = hub_gate();
    record.comparisons.truncate(2);
    record.method = Method::Unpaired;
    (record.baseline.name, record.baseline.runs) = ("main".to_owned(), Some(5));
    record.candidate.dirty = Some(true);
    record.duration_ns = 0;
    record.comparisons[1].launches = 5;
    assert_eq!(
        shown(&record, 100, 0),
        "\
compare  main (4b1c2d9, 5 runs) → working tree (with changes)   unpaired · 2 cases

1 improved · 1 inconclusive

improved      hub_neural::forward[64x64]   − 6.4 %   (−6.9 … −6.0)   2.31 µs → 2.16 µs   5 runs
inconclusive  hub_data::ingest[1M]         − 0.2 %   (−1.6 … +1.3)
              a change of 1.6 % or more is excluded

exit 0: nothing regressed
"
    );
}

/// Names that mean harm.
fn hostile() -> ComparisonRecord {
    let long = "x".repeat(10_000);
    let names = [
        "a::clear\u{1b}[2J\u{1b}]0;title\u{7}".to_owned(),
        "a::\u{202e}desrever\u{2066}".to_owned(),
        format!("a::z{}", "\u{301}".repeat(10_000)),
        "a::中文[大]".to_owned(),
        "a::lines\n\r\n".to_owned(),
        format!("a::{long}"),
    ];
    let verdicts = [Verdict::Regressed, Verdict::Inconclusive, Verdict::NotComparable];
    let of = |(at, name): (usize, &String)| {
        let mut one = time(name, verdicts[at % 3], [3.1, 2.7, 3.5], (812.0, 837.0));
        one.evidence = vec![format!("\u{1b}[31m{long}\n"), String::new()];
        one.notes.push(Note::warning("\u{1b}", "a\nb\u{7}"));
        one
    };
    let mut record = compared(names.iter().enumerate().map(of).collect());
    record.comparisons.push(metric(&names[0], "odd\u{1b}[5m", Verdict::Regressed, (0.0, 1.0)));
    record.baseline.name = format!("main\u{1b}[2J{long}");
    record.candidate.commit = Some("\u{202e}abcdefgh".to_owned());
    record.only_in_baseline = names.iter().map(|name| CaseId::from(name.as_str())).collect();
    record.only_in_candidate = record.only_in_baseline.clone();
    record.broken = vec![BrokenCase {
        id: CaseId::from(names[0].as_str()),
        side: Side::Baseline,
        message: "\u{1b}[2J\ndone\u{9b}5A".to_owned(),
    }];
    record.notes.push(Note::warning("x", format!("\u{1b}[2J{long}")));
    record
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    for record in [hostile(), mixed_gate()] {
        for name in ["pretty", "terse", "markdown"] {
            let format = ComparisonFormat::from_name(name).unwrap_or(ComparisonFormat::Json);
            let options = ComparisonOptions {
                verbose: true,
                kept_in: Some("\u{1b}[2J".to_owned()),
                ..ComparisonOptions::default()
            };
            let text = render_comparison(format, &record, &options).unwrap_or_default();
            let bad = |c: &char| *c != '\n' && crate::record::is_unsafe(*c);
            assert_eq!(text.chars().find(bad), None, "{text}");
        }
    }
}

#[test]
fn no_row_is_ever_wider_than_the_terminal() {
    for record in [hub_gate(), mixed_gate(), hostile()] {
        for columns in (20..140).step_by(3) {
            for exit_code in [3, 101] {
                let mut record = record.clone();
                // Notes and messages of the whole are prose.
                record.notes.clear();
                record.broken.clear();
                for line in shown(&record, columns, exit_code).lines() {
                    assert!(width(line) <= columns, "{columns}: {line}");
                }
            }
        }
    }
}

#[test]
fn colour_says_nothing_that_the_words_do_not() {
    for record in [hub_gate(), mixed_gate()] {
        let options =
            ComparisonOptions { color: true, exit_code: 3, ..ComparisonOptions::default() };
        let mut text = page(&record, &options);
        assert!(text.contains("\u{1b}[31mREGRESSED\u{1b}[0m"));
        for code in ["0", "1", "2", "31", "32", "33"] {
            text = text.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(text, shown(&record, 100, 3));
    }
}
