//! Load tests and profiles in the page.

use serde_json::{Value, json};

use super::fixture::small;
use super::load::{
    ErrorLine, FlameView, Frame, LoadView, PercentileLine, Phase, TimeLine, Timeline,
};
use super::{PagePlace, render_dashboard};
use crate::record::Unit;

/// One of each; the program of the page is held against the same file.
const SAMPLE: &str = include_str!("load_sample.json");

fn load() -> LoadView {
    let line = |name: &str, unit, is_bad, value: &dyn Fn(f64) -> f64| TimeLine {
        name: name.into(),
        unit,
        is_bad,
        values: (0..13).map(|at| (at != 7).then(|| value(f64::from(at)))).collect(),
    };
    let spike =
        |at: f64, usual: f64, most: f64| if (5.0..9.0).contains(&at) { most } else { usual };
    let phase = |name: &str, from_s, to_s| Phase { name: name.into(), from_s, to_s };
    let curve = |name: &str, factor: f64| PercentileLine {
        name: name.into(),
        points: [(0.0, 0.9e6), (0.5, 3.2e6), (0.9, 7.9e6), (0.99, 31e6), (0.999, 142e6)]
            .map(|(share, ns)| (share, ns * factor))
            .into(),
    };
    let error = |what: &str, count| ErrorLine { what: what.into(), count };
    LoadView {
        name: "api_create_agent".into(),
        timeline: Timeline {
            at_s: (0..13).map(|at| 5.0 * f64::from(at)).collect(),
            series: vec![
                line("rate", Unit::PerSecond, false, &|at| spike(at, 500.0, 2_000.0)),
                line("errors", Unit::PerSecond, true, &|at| spike(at, 0.0, 12.0)),
                line("P50", Unit::Nanoseconds, false, &|at| spike(at, 3.0e6, 9.0e6)),
                line("P95", Unit::Nanoseconds, false, &|at| spike(at, 11.0e6, 48.0e6)),
                line("P99", Unit::Nanoseconds, false, &|at| spike(at, 31.0e6, 142.0e6)),
            ],
            phases: vec![
                phase("ramp", 0.0, 10.0),
                phase("steady", 10.0, 25.0),
                phase("spike", 25.0, 45.0),
                phase("recovery", 45.0, 60.0),
            ],
        },
        percentiles: vec![curve("response", 1.0), curve("service", 0.9)],
        errors: vec![error("status 503", 210), error("<b>connection reset</b>", 3)],
    }
}

fn flame() -> FlameView {
    let frame = |name: &str, value, calls| Frame { name: name.into(), value, calls };
    let grow =
        frame("hub_tasks::queue::grow", 40.0, vec![frame("<T as Clone>::clone", 30.0, vec![])]);
    let push = frame("hub_tasks::queue::push", 90.0, vec![grow, frame("memcpy", 20.0, vec![])]);
    let root = frame("all", 100.0, vec![push, frame("hub_tasks::queue::pop", 10.0, vec![])]);
    FlameView { name: "hub_tasks::queue::push[1000]".into(), unit: "samples".into(), root }
}

#[test]
fn they_are_written_as_the_sample_has_them() {
    let mut dashboard = small();
    dashboard.add_load("20260102_120000_3f2a", load());
    dashboard.add_flame("20260102_120000_3f2a", flame());
    // Of a run that the page does not show there is no page.
    dashboard.add_load("20200101_000000_0000", load());
    let page = render_dashboard(&dashboard, PagePlace::File).unwrap_or_default();
    let records = page.split_once("id=\"records\">").map_or("", |(_, rest)| rest);
    let text = records.split_once("</script>").map_or("", |(text, _)| text);
    let records: Value = serde_json::from_str(text).unwrap_or_default();
    let found = json!({ "loads": records["loads"], "flames": records["flames"] });
    let sample: Value = serde_json::from_str(SAMPLE).unwrap_or_default();
    assert!(found == sample, "load_sample.json should be:\n{found}\n");
}
