//! Pages of the dashboard that few have: load tests, flame graphs, comparisons of every kind.

use std::fs;

use e2e_tests::{Browser, Results, chromium, fixtures_dir};
use serde_json::{Value, json};

use crate::browser::{Opened, Pages, WINDOW, assert_quiet, names, texts};
use crate::serve::{Server, slow};

#[test]
fn load_tests_and_flame_graphs_have_their_place() {
    let sample = fixtures_dir().join("../../bench-sdk/src/report/dashboard/load_sample.json");
    let mut sample: Value = serde_json::from_str(&fs::read_to_string(sample).unwrap()).unwrap();
    for kind in ["loads", "flames"] {
        sample[kind][0]["run"] = json!(3);
    }
    let with_sample = |pages: &Pages| {
        let (head, rest) = pages.small.split_once("id=\"records\">").unwrap();
        let (records, tail) = rest.split_once("</script>").unwrap();
        let mut records: Value = serde_json::from_str(records).unwrap();
        (records["loads"], records["flames"]) = (sample["loads"].take(), sample["flames"].take());
        let records = records.to_string().replace('<', "\\u003c");
        format!("{head}id=\"records\">{records}</script>{tail}")
    };
    let Some(mut browser) = Opened::new(with_sample, "#runs") else { return };
    let titles = texts(&mut browser, "h2");
    assert!(titles.contains(&"Load: api_create_agent".to_owned()), "{titles:?}");
    assert_eq!(texts(&mut browser, ".phases text"), ["ramp", "steady", "spike", "recovery"]);
    // Requests, failures and times have a panel each; lines break where a value is missing.
    assert_eq!(texts(&mut browser, ".panel").len(), 3);
    let breaks = browser.evaluate(
        "Array.from(document.querySelectorAll('.panel path.line'), (line) => line.getAttribute('d').split('M').length - 1)",
    );
    assert_eq!(breaks, json!([2, 2, 2, 2, 2]));
    let told = |browser: &mut Browser| texts(browser, "output.told").join("|");
    assert!(told(&mut browser).starts_with("60 s · rate 500 /s"), "{}", told(&mut browser));
    browser.evaluate("document.querySelector('svg.chart').focus()");
    for _ in 0..6 {
        browser.press("ArrowLeft");
    }
    let spike =
        "30 s spike · rate 2.00 k/s · errors 12.0 /s · P50 9.00 ms · P95 48.0 ms · P99 142 ms";
    assert!(told(&mut browser).starts_with(spike), "{}", told(&mut browser));
    // 90, 99 and 99.9 % are equally far apart.
    let nines = browser.evaluate("[0.9, 0.99, 0.999].map(nines).map((at) => Math.round(at * 1e6))");
    assert_eq!(nines, json!([1_000_000, 2_000_000, 3_000_000]));
    assert!(texts(&mut browser, "tbody th").contains(&"<b>connection reset</b>".to_owned()));
    // The flame graph, by keyboard: up to what is called, Enter, and back.
    browser.evaluate("document.querySelector('.frame').focus()");
    browser.press("ArrowUp");
    assert!(told(&mut browser).contains("hub_tasks::queue::push 90 %"), "{}", told(&mut browser));
    browser.press("ArrowRight");
    assert!(told(&mut browser).contains("hub_tasks::queue::pop 10 %"), "{}", told(&mut browser));
    browser.press("ArrowLeft");
    browser.press("Enter");
    assert_eq!(texts(&mut browser, ".frame").len(), 4);
    browser.press("Escape");
    assert_eq!(texts(&mut browser, ".frame").len(), 6);
    assert_quiet(&mut browser);
}

#[test]
fn a_run_that_goes_on_is_shown_as_one_line() {
    let Some(chromium) = chromium() else { return };
    let results = Results::new();
    let server = Server::start(&results);
    let mut browser = Browser::start(&chromium, WINDOW);
    browser.open_url(&server.url());
    assert_eq!(texts(&mut browser, "h1"), ["No run yet"]);
    assert_eq!(browser.evaluate("document.getElementById('live').hidden"), true);
    let mut child = slow(&results, "8").spawn().unwrap();
    let line = "document.getElementById('live').textContent";
    browser.wait_for(&format!("/naps\\[\\d\\] launch \\d of 8 · \\d+ %/.test({line})"));
    assert_eq!(browser.evaluate("document.querySelector('#live progress').max"), 1);
    browser.wait_for(&format!("{line}.startsWith('The run is through: 6 benchmarks.')"));
    child.wait().unwrap();
    assert_eq!(texts(&mut browser, "#live button"), ["Show it"]);
    browser.open_url(&server.url());
    assert!(texts(&mut browser, ".lead")[0].starts_with("6 benchmarks over 1 run"));
    assert_quiet(&mut browser);
}

