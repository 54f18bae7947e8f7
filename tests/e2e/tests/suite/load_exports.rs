//! Load tests that are kept, exported and read by readers that are not ours, and shown in the page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use e2e_tests::{Browser, Results, chromium};
use serde_json::{Value, json};

use crate::exports::call;

const WINDOW: (u32, u32) = (1200, 900);
const ID: &str = "20260101_130000_10ad";
/// Means harm to one format or another.
const HOSTILE: &str = "\u{1b}[31m</script>|`=cmd'\"\u{202e}\n::x{a=\"1\"}\n# EOF\u{0}中";

/// A complete record, with every kind of metric.
fn sample() -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../architecture/samples/load-schema-1.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A minute at a constant rate that did what it should.
fn good() -> Value {
    let mut record = sample();
    record["run"] = json!({ "id": ID, "started_at": "2026-01-01T13:00:00Z",
        "duration_ns": 60_000_000_000_u64, "target": "http://127.0.0.1:8080/agents", "kind": "load",
        "interrupted": false, "passed": true });
    record["plan"]["kind"] = json!("load");
    record["plan"]["scenarios"] = json!([record["plan"]["scenarios"][4]]);
    record["plan"]["thresholds"] = json!([record["plan"]["thresholds"][2]]);
    record["thresholds"] = json!([{ "metric": "dropped_iterations", "expression": "count==0",
        "passed": true, "value": 0.0, "samples": 9 }]);
    record["scenarios"] = json!([{ "name": "e", "full": 600, "failed": 22, "interrupted": 0, "dropped": 0, "vus_max": 50 }]);
    record["metrics"]["response"] = record["metrics"]["http_req_duration"].clone();
    record["metrics"]["iterations"] = json!({ "kind": "counter", "unit": "1", "samples": 600, "value": 600.0, "per_second": 10.0 });
    record["metrics"]["http_reqs"] = record["metrics"]["iterations"].clone();
    record["generator"]["limited"] = json!(false);
    for absent in ["capacity", "recovery"] {
        record.as_object_mut().unwrap().remove(absent);
    }
    let tick = record["timeline"][0].clone();
    let at = |second: u64| {
        let mut tick = tick.clone();
        tick["at_ns"] = json!(second * 1_000_000_000);
        tick["phase"] = json!(if second <= 10 { "ramp" } else { "steady" });
        tick["p95_ns"] = json!(12e6 + 1e5 * (second % 5) as f64);
        tick
    };
    record["timeline"] = (1..=60).map(at).collect();
    record
}

/// Nothing answered.
fn failing() -> Value {
    let mut record = good();
    record["scenarios"][0]["failed"] = json!(600);
    record["metrics"]["http_req_failed"] =
        json!({ "kind": "rate", "unit": "1", "samples": 600, "value": 1.0, "passes": 600 });
    // A record that claims otherwise.
    record["run"]["passed"] = json!(true);
    record
}

/// Every name means harm.
fn hostile() -> Value {
    let mut record = sample();
    for place in [
        "/plan/name",
        "/run/target",
        "/checks/0/name",
        "/errors/0/kind",
        "/errors/0/example",
        "/thresholds/0/metric",
        "/thresholds/0/expression",
        "/thresholds/0/note",
        "/generator/why",
        "/plan/scenarios/0/name",
        "/scenarios/0/name",
        "/target/watched",
        "/recovery/words",
    ] {
        *record.pointer_mut(place).unwrap() = json!(HOSTILE);
    }
    let metrics = record["metrics"].as_object_mut().unwrap();
    let trend = metrics["http_req_duration"].clone();
    metrics.insert(HOSTILE.to_owned(), trend.clone());
    metrics.insert(format!("http_req_duration{{url:{HOSTILE}}}"), trend);
    record
}

fn keep(results: &Results, record: &Value) {
    let id = record["run"]["id"].as_str().unwrap();
    let folder = results.path().join("runs").join(id);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("load.json"), record.to_string()).unwrap();
}

