//! Formats of others, read by readers that are not ours.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use e2e_tests::{
    Outcome, QUICK, Results, bench, bench_command, cases, clean, finish, hub_bench, ids, run,
};
use nom_openmetrics::{Family, MetricDescriptor, MetricType};
use serde_json::{Value, json};

/// The command, with these results.
pub(crate) fn call(results: &Path, arguments: &[&str]) -> Outcome {
    finish(bench_command(&hub_bench(), results).args(arguments))
}

/// Records that between them have figures, every kind of failure, and names that mean harm. They are
/// measured once for all tests.
fn all_kinds() -> &'static [Value] {
    static KINDS: OnceLock<Vec<Value>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let kinds: [(&str, &str, &[&str]); 4] = [
            ("unruly", "unruly", &["--timeout", "500ms", "--skip", "descriptors"]),
            ("unruly", "unruly", &["--test", "--fail-fast", "panics", "aborts"]),
            ("targets", "hostile", &[]),
            ("optimised", "optimised_growth", &[]),
        ];
        let kept = kinds.map(|(package, target, arguments)| {
            let results = Results::new();
            let arguments = QUICK.iter().chain(arguments);
            run(&bench(package, target), results.path(), arguments);
            results.latest()
        });
        kept.into()
    })
}

/// The record in that format.
fn exported(record: &Value, format: &str) -> String {
    let results = Results::new();
    kept(&results, record);
    call(results.path(), &["export", "--format", format]).expect_code(0).stdout.clone()
}

/// Puts a record where runs are kept.
fn kept(results: &Results, record: &Value) {
    let folder = results.path().join("runs/latest");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("run.json"), record.to_string()).unwrap();
}

fn has_time(case: &Value) -> bool {
    let status = case["status"].as_str().unwrap_or_default();
    ["measured", "budget_failed"].contains(&status) && case["metrics"]["time"].is_object()
}

/// Whether the record tells how far the values of a case lie apart.
fn has_scatter(case: &Value) -> bool {
    let launches = case["launches"].as_array().map_or(0, Vec::len);
    has_time(case) && (launches > 1 || case["metrics"]["time"]["low"].is_number())
}

/// How many cases have one of these statuses.
fn count(record: &Value, statuses: &[&str]) -> usize {
    let is_one = |case: &&Value| statuses.iter().any(|status| case["status"] == *status);
    cases(record).iter().filter(is_one).count()
}

#[test]
fn junit_is_xml_with_a_suite_for_each_crate() {
    for record in all_kinds() {
        let text = exported(record, "junit");
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let elements =
            |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
        let exceeded = record["scaling"].as_array().into_iter().flatten();
        let exceeded = exceeded.filter(|fit| fit["verdict"] == "exceeded").count();
        let skipped = record["run"]["skipped"].as_array().map_or(0, Vec::len);
        let failed = count(record, &["panicked", "failed", "budget_failed"]) + exceeded;
        assert_eq!(elements("testcase").count(), cases(record).len() + skipped + exceeded);
        assert_eq!(elements("failure").count(), failed);
        assert_eq!(elements("error").count(), count(record, &["died", "timed_out"]));
        assert_eq!(elements("skipped").count(), count(record, &["skipped"]) + skipped);
        let suites: BTreeSet<_> =
            elements("testsuite").filter_map(|s| s.attribute("name")).collect();
        let crates: BTreeSet<_> =
            cases(record).iter().filter_map(|c| c["crate"].as_str()).collect();
        assert_eq!(suites, crates);
        let root = document.root_element();
        assert_eq!(root.attribute("failures"), Some(failed.to_string().as_str()));
        for case in elements("testcase").filter(|case| case.attribute("time").is_some()) {
            let seconds: f64 = case.attribute("time").unwrap().parse().unwrap();
            assert!((0.0..60.0).contains(&seconds), "{seconds} s");
        }
    }
}

#[test]
fn a_comparison_is_junit_too() {
    let results = Results::new();
    for _ in 0..2 {
        run(&bench("targets", "steady"), results.path(), ["--test"]).expect_code(0);
    }
    let [baseline, current] = results.runs().try_into().unwrap();
    let [baseline, current] = [baseline, current].map(|run| run.display().to_string());
    let sides = ["compare", "--baseline", &baseline, "--current", &current];
    let outcome = call(results.path(), &[&sides[..], &["--output-format", "junit"]].concat());
    let document = roxmltree::Document::parse(&outcome.expect_code(0).stdout).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    assert!(cases.count() >= 5, "{outcome}");
}

