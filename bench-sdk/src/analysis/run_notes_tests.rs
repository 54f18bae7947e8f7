use super::*;

fn run(mode: Mode, optimized: bool) -> RunHeader {
    RunHeader {
        id: String::new(),
        started_at: String::new(),
        duration_ns: 0,
        mode,
        seed: 0,
        launches: 8,
        optimized,
        package: String::new(),
        target: String::new(),
        registered: 1,
        interrupted: false,
        partition: None,
        anchor_ns: None,
        absent: std::collections::BTreeMap::new(),
        skipped: Vec::new(),
        notes: Vec::new(),
        failed_reporters: Vec::new(),
    }
}

/// Everything is known, and well.
fn good() -> Environment {
    let mut environment = Environment {
        cpus: Some(4),
        governor: Some("performance".to_owned()),
        power_source: Some("mains".to_owned()),
        load_average: Some(0.3),
        other_tasks: Some(1),
        stolen: Some(0.001),
        ..Environment::default()
    };
    environment.topology.processors = Some(4);
    environment.frequency.turbo = Some(false);
    environment
}

fn texts(environment: &Environment, severity: Severity) -> Vec<(String, String)> {
    let notes = run_notes(&run(Mode::Full, true), environment);
    let found = notes.into_iter().filter(|note| note.severity == severity);
    found.map(|note| (note.code, note.text)).collect()
}

/// The one warning that the change brings about.
#[track_caller]
fn warning(change: impl FnOnce(&mut Environment)) -> (String, String) {
    let mut environment = good();
    change(&mut environment);
    let mut warnings = texts(&environment, Severity::Warning);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    warnings.remove(0)
}

#[test]
fn where_nothing_is_wrong_or_nothing_is_known_nothing_is_said() {
    for environment in [good(), Environment::default()] {
        assert_eq!(run_notes(&run(Mode::Full, true), &environment), []);
    }
}

#[test]
fn governors_that_move_the_clock_are_named() {
    let (code, text) = warning(|e| e.governor = Some("powersave".to_owned()));
    assert_eq!(code, "governor");
    assert!(text.starts_with("the governor `powersave` changes the clock under load"), "{text}");
    let mut fixed = good();
    fixed.governor = Some("userspace".to_owned());
    assert_eq!(texts(&fixed, Severity::Warning), []);
}

#[test]
fn a_battery_is_a_warning_and_turbo_a_remark() {
    assert_eq!(warning(|e| e.power_source = Some("battery".to_owned())).0, "on_battery");
    let mut environment = good();
    environment.frequency.turbo = Some(true);
    assert_eq!(texts(&environment, Severity::Warning), []);
    assert_eq!(texts(&environment, Severity::Remark)[0].0, "turbo");
}

#[test]
fn a_busy_machine_is_busy_now_and_was_before() {
    let (code, text) = warning(|e| e.load_average = Some(2.31));
    assert_eq!(code, "busy_machine");
    assert!(text.contains("the load average was 2.3 on 4 processors"), "{text}");
    let compiled_just_before = |e: &mut Environment| {
        (e.load_average, e.other_tasks) = (Some(3.9), Some(0));
    };
    let half = |e: &mut Environment| e.load_average = Some(2.0);
    for change in [&compiled_just_before as &dyn Fn(&mut Environment), &half] {
        let mut environment = good();
        change(&mut environment);
        assert_eq!(texts(&environment, Severity::Warning), []);
    }
}

#[test]
fn a_quota_is_a_remark_until_it_stops_the_run() {
    let mut environment = good();
    environment.cgroup.cpu_quota = Some(1.5);
    environment.cgroup.throttled_at_start = Some(7);
    environment.cgroup.throttled_at_end = Some(7);
    assert_eq!(texts(&environment, Severity::Warning), []);
    assert_eq!(texts(&environment, Severity::Remark)[0].0, "cpu_quota");
    environment.cgroup.throttled_at_end = Some(19);
    environment.cgroup.throttled_ns = Some(350_900_000);
    let warnings = texts(&environment, Severity::Warning);
    assert_eq!(warnings.len(), 1);
    assert_eq!(
        warnings[0].1,
        "the quota of 1.5 processors stopped the run 12 times, 350 ms in all: raise it, or use \
         fewer threads"
    );
    environment.cgroup.throttled_at_end = Some(3);
    assert_eq!(texts(&environment, Severity::Warning), []);
}

#[test]
fn less_than_one_processor_is_too_little() {
    let (code, text) = warning(|e| e.cgroup.cpu_quota = Some(1.0 / 3.0));
    assert_eq!(code, "cpu_quota");
    assert!(text.starts_with("the control group has a quota of 0.33 processor: even"), "{text}");
}

#[test]
fn a_quota_that_stopped_the_run_is_one_warning() {
    let (code, _) = warning(|e| {
        e.cgroup.cpu_quota = Some(0.5);
        (e.cgroup.throttled_at_start, e.cgroup.throttled_at_end) = (Some(1), Some(2));
    });
    assert_eq!(code, "throttled");
}

#[test]
fn stolen_time_is_given_as_a_share() {
    let (code, text) = warning(|e| e.stolen = Some(0.074));
    assert_eq!(code, "stolen");
    assert!(text.starts_with("the hypervisor gave 7 % of"), "{text}");
}

#[test]
fn in_an_unoptimised_build_that_is_the_one_warning() {
    let mut environment = good();
    environment.governor = Some("powersave".to_owned());
    let notes = run_notes(&run(Mode::Quick, false), &environment);
    let codes: Vec<(&str, Severity)> =
        notes.iter().map(|note| (note.code.as_str(), note.severity)).collect();
    assert_eq!(codes, [("unoptimised_build", Severity::Warning), ("governor", Severity::Remark)]);
    assert_eq!(run_notes(&run(Mode::Test, false), &environment), []);
}
