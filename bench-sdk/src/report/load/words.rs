//! Figures and executors of load tests, for people.

use crate::record::load::{
    Arrivals, Executor, LoadKind, MetricUnit, Stage, TrendSummary, WhenBusy,
};
use crate::record::units::{bytes, duration, time};

/// Stages that are told one by one.
const MAX_STAGES: usize = 5;
const SECOND_NS: u64 = 1_000_000_000;
const MINUTE_NS: u64 = 60 * SECOND_NS;
const HOUR_NS: u64 = 60 * MINUTE_NS;

/// A whole number with commas between its thousands: `119,984`.
pub(super) fn grouped(count: u64) -> String {
    let plain = count.to_string();
    let mut text = String::with_capacity(plain.len() + plain.len() / 3);
    for (nth, digit) in plain.chars().enumerate() {
        if nth > 0 && (plain.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A plain number: whole ones as they are, others to three digits, none longer than it must be.
pub(super) fn plain(value: f64) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let (sign, size) = if value < 0.0 { ("-", -value) } else { ("", value) };
    if size >= 1e15 {
        return format!("{sign}{size:.2e}");
    }
    if size.fract() == 0.0 || size >= 999.5 {
        return format!("{sign}{}", grouped(size.round() as u64));
    }
    let decimals = if size < 0.001 {
        6
    } else if size < 1.0 {
        3
    } else if size < 9.995 {
        2
    } else {
        usize::from(size < 99.95)
    };
    let text = format!("{size:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{sign}{text}")
}

/// A number of something in a second: `2,000/s`, `12.5/s`.
pub(super) fn per_second(value: f64) -> String {
    format!("{}/s", plain(value))
}

/// A share, with a second digit below one per cent: `0.02 %`, `4.3 %`, `100 %`.
pub(super) fn share(ratio: f64) -> String {
    let percent = ratio * 100.0;
    match percent.abs() {
        p if !p.is_finite() => "?".to_owned(),
        0.0 => "0 %".to_owned(),
        p if p < 0.005 => "<0.01 %".to_owned(),
        p if p < 0.995 => format!("{percent:.2} %"),
        // What is not all is never told as all.
        p if p < 100.0 && p > 99.95 => ">99.9 %".to_owned(),
        p if p < 99.95 && p.fract() != 0.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// A figure of a metric of that unit.
pub(super) fn figure(unit: MetricUnit, value: f64) -> String {
    match unit {
        MetricUnit::Nanoseconds => time(value, None),
        MetricUnit::Bytes => bytes(value),
        MetricUnit::One => plain(value),
    }
}

/// A percentile; one that lies among what did not end is more than the greatest that did.
pub(super) fn percentile(unit: MetricUnit, trend: &TrendSummary, value: Option<f64>) -> String {
    match value {
        Some(value) => figure(unit, value),
        None => format!("> {}", figure(unit, trend.max)),
    }
}

/// A length of time.
pub(in crate::report) fn span(ns: u64) -> String {
    if ns == 0 {
        return "0 s".to_owned();
    }
    let text = duration(ns as f64 / 1e9);
    // `10 min`, not `10 min 0 s`.
    let whole = text.strip_suffix(" 0 s").or_else(|| text.strip_suffix(" 0 min"));
    whole.map_or_else(|| text.clone(), str::to_owned)
}

/// The word that a test of that kind begins with.
pub(in crate::report) fn kind_word(kind: LoadKind) -> &'static str {
    match kind {
        LoadKind::Load => "load",
        LoadKind::Stress => "stress",
        LoadKind::Spike => "spike",
    }
}

/// Whether iterations wait for one another.
pub(in crate::report) fn model_word(executor: &Executor) -> &'static str {
    if executor.is_open() { "open model" } else { "closed model" }
}

/// `constant-arrival-rate 2,000/s · 60 s`.
pub(in crate::report) fn executor_words(executor: &Executor) -> String {
    let name = executor.name();
    match executor {
        Executor::ConstantVus { vus, duration_ns } => {
            format!("{name} {} · {}", users(*vus), span(*duration_ns))
        }
        Executor::RampingVus { start_vus, stages, .. } => {
            let course = course(*start_vus, stages, &|vus| grouped(vus), " VUs");
            format!("{name} {course} · {}", span(executor.duration_ns()))
        }
        Executor::SharedIterations { vus, iterations, max_duration_ns } => format!(
            "{name} {} among {} · at most {}",
            counted(*iterations, "iteration"),
            users(*vus),
            span(*max_duration_ns)
        ),
        Executor::PerVuIterations { vus, iterations, max_duration_ns } => format!(
            "{name} {} for each of {} · at most {}",
            counted(*iterations, "iteration"),
            users(*vus),
            span(*max_duration_ns)
        ),
        Executor::ConstantArrivalRate {
            rate,
            time_unit_ns,
            arrivals,
            when_busy,
            duration_ns,
            ..
        } => format!(
            "{name} {}{} · {}",
            rate_words(*rate, *time_unit_ns),
            policies(*arrivals, *when_busy),
            span(*duration_ns)
        ),
        Executor::RampingArrivalRate {
            start_rate,
            time_unit_ns,
            stages,
            arrivals,
            when_busy,
            ..
        } => format!(
            "{name} {}{} · {}",
            course(*start_rate, stages, &|rate| grouped(rate), &unit_words(*time_unit_ns)),
            policies(*arrivals, *when_busy),
            span(executor.duration_ns())
        ),
    }
}

/// `1 iteration`, `2,000 iterations`.
pub(in crate::report) fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

fn users(vus: u64) -> String {
    counted(vus, "VU")
}

/// `2,000/s`, `100/min`, `5 in 10 s`.
fn rate_words(rate: u64, time_unit_ns: u64) -> String {
    format!("{}{}", grouped(rate), unit_words(time_unit_ns))
}

fn unit_words(time_unit_ns: u64) -> String {
    match time_unit_ns {
        SECOND_NS => "/s".to_owned(),
        MINUTE_NS => "/min".to_owned(),
        HOUR_NS => "/h".to_owned(),
        other => format!(" in {}", span(other)),
    }
}

/// `100 → 3,000 → 100/min`; many stages by their number and their height.
fn course(start: u64, stages: &[Stage], shown: &dyn Fn(u64) -> String, unit: &str) -> String {
    if stages.len() > MAX_STAGES {
        let height = stages.iter().map(|stage| stage.target).fold(start, u64::max);
        return format!("{} stages up to {}{unit}", stages.len(), shown(height));
    }
    let targets = stages.iter().map(|stage| stage.target);
    let mut course: Vec<u64> = std::iter::once(start).chain(targets).collect();
    course.dedup();
    course.iter().map(|at| shown(*at)).collect::<Vec<_>>().join(" → ") + unit
}

/// What is unusual about arrivals.
fn policies(arrivals: Arrivals, when_busy: WhenBusy) -> String {
    let arrivals = match arrivals {
        Arrivals::Uniform => "",
        Arrivals::Poisson => ", Poisson",
    };
    let when_busy = match when_busy {
        WhenBusy::Drop => "",
        WhenBusy::Queue => ", queued when busy",
        WhenBusy::Fail => ", failing when busy",
    };
    format!("{arrivals}{when_busy}")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{closed_run, limited_run, open_run, spike_run};
    use super::*;

    #[test]
    fn executors_are_told_with_their_figures() {
        let runs = [open_run(), closed_run(), limited_run(), spike_run()];
        let told: Vec<String> = runs
            .iter()
            .flat_map(|run| &run.plan.scenarios)
            .map(|scenario| executor_words(&scenario.executor))
            .collect();
        assert_eq!(
            told,
            [
                "constant-arrival-rate 2,000/s · 60 s",
                "ramping-vus 1 → 20 → 5 VUs · 30 s",
                "per-vu-iterations 10 iterations for each of 5 VUs · at most 10 min",
                "ramping-arrival-rate 1,000 → 4,000 → 8,000/s, Poisson · 60 s",
                "ramping-arrival-rate 100 → 3,000 → 100/min, queued when busy · 60 s",
            ]
        );
        let stages = vec![Stage { duration_ns: 1, target: 7 }; 6];
        let many = Executor::RampingVus { start_vus: 9, stages, graceful_ramp_down_ns: 0 };
        assert!(executor_words(&many).starts_with("ramping-vus 6 stages up to 9 VUs"));
        assert_eq!(rate_words(5, 10 * SECOND_NS), "5 in 10 s");
    }

    #[test]
    fn numbers_are_as_short_as_they_may_be() {
        let told =
            [0.0, 4.0, 1_999.73, 12.5, 3.2, 0.25, 1e-4, 119_984.0, -2.5, 1e18, 99.97].map(plain);
        assert_eq!(
            told,
            [
                "0", "4", "2,000", "12.5", "3.2", "0.25", "0.0001", "119,984", "-2.5", "1.00e18",
                "100"
            ]
        );
        let told = [0.0, 0.000_01, 0.000_2, 0.0433, 0.1, 0.9994, 0.999_96, 1.0].map(share);
        assert_eq!(
            told,
            ["0 %", "<0.01 %", "0.02 %", "4.3 %", "10 %", "99.9 %", ">99.9 %", "100 %"]
        );
    }
}
