//! Which layer wins, what commands stand for, and what `hub-bench.toml` may say.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use std::time::Duration;

use super::config::parse_entry;
use super::layers::{LoadLayer, load_plan};
use super::profiles::{Profile, ProfileOptions, profile_layer};
use crate::record::load::{
    Executor, ExecutorKind, LoadKind, LoadOptions, LoadPlan, Phase, Scenario, Stage,
    ThresholdOption,
};

const SECOND: u64 = 1_000_000_000;

fn layer(source: &str, options: LoadOptions) -> LoadLayer {
    LoadLayer { source: source.to_owned(), options, ..LoadLayer::default() }
}

fn plan(layers: &[LoadLayer]) -> Result<LoadPlan, String> {
    load_plan("t", LoadKind::Load, layers, 1, 1.0)
}

fn only(layers: &[LoadLayer]) -> Scenario {
    plan(layers).unwrap_or_else(|error| panic!("{error}")).scenarios.remove(0)
}

fn attribute() -> LoadLayer {
    let options = LoadOptions {
        executor: Some(ExecutorKind::ConstantArrivalRate),
        rate: Some(100),
        duration: Some(Duration::from_secs(60)),
        tags: [("team".to_owned(), "a".to_owned())].into(),
        thresholds: Some(vec![ThresholdOption::from("checks: rate > 99%")]),
        ..LoadOptions::default()
    };
    layer("attribute", options)
}

#[test]
fn settings_that_fit_replace_each_other_one_by_one() {
    let shorter = LoadOptions { duration: Some(Duration::from_secs(5)), ..LoadOptions::default() };
    let scenario = only(&[layer("command line", shorter), attribute()]);
    let Executor::ConstantArrivalRate { rate, duration_ns, pre_allocated_vus, max_vus, .. } =
        scenario.executor
    else {
        panic!("{:?}", scenario.executor)
    };
    assert_eq!((rate, duration_ns), (100, 5 * SECOND));
    assert_eq!((pre_allocated_vus, max_vus), (10, 1_000));
}

