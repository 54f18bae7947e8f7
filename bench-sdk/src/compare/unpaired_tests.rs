//! Invented records, compared.
#![expect(clippy::unwrap_used, reason = "a comparison that is missing fails the test")]

use std::collections::BTreeMap;

use super::{BaselineRuns, compare_records};
use crate::record::{
    CaseComparison, CaseId, CaseRecord, ComparisonRecord, Environment, MachineNoise, Metric, Mode,
    Note, Rules, RunHeader, RunRecord, SCHEMA, SourceLocation, Status, ThresholdVerdict, Verdict,
};

fn case(id: &str, time_ns: f64) -> CaseRecord {
    let mut metrics = BTreeMap::new();
    let mut time = Metric::named("time", time_ns).unwrap();
    (time.low, time.high) = (Some(time_ns * 0.999), Some(time_ns * 1.001));
    metrics.insert("time".to_owned(), time);
    CaseRecord {
        id: CaseId::from(id),
        crate_name: "a".to_owned(),
        group: String::new(),
        name: id.to_owned(),
        types: Vec::new(),
        args: Vec::new(),
        threads: None,
        tags: Vec::new(),
        source: SourceLocation { file: String::new(), line: 0 },
        complexity: None,
        code_hash: "1".to_owned(),
        status: Status::Measured,
        message: None,
        output: None,
        metrics,
        absent: BTreeMap::new(),
        counters: Vec::new(),
        spread: None,
        smallest_effect: None,
        launches: Vec::new(),
        settings: None,
        notes: Vec::new(),
    }
}

fn with(mut case: CaseRecord, name: &str, value: f64) -> CaseRecord {
    case.metrics.insert(name.to_owned(), Metric::named(name, value).unwrap());
    case
}

fn run(number: u32, anchor_ns: f64, cases: Vec<CaseRecord>) -> RunRecord {
    RunRecord {
        schema: SCHEMA,
        run: RunHeader {
            id: format!("20260101_12000{number}_3f2a"),
            started_at: format!("2026-01-01T12:00:0{number}Z"),
            duration_ns: 0,
            mode: Mode::Full,
            seed: 1,
            launches: 8,
            optimized: true,
            package: "a".to_owned(),
            target: "a".to_owned(),
            registered: 1,
            partition: None,
            interrupted: false,
            anchor_ns: Some(anchor_ns),
            absent: BTreeMap::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            failed_reporters: Vec::new(),
        },
        environment: Environment {
            cpu: Some("AMD EPYC".to_owned()),
            git_commit: Some("4b1c2d9".to_owned()),
            git_dirty: Some(false),
            ..Environment::default()
        },
        cases,
        scaling: Vec::new(),
    }
}

/// Five runs of the baseline that vary by a third of a per cent, on a machine whose speed varies
/// much more.
fn baseline() -> Vec<RunRecord> {
    let speeds = [1.0, 1.1, 0.93, 1.04, 0.97];
    let scatter = [0.0, 0.003, -0.004, 0.002, -0.001];
    (0..5)
        .map(|at| {
            let time = 100.0 * speeds[at] * (1.0 + scatter[at]);
            let cases = vec![with(case("a::b", time), "allocs", 2.0)];
            run(at as u32, 1_000.0 * speeds[at], cases)
        })
        .collect()
}

fn compared(runs: &[RunRecord], candidate: &RunRecord, rules: Rules) -> ComparisonRecord {
    let baseline = BaselineRuns { runs, one_executable: false };
    compare_records(baseline, candidate, rules, None)
}

/// The time of the case where it takes that many per cent longer than the baseline did.
fn slower_by(percent: f64) -> CaseComparison {
    let time = 130.0 * (1.0 + percent / 100.0);
    let candidate = run(9, 1_300.0, vec![with(case("a::b", time), "allocs", 2.0)]);
    let record = compared(&baseline(), &candidate, Rules::default());
    record.find("a::b", "time").unwrap().clone()
}

