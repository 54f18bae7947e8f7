//! Bench files written for criterion, run by the front-end, beside criterion itself.

use std::fs;

use super::exports;
use e2e_tests::{Results, bench, bench_command, case_status, find, finish, ids, measured, run};
use serde_json::Value;

/// Arguments of a short run, as a user of criterion would give them.
const SHORT: [&str; 5] = ["--bench", "--launches", "1", "--measurement-time", "0.02"];

/// The names that the executable lists, sorted.
fn listed(package: &str, target: &str, arguments: &[&str]) -> Vec<String> {
    let results = Results::new();
    let arguments = ["--list"].iter().chain(arguments);
    let outcome = run(&bench(package, target), results.path(), arguments);
    outcome.expect_code(0);
    let name = |line: &str| line.strip_suffix(": benchmark").map(str::to_owned);
    let mut names: Vec<String> = outcome.stdout.lines().filter_map(name).collect();
    names.sort();
    names
}

#[test]
fn the_same_benches_are_listed() {
    for target in ["everything", "own_main"] {
        let ours = listed("criterion_ours", target, &[]);
        assert!(!ours.is_empty());
        assert_eq!(ours, listed("criterion_real", target, &[]));
    }
    for filter in [&["sort/.*64"][..], &["--exact", "fib 10"], &["async"]] {
        let ours = listed("criterion_ours", "everything", filter);
        assert!(!ours.is_empty(), "{filter:?}");
        assert_eq!(ours, listed("criterion_real", "everything", filter), "{filter:?}");
    }
}

#[test]
fn everything_is_measured() {
    let results = Results::new();
    let outcome = run(&bench("criterion_ours", "everything"), results.path(), SHORT);
    outcome.expect_code(0).expect_stdout(&["everything", "sort", "stable", "[64]", "22 measured"]);
    outcome.expect_stderr(&["accepted, without effect here: ", "nresamples", "sampling_mode"]);
    let record = results.latest();
    let stable = find(&record, "sort/stable/64");
    assert_eq!((&stable["group"], &stable["name"]), (&"sort".into(), &"stable".into()));
    assert_eq!((&stable["args"][0], &stable["crate"]), (&"64".into(), &"everything".into()));
    assert!(stable["metrics"]["throughput_items"]["estimate"].as_f64().is_some_and(|of| of > 0.0));
    let by_bytes = find(&record, "sort/64");
    assert!(by_bytes["metrics"]["throughput_bytes"].is_object(), "{by_bytes}");
    for name in ["timing/loops/iter_custom", "async/tokio", "timing/loops/per_iteration"] {
        let time = find(&record, name)["metrics"]["time"]["estimate"].as_f64();
        assert!(time.is_some_and(|time| time > 0.0 && time < 1e6), "{name}: {time:?}");
    }
}

#[test]
fn without_cargos_word_everything_runs_once() {
    let results = Results::new();
    let outcome = run(&bench("criterion_ours", "everything"), results.path(), ["--quiet"]);
    outcome.expect_code(0);
    assert_eq!(results.latest()["run"]["mode"], "test");
}

#[test]
fn a_main_of_its_own_is_measured() {
    let results = Results::new();
    let outcome = run(&bench("criterion_ours", "own_main"), results.path(), SHORT);
    outcome.expect_code(0).expect_stdout(&["borrowing", "1 measured"]);
    assert_eq!(ids(&results.latest()), ["borrowing"]);
}

