//! Files written for divan, built once against divan and once against its front-end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use e2e_tests::{
    Outcome, QUICK, Results, bench, bench_command, case_status, cases, clean, find, finish, ids,
    measured, run,
};
use serde_json::Value;

fn ours(target: &str) -> PathBuf {
    bench("divan_ours", target)
}

/// Divan itself, which lists whole paths for cargo-nextest only.
fn real(target: &str, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(bench("divan_real", target));
    clean(&mut command);
    finish(command.env("NEXTEST", "1").args(arguments))
}

/// The ids in a list; divan's do not tell threads apart.
fn listed(outcome: &Outcome) -> BTreeSet<String> {
    let lines = outcome.expect_code(0).stdout.lines();
    let ids = lines.filter_map(|line| line.strip_suffix(": benchmark"));
    ids.map(|id| id.rsplit_once("{t=").map_or(id, |(id, _)| id).to_owned()).collect()
}

const LIST: [&str; 4] = ["--list", "--format", "terse", "--include-ignored"];

/// Runs a few cases of `every` and gives the record.
fn record(results: &Results, variables: &[(&str, &str)], arguments: &[&str]) -> Value {
    let mut command = bench_command(&ours("every"), results.path());
    command.envs(variables.iter().copied()).args(["--bench", "--quick"]).args(arguments);
    command.args(["--warmup", "5ms"]);
    finish(&mut command).expect_code(0);
    results.latest()
}

#[test]
fn the_same_ids_are_listed() {
    let results = Results::new();
    for (target, fewest) in [("every", 80), ("builder", 2), ("steady", 4)] {
        let theirs = listed(&real(target, &LIST));
        let own = listed(&run(&ours(target), results.path(), LIST));
        assert_eq!(theirs.difference(&own).collect::<Vec<_>>(), [""; 0], "missing in {target}");
        assert_eq!(own.difference(&theirs).collect::<Vec<_>>(), [""; 0], "too many in {target}");
        assert!(own.len() >= fewest, "{target} lists {} only", own.len());
    }
}

#[test]
fn filters_take_the_same_ids() {
    let results = Results::new();
    for filters in [
        &["sort|numbers"][..],
        &["^every::generics::.*::(u8|Vec<.*>)::"],
        &["--exact", "every::arguments::range::2", "every::plain"],
        &["--skip", r"\d$", "arguments", "options"],
        &["nothing has this in it"],
    ] {
        let arguments: Vec<&str> = LIST.iter().chain(filters).copied().collect();
        let own = listed(&run(&ours("every"), results.path(), &arguments));
        assert_eq!(own, listed(&real("every", &arguments)), "{filters:?}");
    }
    let outcome = run(&ours("every"), results.path(), ["--list", "(open"]);
    outcome.expect_code(2).expect_stderr(&["the filter `(open` is not understood"]);
}

#[test]
fn every_case_runs_and_ignored_ones_only_when_asked_for() {
    let results = Results::new();
    // As `cargo test --benches` starts it, which tests with divan too.
    run(&ours("every"), results.path(), [""; 0]).expect_code(0);
    let record = results.latest();
    assert_eq!(record["run"]["mode"], "test");
    assert_eq!(
        (&record["run"]["package"], &record["run"]["target"]),
        (&"divan_ours".into(), &"every".into())
    );
    for case in cases(&record) {
        assert_eq!(case["status"], "measured", "{case:#}");
    }
    let ids = ids(&record);
    assert!(!ids.iter().any(|id| id.contains("ignored") && !id.ends_with("overrides")), "{ids:?}");
    assert!(ids.iter().any(|id| id == "every::a group::inner::overrides{t=1}"), "{ids:?}");
    let outcome = run(&ours("every"), results.path(), ["--test", "--ignored", "options::ignored$"]);
    outcome.expect_code(101).expect_stdout(&["it was run"]);
    let mut expensive = bench_command(&ours("every"), results.path());
    expensive.env("EXPENSIVE", "true").args(["--test", "ignored_by_condition"]);
    finish(&mut expensive).expect_code(0);
    assert_eq!(case_status(&results.latest(), "every::options::ignored_by_condition"), "measured");
}

