//! Runs and lists as the SDK writes them.

use serde::Deserialize;

use super::Estimate;
use crate::failure::{Context, Result};
use crate::figures::ratio;

/// One case of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnCase {
    pub(crate) id: String,
    pub(crate) time: Estimate,
    pub(crate) at_floor: bool,
    /// Allocations of an iteration, where they were counted.
    pub(crate) allocs: Option<f64>,
    /// Samples of all launches, those that were voided included, and how many were.
    pub(crate) samples: u64,
    pub(crate) voided: u64,
    /// Timed regions of all samples together.
    pub(crate) timed_ns: f64,
    /// Timed regions as a ratio of the time for sampling: the rest goes into inputs, drops,
    /// latencies, and watching. `None` where nothing was sampled.
    pub(crate) timed_share: Option<f64>,
}

#[derive(Deserialize)]
struct Run {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    status: String,
    metrics: Metrics,
    notes: Vec<Note>,
    #[serde(default)]
    launches: Vec<Launch>,
    #[serde(default)]
    settings: Settings,
}

#[derive(Deserialize)]
struct Metrics {
    time: Option<Metric>,
    allocs: Option<Metric>,
}

#[derive(Deserialize)]
struct Launch {
    median_ns: f64,
    samples: u64,
    voided: u64,
    iterations: u64,
}

#[derive(Default, Deserialize)]
struct Settings {
    /// Of all launches together.
    #[serde(default)]
    max_time_ns: f64,
}

#[derive(Deserialize)]
struct Metric {
    estimate: f64,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
}

#[derive(Deserialize)]
struct Note {
    code: String,
}

/// The cases of a `run.json`; one without a time is an error.
pub(crate) fn own_cases(text: &str) -> Result<Vec<OwnCase>> {
    let run: Run = serde_json::from_str(text).context(|| "run.json".to_owned())?;
    let read = |case: Case| {
        let Case { id, status, metrics, notes, launches, settings } = case;
        let time = metrics.time.context(|| format!("`{id}` is {status}, without a time"))?;
        let Metric { estimate, low, high, level } = time;
        let timed_ns: f64 = launches.iter().map(|l| l.iterations as f64 * l.median_ns).sum();
        Ok(OwnCase {
            id,
            time: Estimate { ns: estimate, low, high, level },
            at_floor: notes.iter().any(|note| note.code == "at_floor"),
            allocs: metrics.allocs.map(|allocs| allocs.estimate),
            samples: launches.iter().map(|launch| launch.samples + launch.voided).sum(),
            voided: launches.iter().map(|launch| launch.voided).sum(),
            timed_ns,
            timed_share: ratio(timed_ns, settings.max_time_ns).filter(|share| *share > 0.0),
        })
    };
    run.cases.into_iter().map(read).collect()
}

#[derive(Deserialize)]
struct Surroundings {
    environment: Environment,
}

#[derive(Deserialize)]
struct Environment {
    clock: Clock,
}

#[derive(Deserialize)]
struct Clock {
    precision_ns: f64,
    cost_ns: f64,
}

/// What keeps a single iteration from being timed exactly, as a `run.json` has it: the cost of
/// reading the clock, or the step of the clock where that is larger.
pub(crate) fn own_clock_ns(text: &str) -> Result<f64> {
    let run: Surroundings = serde_json::from_str(text).context(|| "run.json".to_owned())?;
    let Clock { precision_ns, cost_ns } = run.environment.clock;
    Ok(cost_ns.max(precision_ns))
}

#[derive(Deserialize)]
struct List {
    cases: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    ignored: Option<String>,
}

/// The cases of `--list --format json` that a run measures.
pub(crate) fn listed_ids(text: &str) -> Result<Vec<String>> {
    let list: List = serde_json::from_str(text).context(|| "list of cases".to_owned())?;
    let measured = list.cases.into_iter().filter(|case| case.ignored.is_none());
    Ok(measured.map(|case| case.id).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const RUN: &str = r#"{"schema":1,"cases":[
        {"id":"a::noop","status":"measured","metrics":{"time":{"unit":"ns","better":"lower",
         "estimate":0.25,"samples":10}},"notes":[{"code":"at_floor","text":"t","severity":"warning"}]},
        {"id":"a::work[8]","status":"measured","metrics":{"time":{"unit":"ns","better":"lower",
         "estimate":10.0,"low":9.0,"high":11.0,"level":0.9921875},"time_min":{"estimate":9.0},"allocs":{"estimate":3.0}},"notes":[],
         "settings":{"max_time_ns":4000000,"launches":2},"launches":[
         {"median_ns":10.0,"samples":9,"voided":1,"iterations":100000,"first_ns":41.0},
         {"median_ns":20.0,"samples":4,"voided":0,"iterations":50000,"first_ns":41.0}]}
    ]}"#;

    #[test]
    fn times_intervals_and_the_floor_are_read() {
        let cases = own_cases(RUN).unwrap();
        assert!(cases[0].at_floor && !cases[1].at_floor);
        assert_eq!((cases[1].time.low, cases[1].time.level), (Some(9.0), Some(0.992_187_5)));
        assert_eq!(cases[1].id, "a::work[8]");
    }

    #[test]
    fn what_was_sampled_is_added_up_over_the_launches() {
        let cases = own_cases(RUN).unwrap();
        assert_eq!((cases[1].samples, cases[1].voided, cases[1].allocs), (14, 1, Some(3.0)));
        assert_eq!((cases[1].timed_ns, cases[1].timed_share), (2e6, Some(0.5)));
        assert_eq!((cases[0].samples, cases[0].timed_share), (0, None));
    }

    #[test]
    fn a_case_that_broke_is_an_error_that_names_it() {
        let text = r#"{"cases":[{"id":"a::b","status":"panicked","metrics":{},"notes":[]}]}"#;
        let error = own_cases(text).unwrap_err().to_string();
        assert!(error.contains("a::b") && error.contains("panicked"));
    }

    #[test]
    fn the_clock_is_as_coarse_as_its_cost_or_its_step() {
        let text = r#"{"environment":{"cpu":"x","clock":{"precision_ns":40.0,"cost_ns":18.5}}}"#;
        assert_eq!(own_clock_ns(text), Ok(40.0));
        assert!(own_clock_ns(RUN).is_err());
    }

    #[test]
    fn ignored_cases_are_not_counted() {
        let text = r#"{"cases":[{"id":"a","ignored":null},{"id":"b","ignored":"slow"}]}"#;
        assert_eq!(listed_ids(text).unwrap(), ["a"]);
    }
}