#[test]
fn csv_has_a_row_for_each_metric_and_no_formulas() {
    for record in all_kinds() {
        let text = exported(record, "csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let column = |name: &str| head.iter().position(|title| title == name).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let metrics =
            |case: &Value| case["metrics"].as_object().map_or(0, serde_json::Map::len).max(1);
        assert_eq!(rows.len(), cases(record).iter().map(metrics).sum::<usize>());
        for row in &rows {
            for (title, cell) in head.iter().zip(row.iter()) {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@']), "{title}: {cell}");
            }
            if !row[column("metric")].is_empty() {
                assert!(row[column("estimate")].parse::<f64>().is_ok(), "{row:?}");
            }
        }
    }
}

/// The name and the unit that the head of a family gives it.
fn head<'a>(family: &'a Family<'a>) -> (&'a str, Option<&'a str>, bool) {
    let [MetricDescriptor::Help { metric, .. }, MetricDescriptor::Type { r#type, .. }, unit @ ..] =
        family.descriptors.as_slice()
    else {
        panic!("the head is not HELP, TYPE and UNIT: {family:?}")
    };
    let unit = match unit {
        [] => None,
        [MetricDescriptor::Unit { unit, .. }] => Some(*unit),
        _ => panic!("{family:?}"),
    };
    assert!(family.descriptors.iter().all(|descriptor| descriptor.metric() == *metric));
    (metric, unit, matches!(r#type, MetricType::Info))
}

#[test]
fn openmetrics_is_read_to_its_end() {
    for record in all_kinds() {
        let text = exported(record, "openmetrics");
        let (rest, families) = nom_openmetrics::parser::openmetrics(&text)
            .unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        assert_eq!(rest, "");
        assert!(text.ends_with("\n# EOF\n"));
        let mut names = BTreeSet::new();
        for family in &families {
            let (name, unit, is_info) = head(family);
            assert!(names.insert(name.to_owned()), "{name} is in two places");
            assert!(unit.is_none_or(|unit| name.ends_with(&format!("_{unit}"))), "{name} {unit:?}");
            let sample = if is_info { format!("{name}_info") } else { name.to_owned() };
            let mut seen = BTreeSet::new();
            for found in &family.samples {
                assert_eq!(found.name(), sample);
                assert!(found.number().is_finite());
                assert!(seen.insert(format!("{:?}", found.labels())), "{found:?} twice");
            }
        }
        let timed = cases(record).iter().filter(|case| has_time(case)).count();
        let found = families.iter().find(|family| head(family).0 == "hub_bench_time_seconds");
        assert_eq!(found.map_or(0, |family| family.samples.len()), timed);
    }
}

/// What Bencher documents of its format, in a schema of our own:
/// <https://bencher.dev/docs/reference/bencher-metric-format/>. Theirs (draft 7, `bmf.json` on that
/// page) asks for an object of benchmarks, each an object of measures, each with a number `value` and
/// perhaps `lower_value` and `upper_value`. The same page says how names are read: of a benchmark up to
/// 1024 characters; of a measure a slug of up to 64, which is made where it does not exist. Nothing
/// else is let through here, nor a benchmark without measures.
pub(crate) fn bmf_schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "propertyNames": { "minLength": 1, "maxLength": 1024 },
        "additionalProperties": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[a-z0-9-]{1,64}$" },
            "additionalProperties": {
                "type": "object",
                "required": ["value"],
                "properties": {
                    "value": { "type": "number" },
                    "lower_value": { "type": "number" },
                    "upper_value": { "type": "number" }
                },
                "additionalProperties": false
            }
        }
    })
}

#[test]
fn bmf_is_what_bencher_documents() {
    let validator = jsonschema::validator_for(&bmf_schema()).unwrap();
    for bad in [json!({"a": {"latency": 1}}), json!({"a": {}}), json!({"a": {"b": {"value": "1"}}})]
    {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
    for record in all_kinds() {
        let read: Value = serde_json::from_str(&exported(record, "bmf")).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&read).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let timed = cases(record).iter().filter(|case| has_time(case)).count();
        assert_eq!(read.as_object().unwrap().len(), timed);
    }
}

/// What github-action-benchmark reads of `customSmallerIsBetter` and `customBiggerIsBetter`, in a
/// schema of our own. Its `src/extract.ts` takes `name`, `value`, `unit`, `range` and `extra` of each
/// entry of an array and leaves the rest; `src/extractRangeInfo.ts` finds a number in `range` behind
/// `±` or `+-`, of two characters or more. A course is known by `name` alone, so names stand once.
pub(crate) fn github_schema() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["name", "value", "unit"],
            "properties": {
                "name": { "type": "string", "minLength": 1 },
                "value": { "type": "number" },
                "unit": { "type": "string", "minLength": 1 },
                "range": { "type": "string", "pattern": "^± [0-9][0-9.]+$" },
                "extra": { "type": "string", "minLength": 1 }
            },
            "additionalProperties": false
        }
    })
}

#[test]
fn custom_entries_of_github_action_benchmark_have_what_it_asks_for() {
    let validator = jsonschema::validator_for(&github_schema()).unwrap();
    for bad in [
        json!([{"name": "a", "value": 1}]),
        json!({}),
        json!([{"name": "a", "value": "1", "unit": "ns"}]),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
    for record in all_kinds() {
        for format in ["github", "github-bigger"] {
            let read: Value = serde_json::from_str(&exported(record, format)).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&read).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{format}: {errors:?}");
            let names: Vec<&str> =
                read.as_array().unwrap().iter().filter_map(|e| e["name"].as_str()).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        }
    }
}

