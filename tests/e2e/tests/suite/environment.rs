//! What a run keeps of its surroundings, and what it says of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e_tests::{QUICK, Results, bench, bench_command, finish, run};
use serde_json::Value;

#[test]
fn nothing_personal_is_kept() {
    let results = Results::new();
    let variables = [
        ("HOME", "/home/mallory-7731"),
        ("USER", "mallory-7732"),
        ("LOGNAME", "mallory-7733"),
        ("USERNAME", "mallory-7734"),
        ("HOSTNAME", "castle-7735"),
        ("HOST", "castle-7736"),
        ("API_TOKEN", "secret-7737"),
        ("RUSTFLAGS", "--cfg secret-7738"),
        ("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}secret-7739"),
        ("PROFILE", "secret-7740"),
        ("container", "secret-7741"),
    ];
    let mut command = bench_command(&bench("targets", "steady"), results.path());
    finish(command.args(["--test", "one"]).envs(variables)).expect_code(0);
    let kept = results.latest()["environment"].to_string();
    for (name, value) in variables {
        let marker = value.rsplit(['/', ' ', '\u{1f}']).next().unwrap();
        assert!(!kept.contains(marker), "the value of {name} is in {kept}");
    }
    for place in ["/home", "/root", "/tmp", "/Users", env!("CARGO_MANIFEST_DIR")] {
        assert!(!kept.contains(place), "{place} is in {kept}");
    }
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    // A name such as `vm` is a part of other words.
    if host.trim().len() > 5 {
        assert!(!kept.contains(host.trim()), "the name of the host is in {kept}");
    }
}

/// Names of all fields that the schema has below those properties.
fn fields(properties: &Value, before: &str, into: &mut Vec<String>) {
    for (name, property) in properties.as_object().unwrap() {
        let name = format!("{before}{name}");
        match property.get("properties") {
            Some(inner) => fields(inner, &format!("{name}."), into),
            None => into.push(name),
        }
    }
}

#[test]
fn every_field_has_a_value_or_a_reason() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/run.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let mut names = Vec::new();
    fields(&schema["$defs"]["environment"]["properties"], "", &mut names);
    assert!(names.len() > 40, "{names:?}");

    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--test", "one"]).expect_code(0);
    let environment = &results.latest()["environment"];
    for name in names.iter().filter(|name| *name != "absent") {
        let value = environment.pointer(&format!("/{}", name.replace('.', "/")));
        let is_there = value.is_some_and(|value| !value.is_null());
        let reason = environment["absent"][name].as_str().unwrap_or_default();
        assert_eq!(is_there, reason.is_empty(), "{name}: {value:?} and `{reason}`");
    }
    assert_eq!(environment["build"]["profile"], "debug");
    assert_eq!(environment["build"]["debug_assertions"], true);
}

#[test]
fn an_unoptimised_build_is_said_once() {
    let results = Results::new();
    let outcome = run(&bench("targets", "steady"), results.path(), QUICK);
    outcome.expect_code(0).expect_stdout(&["note: unoptimised build"]);
    assert_eq!(outcome.stdout.matches("note:").count(), 1, "{outcome}");
    assert_eq!(outcome.stdout.matches("unoptimised build").count(), 1, "{outcome}");
    assert_eq!(results.latest()["run"]["notes"][0]["code"], "unoptimised_build");
    let outcome = run(&bench("targets", "steady"), results.path(), ["--test", "one"]);
    assert!(!outcome.stdout.contains("note:"), "{outcome}");
}

/// A control group that may use a tenth of a processor; gone with the value.
struct Limited(PathBuf);

impl Limited {
    fn new() -> Option<Self> {
        let name = format!("hub-bench-e2e-{}", std::process::id());
        let layouts = [
            ("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", "10000"),
            ("/sys/fs/cgroup", "cpu.max", "10000 100000"),
        ];
        layouts.into_iter().find_map(|(parent, file, quota)| {
            let group = Path::new(parent).join(&name);
            fs::create_dir(&group).ok()?;
            let group = Self(group);
            // Outside of a control group file system the folder stays empty.
            group.0.join(file).exists().then_some(())?;
            fs::write(group.0.join(file), quota).ok()?;
            Some(group)
        })
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_quota_that_stops_the_run_is_told() {
    let Some(group) = Limited::new() else {
        println!("skipped: control groups cannot be made here");
        return;
    };
    let results = Results::new();
    let executable = bench("optimised", "optimised_build");
    let mut command = Command::new("sh");
    e2e_tests::clean(&mut command);
    command
        .args(["-c", "echo $$ > \"$0\"/cgroup.procs && exec \"$@\""])
        .arg(&group.0)
        .arg(executable)
        .args(["--sample-count", "20", "--max-time", "200ms", "--launches", "2"])
        .env("HUB_BENCH_DIR", results.path())
        .current_dir(results.path());
    let outcome = finish(&mut command);
    outcome.expect_stdout(&["note: the quota of 0.1 processor stopped the run "]);
    let record = results.latest();
    let cgroup = &record["environment"]["cgroup"];
    assert_eq!(cgroup["cpu_quota"], 0.1);
    let count = |name: &str| cgroup[name].as_u64().unwrap_or_else(|| panic!("{name} in {cgroup}"));
    assert!(count("throttled_at_end") > count("throttled_at_start"), "{cgroup}");
    assert!(count("throttled_ns") > 0, "{cgroup}");
    let codes: Vec<&str> = record["run"]["notes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|note| note["code"].as_str())
        .collect();
    assert!(codes.contains(&"throttled") && codes.contains(&"cpu_quota"), "{codes:?}");
}