#[test]
fn another_kind_of_course_replaces_the_one_below() {
    let stages = vec![Stage { duration_ns: SECOND, target: 3 }];
    let course = LoadOptions { stages: Some(stages), ..LoadOptions::default() };
    let plan =
        plan(&[layer("command line", course), attribute()]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(plan.scenarios[0].executor.name(), "ramping-vus");
    // What is not the course stays.
    assert_eq!(plan.scenarios[0].tags.len(), 1);
    assert_eq!(plan.thresholds.len(), 1);
}

#[test]
fn a_setting_that_fits_nothing_is_refused() {
    let users = LoadOptions { vus: Some(5), ..LoadOptions::default() };
    let error = plan(&[layer("command line", users.clone()), attribute()]).err();
    assert_eq!(
        error.as_deref(),
        Some(
            "command line: `--vus` does not fit constant-arrival-rate, which the attribute asks for; \
             accepted: --rate, --duration, --pre-allocated-vus, --max-vus"
        )
    );
    let error = plan(&[layer("[load.a]", users.clone()), attribute()]).err();
    assert_eq!(
        error.as_deref(),
        Some(
            "[load.a]: `vus` does not fit constant-arrival-rate, which the attribute asks for; \
             accepted: rate, time_unit, duration, pre_allocated_vus, max_vus, arrivals, when_busy"
        )
    );
    let mut several = layer("[load.a]", LoadOptions::default());
    several.scenarios.insert("s".to_owned(), attribute().options);
    let error = plan(&[layer("command line", users), several]).err().unwrap_or_default();
    assert!(error.starts_with("command line: `--vus` does not apply"), "{error}");
    assert!(error.contains("the scenarios of [load.a] say it themselves"), "{error}");
    assert!(error.contains("`--duration`, `--stage`, `--iterations` or `--rate`"), "{error}");
}

#[test]
fn what_was_typed_is_named_as_it_is_typed() {
    let rate = ProfileOptions { rate: Some(10), ..ProfileOptions::default() };
    let error = |options: LoadOptions, of_profile: &ProfileOptions| {
        let own = profile_layer(Profile::Load, of_profile).unwrap_or_default();
        plan(&[layer("command line", options), own]).err().unwrap_or_default()
    };
    let users = LoadOptions { vus: Some(5), ..LoadOptions::default() };
    assert_eq!(
        error(users, &rate),
        "command line: `--vus` does not fit constant-arrival-rate, which `load` asks for with \
         these options; accepted: --rate, --duration, --pre-allocated-vus, --max-vus"
    );
    let few =
        LoadOptions { pre_allocated_vus: Some(3), max_vus: Some(1), ..LoadOptions::default() };
    assert_eq!(
        error(few.clone(), &rate),
        "command line: `--max-vus` (1) is less than `--pre-allocated-vus` (3); raise the former"
    );
    let of_executor = |executor| LoadOptions { executor: Some(executor), ..few.clone() };
    let error_of = |executor| error(of_executor(executor), &ProfileOptions::default());
    assert_eq!(
        error_of(ExecutorKind::RampingVus),
        "command line: `--pre-allocated-vus` does not fit ramping-vus; accepted: --start-vus, --stage"
    );
    assert_eq!(
        error_of(ExecutorKind::ConstantArrivalRate),
        "command line: `--rate` is missing: iterations a second"
    );
    let over_the_attribute = plan(&[layer("command line", few), attribute()]).err();
    assert!(
        over_the_attribute.is_some_and(|error| error.starts_with("scenario `default`: `max_vus`"))
    );
}

#[test]
fn thresholds_of_a_scenario_look_at_it_alone() {
    let mut several = layer("[load.a]", LoadOptions::default());
    several.scenarios.insert("s".to_owned(), attribute().options);
    let plan = plan(&[several]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plan.thresholds[0].series_key(), "checks{scenario:s}");
}

#[test]
fn all_lengths_are_scaled_but_units_of_rates_and_graces() {
    let options = LoadOptions {
        start_time: Some(Duration::from_secs(10)),
        thresholds: Some(vec![ThresholdOption::from("checks: rate > 99%, window = 20s")]),
        ..attribute().options
    };
    let plan = load_plan("t", LoadKind::Load, &[layer("a", options)], 1, 0.1);
    let plan = plan.unwrap_or_else(|error| panic!("{error}"));
    let scenario = &plan.scenarios[0];
    assert_eq!((scenario.start_time_ns, scenario.executor.duration_ns()), (SECOND, 6 * SECOND));
    assert_eq!(scenario.graceful_stop_ns, 30 * SECOND);
    assert_eq!(plan.thresholds[0].window_ns, Some(2 * SECOND));
    let Executor::ConstantArrivalRate { time_unit_ns, .. } = scenario.executor else { panic!() };
    assert_eq!((time_unit_ns, plan.time_scale), (SECOND, 0.1));
    assert!(load_plan("t", LoadKind::Load, &[attribute()], 1, 0.0).is_err());
}

#[test]
fn commands_are_closed_with_users_and_open_with_rates() {
    let of = |profile, options: ProfileOptions| {
        only(&[profile_layer(profile, &options).unwrap_or_else(|error| panic!("{error}"))])
    };
    let default = ProfileOptions::default();
    let users = of(Profile::Load, default).executor;
    assert_eq!(users, Executor::ConstantVus { vus: 100, duration_ns: 300 * SECOND });
    let rate = ProfileOptions { rate: Some(500), ..default };
    assert!(of(Profile::Load, rate).executor.is_open());
    let stress = ProfileOptions { max_connections: Some(64), ..default };
    assert_eq!(of(Profile::Stress, stress).executor.max_vus(), 64);
    assert_eq!(stress.stress().max_vus, 64);
    // A search without thresholds would find that every rate holds.
    let layer = profile_layer(Profile::Stress, &default);
    assert!(layer.and_then(|layer| plan(&[layer])).is_ok_and(|plan| plan.thresholds.len() == 3));
    let both = ProfileOptions { rate: Some(5), concurrency: Some(5), ..default };
    assert!(profile_layer(Profile::Load, &both).is_err_and(|e| e.contains("--max-vus")));
}

#[test]
fn a_spike_has_its_phases() {
    let options = ProfileOptions {
        spike_duration: Some(Duration::from_secs(10)),
        rate: Some(20),
        ..ProfileOptions::default()
    };
    let layer = profile_layer(Profile::Spike, &options).unwrap_or_else(|error| panic!("{error}"));
    let scenario = only(&[layer]);
    let phases: Vec<(Phase, u64, u64)> = scenario
        .phases
        .iter()
        .map(|span| (span.phase, span.from_ns / SECOND, span.until_ns / SECOND))
        .collect();
    assert_eq!(
        phases,
        [
            (Phase::Ramp, 0, 1),
            (Phase::Steady, 1, 11),
            (Phase::Spike, 11, 21),
            (Phase::Recovery, 21, 41)
        ]
    );
    assert!(scenario.executor.is_open());
    assert_eq!(scenario.executor.duration_ns(), 41 * SECOND);
    let flat = ProfileOptions { spike_rate: Some(20), ..options };
    assert!(profile_layer(Profile::Spike, &flat).is_err_and(|e| e.contains("does not rise")));
}

fn entry(text: &str) -> Result<super::config::LoadEntry, String> {
    let value: serde_json::Value = basic_toml::from_str(text).map_err(|e| e.to_string())?;
    parse_entry("api", &value)
}

#[test]
fn an_entry_of_the_configuration_is_read() {
    let read = entry(
        r#"
target = "http://127.0.0.1:8080/"
allow_hosts = ["staging.example"]
requests = "requests.json"
thresholds = ["http_req_failed: rate < 1%", { threshold = "checks: rate > 0.9", window = 30 }]
tags = { team = "a" }
[scenarios.steady]
executor = "constant_arrival_rate"
rate = 50
duration = "1m"
arrivals = "poisson"
thresholds.response = ["p(95) < 200ms"]
[scenarios.ramp]
stages = [{ duration = 10, target = 5 }]
start_time = "1m"
"#,
    );
    let read = read.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.target.as_deref(), Some("http://127.0.0.1:8080/"));
    assert_eq!(read.allow_hosts, ["staging.example"]);
    let plan = plan(&[read.layer]).unwrap_or_else(|error| panic!("{error}"));
    let keys: Vec<String> =
        plan.thresholds.iter().map(crate::record::load::Threshold::series_key).collect();
    assert_eq!(keys, ["http_req_failed", "checks", "response{scenario:steady}"]);
    assert_eq!(plan.scenarios[0].executor.duration_ns(), 10 * SECOND);
    assert_eq!(plan.scenarios[1].tags.len(), 1);
}

#[test]
fn wrong_entries_say_what_is_right() {
    let errors: Vec<String> = [
        "durtion = 3",
        "duration = true",
        "executor = \"constant\"",
        "arrivals = \"even\"",
        "allow_hosts = 3",
        "requests = 3",
        "thresholds = [\"checks: rate > \"]",
        "thresholds = [{ abort_on_fail = true }]",
        "[scenarios.a]\ntarget = \"x\"",
        "stages = [{ duration = 3 }]",
    ]
    .iter()
    .map(|text| entry(text).err().unwrap_or_else(|| panic!("{text} was accepted")))
    .collect();
    assert_eq!(errors.join("\n"), include_str!("config_errors.txt").trim_end());
}
