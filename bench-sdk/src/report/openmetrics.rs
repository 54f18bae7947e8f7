//! `OpenMetrics` 1.0 text, for a Prometheus textfile collector or push gateway:
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use std::collections::BTreeMap;

use super::escape::escape;
use super::json_text::number;
use super::tracked::{has_figures, interval};
use crate::record::{Better, Metric, Mode, RunRecord, Status, Unit, metric_name};

/// What all our names begin with.
pub(super) const PREFIX: &str = "hub_bench";

/// A family: its unit, what it is, and its samples by their labels.
#[derive(Default)]
struct Family {
    unit: &'static str,
    help: String,
    /// Two samples of a family never have the same labels.
    samples: BTreeMap<String, f64>,
}

/// A gauge for each metric, and two for the ends of its interval; figures are in base units.
pub(super) fn render_openmetrics(record: &RunRecord) -> String {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    for case in &record.cases {
        let labels = labels(&[("case", case.id.as_str()), ("crate", &case.crate_name)]);
        if case.status != Status::Skipped {
            let help = "1 where the case was measured and kept its budgets, 0 where not";
            let family = family(&mut families, "ok", "", help.to_owned());
            family
                .samples
                .insert(labels.clone(), f64::from(u8::from(case.status == Status::Measured)));
        }
        for (name, metric) in case.metrics.iter().filter(|_| has_figures(case)) {
            add_metric(&mut families, name, metric, &labels);
        }
    }
    if record.run.duration_ns > 0 {
        let duration = record.run.duration_ns as f64 / 1e9;
        let family =
            family(&mut families, "run_duration", "seconds", "how long the run took".to_owned());
        family.samples.insert(String::new(), duration);
    }
    let mut out = run_info(record);
    for (name, family) in &families {
        push_family(&mut out, name, family);
    }
    out.push_str("# EOF\n");
    out
}

fn add_metric(families: &mut BTreeMap<String, Family>, name: &str, metric: &Metric, labels: &str) {
    let (unit, factor) = match name {
        metric_name::OPS_PER_CPU_SECOND => ("per_cpu_second", 1.0),
        _ => base_unit(metric.unit),
    };
    let better = match metric.better {
        Better::Lower => "less is better",
        Better::Higher => "more is better",
    };
    let stem = sanitized(name);
    let mut add = |stem: String, help: String, value: f64| {
        if value.is_finite() {
            let samples = &mut family(families, &stem, unit, help).samples;
            samples.entry(labels.to_owned()).or_insert(value / factor);
        }
    };
    add(stem.clone(), format!("{stem} of a benchmark case, {better}"), metric.estimate);
    if let Some((low, high)) = interval(metric) {
        add(format!("{stem}_low"), format!("lower end of the interval of {stem}"), low);
        add(format!("{stem}_high"), format!("upper end of the interval of {stem}"), high);
    }
}

/// The family of that stem and unit, made where it is not there yet.
fn family<'a>(
    families: &'a mut BTreeMap<String, Family>,
    stem: &str,
    unit: &'static str,
    help: String,
) -> &'a mut Family {
    let name = family_name(stem, unit);
    families.entry(name).or_insert_with(|| Family { unit, help, ..Family::default() })
}

/// The unit is the end of the name; where the stem says it already it stands once.
fn family_name(stem: &str, unit: &str) -> String {
    if unit.is_empty() {
        return format!("{PREFIX}_{stem}");
    }
    // `throughput_bytes` and `bytes_per_second` share a word.
    let first = unit.split('_').next().unwrap_or(unit);
    let without = |end: &str| stem.strip_suffix(end)?.strip_suffix('_');
    let stem = without(unit).or_else(|| without(first)).unwrap_or(stem);
    format!("{PREFIX}_{stem}_{unit}")
}