#[test]
fn options_of_attributes_and_groups_hold() {
    let results = Results::new();
    let threads = ["--sample-count", "3", "--max-time", "0.02"];
    let arguments: Vec<&str> = ["a group::(deeper|inherits|overrides)", "options::on_"]
        .iter()
        .chain(&threads)
        .copied()
        .collect();
    let measured = record(&results, &[], &arguments);
    let of = |id: &str| find(&measured, id)["settings"].clone();
    let inherited = of("every::a group::deeper::inherits{t=2}");
    assert_eq!((&inherited["sample_size"], &inherited["skip_ext_time"]), (&3.into(), &true.into()));
    let ids = ids(&measured);
    for id in ["every::a group::overrides", "every::options::on_one", "every::options::on_two{t=2}"]
    {
        assert!(ids.iter().any(|known| known == id), "{id} is not in {ids:?}");
    }
    let processors = std::thread::available_parallelism().unwrap().get();
    let all = if processors == 1 { String::new() } else { format!("{{t={processors}}}") };
    assert_eq!(
        case_status(&measured, &format!("every::options::on_all_processors{all}")),
        "measured"
    );
    assert_eq!(case_status(&measured, "every::options::on_several{t=4}"), "measured");
    let counters = |id: &str| counters(find(&measured, id));
    let expected = [("bytes".to_owned(), 7.0), ("items".to_owned(), 1.0)];
    assert_eq!(counters("every::a group::overrides"), BTreeMap::from(expected));
}

