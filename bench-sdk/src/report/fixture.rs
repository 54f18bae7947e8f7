//! Invented runs for the tests of this layer.

use std::collections::BTreeMap;

use crate::record::{
    Better, CaseId, CaseRecord, Environment, Event, Metric, Mode, Note, Position, RunHeader,
    RunRecord, SCHEMA, Skipped, SourceLocation, Status, Unit, metric_name,
};

/// A measured case with `estimate ± half_width` nanoseconds; `name` may end in `[arg]`.
pub(crate) fn measured(
    crate_name: &str,
    group: &str,
    name: &str,
    estimate: f64,
    half_width: f64,
) -> CaseRecord {
    let mut case = broken(crate_name, group, name, Status::Measured, "");
    case.message = None;
    let mut time = Metric::point(Unit::Nanoseconds, Better::Lower, estimate);
    (time.low, time.high) = (Some(estimate - half_width), Some(estimate + half_width));
    time.samples = Some(400);
    case.metrics.insert(metric_name::TIME.to_owned(), time);
    case
}

/// A case without figures.
pub(crate) fn broken(
    crate_name: &str,
    group: &str,
    name: &str,
    status: Status,
    message: &str,
) -> CaseRecord {
    let joint = if group.is_empty() { "" } else { "::" };
    let end = name.find(['[', '{', '<']).unwrap_or(name.len());
    CaseRecord {
        id: CaseId::from(format!("{crate_name}::{group}{joint}{name}")),
        crate_name: crate_name.to_owned(),
        group: group.to_owned(),
        name: name[..end].to_owned(),
        types: Vec::new(),
        args: Vec::new(),
        threads: None,
        tags: Vec::new(),
        source: SourceLocation { file: "src/lib.rs".to_owned(), line: 40 },
        complexity: None,
        code_hash: String::new(),
        status,
        message: Some(message.to_owned()),
        output: None,
        metrics: BTreeMap::new(),
        absent: BTreeMap::new(),
        counters: Vec::new(),
        spread: None,
        smallest_effect: None,
        launches: Vec::new(),
        settings: None,
        notes: Vec::new(),
    }
}

/// Adds a figure without an interval.
pub(crate) fn with(mut case: CaseRecord, name: &str, unit: Unit, estimate: f64) -> CaseRecord {
    case.metrics.insert(name.to_owned(), Metric::point(unit, Better::Higher, estimate));
    case
}

/// A run of these cases that took 24 s.
pub(crate) fn run_of(cases: Vec<CaseRecord>) -> RunRecord {
    RunRecord {
        schema: SCHEMA,
        run: RunHeader {
            id: "20260101_120000_3f2a".to_owned(),
            started_at: "2026-01-01T12:00:00Z".to_owned(),
            duration_ns: 24_300_000_000,
            mode: Mode::Full,
            seed: 1,
            launches: 8,
            optimized: true,
            package: "hub".to_owned(),
            target: "hub".to_owned(),
            registered: cases.len() as u32,
            interrupted: false,
            partition: None,
            anchor_ns: None,
            absent: BTreeMap::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            failed_reporters: Vec::new(),
        },
        environment: Environment {
            cpu: Some("AMD EPYC".to_owned()),
            cpus: Some(2),
            virtual_machine: Some(true),
            rustc: Some("rustc 1.95.0 (59807616e 2026-04-14)".to_owned()),
            ..Environment::default()
        },
        cases,
        scaling: Vec::new(),
    }
}

/// The run of the documentation: all is well, one case is noisy.
pub(crate) fn hub_run() -> RunRecord {
    let with_usage = |case, rate: f64, allocs: f64, utilisation: f64| {
        let case = with(case, metric_name::THROUGHPUT_ITEMS, Unit::PerSecond, rate);
        let case = with(case, metric_name::ALLOCS, Unit::One, allocs);
        let case = with(case, metric_name::CPU_UTILISATION, Unit::One, utilisation);
        with(case, metric_name::OPS_PER_CPU_SECOND, Unit::PerSecond, rate / utilisation)
    };
    let p99 = |case, ns: f64| with(case, metric_name::TIME_P99, Unit::Nanoseconds, ns);
    let find = |arg, ns, half_width| measured("hub_agents", "registry", arg, ns, half_width);
    let mut noisy = measured("hub_agents", "messages", "broadcast{t=2}", 41_700.0, 880.0);
    noisy.notes.push(Note::warning(
        "noisy",
        "24 % of the samples were disturbed by other processes; repeat, or pin with `doctor --apply`",
    ));
    let forward = measured("hub_neural", "", "forward[64x64]", 2_310.4, 4.6);
    let slow = find("find_by_capability[1000]", 8_941.0, 54.0);
    let mut record = run_of(vec![
        p99(with_usage(noisy, 24_000.0, 64.0, 1.71), 88_000.0),
        with_usage(find("create", 184.2, 0.7), 5.428e6, 2.0, 1.0),
        with_usage(find("find_by_capability[10]", 96.12, 0.29), 1.04e7, 0.0, 1.0),
        p99(with_usage(slow, 1.118e5, 0.0, 1.0), 11_200.0),
        with_usage(forward, 1.773e9, 0.0, 1.0),
    ]);
    record.run.notes.push(Note::warning(
        "no_frequency",
        "CPU frequency cannot be read here; differences under 1 % need `--baseline` to be believed",
    ));
    record
}

/// A run in which nearly everything that can happen happens.
pub(crate) fn mixed_run() -> RunRecord {
    let mut floor = measured("hub_agents", "registry", "noop", 0.1, 0.17);
    floor.notes.push(Note::warning("at_floor", "too fast to tell from an empty loop"));
    let mut panicked = broken(
        "hub_data",
        "",
        "ingest[1000]",
        Status::Panicked,
        "index out of bounds: the len is 3 but the index is 7\nat src/ingest.rs:12",
    );
    panicked.output = Some("\x1b[32mloading\x1b[0m 1000 rows\n\tdone \x1b[2J\n".to_owned());
    let mut late =
        broken("hub_data", "", "ingest[1000000]", Status::TimedOut, "still running after 60 s");
    let rows: Vec<String> = (1..=22).map(|n| format!("row {n}")).collect();
    late.output = Some(rows.join("\n"));
    let mut parse = measured("hub_data", "", "parse", 12_345_678.0, 50_000.0);
    parse.status = Status::BudgetFailed;
    parse.message = Some("median < 10ms: the median is 12.35 ms".to_owned());
    let mut record = run_of(vec![
        measured("hub_agents", "registry", "create", 999.97, 1.9),
        floor,
        panicked,
        late,
        parse,
        broken("hub_data", "", "upload", Status::Skipped, "needs a network"),
    ]);
    record.run.registered = 31;
    record.run.skipped.push(Skipped {
        id: CaseId::from("hub_neural::train"),
        reason: "its argument list is empty".to_owned(),
    });
    record.run.failed_reporters.push("junit: writing failed: no space left".to_owned());
    record
}

/// Launch 3 of 8 of a case, with 41 % of the run done.
pub(crate) fn case_started() -> Event {
    Event::CaseStarted {
        id: CaseId::from("hub_swarm::coordinate[100]"),
        position: Position { launch: 3, launches: 8, done: 0.41, left_s: Some(14.0) },
    }
}