#[test]
fn libtest_json_tells_of_each_case_once() {
    for record in all_kinds() {
        let text = exported(record, "libtest-json");
        let events: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |kind: &str, event: &str| {
            let is_it = |e: &&Value| e["type"] == kind && (event.is_empty() || e["event"] == event);
            events.iter().filter(is_it).count()
        };
        assert_eq!(events[0]["test_count"], cases(record).len());
        assert_eq!(of("test", "started"), cases(record).len());
        assert_eq!(of("bench", ""), count(record, &["measured"]));
        let last = &events[events.len() - 1];
        assert_eq!(last["event"], if of("test", "failed") > 0 { "failed" } else { "ok" });
        let ended =
            of("bench", "") + of("test", "failed") + of("test", "ignored") + of("test", "ok");
        assert_eq!(ended, cases(record).len());
    }
}

/// Whether critcmp is there; a missing one is told, or fails where it is required.
fn critcmp_is_there() -> bool {
    let mut version = Command::new("critcmp");
    version.arg("--version").stdout(Stdio::null());
    let there = version.status().is_ok_and(|status| status.success());
    let required = std::env::var("HUB_BENCH_REQUIRE").is_ok_and(|list| list.contains("critcmp"));
    assert!(there || !required, "HUB_BENCH_REQUIRE asks for critcmp and it is not installed");
    if !there {
        println!("skipped: no critcmp found; cargo install critcmp --locked");
    }
    there
}

fn critcmp(target: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new("critcmp");
    clean(&mut command);
    finish(command.arg("--target-dir").arg(target).args(arguments))
}

#[test]
fn critcmp_compares_our_criterion_trees() {
    if !critcmp_is_there() {
        return;
    }
    for record in all_kinds() {
        let results = Results::new();
        kept(&results, record);
        let target = results.path().join("target");
        let tree = target.join("criterion").display().to_string();
        let timed = cases(record).iter().filter(|case| has_scatter(case)).count();
        for baseline in ["before", "after"] {
            let arguments = ["export", "--format", "criterion", "--output", &tree];
            let named = [&arguments[..], &["--baseline", baseline]].concat();
            let outcome = call(results.path(), &named);
            if timed == 0 {
                outcome.expect_code(1).expect_stderr(&["no case with a time"]);
            } else {
                outcome.expect_code(0).expect_stderr(&["files of run"]);
            }
        }
        if timed == 0 {
            continue;
        }
        critcmp(&target, &["--baselines"]).expect_code(0).expect_stdout(&["after", "before"]);
        let outcome = critcmp(&target, &["--export", "before"]);
        let read: Value = serde_json::from_str(&outcome.expect_code(0).stdout).unwrap();
        assert_eq!(read["benchmarks"].as_object().unwrap().len(), timed, "{outcome}");
        let compared = critcmp(&target, &["before", "after"]);
        let rows = compared.expect_code(0).stdout.lines().count();
        assert_eq!(rows, timed + 2, "a head, a rule, and a row for each case\n{compared}");
    }
}

#[test]
fn a_run_is_found_by_whatever_name_it_has() {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--test", "one"]).expect_code(0);
    let [folder] = results.runs().try_into().unwrap();
    let id = folder.file_name().unwrap().to_string_lossy().into_owned();
    let file = folder.join("run.json").display().to_string();
    run(&bench("targets", "steady"), results.path(), ["--test", "many"]).expect_code(0);
    for name in [id.as_str(), &file, &folder.display().to_string()] {
        let outcome = call(results.path(), &["export", "--run", name, "--format", "json"]);
        let record: Value = serde_json::from_str(&outcome.expect_code(0).stdout).unwrap();
        assert_eq!(ids(&record), ["steady::one"]);
    }
    assert_eq!(call(results.path(), &["export", "--format", "terse"]).stdout.lines().count(), 3);
    let outcome = call(results.path(), &["export", "--run", "no_such", "--format", "csv"]);
    outcome.expect_code(2).expect_stderr(&["no run, folder or file `no_such`"]);
    let output = ["export", "--format", "csv", "--output", "/no/such/folder/a.csv"];
    call(results.path(), &output).expect_code(1).expect_stderr(&["/no/such/folder/a.csv"]);
}

#[test]
fn a_run_without_times_names_the_newest_that_has_some() {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--quick", "one"]).expect_code(0);
    let [folder] = results.runs().try_into().unwrap();
    let id = folder.file_name().unwrap().to_string_lossy().into_owned();
    run(&bench("targets", "steady"), results.path(), ["--test", "one"]).expect_code(0);
    let tree = results.path().join("tree").display().to_string();
    let arguments = ["export", "--format", "criterion", "--output", &tree];
    let outcome = call(results.path(), &arguments);
    outcome.expect_code(1).expect_stderr(&["no case with a time", &format!("--run {id}")]);
}