fn counters(case: &Value) -> BTreeMap<String, f64> {
    let one = |counter: &Value| {
        (counter["kind"].as_str().unwrap().to_owned(), counter["count"].as_f64().unwrap())
    };
    case["counters"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn inputs_are_counted_in_every_way_at_once() {
    let results = Results::new();
    let measured =
        record(&results, &[], &["bencher", "numbers::8", "--sample-count=3", "--max-time=0.05"]);
    let of = |name: &str| counters(find(&measured, &format!("every::bencher::{name}")));
    let named = |name: &str, count| (name.to_owned(), count);
    assert_eq!(of("values"), BTreeMap::from([named("bytes", 6.0), named("chars", 5.0)]));
    assert_eq!(of("refs"), BTreeMap::from([named("cycles", 9.0), named("items", 3.0)]));
    assert_eq!(of("generic_counter"), BTreeMap::from([named("bytes", 16.0)]));
    let mean = of("local_values")["items"];
    assert!((2.5..=4.5).contains(&mean), "inputs from 0 to 7 are {mean} on average");
    let allocs = &find(&measured, "every::arguments::numbers::8")["metrics"]["allocs"];
    assert_eq!(allocs["estimate"].as_f64(), Some(1.0));
}

#[test]
fn options_and_variables_of_divan_act() {
    let results = Results::new();
    let only = ["--exact", "every::options::sampled"];
    let arguments = |more: &[&'static str]| [&only[..], more].concat();
    let settings = |record: &Value| find(record, "every::options::sampled")["settings"].clone();
    let variables = [("DIVAN_SAMPLE_COUNT", "6"), ("DIVAN_MAX_TIME", "0.25")];
    let measured = record(&results, &variables, &arguments(&["--sample-size=5"]));
    let set = settings(&measured);
    assert_eq!((&set["sample_count"], &set["sample_size"]), (&6.into(), &5.into()));
    assert_eq!(set["max_time_ns"], 250_000_000);
    let measured = record(&results, &variables, &arguments(&["--sample-count", "4"]));
    assert_eq!(settings(&measured)["sample_count"], 4);
    let measured = record(&results, &[], &arguments(&["--items-count", "3", "--bytes-count=9"]));
    let expected = [("bytes".to_owned(), 9.0), ("items".to_owned(), 3.0)];
    assert_eq!(counters(&cases(&measured)[0]), BTreeMap::from(expected));
    let measured = record(&results, &[("DIVAN_THREADS", "8")], &arguments(&["--threads", "1,2"]));
    assert_eq!(ids(&measured), ["every::options::sampled{t=1}", "every::options::sampled{t=2}"]);
    // What stays on one thread does so, however many are asked for.
    let local = ["--exact", "every::bencher::bench_local", "--threads=2", "--sample-count=3"];
    assert_eq!(cases(&record(&results, &[], &local))[0]["status"], "measured");
}

#[test]
fn what_has_no_meaning_is_said_once_and_mistakes_are_refused() {
    let results = Results::new();
    let mut command = bench_command(&ours("every"), results.path());
    command.env("DIVAN_BYTES_FORMAT", "binary").args(["--test", "every::plain"]);
    let outcome = finish(command.args(["--sort", "name", "--timer", "tsc"]));
    outcome.expect_code(0);
    let note = "note: without effect here: DIVAN_BYTES_FORMAT, --sort, --timer\n";
    assert_eq!(outcome.stderr.matches(note).count(), 1, "{outcome}");
    let outcome = run(&ours("every"), results.path(), ["--sample-count", "many"]);
    outcome.expect_code(2).expect_stderr(&["`--sample-count`: `many` is not a whole number"]);
    let outcome = run(&ours("every"), results.path(), ["--sampel-count", "3"]);
    outcome.expect_code(2).expect_stderr(&["did you mean `--sample-count`?"]);
}

#[test]
fn a_run_that_the_program_configures_is_as_it_says() {
    let results = Results::new();
    let run_by = |how: &str| {
        let mut command = bench_command(&ours("builder"), results.path());
        let outcome = finish(command.env("RUN", how).args(["--launches", "99"]));
        outcome.expect_code(0).expect_stdout(&["main goes on"]);
        results.latest()
    };
    let record = run_by("benches");
    // Arguments are not read unless it says so.
    assert_eq!((&record["run"]["mode"], &record["run"]["launches"]), (&"full".into(), &8.into()));
    assert_eq!(ids(&record), ["builder::fifth", "builder::sixth"]);
    let fifth = find(&record, "builder::fifth");
    let settings = &fifth["settings"];
    assert_eq!((&settings["sample_count"], &settings["sample_size"]), (&7.into(), &3.into()));
    let expected = [("bytes", 8.0), ("chars", 5.0), ("cycles", 2.0), ("items", 11.0)];
    let expected = expected.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(counters(fifth), BTreeMap::from(expected));
    assert_eq!(run_by("test")["run"]["mode"], "test");
}

#[test]
fn the_rest_of_the_bench_binary_is_there_too() {
    measured(|| {
        let results = Results::new();
        let quick: Vec<&str> =
            QUICK.iter().copied().chain(["--bench", "--exact", "steady::argument::7"]).collect();
        let with = |more: &[&'static str]| {
            run(&ours("steady"), results.path(), [&quick[..], more].concat())
        };
        let outcome = with(&["--save-baseline", "main", "--output-format", "json"]);
        outcome.expect_code(0);
        let printed: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(printed["cases"][0]["id"], "steady::argument::7");
        let outcome = with(&["--baseline", "main", "--budget", "1s", "--measure-identical"]);
        assert!(outcome.code == Some(0), "{outcome}");
        assert!(outcome.stdout.contains("paired"), "{outcome}");
        // Threads from the command line are a part of the id, which the baseline's side finds as well.
        let outcome = with(&["--threads", "2", "--save-baseline", "two"]);
        outcome.expect_code(0);
        let outcome =
            with(&["--threads", "2", "--baseline", "two", "--budget", "1s", "--measure-identical"]);
        outcome.expect_code(0).expect_stdout(&["steady::argument::7{t=2}"]);
    });
}

/// Medians in nanoseconds by the last part of the id, out of divan's table.
fn medians(table: &str) -> BTreeMap<String, f64> {
    let rows = table.lines().filter_map(|line| line.split_once("─ ").map(|(_, row)| row));
    let row = |row: &str| {
        let (number, unit) = row.split('│').nth(2)?.trim().split_once(' ')?;
        let scale = match unit {
            "ns" => 1.0,
            "µs" => 1e3,
            "ms" => 1e6,
            _ => return None,
        };
        let name = row.split_whitespace().next()?.to_owned();
        Some((name, number.parse::<f64>().ok()? * scale))
    };
    rows.filter_map(row).collect()
}

/// No study: other tests run beside it. What it excludes is another body, or another loop around it.
#[test]
fn figures_are_those_of_divan() {
    measured(|| {
        let results = Results::new();
        let table = real("steady", &["--bench", "--max-time", "0.2"]);
        let theirs = medians(&table.expect_code(0).stdout);
        let arguments = ["--bench", "--launches", "2", "--max-time", "0.2"];
        run(&ours("steady"), results.path(), arguments).expect_code(0);
        let record = results.latest();
        for id in ["function", "argument::7", "local", "inputs"] {
            let own =
                find(&record, &format!("steady::{id}"))["metrics"]["time"]["estimate"].as_f64();
            let name = id.rsplit("::").next().unwrap();
            let (own, their) = (own.unwrap(), theirs[name]);
            assert!((0.5..=2.0).contains(&(own / their)), "{id}: {own} ns here, {their} ns there");
        }
    });
}
