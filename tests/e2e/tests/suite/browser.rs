//! The page of `cargo hub-bench report` in a real browser.

use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::OnceLock;

use e2e_tests::{
    Browser, QUICK, Results, bench, bench_command, chromium, finish, fixtures_dir, hub_bench, run,
};
use serde_json::{Value, json};

use crate::browser_pages::with_comparisons;

pub(crate) const WINDOW: (u32, u32) = (1200, 900);

/// Pages that all tests look at, made once.
pub(crate) struct Pages {
    /// Four runs of a few benches; of the last, one is slower and one has broken.
    pub(crate) small: String,
    /// Names meant to do harm.
    hostile: String,
}

fn pages() -> &'static Pages {
    static PAGES: OnceLock<Pages> = OnceLock::new();
    PAGES.get_or_init(|| {
        let (small, hostile) = (Results::new(), Results::new());
        run(&bench("targets", "steady"), small.path(), QUICK).expect_code(0);
        history(&small);
        run(&bench("targets", "hostile"), hostile.path(), QUICK).expect_code(0);
        Pages { small: page_of(&small), hostile: page_of(&hostile) }
    })
}

fn page_of(results: &Results) -> String {
    let mut command = bench_command(&hub_bench(), results.path());
    finish(command.args(["hub-bench", "report"])).expect_code(0);
    fs::read_to_string(results.path().join("report.html")).unwrap()
}

/// Makes four runs of the one there is, with times that are told, of one clean build.
fn history(results: &Results) {
    let [folder] = results.runs().try_into().unwrap();
    let measured = results.latest();
    fs::remove_dir_all(folder).unwrap();
    for (day, scatter) in [(1, 0.0), (2, 0.002), (3, -0.001), (4, 0.001)] {
        let mut record = measured.clone();
        let id = format!("2026010{day}_120000_3f2a");
        record["run"]["id"] = json!(id);
        record["run"]["started_at"] = json!(format!("2026-01-0{day}T12:00:00Z"));
        record["run"]["anchor_ns"] = json!(1_000.0);
        record["environment"]["git_commit"] = json!("4b1c2d9e8f00");
        record["environment"]["git_dirty"] = json!(false);
        record["environment"]["load_average"] = json!(f64::from(day));
        for (at, case) in record["cases"].as_array_mut().unwrap().iter_mut().enumerate() {
            let is_slower = day == 4 && case["id"] == "steady::one";
            let time =
                100.0 * (at + 1) as f64 * (1.0 + scatter) * if is_slower { 1.2 } else { 1.0 };
            case["notes"] = json!([]);
            if case["id"] == "steady::one" {
                case["launches"][0]["samples_ns"] = samples(time);
            }
            case["metrics"]["time"] = json!({ "unit": "ns", "better": "lower", "estimate": time,
                "low": time * 0.998, "high": time * 1.002, "level": 0.99, "samples": 400 });
        }
        if day == 4 {
            record["cases"][4]["status"] = json!("panicked");
            record["cases"][4]["message"] = json!("index out of bounds");
            record["cases"][4]["metrics"] = json!({});
        }
        let folder = results.path().join("runs").join(&id);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("run.json"), record.to_string()).unwrap();
    }
}

/// Sixty times in two groups, one of them far off.
fn samples(time: f64) -> Value {
    let scatter = |at: u32| f64::from(at * 7_919 % 31) / 31.0;
    let group = |at: u32| if at.is_multiple_of(3) { 1.1 } else { 1.0 };
    let mut list: Vec<f64> =
        (0..60).map(|at| time * group(at) * (1.0 + 0.02 * scatter(at))).collect();
    list[30] = time * 40.0;
    json!(list)
}

/// A browser with a page open.
pub(crate) struct Opened {
    browser: Browser,
    file: PathBuf,
    _folder: Results,
}

