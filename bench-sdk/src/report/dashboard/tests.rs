//! The page, and the figures in it.

use serde_json::{Value, json};

use super::fixture::{large, small};
use super::history::Dashboard;
use super::{PagePlace, render_dashboard};
use crate::record::{Better, Metric, Ratio, Status, Unit, metric_name, units};
use crate::report::comparison_words;
use crate::report::fixture::{broken, measured, run_of};

fn page(dashboard: &Dashboard) -> String {
    render_dashboard(dashboard, PagePlace::File).unwrap_or_default()
}

/// The content of the element with that id.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let rest = page.split_once(start.as_str()).map_or("", |(_, rest)| rest);
    rest.split_once("</script>").map_or("", |(text, _)| text)
}

fn parsed(page: &str, id: &str) -> Value {
    serde_json::from_str(part(page, id)).unwrap_or_default()
}

#[test]
fn cases_are_lines_over_the_runs() {
    let page = page(&small());
    let model = parsed(&page, "model");
    let ids: Vec<&Value> =
        model["runs"].as_array().into_iter().flatten().map(|run| &run["header"]["id"]).collect();
    assert_eq!(ids, ["20260101_120000_3f2a", "20260102_120000_3f2a"]);
    assert_eq!(
        model["cases"],
        json!([
            { "id": "hub::ingest", "crate": "hub", "run": 1, "statuses": "mp", "ends": ["1e3", "1e3"],
              "series": { "time": "1e6" }, "figures": {}, "warnings": [], "remarks": [] },
            { "id": "hub::new", "crate": "hub", "run": 1, "statuses": ".m", "ends": [",0.01", ",0.01"],
              "series": { "time": ",0.31" }, "figures": {}, "warnings": [], "remarks": [] },
            { "id": "hub::queue::push[10]", "crate": "hub", "run": 1, "statuses": "mm",
              "ends": ["2.5,=", "2.5,="], "series": { "time": "812.44,837.04", "allocs": "2,=" },
              "figures": { "allocs": [2.0] }, "warnings": ["noisy"], "remarks": ["single_launch"] },
        ])
    );
    assert_eq!(
        model["metrics"],
        json!([
            { "name": "time", "unit": "ns", "better": "lower" },
            { "name": "allocs", "unit": "1", "better": "higher" },
        ])
    );
    assert_eq!(
        model["baseline"],
        json!({ "name": "main", "saved_at": "2026-01-01T00:00:00Z", "runs": 1,
                "series": { "time": ",,800", "allocs": ",,2" } })
    );
    assert_eq!(model["left_out"], json!([{ "name": "20260103_120000_3f2a", "reason": "damaged" }]));
    assert_eq!((&model["older"], &model["format"]), (&json!(4), &json!(1)));
    assert_eq!(model["comparisons"][0]["record"]["method"], "paired");
}

#[test]
fn the_newest_record_of_each_case_is_whole() {
    let records = parsed(&page(&small()), "records");
    let cases = records["cases"].as_array().map_or(&[][..], Vec::as_slice);
    let message: Vec<&Value> = cases.iter().map(|case| &case["message"]).collect();
    assert_eq!(message, [&json!("index out of bounds"), &Value::Null, &Value::Null]);
    assert_eq!(
        cases[2]["metrics"],
        json!({ "time": [837.04, 834.54, 839.54, null, 400], "allocs": [2.0] })
    );
    assert_eq!(cases[2]["notes"].as_array().map(Vec::len), Some(2));
}

#[test]
fn intervals_are_those_of_the_run_before_that_is_like_the_newest() {
    let run = |cpu: f64, optimized: bool| {
        let mut case = measured("hub", "", "ingest", 1e6, 1e3);
        let mut metric = Metric::point(Unit::Nanoseconds, Better::Lower, cpu);
        (metric.low, metric.high) = (Some(cpu - 1.0), Some(cpu + 1.0));
        case.metrics.insert(metric_name::CPU.to_owned(), metric);
        let mut run = run_of(vec![case]);
        run.run.optimized = optimized;
        run
    };
    let broke = broken("hub", "", "ingest", Status::Panicked, "index out of bounds");
    let mut dashboard = Dashboard::default();
    dashboard.add_run(run(100.0, true));
    dashboard.add_run(run(200.0, true));
    dashboard.add_run(run(900.0, false));
    // A run in which it broke has no interval.
    dashboard.add_run(run_of(vec![broke]));
    dashboard.add_run(run(300.0, true));
    let before = parsed(&page(&dashboard), "records")["before"].clone();
    assert_eq!(before, json!([{ "cpu": [199.0, 201.0] }]));
}

#[test]
fn the_page_stands_alone() {
    let page = page(&small());
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    let program = page.rsplit_once("<script>").and_then(|(_, rest)| rest.split_once("</script>"));
    let program = program.map_or("", |(program, _)| program);
    assert!(program.starts_with("\"use strict\";"), "{}", &program[..40]);
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src 'unsafe-inline'; img-src data: blob:",
        super::embed::script_hash(program)
    );
    assert!(page.contains(&policy));
    assert_eq!(page.matches("<script").count(), 3);
    assert_eq!(page.matches("</script").count(), 3);
    assert!(!page.contains("{{") && !page.contains('\r'));
    // The name of SVG is an address that nobody asks for.
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!addresses.contains("http:") && !addresses.contains("https:"));
    for word in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch("] {
        assert!(!program.contains(word), "{word}");
    }
}