/// The page with other figures in it.
fn with_model(page: &str, change: impl FnOnce(&mut Value)) -> String {
    let (head, rest) = page.split_once("id=\"model\">").unwrap();
    let (model, tail) = rest.split_once("</script>").unwrap();
    let mut model: Value = serde_json::from_str(model).unwrap();
    change(&mut model);
    let model = model.to_string().replace('<', "\\u003c");
    format!("{head}id=\"model\">{model}</script>{tail}")
}

/// The page with a comparison of no case first, and one in turns that was kept.
pub(crate) fn with_comparisons(page: &str) -> String {
    with_model(page, |model| {
        let mut kept = model["comparisons"][0].clone();
        kept["folder"] = json!("20260103_120007_aaaa");
        kept["record"]["method"] = json!("paired");
        kept["record"]["baseline"] = json!({ "name": "main", "runs": 3 });
        kept["record"]["notes"] = json!([{ "severity": "warning", "code": "told", "text": "see `cargo hub-bench gate`" }]);
        model["comparisons"][0]["record"]["comparisons"] = json!([]);
        model["comparisons"].as_array_mut().unwrap().push(kept);
    })
}

#[test]
fn a_comparison_that_judged_something_comes_first() {
    let opened = Opened::new(|pages| with_comparisons(&pages.small), "");
    let Some(mut browser) = opened else { return };
    let chosen = "document.querySelector('select').value";
    assert_eq!(browser.evaluate(chosen), "1");
    let options = texts(&mut browser, "option");
    assert!(options[0].starts_with("from records · 2026-01-03 12:00 "), "{options:?}");
    assert!(
        options[1].starts_with("2026-01-03 12:00:07 · paired · main (3 runs) → "),
        "{options:?}"
    );
    let told = "Array.from(document.querySelectorAll('section p')).filter((p) => p.textContent.includes('each side\\'s own median')).length";
    assert_eq!(browser.evaluate(told), 1);
    assert_eq!(texts(&mut browser, "section code"), ["cargo hub-bench gate"]);
    browser.evaluate("document.querySelector('.card a[href*=verdict]').click()");
    browser.wait_for("document.querySelector('h1').textContent === 'Benchmarks'");
    assert_eq!(names(&mut browser), ["one"]);
    browser.again("#overview?comparison=0");
    assert_eq!(browser.evaluate(chosen), "0");
    assert_eq!(browser.evaluate(told), 0);
    assert_quiet(&mut browser);
}

#[test]
fn crates_stand_together_and_what_was_imported_says_so() {
    let changed = |pages: &Pages| {
        with_model(&pages.small, |model| {
            model["cases"][1]["crate"] = json!("another");
            model["cases"][2]["crate"] = json!("");
            let notes =
                json!([{ "severity": "remark", "code": "imported", "text": "from libtest" }]);
            model["runs"][3]["header"]["notes"] = notes;
        })
    };
    let Some(mut browser) = Opened::new(changed, "") else { return };
    assert_eq!(texts(&mut browser, ".tiles h3"), ["another", "steady", "no crate"]);
    browser.again("#benchmarks");
    let pick = "(() => { const field = document.querySelector('select'); field.value = 'no crate'; \
                field.dispatchEvent(new Event('change')); return field.value; })()";
    assert_eq!(browser.evaluate(pick), "no crate");
    assert_eq!(names(&mut browser), ["steady::many[1]"]);
    browser.again("#runs");
    let cells = texts(&mut browser, "tbody tr:first-child > *");
    assert_eq!(cells[0], "2026-01-04 12:0020260104_120000_3f2a");
    assert_eq!((&*cells[1], &*cells[4], &*cells[5]), ("imported", "–", "–"), "{cells:?}");
    assert_quiet(&mut browser);
}

#[test]
fn a_change_of_any_metric_is_grey_where_intervals_overlap() {
    let changed = |low: f64| {
        move |pages: &Pages| {
            let (head, rest) = pages.small.split_once("id=\"records\">").unwrap();
            let (records, tail) = rest.split_once("</script>").unwrap();
            let mut records: Value = serde_json::from_str(records).unwrap();
            for case in 0..5 {
                records["cases"][case]["metrics"]["cpu"] = json!([130.0, low, 140.0]);
                records["before"][case]["cpu"] = json!([90.0, 110.0]);
            }
            let page = format!("{head}id=\"records\">{records}</script>{tail}");
            with_model(&page, |model| {
                for case in model["cases"].as_array_mut().unwrap() {
                    case["series"]["cpu"] = json!("100,100,100,130");
                }
            })
        }
    };
    let colour = "Array.from(document.querySelectorAll('tr')).find((row) => row.textContent.startsWith('processor time')).querySelector('.change').className";
    for (low, expected) in [(105.0, "change dim"), (120.0, "change bad")] {
        let opened = Opened::new(changed(low), "#case?id=steady%3A%3Aone");
        let Some(mut browser) = opened else { return };
        assert_eq!(browser.evaluate(colour), expected);
        assert_quiet(&mut browser);
    }
}