impl Opened {
    /// Opens the page, if there is a browser.
    pub(crate) fn new(page: impl FnOnce(&Pages) -> String, fragment: &str) -> Option<Self> {
        let mut browser = Browser::start(&chromium()?, WINDOW);
        let folder = Results::new();
        let file = folder.path().join("report.html");
        fs::write(&file, page(pages())).unwrap();
        browser.open(&file, fragment);
        Some(Self { browser, file, _folder: folder })
    }

    /// Opens it again, at another place.
    pub(crate) fn again(&mut self, fragment: &str) {
        self.browser.open(&self.file, fragment);
    }

    /// The page of a few runs.
    pub(crate) fn small(fragment: &str) -> Option<Self> {
        Self::new(|pages| pages.small.clone(), fragment)
    }
}

impl Deref for Opened {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Opened {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

/// Texts of all elements that match.
pub(crate) fn texts(browser: &mut Browser, selector: &str) -> Vec<String> {
    let expression =
        format!("Array.from(document.querySelectorAll('{selector}'), (e) => e.textContent)");
    let found = browser.evaluate(&expression);
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Names in the first column of the table of benchmarks.
pub(crate) fn names(browser: &mut Browser) -> Vec<String> {
    texts(browser, "table.wide tbody .name")
}

#[track_caller]
pub(crate) fn assert_quiet(browser: &mut Browser) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_overview_tells_what_there_is() {
    let Some(mut browser) = Opened::small("") else { return };
    assert_eq!(texts(&mut browser, "h1"), ["targets"]);
    let cards = texts(&mut browser, "main > .cards .card").join(" ");
    assert!(cards.contains("4measured") && cards.contains("1panicked"), "{cards}");
    let verdicts = texts(&mut browser, "section .cards .card").join(" ");
    assert!(verdicts.contains("1regressed"), "{verdicts}");
    assert_eq!(texts(&mut browser, ".tile").len(), 5);
    assert_eq!(texts(&mut browser, ".tile svg.spark path").len(), 5);
    assert_quiet(&mut browser);
    // The page itself, and nothing else.
    let requests = browser.requests();
    assert!(requests.iter().all(|url| url.starts_with("file:") || url.starts_with("data:")));
    assert_eq!(requests.iter().filter(|url| url.starts_with("file:")).count(), 1, "{requests:?}");
}

#[test]
fn the_table_filters_and_sorts_and_the_address_keeps_it() {
    let Some(mut browser) = Opened::small("#benchmarks") else { return };
    assert_eq!(names(&mut browser).len(), 5);
    type_into(&mut browser, "input[type=search]", "many");
    assert_eq!(names(&mut browser), ["many[1]", "many[10]", "many[100]"]);
    assert_eq!(texts(&mut browser, "[role=status]"), ["3 of 5 benchmarks"]);
    // The slowest first, then the fastest.
    browser.evaluate("Array.from(document.querySelectorAll('.sort')).find((b) => b.textContent === 'Time').click()");
    assert_eq!(names(&mut browser), ["many[1]", "many[10]", "many[100]"]);
    browser.evaluate("Array.from(document.querySelectorAll('.sort')).find((b) => b.textContent === 'Time').click()");
    assert_eq!(names(&mut browser), ["many[100]", "many[10]", "many[1]"]);
    assert_eq!(
        browser.evaluate("document.querySelector('[aria-sort=ascending]').textContent"),
        "Time"
    );
    assert_eq!(browser.evaluate("location.hash"), "#benchmarks?q=many&sort=time");
    browser.evaluate("history.back()");
    browser.wait_for("document.querySelector('[aria-sort=descending]') !== null");
    assert_eq!(names(&mut browser), ["many[1]", "many[10]", "many[100]"]);
    assert_eq!(browser.evaluate("document.querySelector('input[type=search]').value"), "many");
    browser.again("#benchmarks?q=many&sort=time");
    assert_eq!(names(&mut browser), ["many[100]", "many[10]", "many[1]"]);
    browser.again("#benchmarks?verdict=regressed");
    assert_eq!(names(&mut browser), ["one"]);
    assert_quiet(&mut browser);
}

fn type_into(browser: &mut Browser, selector: &str, text: &str) {
    browser.evaluate(&format!(
        "(() => {{ const field = document.querySelector('{selector}'); field.focus(); \
         field.value = '{text}'; field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ));
}

#[test]
fn a_benchmark_has_a_page_of_its_own() {
    let Some(mut browser) = Opened::small("#case?id=steady%3A%3Aone") else { return };
    assert!(texts(&mut browser, "h1")[0].starts_with("one "));
    assert!(texts(&mut browser, ".chart .dot").len() >= 4);
    let told = texts(&mut browser, "output.told").join("");
    assert!(told.contains("480.5 ns") && told.contains("2026-01-04"), "{told}");
    // Arrow keys go to the run before.
    browser.evaluate("document.querySelector('svg.chart').focus()");
    browser.press("ArrowLeft");
    let told = texts(&mut browser, "output.told").join("");
    assert!(told.contains("399.6 ns") && told.contains("2026-01-03"), "{told}");
    let rows = texts(&mut browser, "section table tbody tr").join("\n");
    assert!(rows.contains("peak resident memory") && rows.contains("regressed"), "{rows}");
    let record = browser.evaluate(
        "(async () => { let kept; const make = URL.createObjectURL; \
         URL.createObjectURL = (blob) => make.call(URL, kept = blob); \
         Array.from(document.querySelectorAll('button')).at(-1).click(); \
         return JSON.parse(await kept.text()); })()",
    );
    assert_eq!((&record["id"], &record["status"]), (&json!("steady::one"), &json!("measured")));
    assert_eq!(record["metrics"]["time"]["unit"], "ns");
    browser.evaluate("document.querySelector('output.told a').click()");
    browser.wait_for("document.querySelector('h1').textContent === 'Two runs'");
    assert_quiet(&mut browser);
}

#[test]
fn samples_are_shown_with_how_they_are_spread() {
    let Some(mut browser) = Opened::small("#case?id=steady%3A%3Aone") else { return };
    assert_eq!(texts(&mut browser, ".samples circle").len(), 59);
    assert_eq!(texts(&mut browser, ".samples .beyond").len(), 1);
    let words = texts(&mut browser, "figcaption").join(" ");
    assert!(words.contains("(Sheather and Jones)") && words.contains("one lies beyond, up to"));
    // Two groups are two hills.
    let hills = browser.evaluate(
        "(() => { const heights = pointsOf(theRecords().shapes[casesById.get('steady::one').index].own.curve, false).map(([, height]) => height); \
         const least = Math.max(...heights) / 5; \
         return heights.filter((height, at) => height >= least && (heights[at - 1] ?? 0) < least).length; })()",
    );
    assert_eq!(hills, 2);
    let rows = texts(&mut browser, "section .beside tbody tr").join("\n");
    assert!(rows.contains("Samples shown60"), "{rows}");
    let kept = browser.evaluate("recordOf(casesById.get('steady::one')).launches[0].samples_ns");
    let time = 100.0 * 4.0 * 1.001 * 1.2;
    for (shown, measured) in kept.as_array().unwrap().iter().zip(samples(time).as_array().unwrap())
    {
        let (shown, measured) = (shown.as_f64().unwrap(), measured.as_f64().unwrap());
        assert!((shown - measured).abs() < 0.002 * time, "{shown} for {measured}");
    }
    // Three samples are told to be too few.
    browser.again("#case?id=steady%3A%3Amany%5B1%5D");
    let words = texts(&mut browser, "section p").join(" ");
    assert!(words.contains("too few for a curve, which takes 20"), "{words}");
    assert_eq!(texts(&mut browser, ".violin path").len(), 0);
    assert_quiet(&mut browser);
}

#[test]
fn a_narrow_window_shows_all_without_scrolling_sideways() {
    let opened = Opened::new(|pages| with_comparisons(&pages.small), "");
    let Some(mut browser) = opened else { return };
    browser.resize((360, 800));
    for view in ["", "#benchmarks", "#case?id=steady%3A%3Aone", "#compare", "#runs"] {
        browser.again(view);
        let wide = browser.evaluate(
            "Array.from(document.querySelectorAll('main *, header *')).filter((e) => !e.closest('.scroll, pre, .unseen, svg') && e.getBoundingClientRect().right > 361).map((e) => e.outerHTML.slice(0, 120))",
        );
        assert_eq!(wide, json!([]), "{view}");
        assert_eq!(browser.evaluate("document.documentElement.scrollWidth <= 360"), true, "{view}");
    }
    // What is written in a chart stays large enough to read: the chart is scrolled in its figure.
    browser.again("#case?id=steady%3A%3Aone");
    let heights = browser.evaluate(
        "Array.from(document.querySelectorAll('.pan svg text'), (text) => text.getBoundingClientRect().height)",
    );
    let heights = heights.as_array().unwrap();
    assert!(!heights.is_empty() && heights.iter().all(|height| height.as_f64() > Some(11.0)));
}

#[test]
fn two_runs_are_compared_without_their_noise() {
    let address = "#compare?a=20260101_120000_3f2a&b=20260104_120000_3f2a";
    let Some(mut browser) = Opened::small(address) else { return };
    let rows = texts(&mut browser, "main tbody th .name");
    assert_eq!(rows, ["one"]);
    let summary = texts(&mut browser, "[role=status]").join("");
    assert!(summary.contains("1 worse, 0 better, 3 hidden"), "{summary}");
    browser.evaluate("document.querySelector('.tick input').click()");
    type_into(&mut browser, "input[type=number]", "0");
    assert_eq!(texts(&mut browser, "main tbody th .name").len(), 4);
    assert!(browser.evaluate("location.hash").as_str().unwrap().contains("least=0&overlap=show"));
    let differ = texts(&mut browser, "section > .scroll tbody tr").join("\n");
    assert!(differ.contains("load average"), "{differ}");
    assert!(texts(&mut browser, "details summary").join(" ").contains("Only before: 1"));
    assert_quiet(&mut browser);
}

#[test]
fn light_and_dark_are_the_systems_or_the_users() {
    let Some(mut browser) = Opened::small("") else { return };
    let background = "getComputedStyle(document.body).backgroundColor";
    browser.prefer("light");
    let light = browser.evaluate(background);
    browser.prefer("dark");
    let dark = browser.evaluate(background);
    assert_ne!(light, dark);
    browser.evaluate("document.getElementById('theme').click()");
    assert_eq!(browser.evaluate(background), light);
    assert_eq!(browser.evaluate("document.getElementById('theme').textContent"), "Dark");
    assert_quiet(&mut browser);
}

#[test]
fn hostile_names_are_shown_and_not_obeyed() {
    let opened = Opened::new(|pages| pages.hostile.clone(), "");
    let Some(mut browser) = opened else { return };
    assert_eq!(texts(&mut browser, ".tile").len(), 21);
    let scripts = browser.evaluate("document.querySelectorAll('script, img, iframe').length");
    assert_eq!(scripts, 3);
    for view in ["#benchmarks", "#compare", "#runs", "#benchmarks?q=%3Cscript%3E"] {
        browser.evaluate(&format!("location.hash = '{view}'"));
        browser.evaluate("new Promise((done) => setTimeout(done, 30))");
    }
    assert_eq!(names(&mut browser), ["<script>alert(1)</script>&\"'"]);
    // Each has a page that its address finds again.
    let keys = browser.evaluate("cases.map((found) => link('case', { id: found.key }))");
    for address in keys.as_array().unwrap() {
        browser.evaluate(&format!("location.hash = {address}"));
        browser.wait_for(&format!(
            "location.hash === {address} && document.querySelector('h1 + .lead') !== null"
        ));
        assert_ne!(texts(&mut browser, "h1"), ["No such benchmark"], "{address}");
    }
    let shown = browser.evaluate("cases.map((found) => found.title).join('')");
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!shown.as_str().unwrap().contains(is_odd), "{shown}");
    assert_quiet(&mut browser);
}

#[test]
fn figures_read_as_on_the_terminal() {
    let Some(mut browser) = Opened::small("") else { return };
    let file = fixtures_dir().join("../../bench-sdk/src/report/dashboard/units_vectors.json");
    let vectors = fs::read_to_string(file).unwrap();
    let wrong = browser.evaluate(&format!(
        "(() => {{ const known = {{ figure, interval, percent, plusMinus, duration, timeAtMost, change, changeInterval }}; \
         return {vectors}.filter(([name, given, text]) => known[name](...given) !== text) \
         .map(([name, given, text]) => [name, given, text, known[name](...given)]); }})()"
    ));
    assert_eq!(wrong, json!([]));
}

#[test]
fn a_thousand_benchmarks_over_200_runs_are_there_at_once() {
    let opened = Opened::new(|pages| multiplied(&pages.small), "");
    let Some(mut browser) = opened else { return };
    let size = fs::metadata(&browser.file).unwrap().len();
    let mut ready = f64::INFINITY;
    // Other tests want the processors too; the page is as quick as at its quickest.
    for _ in 0..3 {
        browser.again("");
        let ms = browser.evaluate("Number(document.documentElement.dataset.ready)");
        ready = ready.min(ms.as_f64().unwrap());
    }
    println!("{} MB are ready in {ready} ms", size / 1_000_000);
    assert!(ready < 2_000.0, "{ready} ms");
    assert_eq!(texts(&mut browser, ".lead")[0].split(" over").next(), Some("1,000 benchmarks"));
    let spent = "(() => { const start = performance.now(); ACT; document.body.getBoundingClientRect(); return performance.now() - start; })()";
    for act in [
        "location.hash = '#benchmarks'; draw(false)",
        "document.querySelectorAll('.sort')[3].click()",
        "document.querySelector('input').value = '99'; document.querySelector('input').dispatchEvent(new Event('input'))",
    ] {
        let ms = browser.evaluate(&spent.replace("ACT", act)).as_f64().unwrap();
        println!("{ms:.0} ms for {act}");
        assert!(ms < 1_000.0, "{ms} ms for {act}");
    }
    assert_quiet(&mut browser);
}

/// The page with its figures put in 200 times, over 200 runs.
fn multiplied(page: &str) -> String {
    let (head, rest) = page.split_once("id=\"model\">").unwrap();
    let (model, rest) = rest.split_once("</script>").unwrap();
    let (between, rest) = rest.split_once("id=\"records\">").unwrap();
    let (records, tail) = rest.split_once("</script>").unwrap();
    let mut model: Value = serde_json::from_str(model).unwrap();
    let mut records: Value = serde_json::from_str(records).unwrap();
    let run = model["runs"][0].clone();
    model["runs"] = (0..200)
        .map(|at| {
            let mut run = run.clone();
            run["header"]["id"] = json!(format!("20260101_{at:06}_3f2a"));
            run
        })
        .collect();
    let few = model["cases"].as_array().unwrap().clone();
    let line = |from: f64, digits: usize| {
        let value = |run: u32| from * (1.0 + 0.02 * f64::from(run * 7_919 % 199) / 199.0);
        (0..200).map(|run| format!("{:.digits$}", value(run))).collect::<Vec<_>>().join(",")
    };
    model["cases"] = (0..1_000)
        .map(|at| {
            let mut case = few[at % 4].clone();
            case["id"] = json!(format!("steady::part_{}::benchmark_{at}", at % 40));
            (case["run"], case["statuses"]) = (json!(199), json!("m".repeat(200)));
            let time = 100.0 + at as f64;
            case["series"] = json!({ "time": line(time, 2), "cpu": line(time, 1), "peak_rss": line(3e6, 0), "allocs": line(2.0, 0) });
            case["ends"] = json!([line(time / 300.0, 2), line(time / 290.0, 2)]);
            case
        })
        .collect();
    let few = records["cases"].as_array().unwrap().clone();
    records["cases"] = (0..1_000).map(|at| few[at % 4].clone()).collect();
    format!("{head}id=\"model\">{model}</script>{between}id=\"records\">{records}</script>{tail}")
}