#[test]
fn each_trouble_costs_one_bench() {
    let results = Results::new();
    let outcome = run(&bench("criterion_ours", "troubles"), results.path(), SHORT);
    outcome.expect_code(101);
    let record = results.latest();
    let status = |name: &str| case_status(&record, name);
    for name in ["fine", "same/name", "same/name#2"] {
        assert_eq!(status(name), "measured", "{name}");
    }
    assert_eq!((status("panicking"), status("leaving")), ("panicked", "died"));
    for (name, words) in [
        ("forgetful", "neither `iter` nor"),
        ("twice", "measures twice"),
        ("lost", "which is no amount"),
        ("changing", "did not come to `changing`"),
    ] {
        assert_eq!(status(name), "failed", "{name}");
        let message = find(&record, name)["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(words), "{name}: {message}");
    }
    assert!(!outcome.stdout.contains('\u{1b}'), "{outcome}");
    // What the program prints around its benches is no result.
    assert!(!outcome.stdout.contains("printed around"), "{outcome}");
    outcome.expect_stderr(&["printed around the benches"]);
}

#[test]
fn json_on_standard_output_is_alone_there() {
    let results = Results::new();
    let json = ["--test", "--output-format", "json", "--nocapture"];
    let outcome = run(&bench("criterion_ours", "troubles"), results.path(), json);
    let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(ids(&record).len(), 11, "{record}");
    let longest = ids(&record).into_iter().find(|id| id.starts_with("long/")).unwrap();
    assert!(longest.len() <= 4096 && case_status(&record, &longest) == "measured", "{longest}");
}

#[test]
fn baselines_are_saved_and_compared_as_a_user_of_criterion_types_it() {
    measured(|| {
        let results = Results::new();
        let binary = bench("criterion_ours", "everything");
        let mut save = bench_command(&binary, results.path());
        save.args([
            "--bench",
            "--save-baseline",
            "master",
            "--allow-unoptimized",
            "--exact",
            "fib 10",
        ]);
        finish(save.args(["--measurement-time", "0.1"])).expect_code(0);
        let mut compare = bench_command(&binary, results.path());
        compare.args([
            "--bench",
            "--baseline",
            "master",
            "--exact",
            "fib 10",
            "--measurement-time",
            "0.1",
        ]);
        finish(&mut compare).expect_code(0).expect_stdout(&["1 equivalent"]);
        // The same executable is known to be the same; told to measure, its workers come to the bench.
        compare.args(["--measure-identical", "--budget", "3s", "--minimum-effect", "20%"]);
        finish(&mut compare).expect_code(0).expect_stdout(&["paired", "1 equivalent"]);
    });
}

#[test]
fn figures_are_near_those_of_criterion() {
    measured(|| {
        let name = "fib with input/12";
        let results = Results::new();
        let short = ["--bench", "--exact", name, "--warm-up-time", "0.1"];
        let mut ours = bench_command(&bench("criterion_ours", "everything"), results.path());
        finish(ours.args(short).args(["--measurement-time", "0.2"])).expect_code(0);
        let ours = find(&results.latest(), name)["metrics"]["time"]["estimate"].as_f64();
        let mut theirs = bench_command(&bench("criterion_real", "everything"), results.path());
        theirs.env("CRITERION_HOME", results.path().join("criterion")).args(short);
        theirs.args(["--noplot", "--sample-size", "10", "--measurement-time", "0.2"]);
        finish(&mut theirs).expect_code(0);
        let path = results.path().join("criterion").join(name).join("new/estimates.json");
        let estimates: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let ratio = ours.unwrap() / estimates["median"]["point_estimate"].as_f64().unwrap();
        assert!((0.67..1.5).contains(&ratio), "ours over criterion's: {ratio}");
    });
}

#[test]
fn a_filter_leaves_the_rest_of_a_baseline_alone() {
    let results = Results::new();
    let save = |arguments: &[&str]| {
        let mut command = bench_command(&bench("criterion_ours", "everything"), results.path());
        command.args(SHORT).args(["--save-baseline", "main", "--allow-unoptimized"]);
        finish(command.args(arguments)).expect_code(0);
    };
    save(&["fib"]);
    save(&["--exact", "fib 10"]);
    let mut show = bench_command(&e2e_tests::hub_bench(), results.path());
    let shown = finish(show.args(["baseline", "show", "main"]));
    shown.expect_code(0).expect_stdout(&["cases 2"]);
    let nothing = ["--bench", "no such bench", "--strict"];
    let outcome = run(&bench("criterion_ours", "everything"), results.path(), nothing);
    outcome.expect_code(6).expect_stderr(&["0 of 22 selected"]);
}

#[test]
fn benches_are_kept_running_for_a_profiler() {
    let results = Results::new();
    let start = std::time::Instant::now();
    let profile = ["--bench", "--profile-time", "0.3", "--exact"];
    let outcome = run(
        &bench("criterion_ours", "everything"),
        results.path(),
        profile.iter().chain(&["fib 10"]),
    );
    outcome.expect_code(0).expect_stderr(&["running fib 10 for 0.3 s"]);
    assert!(start.elapsed().as_secs_f64() > 0.3 && !results.path().join("runs").exists());
    let broken = run(
        &bench("criterion_ours", "troubles"),
        results.path(),
        profile.iter().chain(&["panicking"]),
    );
    broken.expect_code(101).expect_stderr(&["in the middle"]);
}

#[test]
fn what_is_measured_instead_of_time_is_no_time() {
    let results = Results::new();
    let launches = ["--bench", "--launches", "2", "--measurement-time", "0.02"];
    let outcome = run(&bench("criterion_ours", "measured"), results.path(), launches);
    outcome.expect_code(0).expect_stdout(&["steps", "walk", "11 measured"]);
    let record = results.latest();
    let steps = |name: &str| find(&record, name)["metrics"]["custom_steps"]["estimate"].as_f64();
    assert_eq!((steps("walk"), steps("group/walk/30")), (Some(7.0), Some(30.0)));
    for name in ["batched", "per iteration", "by reference", "kept", "custom", "async"] {
        assert_eq!(steps(&format!("group/{name}")), Some(5.0), "{name}");
    }
    let walk = find(&record, "walk");
    let metric = &walk["metrics"]["custom_steps"];
    assert_eq!((&metric["unit"], &metric["better"]), (&"1".into(), &"lower".into()));
    assert!(walk["metrics"]["time"].is_null() && walk["metrics"]["time_min"].is_null(), "{walk}");
    let reason = "the benchmark measures `custom_steps` instead of time";
    assert_eq!(walk["absent"]["time"], reason);
    // A clock of its own gives time all the same, by its own account.
    let halved = find(&record, "halved")["metrics"]["custom_ns"].clone();
    let timed = find(&record, "timed")["metrics"]["time"]["estimate"].as_f64().unwrap();
    assert_eq!(halved["unit"], "ns");
    // Half, but for what else the machine does meanwhile.
    let ratio = halved["estimate"].as_f64().unwrap() / timed;
    assert!((0.05..5.0).contains(&ratio), "{ratio}");
}

#[test]
fn what_is_measured_instead_of_time_leaves_in_every_format_that_has_room_for_it() {
    let results = Results::new();
    let names = ["--exact", "group/walk/30", "--output-format", "json"];
    run(&bench("criterion_ours", "measured"), results.path(), SHORT.iter().chain(&names))
        .expect_code(0);
    let export = |format: &str| {
        exports::call(results.path(), &["export", "--format", format]).expect_code(0).stdout.clone()
    };
    let read = |format: &str| serde_json::from_str::<Value>(&export(format)).unwrap();
    let bmf = read("bmf");
    assert!(jsonschema::is_valid(&exports::bmf_schema(), &bmf), "{bmf}");
    assert_eq!(bmf["group/walk/30"]["custom-steps"]["value"], 30.0);
    let github = read("github");
    assert!(jsonschema::is_valid(&exports::github_schema(), &github), "{github}");
    assert_eq!((&github[0]["unit"], &github[0]["value"]), (&"steps".into(), &30.0.into()));
    for (format, text) in [
        ("csv", ",custom_steps,1,lower,30.0,"),
        ("openmetrics", "hub_bench_custom_steps{case=\"group/walk/30\""),
        ("markdown", "| 30 |"),
        ("terse", "-          -  measured"),
        ("libtest-json", r#""event":"ok","name":"group/walk/30""#),
    ] {
        let exported = export(format);
        assert!(exported.contains(text), "{format}: {exported}");
    }
    assert!(!export("bencher").contains("walk"), "it has no nanoseconds");
}

#[test]
fn values_are_those_of_criterion() {
    let results = Results::new();
    let home = results.path().join("criterion");
    let mut theirs = bench_command(&bench("criterion_real", "measured"), results.path());
    theirs.env("CRITERION_HOME", &home).args(["--bench", "--noplot", "--sample-size", "10"]);
    theirs.args(["--warm-up-time", "0.02", "--measurement-time", "0.05", "walk|group"]);
    finish(&mut theirs).expect_code(0);
    let ours = Results::new();
    run(&bench("criterion_ours", "measured"), ours.path(), SHORT).expect_code(0);
    let record = ours.latest();
    let mut compared = 0;
    for name in
        ids(&record).into_iter().filter(|name| !["halved", "timed"].contains(&name.as_str()))
    {
        let file = home.join(&name).join("new/estimates.json");
        let text = fs::read_to_string(file).unwrap();
        let estimates: Value = serde_json::from_str(&text).unwrap();
        let theirs = estimates["median"]["point_estimate"].as_f64().unwrap();
        let ours = find(&record, &name)["metrics"]["custom_steps"]["estimate"].as_f64().unwrap();
        assert!((ours - theirs).abs() < 1e-9, "{name}: {ours} here, {theirs} there");
        compared += 1;
    }
    assert_eq!(compared, 9);
}

#[test]
fn values_are_compared_as_what_they_are() {
    measured(|| {
        let results = Results::new();
        let binary = bench("criterion_ours", "measured");
        let mut save = bench_command(&binary, results.path());
        save.args(SHORT).args(["--save-baseline", "main", "--allow-unoptimized"]);
        finish(&mut save).expect_code(0);
        let compare = |more: &str| {
            let mut command = bench_command(&binary, results.path());
            command.args(SHORT).args([
                "--baseline",
                "main",
                "--measure-identical",
                "--budget",
                "30s",
            ]);
            command.args(["--exact", "walk"]).env("STEPS_MORE", more);
            finish(&mut command)
        };
        compare("0").expect_code(0).expect_stdout(&["1 equivalent"]);
        // Both sides are started alike, so records have to tell what a variable changes.
        let mut more = bench_command(&binary, results.path());
        more.args(SHORT)
            .args(["--save-baseline", "more", "--allow-unoptimized"])
            .env("STEPS_MORE", "1");
        finish(&mut more).expect_code(0);
        let judge = |arguments: &[&str]| {
            let mut command = bench_command(&binary, results.path());
            finish(command.arg("--bench").args(arguments))
        };
        let both = ["--load-baseline", "more", "--baseline", "main"];
        let judged = judge(&both);
        judged.expect_code(0).expect_stdout(&["walk", "custom_steps", "+ 14 %"]);
        assert_eq!(results.runs().len(), 3, "nothing is measured: {judged}");
        judge(&[&both[..], &["--threshold", "5%"]].concat()).expect_code(0);
        judge(&["--load-baseline", "none", "--baseline", "main"])
            .expect_code(2)
            .expect_stderr(&["baseline `none` does not exist"]);
        judge(&["--load-baseline", "main", "--baseline", "main"])
            .expect_code(2)
            .expect_stderr(&["says nothing about itself"]);
    });
}

#[test]
fn a_baseline_may_be_missing_where_it_is_said_so() {
    let results = Results::new();
    let binary = bench("criterion_ours", "own_main");
    let lenient = |expected: &[&str]| {
        let mut command = bench_command(&binary, results.path());
        command.args(SHORT).args(["--baseline-lenient", "main"]);
        let outcome = finish(&mut command);
        outcome.expect_code(0).expect_stdout(&["1 measured"]);
        outcome.expect_stdout(expected);
        outcome
    };
    lenient(&[]).expect_stderr(&["there is no baseline `main` of this target"]);
    let mut save = bench_command(&binary, results.path());
    save.args(SHORT).args(["--save-baseline", "main", "--allow-unoptimized"]);
    finish(&mut save).expect_code(0);
    lenient(&["1 equivalent"]);
    let mut strict = bench_command(&binary, results.path());
    strict.args(SHORT).args(["--baseline", "other"]);
    finish(&mut strict).expect_code(2).expect_stderr(&["baseline `other` does not exist"]);
}

#[test]
fn a_filter_of_the_code_is_a_selection() {
    let results = Results::new();
    let binary = bench("criterion_ours", "filtered");
    let outcome = run(&binary, results.path(), SHORT);
    outcome.expect_code(0);
    assert_eq!(ids(&results.latest()), ["group/kept"]);
    assert_eq!(results.latest()["run"]["registered"], 3);
    // The command line's filter stands in its place.
    assert_eq!(listed("criterion_ours", "filtered", &["left"]), ["group/left", "left alone"]);
    // Without one criterion forgets the code's, which is hardly what was meant.
    for filter in [["left"], ["kept"]] {
        let theirs = listed("criterion_real", "filtered", &filter);
        assert_eq!(listed("criterion_ours", "filtered", &filter), theirs, "{filter:?}");
    }
    // What is skipped is skipped of what the filters take.
    assert_eq!(listed("criterion_ours", "filtered", &["left", "--skip", "alone"]), ["group/left"]);
}

#[test]
fn a_program_without_benches_is_told_so() {
    let results = Results::new();
    for arguments in [&["--bench"][..], &[]] {
        let outcome = run(&bench("criterion_ours", "empty"), results.path(), arguments);
        outcome.expect_code(6).expect_stderr(&["empty has come to no benchmark", "help: call"]);
    }
    run(&bench("criterion_ours", "empty"), results.path(), ["--list"]).expect_code(0);
    assert!(listed("criterion_real", "empty", &[]).is_empty());
}