/// The unit that Prometheus wants, and how many of ours it is.
fn base_unit(unit: Unit) -> (&'static str, f64) {
    match unit {
        Unit::Nanoseconds => ("seconds", 1e9),
        Unit::Bytes => ("bytes", 1.0),
        Unit::PerSecond => ("per_second", 1.0),
        Unit::BytesPerSecond => ("bytes_per_second", 1.0),
        Unit::One => ("", 1.0),
        Unit::Joules => ("joules", 1.0),
    }
}

/// A part of a name: ASCII letters, digits and `_`.
pub(super) fn sanitized(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// What is known of the run, as labels.
fn run_info(record: &RunRecord) -> String {
    let (run, environment) = (&record.run, &record.environment);
    let mode = match run.mode {
        Mode::Full => "full",
        Mode::Quick => "quick",
        Mode::Test => "test",
    };
    let mut pairs = vec![
        ("run", run.id.as_str()),
        ("started_at", run.started_at.as_str()),
        ("mode", mode),
        ("package", run.package.as_str()),
        ("target", run.target.as_str()),
        ("optimized", if run.optimized { "true" } else { "false" }),
    ];
    let known = [
        ("cpu", &environment.cpu),
        ("kernel", &environment.kernel),
        ("rustc", &environment.rustc),
        ("git_commit", &environment.git_commit),
    ];
    pairs.extend(known.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    let name = format!("{PREFIX}_run");
    format!(
        "# HELP {name} the run that the other figures are of\n# TYPE {name} info\n{name}_info{} 1\n",
        labels(&pairs)
    )
}

fn push_family(out: &mut String, name: &str, family: &Family) {
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# HELP {name} {}", family.help));
    line(&format!("# TYPE {name} gauge"));
    if !family.unit.is_empty() {
        line(&format!("# UNIT {name} {}", family.unit));
    }
    for (labels, value) in &family.samples {
        if let Some(value) = number(*value) {
            line(&format!("{name}{labels} {value}"));
        }
    }
}

/// `{a="b",c="d"}`; the values escaped, and without what a terminal would obey.
pub(super) fn labels(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| {
        let value = escape(value).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}=\"{value}\"")
    };
    format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{hub_run, measured, mixed_run, run_of, with};
    use super::*;

    #[test]
    fn families_are_whole_and_end_with_their_unit() {
        let mut record = hub_run();
        record.cases.truncate(2);
        record.cases[1] =
            with(record.cases[1].clone(), "throughput_bytes", Unit::BytesPerSecond, 1e300);
        assert_eq!(
            render_openmetrics(&record),
            r#"# HELP hub_bench_run the run that the other figures are of
# TYPE hub_bench_run info
hub_bench_run_info{run="20260101_120000_3f2a",started_at="2026-01-01T12:00:00Z",mode="full",package="hub",target="hub",optimized="true",cpu="AMD EPYC",rustc="rustc 1.95.0 (59807616e 2026-04-14)"} 1
# HELP hub_bench_allocs allocs of a benchmark case, more is better
# TYPE hub_bench_allocs gauge
hub_bench_allocs{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 64.0
hub_bench_allocs{case="hub_agents::registry::create",crate="hub_agents"} 2.0
# HELP hub_bench_cpu_utilisation cpu_utilisation of a benchmark case, more is better
# TYPE hub_bench_cpu_utilisation gauge
hub_bench_cpu_utilisation{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 1.71
hub_bench_cpu_utilisation{case="hub_agents::registry::create",crate="hub_agents"} 1.0
# HELP hub_bench_ok 1 where the case was measured and kept its budgets, 0 where not
# TYPE hub_bench_ok gauge
hub_bench_ok{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 1.0
hub_bench_ok{case="hub_agents::registry::create",crate="hub_agents"} 1.0
# HELP hub_bench_ops_per_cpu_second ops_per_cpu_second of a benchmark case, more is better
# TYPE hub_bench_ops_per_cpu_second gauge
# UNIT hub_bench_ops_per_cpu_second per_cpu_second
hub_bench_ops_per_cpu_second{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 14035.087719298246
hub_bench_ops_per_cpu_second{case="hub_agents::registry::create",crate="hub_agents"} 5428000.0
# HELP hub_bench_run_duration_seconds how long the run took
# TYPE hub_bench_run_duration_seconds gauge
# UNIT hub_bench_run_duration_seconds seconds
hub_bench_run_duration_seconds 24.3
# HELP hub_bench_throughput_bytes_per_second throughput_bytes of a benchmark case, more is better
# TYPE hub_bench_throughput_bytes_per_second gauge
# UNIT hub_bench_throughput_bytes_per_second bytes_per_second
hub_bench_throughput_bytes_per_second{case="hub_agents::registry::create",crate="hub_agents"} 1e+300
# HELP hub_bench_throughput_items_per_second throughput_items of a benchmark case, more is better
# TYPE hub_bench_throughput_items_per_second gauge
# UNIT hub_bench_throughput_items_per_second per_second
hub_bench_throughput_items_per_second{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 24000.0
hub_bench_throughput_items_per_second{case="hub_agents::registry::create",crate="hub_agents"} 5428000.0
# HELP hub_bench_time_high_seconds upper end of the interval of time
# TYPE hub_bench_time_high_seconds gauge
# UNIT hub_bench_time_high_seconds seconds
hub_bench_time_high_seconds{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 0.00004258
hub_bench_time_high_seconds{case="hub_agents::registry::create",crate="hub_agents"} 1.8489999999999997e-7
# HELP hub_bench_time_low_seconds lower end of the interval of time
# TYPE hub_bench_time_low_seconds gauge
# UNIT hub_bench_time_low_seconds seconds
hub_bench_time_low_seconds{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 0.00004082
hub_bench_time_low_seconds{case="hub_agents::registry::create",crate="hub_agents"} 1.835e-7
# HELP hub_bench_time_p99_seconds time_p99 of a benchmark case, more is better
# TYPE hub_bench_time_p99_seconds gauge
# UNIT hub_bench_time_p99_seconds seconds
hub_bench_time_p99_seconds{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 0.000088
# HELP hub_bench_time_seconds time of a benchmark case, less is better
# TYPE hub_bench_time_seconds gauge
# UNIT hub_bench_time_seconds seconds
hub_bench_time_seconds{case="hub_agents::messages::broadcast{t=2}",crate="hub_agents"} 0.0000417
hub_bench_time_seconds{case="hub_agents::registry::create",crate="hub_agents"} 1.842e-7
# EOF
"#
        );
    }

    #[test]
    fn a_case_that_broke_is_not_ok_and_has_no_figures() {
        let text = render_openmetrics(&mixed_run());
        let value = |case: &str| {
            let head = format!("hub_bench_ok{{case=\"{case}\"");
            text.lines().find(|line| line.starts_with(&head)).map(|line| line.ends_with(" 1.0"))
        };
        assert_eq!(value("hub_agents::registry::create"), Some(true));
        assert_eq!(value("hub_data::parse"), Some(false));
        assert_eq!(value("hub_data::ingest[1000]"), Some(false));
        assert_eq!(value("hub_data::upload"), None);
        assert!(!text.contains("time_seconds{case=\"hub_data::ingest"));
    }

    #[test]
    fn labels_and_names_hold_whatever_users_write() {
        let case =
            with(measured("a", "", "x\"\\\n\u{1b}[31m", 1.0, 0.1), "time_p99.9", Unit::One, 1.0);
        let text = render_openmetrics(&run_of(vec![case.clone(), case]));
        assert!(text.contains(r#"{case="a::x\"\\\\n\\u{1b}[31m",crate="a"}"#), "{text}");
        assert_eq!(text.matches("hub_bench_time_p99_9{").count(), 1);
        assert_eq!(family_name("alloc_bytes", "bytes"), "hub_bench_alloc_bytes");
        assert_eq!(family_name("peak_rss", "bytes"), "hub_bench_peak_rss_bytes");
    }
}
