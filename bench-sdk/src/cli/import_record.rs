//! Reads a `run.json` of ours that comes from elsewhere.

use std::path::Path;

use super::build::shown;
use super::failure::Failure;
use super::imported::{LONGEST_NS, is_time};
use crate::harness::shortened;
use crate::record::{CaseRecord, Metric, RunRecord, Unit, metric_name};
use crate::report::escape;
use crate::store::RunStore;

/// Whether it is one JSON value with a schema number, as our records are.
pub(super) fn is_record(text: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.is_ok_and(|value| value.get("schema").is_some())
}

/// The record in a text; the path is for what is said of it.
pub(super) fn read_record(path: &Path, text: &str) -> Result<RunRecord, Failure> {
    let record = RunStore::parse(path, text);
    let record = record.map_err(|error| Failure::new(escape(&error.to_string())))?;
    match record.cases.iter().find_map(what_is_wrong) {
        None => Ok(record),
        Some(what) => Err(Failure::new(format!("{}: {what}", shown(path)))
            .help("nothing that measures writes this; it was damaged or made by hand")),
    }
}

/// A time of a case that none can be. What a benchmark measures by itself may be anything.
fn what_is_wrong(case: &CaseRecord) -> Option<String> {
    let is_ours = |(name, metric): &(&String, &Metric)| {
        metric.unit == Unit::Nanoseconds && !metric_name::is_custom(name)
    };
    let times = case.metrics.iter().filter(is_ours);
    let wrong = times.filter_map(|(name, metric)| Some((name.as_str(), wrong_metric(metric)?)));
    let launches = case.launches.iter().flat_map(|launch| {
        let named = [("median_ns", launch.median_ns), ("first_ns", launch.first_ns)];
        named.into_iter().chain(launch.samples_ns.iter().map(|ns| ("samples_ns", *ns)))
    });
    let wrong_launches = launches
        .filter(|(_, ns)| !is_time(*ns))
        .map(|(name, ns)| (name, format!("is {ns:?} ns, which is no time")));
    let (name, why) = wrong.chain(wrong_launches).next()?;
    Some(format!("`{}` of `{}` {why}", shortened(name), shortened(case.id.as_str())))
}

fn wrong_metric(time: &Metric) -> Option<String> {
    if !is_time(time.estimate) {
        return Some(format!("is {:?} ns, which is no time", time.estimate));
    }
    // The lower end of an interval of something short may be below zero.
    let ends = [time.low, time.high].into_iter().flatten();
    let far = ends.clone().find(|ns| ns.is_nan() || ns.abs() > 2.0 * LONGEST_NS);
    if let Some(far) = far {
        return Some(format!("has a bound of {far:?} ns, which is no time"));
    }
    let (low, high) = (time.low?, time.high?);
    let is_reversed = low > high;
    is_reversed.then(|| format!("has a lower bound, {low:?}, above the upper one, {high:?}"))
}

#[cfg(test)]
mod tests {
    use super::super::imported::{case_of, set_time};
    use super::*;
    use crate::record::Better;

    #[test]
    fn a_record_is_told_by_its_schema_number() {
        assert!(is_record("{\"schema\": 7}\n"));
        assert!(!is_record("{\"type\":\"suite\",\"event\":\"started\"}\n"));
        assert!(!is_record("test a ... bench: 1 ns/iter (+/- 0)\n"));
    }

    #[test]
    fn times_that_are_none_are_named_with_their_case() {
        let wrong = |estimate: f64, low: f64, high: f64| {
            let mut case = case_of("g", "f", None);
            let time = Metric::point(Unit::Nanoseconds, Better::Lower, estimate);
            set_time(&mut case, Metric { low: Some(low), high: Some(high), ..time });
            what_is_wrong(&case)
        };
        assert_eq!(wrong(1.0, -0.5, 2.0), None);
        let told = |what: &str| Some(format!("`time` of `g::f` {what}"));
        assert_eq!(wrong(-5.0, 0.0, 1.0), told("is -5.0 ns, which is no time"));
        assert_eq!(wrong(1e308, 0.0, 1.0), told("is 1e308 ns, which is no time"));
        assert_eq!(wrong(1.0, 0.0, 1e308), told("has a bound of 1e308 ns, which is no time"));
        let reversed = told("has a lower bound, 2.0, above the upper one, 0.5");
        assert_eq!(wrong(1.0, 2.0, 0.5), reversed);
    }

    #[test]
    fn what_a_benchmark_measures_by_itself_may_be_below_zero() {
        let mut case = case_of("", "f", None);
        let own = Metric::point(Unit::Nanoseconds, Better::Lower, -5.0);
        case.metrics.insert("custom_ns".to_owned(), own);
        assert_eq!(what_is_wrong(&case), None);
    }
}