fn codes(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn what_is_slower_than_runs_vary_regressed_whatever_the_machine_does() {
    let slower = slower_by(8.0);
    assert_eq!((slower.verdict, slower.launches), (Verdict::Regressed, 5));
    let ratio = slower.ratio.unwrap();
    assert!((ratio.estimate - 1.08).abs() < 0.001, "{ratio:?}");
    assert!(ratio.low.unwrap() > 1.04 && ratio.high.unwrap() < 1.12, "{ratio:?}");
    assert_eq!(slower_by(-8.0).verdict, Verdict::Improved);
}

#[test]
fn what_varies_as_runs_do_did_not() {
    let same = slower_by(0.2);
    assert_eq!(same.verdict, Verdict::Inconclusive);
    assert!(same.smallest_effect.unwrap() < 0.03);
    let candidate = run(9, 1_300.0, vec![case("a::b", 130.1)]);
    let rules = Rules { minimum_effect: 0.04, ..Rules::default() };
    let record = compared(&baseline(), &candidate, rules);
    assert_eq!(record.find("a::b", "time").unwrap().verdict, Verdict::Equivalent);
}

#[test]
fn a_change_below_what_matters_is_not_called() {
    let candidate = run(9, 1_300.0, vec![case("a::b", 130.0 * 1.08)]);
    let rules = Rules { minimum_effect: 0.081, ..Rules::default() };
    let record = compared(&baseline(), &candidate, rules);
    assert_eq!(record.find("a::b", "time").unwrap().verdict, Verdict::Inconclusive);
}

#[test]
fn swapped_sides_give_the_mirrored_verdict() {
    let scaled = |factor: f64| -> Vec<RunRecord> {
        let mut runs = baseline();
        for run in &mut runs {
            let time = run.cases[0].metrics.get_mut("time").unwrap();
            time.estimate *= factor;
        }
        runs
    };
    let (old, new) = (baseline(), scaled(1.08));
    let forth = compared(&old, &new[0], Rules::default());
    let back = compared(&new, &old[0], Rules::default());
    let [forth, back] = [forth, back].map(|record| record.comparisons[0].clone());
    assert_eq!((forth.verdict, back.verdict), (Verdict::Regressed, Verdict::Improved));
    let product = forth.ratio.unwrap().low.unwrap() * back.ratio.unwrap().high.unwrap();
    // The runs of a side do not scatter quite evenly around the one that is taken.
    assert!((product - 1.0).abs() < 1e-4, "{product}");
}

#[test]
fn with_fewer_than_three_runs_a_change_is_suspect_at_most() {
    let candidate = run(9, 1_300.0, vec![case("a::b", 160.0)]);
    let one = compared(&baseline()[..1], &candidate, Rules::default());
    assert_eq!(one.comparisons[0].verdict, Verdict::Inconclusive);
    assert_eq!(codes(&one.comparisons[0].notes), ["suspect"]);
    let same = run(9, 1_300.0, vec![case("a::b", 130.0)]);
    let same = compared(&baseline()[..1], &same, Rules::default());
    assert_eq!(codes(&same.comparisons[0].notes), [""; 0]);
    assert_eq!(codes(&same.notes), ["anchor_moved", "few_runs"]);
    let noise = MachineNoise {
        schema: 1,
        measured_at: String::new(),
        cpu: None,
        s0: 0.004,
        d0: 40.0,
        comparisons: 0,
        false_alarms: 0,
        equivalent: 0,
        duration_ns: 0,
        effects: Vec::new(),
        kernels: Vec::new(),
    };
    let runs = baseline();
    let known = BaselineRuns { runs: &runs[..2], one_executable: false };
    let two = compare_records(known, &candidate, Rules::default(), Some(&noise));
    assert_eq!(two.comparisons[0].verdict, Verdict::Inconclusive);
    assert_eq!(codes(&two.comparisons[0].notes), ["suspect"]);
    assert!(two.comparisons[0].ratio.unwrap().low.is_some());
}

#[test]
fn what_is_known_of_the_machine_sharpens_the_test() {
    let noise = MachineNoise {
        schema: 1,
        measured_at: String::new(),
        cpu: None,
        s0: 0.003,
        d0: 40.0,
        comparisons: 0,
        false_alarms: 0,
        equivalent: 0,
        duration_ns: 0,
        effects: Vec::new(),
        kernels: Vec::new(),
    };
    let runs = baseline();
    let candidate = run(9, 1_300.0, vec![case("a::b", 130.0 * 1.014)]);
    let known = BaselineRuns { runs: &runs, one_executable: true };
    let judged =
        |noise| compare_records(known, &candidate, Rules::default(), noise).comparisons[0].verdict;
    assert_eq!(judged(None), Verdict::Inconclusive);
    assert_eq!(judged(Some(&noise)), Verdict::Regressed);
}

#[test]
fn runs_of_other_code_do_not_count() {
    let mut runs = baseline();
    runs[1].environment.git_commit = Some("0000000".to_owned());
    runs[3].environment.git_dirty = Some(true);
    let candidate = run(9, 1_300.0, vec![case("a::b", 130.0)]);
    let some = compared(&runs, &candidate, Rules::default());
    assert_eq!(some.comparisons[0].launches, 3);
    assert!(some.notes[0].text.starts_with("3 of the 5 runs"), "{:?}", some.notes);
    // Where nothing is known, they are one run.
    for run in &mut runs {
        run.environment.git_commit = None;
    }
    let none = compared(&runs, &candidate, Rules::default());
    assert_eq!(none.comparisons[0].launches, 1);
    assert_eq!(codes(&none.notes)[0], "baseline_runs_apart");
    let told = BaselineRuns { runs: &runs, one_executable: true };
    let told = compare_records(told, &candidate, Rules::default(), None);
    assert_eq!(told.comparisons[0].launches, 5);
}

#[test]
fn another_machine_is_not_comparable_and_named() {
    let mut candidate = run(9, 1_000.0, vec![with(case("a::b", 100.0), "allocs", 9.0)]);
    candidate.environment.cpu = Some("Intel Xeon".to_owned());
    let record = compared(&baseline(), &candidate, Rules::default());
    assert_eq!(record.comparisons.len(), 1);
    assert_eq!(record.comparisons[0].verdict, Verdict::NotComparable);
    assert_eq!(record.comparisons[0].evidence, ["the processor differs: AMD EPYC → Intel Xeon"]);
    candidate.environment.cpu = Some("AMD EPYC".to_owned());
    candidate.run.mode = Mode::Test;
    let test = compared(&baseline(), &candidate, Rules::default());
    assert_eq!(test.comparisons[0].verdict, Verdict::NotComparable);
}

#[test]
fn counts_are_compared_beside_the_time_and_explain_it() {
    let candidate = run(9, 1_300.0, vec![with(case("a::b", 141.0), "allocs", 3.0)]);
    let record = compared(&baseline(), &candidate, Rules::default());
    let [time, allocs] = record.comparisons.as_slice() else { unreachable!("two metrics") };
    assert_eq!((time.verdict, allocs.verdict), (Verdict::Regressed, Verdict::Regressed));
    assert_eq!(time.evidence, ["allocations 2 → 3 a call"]);
    // Counts need no runs to be sure of.
    let one = compared(&baseline()[..1], &candidate, Rules::default());
    assert_eq!(one.find("a::b", "allocs").unwrap().verdict, Verdict::Regressed);
}

#[test]
fn cases_of_one_side_and_broken_ones_are_named() {
    let mut panicked = case("a::b", 1.0);
    panicked.status = Status::Panicked;
    panicked.message = Some("index out of bounds".to_owned());
    panicked.metrics.clear();
    let candidate = run(9, 1_000.0, vec![panicked, case("a::new", 5.0)]);
    let mut runs = baseline();
    runs[4].cases.push(case("a::gone", 5.0));
    let record = compared(&runs, &candidate, Rules::default());
    assert_eq!(record.broken[0].message, "panicked: index out of bounds");
    assert_eq!(record.only_in_candidate, [CaseId::from("a::new")]);
    assert_eq!(record.only_in_baseline, [CaseId::from("a::gone")]);
    assert!(record.comparisons.is_empty());
}

#[test]
fn a_benchmark_that_changed_itself_is_marked() {
    let mut other = case("a::b", 130.0);
    other.code_hash = "2".to_owned();
    let record = compared(&baseline(), &run(9, 1_300.0, vec![other]), Rules::default());
    assert_eq!(codes(&record.comparisons[0].notes), ["bench_code_changed"]);
}

#[test]
fn the_threshold_is_shown_or_left_to_the_estimate() {
    let judged = |percent: f64| {
        let candidate = run(9, 1_300.0, vec![case("a::b", 130.0 * (1.0 + percent / 100.0))]);
        let rules = Rules { threshold: Some(0.05), ..Rules::default() };
        compared(&baseline(), &candidate, rules).comparisons[0].threshold.unwrap()
    };
    assert_eq!(judged(12.0), ThresholdVerdict::Over);
    assert_eq!(judged(6.0), ThresholdVerdict::ProbablyOver);
    assert_eq!(judged(4.0), ThresholdVerdict::ProbablyUnder);
    assert_eq!(judged(0.0), ThresholdVerdict::Under);
}

#[test]
fn one_call_among_many_cases_has_to_be_a_discovery() {
    // Each differs by what a single test at the level of a suite would let through.
    let ids: Vec<String> = (0..40).map(|n| format!("a::b[{n:02}]")).collect();
    let runs: Vec<RunRecord> = baseline()
        .into_iter()
        .map(|mut run| {
            let time = run.cases[0].metric("time").unwrap().estimate;
            run.cases = ids.iter().map(|id| case(id, time)).collect();
            run
        })
        .collect();
    let times = |percent: f64| {
        let time = |at: usize| if at == 0 { 130.0 * (1.0 + percent / 100.0) } else { 130.0 };
        run(9, 1_300.0, ids.iter().enumerate().map(|(at, id)| case(id, time(at))).collect())
    };
    let verdict =
        |percent: f64, rules: Rules| compared(&runs, &times(percent), rules).comparisons[0].verdict;
    let lax = Rules { alpha: 0.025, ..Rules::default() };
    assert_eq!(slower_by(1.3).verdict, Verdict::Inconclusive);
    assert_eq!(verdict(1.3, lax), Verdict::Inconclusive);
    assert_eq!(verdict(1.3, Rules { q: 1.0, ..lax }), Verdict::Regressed);
    assert_eq!(verdict(9.0, lax), Verdict::Regressed);
}

#[test]
fn a_machine_that_changed_its_speed_is_told() {
    let candidate = run(9, 1_300.0, vec![case("a::b", 130.0)]);
    let record = compared(&baseline(), &candidate, Rules::default());
    assert_eq!(codes(&record.notes), ["anchor_moved"]);
    let mut runs = baseline();
    runs[2].run.anchor_ns = None;
    assert_eq!(codes(&compared(&runs, &candidate, Rules::default()).notes), ["no_anchor"]);
    let nothing = compared(&[], &candidate, Rules::default());
    assert!(nothing.comparisons.is_empty());
}

#[test]
fn what_is_measured_instead_of_time_is_compared_without_the_machines_speed() {
    let counted = |value: f64| {
        let mut case = with(case("a::b", 1.0), "custom_steps", value);
        case.metrics.remove("time");
        case
    };
    let runs: Vec<RunRecord> = (0..3)
        .map(|at| run(at, 1_000.0 * f64::from(at + 1), vec![counted(100.0 + f64::from(at) * 0.01)]))
        .collect();
    let verdict = |value: f64, anchor_ns: f64| {
        let candidate = run(9, anchor_ns, vec![counted(value)]);
        let record = compared(&runs, &candidate, Rules::default());
        assert!(record.find("a::b", "time").is_none());
        let found = record.find("a::b", "custom_steps").unwrap();
        assert_eq!(record.count(found.verdict), 1);
        (found.verdict, found.candidate)
    };
    assert_eq!(verdict(110.0, 1_000.0), (Verdict::Regressed, Some(110.0)));
    assert_eq!(verdict(100.0, 9_000.0), (Verdict::Equivalent, Some(100.0)));
    // A benchmark that measured time before has nothing to compare with.
    let candidate = run(9, 1_000.0, vec![counted(1.0)]);
    let record = compared(&baseline(), &candidate, Rules::default());
    let found = record.find("a::b", "custom_steps").unwrap();
    assert_eq!(found.verdict, Verdict::NotComparable);
    assert!(found.evidence[0].contains("the baseline has no `custom_steps`"), "{found:?}");
}