fn exported(record: &Value, format: &str) -> String {
    let results = Results::new();
    keep(&results, record);
    let id = record["run"]["id"].as_str().unwrap();
    let arguments = ["export", "--run", id, "--format", format];
    call(results.path(), &arguments).expect_code(0).stdout.clone()
}

#[test]
fn xml_is_read_and_what_failed_is_a_failure() {
    for (record, failures) in [(good(), 0), (failing(), 1), (sample(), 3), (hostile(), 3)] {
        let text = exported(&record, "junit");
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let count = |name: &str| document.descendants().filter(|n| n.has_tag_name(name)).count();
        let thresholds = record["thresholds"].as_array().unwrap().len();
        assert_eq!(count("testcase"), thresholds + 1, "{text}");
        assert_eq!(count("failure"), failures, "{text}");
    }
}

#[test]
fn csv_is_read_and_has_no_formulas() {
    for record in [good(), hostile()] {
        for (format, rows) in [("csv", "metrics"), ("csv-timeline", "timeline")] {
            let text = exported(&record, format);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            let expected = match &record[rows] {
                Value::Array(list) => list.len(),
                other => other.as_object().unwrap().len(),
            };
            assert_eq!(read.len(), expected);
            assert!(read.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
        }
    }
}

#[test]
fn openmetrics_is_read() {
    for record in [good(), failing(), sample(), hostile()] {
        let text = exported(&record, "openmetrics");
        let (rest, families) = nom_openmetrics::parser::openmetrics(&text)
            .unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        assert_eq!(rest, "");
        assert!(families.len() > 10, "{text}");
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let names: BTreeSet<&str> =
            lines.iter().filter_map(|line| line.rsplit_once(' ')).map(|(name, _)| name).collect();
        assert_eq!(names.len(), lines.len(), "a sample is there twice\n{text}");
    }
}

#[test]
fn bench_lines_are_what_github_action_benchmark_takes() {
    let line = regex::Regex::new(
        r"^test (.+)\s+\.\.\. bench:\s+([0-9,.]+) (\w+/\w+) \(\+/- ([0-9,.]+)\)$",
    )
    .unwrap();
    let mut record = good();
    record["plan"]["name"] = json!(HOSTILE);
    for record in [good(), record] {
        let text = exported(&record, "bencher");
        assert!(text.lines().count() >= 1 && text.lines().all(|one| line.is_match(one)), "{text}");
        let entries: Value = serde_json::from_str(&exported(&record, "github")).unwrap();
        assert!(entries[0]["value"].as_f64().is_some_and(|value| value > 0.0), "{entries}");
    }
    assert_eq!(exported(&failing(), "bencher"), "");
    assert_eq!(exported(&failing(), "github"), "[]\n");
}

#[test]
fn k6_summaries_tell_what_failed_with_true() {
    let summary: Value = serde_json::from_str(&exported(&sample(), "k6-summary")).unwrap();
    let metrics = &summary["metrics"];
    assert_eq!(metrics["http_req_failed"]["thresholds"], json!({ "rate<0.1": true }));
    assert_eq!(metrics["http_req_failed"]["passes"], json!(22));
    assert_eq!(metrics["http_req_duration"]["med"], json!(3.0));
    assert_eq!(summary["root_group"]["checks"]["status is 200"]["fails"], json!(10));
    let hostile: Value = serde_json::from_str(&exported(&hostile(), "k6-summary")).unwrap();
    assert!(hostile["metrics"][HOSTILE].is_object());
}

#[test]
fn a_load_test_is_found_by_id_name_file_and_folder() {
    let results = Results::new();
    keep(&results, &good());
    let folder = results.path().join("runs").join(ID);
    #[cfg(unix)]
    std::os::unix::fs::symlink(ID, results.path().join("runs/latest-load")).unwrap();
    let file = folder.join("load.json");
    for name in [ID, "latest-load", file.to_str().unwrap(), folder.to_str().unwrap()] {
        let outcome = call(results.path(), &["export", "--run", name, "--format", "pretty"]);
        assert!(outcome.expect_code(0).stdout.starts_with("load  api_create_agent"), "{outcome}");
    }
    let outcome =
        call(results.path(), &["export", "--run", ID, "--format", "criterion", "--output", "x"]);
    assert!(
        outcome.expect_code(2).stderr.contains("a load test has no form `criterion`"),
        "{outcome}"
    );
    let outcome = call(results.path(), &["export", "--format", "k6-summary"]);
    assert!(outcome.expect_code(2).stderr.contains("is a form of load tests"), "{outcome}");
    fs::write(&file, r#"{ "schema": 2 }"#).unwrap();
    let outcome = call(results.path(), &["export", "--run", ID, "--format", "json"]);
    assert!(outcome.expect_code(1).stderr.contains("has schema 2"), "{outcome}");
}

#[test]
fn two_load_tests_are_compared_without_a_verdict() {
    let results = Results::new();
    let mut second = good();
    second["run"]["id"] = json!("20260102_130000_10ad");
    second["metrics"]["iterations"]["per_second"] = json!(9.0);
    keep(&results, &good());
    keep(&results, &second);
    let sides = ["compare", "--baseline", ID, "--current", "20260102_130000_10ad"];
    let told = call(results.path(), &sides).expect_code(0).stdout.clone();
    assert!(told.contains("10/s") && told.contains("9/s") && told.contains("− 10 %"), "{told}");
    assert!(told.contains("one run each has no interval"), "{told}");
    let outcome = call(results.path(), &[&sides[..], &["--threshold", "5%"]].concat());
    assert!(outcome.expect_code(2).stderr.contains("no verdict"), "{outcome}");
}

/// The page of these load tests.
fn page(records: &[Value]) -> (Results, String) {
    let results = Results::new();
    for record in records {
        keep(&results, record);
    }
    let outcome = call(results.path(), &["report"]);
    let told = outcome.expect_code(0).stdout.clone();
    (results, told)
}

fn texts(browser: &mut Browser, selector: &str) -> Vec<String> {
    let expression =
        format!("Array.from(document.querySelectorAll('{selector}'), (e) => e.textContent)");
    let found = browser.evaluate(&expression);
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_page_shows_load_tests_and_two_of_them_side_by_side() {
    let mut second = failing();
    second["run"]["id"] = json!("20260102_130000_10ad");
    second["run"]["started_at"] = json!("2026-01-02T13:00:00Z");
    let (results, told) = page(&[good(), second]);
    assert!(told.contains("2 load tests"), "{told}");
    let Some(chromium) = chromium() else { return };
    let mut browser = Browser::start(&chromium, WINDOW);
    let file = results.path().join("report.html");
    // Without runs, load tests come first.
    browser.open(&file, "");
    assert_eq!(texts(&mut browser, "h1"), ["Load tests"]);
    let rows = texts(&mut browser, "table:first-of-type tbody tr").join("\n");
    assert!(rows.contains("every request failed") && rows.contains("passed"), "{rows}");
    browser.open(&file, &format!("#loads?a={ID}&b=20260102_130000_10ad"));
    let all = texts(&mut browser, "main").join(" ");
    for part in [
        "constant-arrival-rate 2,000/s",
        "dropped_iterations",
        "One run each has no interval",
        "What both sides used",
        "> 139",
        "status_503",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let charts = browser.evaluate("document.querySelectorAll('svg.chart').length");
    assert!(charts.as_f64().is_some_and(|charts| charts >= 4.0), "{charts}");
    let bands = texts(&mut browser, ".phases text").join(" ");
    assert!(bands.contains("ramp") && bands.contains("steady"), "{bands}");
    // The one that was asked for stands above the list of all.
    let heads = texts(&mut browser, "h2");
    assert!(heads.first().is_some_and(|head| head.starts_with("Load: ")), "{heads:?}");
    assert!(heads.contains(&"All load tests".to_owned()), "{heads:?}");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_page_of_load_tests_fits_a_narrow_window_and_tells_lines_apart() {
    let mut second = failing();
    second["run"]["id"] = json!("20260101_130007_10ad");
    second["run"]["started_at"] = json!("2026-01-01T13:00:07Z");
    for tick in second["timeline"].as_array_mut().unwrap() {
        (tick["failed"], tick["dropped"]) = (json!(3), json!(3));
    }
    second["timeline"][59]["at_ns"] = json!(60_004_321_000_u64);
    let (results, _) = page(&[good(), second]);
    let Some(chromium) = chromium() else { return };
    let mut browser = Browser::start(&chromium, WINDOW);
    let file = results.path().join("report.html");
    let fragment = format!("#loads?a=20260101_130007_10ad&b={ID}");
    for width in [1200, 390] {
        browser.resize((width, 800));
        browser.open(&file, &fragment);
        let wide = browser.evaluate("document.documentElement.scrollWidth");
        assert!(wide.as_f64() <= Some(f64::from(width)), "{wide}");
        let clipped = browser.evaluate(
            "Array.from(document.querySelectorAll('td .badge')).filter((badge) => badge.scrollWidth > badge.clientWidth || badge.getBoundingClientRect().width > 240).length",
        );
        assert_eq!(clipped, 0);
        // Names at the ends of lines, panel by panel, from above.
        let covered = browser.evaluate(
            "Array.from(document.querySelectorAll('.panel'), (panel) => { \
             const boxes = Array.from(panel.querySelectorAll(':scope > text'), (text) => text.getBoundingClientRect()).sort((a, b) => a.top - b.top); \
             return boxes.filter((box, at) => at > 0 && box.top < boxes[at - 1].bottom - 2).length; }).filter((count) => count > 0)",
        );
        assert_eq!(covered, json!([]), "{width}");
    }
    let dashes = browser.evaluate(
        "Array.from(document.querySelectorAll('path.bad'), (line) => getComputedStyle(line).strokeDasharray)",
    );
    assert!(dashes[0] == "none" && dashes[1] != "none", "{dashes}");
    let heads = texts(&mut browser, "th.figure").join("|");
    assert!(heads.contains("2026-01-01 13:00:00|2026-01-01 13:00:07"), "{heads}");
    assert!(texts(&mut browser, ".id").contains(&ID.to_owned()));
    assert!(texts(&mut browser, "output.told")[0].starts_with("60 s · "));
    assert!(texts(&mut browser, "dt").contains(&"Took".to_owned()));
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_page_shows_what_a_search_tried() {
    let mut search = good();
    (search["run"]["kind"], search["plan"]["kind"]) = (json!("stress"), json!("stress"));
    let probe = |planned: f64, passed: bool, limited: bool| {
        json!({ "planned_per_second": planned, "reached_per_second": planned, "in_flight": 3.0,
            "p95_ns": 21e6, "failed": 0.0, "passed": passed, "limited": limited })
    };
    let probes = [probe(10.0, true, false), probe(20.0, false, false), probe(30.0, false, true)];
    search["capacity"] = json!({ "confirmed": false, "probes": probes, "words": "10/s held" });
    let (results, _) = page(&[search]);
    let Some(chromium) = chromium() else { return };
    let mut browser = Browser::start(&chromium, WINDOW);
    browser.open(&results.path().join("report.html"), "");
    assert!(texts(&mut browser, "td .crate").contains(&"stress".to_owned()));
    let outcomes = texts(&mut browser, "td .change").join(", ");
    assert!(
        outcomes.ends_with("✓ held, ✗ did not hold, ! the generator was the limit"),
        "{outcomes}"
    );
    assert!(texts(&mut browser, "main").join(" ").contains("10/s held"));
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn hostile_names_stay_names_in_the_page() {
    let (results, _) = page(&[hostile()]);
    let Some(chromium) = chromium() else { return };
    let mut browser = Browser::start(&chromium, WINDOW);
    browser.open(&results.path().join("report.html"), "");
    assert!(texts(&mut browser, "main h2").join(" ").contains("</script>"));
    assert_eq!(texts(&mut browser, "main script").len(), 0);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_damaged_load_test_is_left_out_and_named() {
    let results = Results::new();
    keep(&results, &good());
    let folder = results.path().join("runs/20260103_000000_0bad");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("load.json"), "{").unwrap();
    let outcome = call(results.path(), &["report"]);
    assert!(outcome.expect_code(0).stderr.contains("left out: 20260103_000000_0bad"), "{outcome}");
}
