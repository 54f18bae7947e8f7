//! `--explain`: every value with the layer it comes from, and the order of the layers.

use std::fs;

use e2e_tests::{Outcome, Results, bench, bench_command, finish};

const CONFIGURATION: &str = r#"
[defaults]
min_time = "1ms"
launches = 3
[[override]]
match = "grouped::*"
warmup = "7ms"
launches = 4
[preset.ci]
target_ci = "2%"
"#;

/// A workspace with that configuration, and what is explained there.
struct Workspace(Results);

impl Workspace {
    fn new() -> Self {
        let results = Results::new();
        fs::write(results.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        fs::write(results.path().join("hub-bench.toml"), CONFIGURATION).unwrap();
        Self(results)
    }

    fn explain(&self, case: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let mut command = bench_command(&bench("targets", "linked"), self.0.path());
        command.args(["--explain", case]).args(arguments).envs(variables.iter().copied());
        let outcome = finish(&mut command);
        outcome.expect_code(0);
        outcome
    }
}

/// Value and layer of a setting.
#[track_caller]
fn line(outcome: &Outcome, setting: &str) -> (String, String) {
    let found = outcome.stdout.lines().find_map(|line| line.trim().strip_prefix(setting));
    let rest = found.unwrap_or_else(|| panic!("no {setting}\n{outcome}"));
    let parts: Vec<&str> = rest.split("  ").map(str::trim).filter(|p| !p.is_empty()).collect();
    assert_eq!(parts.len(), 2, "{rest}");
    (parts[0].to_owned(), parts[1].to_owned())
}

#[track_caller]
fn expect(outcome: &Outcome, setting: &str, value: &str, source: &str) {
    let (found, from) = line(outcome, setting);
    assert!(found == value && from.contains(source), "{setting}: {found} from {from}");
}

#[test]
fn each_layer_is_named() {
    let workspace = Workspace::new();
    let variables = [("HUB_BENCH_MAX_TIME", "9ms"), ("HUB_BENCH_TIMEOUT", "5s")];
    let arguments = ["--timeout", "6s", "--preset", "ci"];
    let explained = workspace.explain("alpha::grouped::by_attribute", &arguments, &variables);
    explained.expect_stdout(&["alpha::grouped::by_attribute", "src/lib.rs:"]);
    expect(&explained, "timeout", "6s", "command line");
    expect(&explained, "max_time", "9ms", "environment");
    expect(&explained, "target_ci", "2 %", "preset ci");
    expect(&explained, "warmup", "7ms", "override grouped::*");
    expect(&explained, "launches", "4", "override grouped::*");
    expect(&explained, "sample_count", "9", "attribute");
    expect(&explained, "min_time", "1ms", "hub-bench.toml, defaults");
    expect(&explained, "skip_ext_time", "false", "built in");
}

#[test]
fn a_stronger_layer_wins_over_every_weaker_one() {
    let workspace = Workspace::new();
    let case = "alpha::grouped::by_group";
    let launches = |arguments: &[&str], variables: &[(&str, &str)]| {
        line(&workspace.explain(case, arguments, variables), "launches")
    };
    let environment = [("HUB_BENCH_LAUNCHES", "6")];
    assert_eq!(launches(&["--launches", "5"], &environment), ("5".into(), "command line".into()));
    assert_eq!(launches(&[], &environment), ("6".into(), "environment".into()));
    let (value, source) = launches(&[], &[]);
    assert!(value == "4" && source.contains("override"), "{value} {source}");
    fs::write(workspace.0.path().join("hub-bench.toml"), "[defaults]\nlaunches = 3\n").unwrap();
    assert_eq!(launches(&[], &[]), ("2".into(), "group tuned".into()));
    // Both kinds of groups, the attribute over its group, and the defaults where nothing is said.
    let explained = workspace.explain("alpha::in_file::by_file", &[], &[]);
    expect(&explained, "sample_size", "3", "group alpha::in_file");
    expect(&explained, "launches", "3", "hub-bench.toml, defaults");
    let explained = workspace.explain(case, &[], &[]);
    expect(&explained, "sample_count", "7", "group tuned");
    let explained = workspace.explain("linked::own", &["--bench"], &[]);
    expect(&explained, "max_time", "400ms", "full mode");
}

#[test]
fn what_is_explained_is_what_is_done() {
    let workspace = Workspace::new();
    let mut command = bench_command(&bench("targets", "linked"), workspace.0.path());
    command.args(["--bench", "--max-time", "5ms", "--exact", "alpha::grouped::by_attribute"]);
    finish(command.env("HUB_BENCH_WARMUP", "1ms")).expect_code(0);
    let record = workspace.0.latest();
    let case = &record["cases"][0];
    let settings = &case["settings"];
    assert_eq!(settings["launches"], 4);
    assert_eq!(settings["sample_count"], 9);
    assert_eq!(settings["warmup_ns"], 1_000_000);
    assert_eq!(settings["max_time_ns"], 5_000_000);
    assert_eq!(settings["min_time_ns"], 1_000_000);
    assert_eq!(case["launches"].as_array().map(Vec::len), Some(4));
    assert_eq!((&case["group"], &case["tags"][0]), (&"tuned".into(), &"slow".into()));
    assert_eq!(record["run"]["mode"], "full");
}

#[test]
fn a_case_is_kept_running_for_a_profiler() {
    let results = Results::new();
    let start = std::time::Instant::now();
    let binary = bench("simple", "hub");
    let outcome = e2e_tests::run(&binary, results.path(), ["--profile-time", "200ms"]);
    outcome.expect_code(0).expect_stderr(&["for 0.2 s, unmeasured"]);
    assert!(start.elapsed().as_secs_f64() > 0.2 && !results.path().join("runs").exists());
    let nothing = e2e_tests::run(&binary, results.path(), ["--profile-time", "0"]);
    nothing.expect_code(2).expect_stderr(&["no time at all"]);
}