#[test]
fn hostile_names_stay_names() {
    let long = "x".repeat(10_000);
    let names = [
        "<script>alert(1)</script>",
        "</script><!--",
        "\"'&lt;&",
        "two\nlines\r",
        "\u{202e}gnirts\u{2066}",
        "\u{2028}\u{2029}\u{0}",
        long.as_str(),
    ];
    let mut run = run_of(Vec::new());
    run.environment.cpu = Some("</script><script>alert(2)</script>".to_owned());
    for name in names {
        run.cases.push(measured("hub", "", name, 100.0, 1.0));
    }
    let mut ids: Vec<String> = run.cases.iter().map(|case| case.id.to_string()).collect();
    ids.sort();
    let mut dashboard = Dashboard::default();
    dashboard.add_run(run);
    let page = page(&dashboard);
    assert_eq!(page.matches("</script").count(), 3);
    assert!(!page.contains("<script>alert") && !page.contains('\u{2028}'));
    let model = parsed(&page, "model");
    let found = model["cases"].as_array().into_iter().flatten().map(|case| &case["id"]);
    assert_eq!(found.collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
}

#[test]
fn a_long_history_fits_into_15_mb() {
    let page = page(&large(1_000, 200));
    let megabytes = page.len() as f64 / 1e6;
    assert!(megabytes < 15.0, "{megabytes} MB");
    let model = parsed(&page, "model");
    assert_eq!(model["cases"].as_array().map(Vec::len), Some(1_000));
    let times = model["cases"][999]["series"]["time"].as_str().unwrap_or_default();
    assert_eq!(times.split(',').count(), 200);
}

#[test]
fn a_page_that_is_served_may_ask_its_server() {
    let file = page(&small());
    let served = render_dashboard(&small(), PagePlace::Served).unwrap_or_default();
    assert!(file.contains("<html lang=\"en\">") && !file.contains("connect-src"));
    assert!(served.contains("<html lang=\"en\" data-live>"));
    assert!(served.contains("form-action 'none'; connect-src 'self'\">"));
}

/// What the terminal makes of figures; the program of the page is held against the same file.
const VECTORS: &str = include_str!("units_vectors.json");

#[test]
fn figures_read_as_on_the_terminal() {
    let mut lines: Vec<String> = vectors().iter().map(Value::to_string).collect();
    lines.sort();
    lines.dedup();
    let expected = format!("[\n{}\n]\n", lines.join(",\n"));
    assert!(lines.len() > 500, "{}", lines.len());
    assert!(expected == VECTORS, "units_vectors.json should be:\n{expected}");
}

/// Calls of the program's functions, each with its result.
fn vectors() -> Vec<Value> {
    let mut found = Vec::new();
    for (at, exponent) in (-9..16).enumerate() {
        for (nth, digits) in [1.0, 1.234_5, 4.999_6, 9.999_7].into_iter().enumerate() {
            let value: f64 = format!("{digits}e{exponent}").parse().unwrap_or_default();
            for (step, share) in [None, Some(0.003), Some(0.04), Some(0.6)].into_iter().enumerate()
            {
                let name = NAMES[(at + nth + 2 * step) % NAMES.len()];
                figures(name, value, share.map(|share| value * share), &mut found);
            }
            found.push(json!(["percent", [value], units::percent(value)]));
            found.push(json!(["plusMinus", [value], units::plus_minus(value)]));
            found.push(json!(["duration", [value], units::duration(value)]));
            found.push(json!(["timeAtMost", [value], units::time_at_most(value)]));
        }
    }
    for ratio in [0.0, 0.5, 0.936, 0.999_4, 1.0, 1.005, 1.031, 1.125, 2.5, 9.994, 9.996, 250.0] {
        for half in [None, Some(0.000_4), Some(0.004), Some(0.03), Some(0.125)] {
            changes(ratio, half, &mut found);
        }
    }
    found
}

/// One metric of each unit.
const NAMES: [&str; 7] = [
    metric_name::TIME,
    metric_name::ALLOCS,
    metric_name::ALLOC_BYTES,
    metric_name::THROUGHPUT_ITEMS,
    metric_name::THROUGHPUT_BYTES,
    metric_name::THROUGHPUT_CYCLES,
    metric_name::ENERGY,
];

fn figures(name: &str, value: f64, half: Option<f64>, found: &mut Vec<Value>) {
    let Some(mut metric) = Metric::named(name, value) else { return };
    (metric.low, metric.high) = (half.map(|half| value - half), half.map(|half| value + half));
    let exact = units::half_interval(&metric);
    let unit = metric.unit.symbol();
    found.push(json!(["figure", [name, unit, value, exact], units::figure(name, &metric)]));
    if let (Some(low), Some(high)) = (metric.low, metric.high) {
        let text = units::interval(name, &metric);
        found.push(json!(["interval", [name, unit, low, high], text]));
    }
}

fn changes(estimate: f64, half: Option<f64>, found: &mut Vec<Value>) {
    let (low, high) = (half.map(|half| estimate - half), half.map(|half| estimate + half));
    let ratio = Ratio { estimate, low, high, level: None };
    found.push(json!(["change", [estimate, low, high], comparison_words::change(&ratio)]));
    if let Some(text) = comparison_words::interval(&ratio) {
        found.push(json!(["changeInterval", [estimate, low, high], text]));
    }
}
