//! The statistics that criterion keeps of a sample.

use super::json_text::{Object, numbers};
use super::tracked::interval;
use crate::record::{CaseRecord, Metric, metric_name};
use crate::stats::{
    mean, median, normal_quantile, quantile_sorted, robust_sd, sample_sd, sorted, student,
};

/// criterion's level, for intervals whose own is not known.
const LEVEL: f64 = 0.95;
/// Standard errors in units of that of the mean, for many normal values: the median's is
/// sqrt(pi / 2), and that of the median absolute deviation 1.1664 (Rousseeuw and Croux, 1993).
const MEDIAN_ERROR: f64 = 1.253_314_137_315_5;
const DEVIATION_ERROR: f64 = 1.166_4;
/// Distance of the quartiles of a normal distribution from its middle, in standard deviations.
const QUARTILE: f64 = 0.674_489_750_196_081_7;

/// What is known of the values behind a case's time, in nanoseconds an iteration.
pub(super) struct Sample {
    /// One for each launch, or the time alone.
    values: Vec<f64>,
    /// Iterations behind each of them.
    iterations: Vec<f64>,
    mean: f64,
    median: f64,
    sd: f64,
    /// Median absolute deviation, scaled to be the standard deviation of normal values.
    mad: f64,
    /// How many values the estimates rest on.
    size: f64,
    /// Interval of the median, with its level.
    median_interval: Option<(f64, f64, f64)>,
}

impl Sample {
    /// The sample of a case; `None` where it has no time, or where nothing tells how far values lie
    /// apart.
    pub(super) fn of(case: &CaseRecord) -> Option<Self> {
        let time = case.metric(metric_name::TIME).filter(|time| time.estimate.is_finite())?;
        if case.launches.len() >= 2 {
            Self::of_launches(case, time)
        } else {
            Self::of_one(case, time)
        }
    }

    /// The medians of launches, moved by what an empty loop takes: it is in them, and not in `time`.
    fn of_launches(case: &CaseRecord, time: &Metric) -> Option<Self> {
        let medians: Vec<f64> = case.launches.iter().map(|launch| launch.median_ns).collect();
        let overhead = median(&medians)? - time.estimate;
        let values: Vec<f64> = medians.iter().map(|value| (value - overhead).max(0.0)).collect();
        let iterations: Vec<f64> =
            case.launches.iter().map(|launch| launch.iterations.max(1) as f64).collect();
        Some(Self {
            mean: mean(&values)?,
            median: time.estimate,
            sd: sample_sd(&values)?,
            mad: robust_sd(&values)?,
            size: values.len() as f64,
            median_interval: leveled(time),
            values,
            iterations,
        })
    }

    /// A single process: the standard deviation is the one that the interval implies for normal
    /// values, as many as there were samples.
    fn of_one(case: &CaseRecord, time: &Metric) -> Option<Self> {
        let (low, high) = interval(time)?;
        let size = time.samples.unwrap_or(2).max(2) as f64;
        let level = time.level.unwrap_or(LEVEL);
        let error = (high - low) / 2.0 / z(level)?;
        let sd = error * size.sqrt() / MEDIAN_ERROR;
        if !(sd.is_finite() && sd >= 0.0) {
            return None;
        }
        let of_mean = case.metric(metric_name::TIME_MEAN).map(|mean| mean.estimate);
        Some(Self {
            values: vec![time.estimate],
            iterations: vec![case.launches.first().map_or(1.0, |one| one.iterations.max(1) as f64)],
            mean: of_mean.filter(|mean| mean.is_finite()).unwrap_or(time.estimate),
            median: time.estimate,
            sd,
            mad: sd,
            size,
            median_interval: Some((low, high, level)),
        })
    }
}

fn leveled(metric: &Metric) -> Option<(f64, f64, f64)> {
    let (low, high) = interval(metric)?;
    Some((low, high, metric.level.unwrap_or(LEVEL)))
}

/// Half the width of a normal interval of that level, in standard errors.
fn z(level: f64) -> Option<f64> {
    normal_quantile(0.5 + level / 2.0).filter(|z| *z > 0.0)
}

/// Mean, median, median absolute deviation and standard deviation, each with an interval. There is no
/// slope: nothing is fitted to batches of different sizes.
pub(super) fn estimates_json(sample: &Sample) -> String {
    let error = sample.sd / sample.size.sqrt();
    let t = student::quantile(0.5 + LEVEL / 2.0, sample.size - 1.0).or_else(|| z(LEVEL));
    let around = |point: f64, half_width: f64| (point - half_width, point + half_width, LEVEL);
    let normal = |point: f64, error: f64| {
        let half_width = error * z(LEVEL).unwrap_or_default();
        ((point - half_width).max(0.0), point + half_width, LEVEL)
    };
    let median_error = error * MEDIAN_ERROR;
    let median_interval =
        sample.median_interval.unwrap_or_else(|| normal(sample.median, median_error));
    let deviation_error = error * DEVIATION_ERROR;
    let sd_error = sample.sd / (2.0 * (sample.size - 1.0)).sqrt();
    let mean_interval = around(sample.mean, error * t.unwrap_or_default());
    Object::new()
        .raw("mean", &estimate(sample.mean, error, mean_interval))
        .raw("median", &estimate(sample.median, median_error, median_interval))
        .raw(
            "median_abs_dev",
            &estimate(sample.mad, deviation_error, normal(sample.mad, deviation_error)),
        )
        .raw("slope", "null")
        .raw("std_dev", &estimate(sample.sd, sd_error, normal(sample.sd, sd_error)))
        .end()
}

fn estimate(point: f64, error: f64, (low, high, level): (f64, f64, f64)) -> String {
    let interval = Object::new()
        .number("confidence_level", level)
        .number("lower_bound", low)
        .number("upper_bound", high)
        .end();
    Object::new()
        .raw("confidence_interval", &interval)
        .number("point_estimate", point)
        .number("standard_error", error)
        .end()
}

/// Iterations and total times.
pub(super) fn sample_json(sample: &Sample) -> String {
    let pairs = sample.values.iter().zip(&sample.iterations);
    let times: Vec<f64> = pairs.map(|(value, iterations)| value * iterations).collect();
    Object::new()
        .text("sampling_mode", "Flat")
        .raw("iters", &numbers(&sample.iterations))
        .raw("times", &numbers(&times))
        .end()
}

/// Tukey's fences: three and one and a half quartile distances outside of the quartiles.
pub(super) fn tukey_json(sample: &Sample) -> String {
    let values = sorted(&sample.values);
    let normal = (sample.median - QUARTILE * sample.sd, sample.median + QUARTILE * sample.sd);
    let of_values = quantile_sorted(&values, 0.25).zip(quantile_sorted(&values, 0.75));
    let (low, high) = of_values.filter(|_| values.len() > 1).unwrap_or(normal);
    let distance = high - low;
    numbers(&[
        low - 3.0 * distance,
        low - 1.5 * distance,
        high + 1.5 * distance,
        high + 3.0 * distance,
    ])
}
