//! The lines that are redrawn while a load test goes on.

use super::words::{figure, per_second, plain, share, span};
use crate::record::load::{Executor, LoadPlan, MetricUnit, Scenario, Tick};
use crate::record::units::bytes;
use crate::report::escape::{cut, escape, width};
use crate::report::progress::bar_of;
use crate::report::style::{Paint, push_painted};

/// Cells of the bar, and what they shrink to where there is no room.
const BAR: usize = 28;
const NARROW_BAR: usize = 10;
/// From this many columns on there is room for the long bar.
const WIDE: usize = 90;

/// `━━━━━━━╸   48 s   2,000/s   in flight 31   p95 12.4 ms   failed 0.02 %`, in fewer columns than
/// given; parts that find no room are left out from the right. `tick` is the last one, if any.
pub(crate) fn live_line(
    plan: &LoadPlan,
    tick: Option<&Tick>,
    elapsed_ns: u64,
    columns: usize,
    color: bool,
) -> String {
    let total = total_ns(plan);
    let done = if total == 0 { 0.0 } else { elapsed_ns as f64 / total as f64 };
    let cells = if columns >= WIDE { BAR } else { NARROW_BAR };
    let mut parts = vec![
        (format!("  {}", bar_of(done, cells)), Paint::Plain),
        (format!("   {:>7}", span(elapsed_ns / 1_000_000_000 * 1_000_000_000)), Paint::Plain),
    ];
    if elapsed_ns > total {
        parts.push(("   finishing".to_owned(), Paint::Caution));
    }
    if let Some(tick) = tick {
        parts.extend(tick_parts(tick));
    }
    fitting(&parts, columns, color)
}

/// The line above, and a second one that tells where in its plan the test is: stage, phase, what is
/// planned, users and bytes.
pub(crate) fn live_lines(
    plan: &LoadPlan,
    tick: Option<&Tick>,
    elapsed_ns: u64,
    columns: usize,
    color: bool,
) -> [String; 2] {
    let mut told = Vec::new();
    let active: Vec<&Scenario> =
        plan.scenarios.iter().filter(|scenario| is_active(scenario, elapsed_ns)).collect();
    match active.as_slice() {
        [] => told.push("no scenario starts iterations".to_owned()),
        [only] => {
            if plan.scenarios.len() > 1 {
                told.push(cut(&escape(&only.name), columns / 3));
            }
            told.push(stage_words(only, elapsed_ns));
        }
        many => told.push(format!("{} scenarios at once", many.len())),
    }
    if let Some(tick) = tick {
        if let Some(phase) = tick.phase {
            told.push(phase.name().to_owned());
        }
        if let Some(planned) = tick.planned {
            let open = active.iter().any(|scenario| scenario.executor.is_open());
            let planned = if open { per_second(planned) } else { plain(planned) };
            told.push(format!("planned {planned}"));
        }
        told.push(format!("VUs {}", plain(tick.vus as f64)));
        let rate = |sum: u64| bytes(each_second(sum, tick.length_ns));
        told.push(format!("{}/s in", rate(tick.received)));
        told.push(format!("{}/s out", rate(tick.sent)));
    }
    let parts: Vec<(String, Paint)> = told
        .into_iter()
        .enumerate()
        .map(|(nth, text)| (format!("{}{text}", if nth == 0 { "  " } else { " · " }), Paint::Dim))
        .collect();
    [live_line(plan, tick, elapsed_ns, columns, color), fitting(&parts, columns, color)]
}

/// What the last stretch was like.
fn tick_parts(tick: &Tick) -> Vec<(String, Paint)> {
    let mut parts = vec![
        (format!("   {}", per_second(each_second(tick.iterations, tick.length_ns))), Paint::Plain),
        (format!("   in flight {}", plain(tick.in_flight as f64)), Paint::Plain),
    ];
    if let Some(p95) = tick.p95_ns {
        parts.push((format!("   p95 {}", figure(MetricUnit::Nanoseconds, p95)), Paint::Plain));
    }
    let (failed, all) = if tick.requests > 0 {
        (tick.requests_failed, tick.requests)
    } else {
        (tick.failed, tick.iterations)
    };
    if all > 0 {
        let paint = match failed {
            0 => Paint::Plain,
            some if some >= all => Paint::Bad,
            _ => Paint::Caution,
        };
        parts.push((format!("   failed {}", share(failed as f64 / all as f64)), paint));
    }
    if tick.dropped > 0 {
        parts.push((format!("   dropped {}", plain(tick.dropped as f64)), Paint::Caution));
    }
    parts
}

/// As many parts as find room, one column less than there are: a full line would wrap on some
/// terminals.
fn fitting(parts: &[(String, Paint)], columns: usize, color: bool) -> String {
    let columns = columns.saturating_sub(1);
    let mut line = String::new();
    let mut at = 0;
    for (text, paint) in parts {
        let wide = width(text);
        if at + wide > columns {
            break;
        }
        push_painted(&mut line, text, *paint, color);
        at += wide;
    }
    line
}

fn each_second(sum: u64, length_ns: u64) -> f64 {
    if length_ns == 0 { 0.0 } else { sum as f64 * 1e9 / length_ns as f64 }
}

/// When the last scenario starts no more iterations, from the start of the run.
fn total_ns(plan: &LoadPlan) -> u64 {
    let end = |scenario: &Scenario| {
        scenario.start_time_ns.saturating_add(scenario.executor.duration_ns())
    };
    plan.scenarios.iter().map(end).max().unwrap_or(0)
}

fn is_active(scenario: &Scenario, elapsed_ns: u64) -> bool {
    let start = scenario.start_time_ns;
    (start..start.saturating_add(scenario.executor.duration_ns())).contains(&elapsed_ns)
}

/// `ramping-vus, stage 2 of 3`.
fn stage_words(scenario: &Scenario, elapsed_ns: u64) -> String {
    let name = scenario.executor.name();
    let (Executor::RampingVus { stages, .. } | Executor::RampingArrivalRate { stages, .. }) =
        &scenario.executor
    else {
        return name.to_owned();
    };
    let mut end = scenario.start_time_ns;
    let ends = stages.iter().map(|stage| {
        end = end.saturating_add(stage.duration_ns);
        end
    });
    // Stages of no length are over before they can be shown.
    let nth = ends.take_while(|end| *end <= elapsed_ns).count();
    format!("{name}, stage {} of {}", (nth + 1).min(stages.len()), stages.len())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{SECOND, closed_run, failing_run, open_run, spike_run, tick};
    use super::*;

    #[test]
    fn the_line_tells_time_rate_and_how_it_goes() {
        let plan = open_run().plan;
        let mut now = tick(48);
        now.requests_failed = 4;
        assert_eq!(
            live_line(&plan, Some(&now), 48 * SECOND, 100, false),
            "  ━━━━━━━━━━━━━━━━━━━━━━╸           48 s   2,000/s   in flight 31   p95 12.4 ms   \
             failed 0.20 %"
        );
        assert_eq!(
            live_line(&plan, Some(&now), 48 * SECOND, 60, false),
            "  ━━━━━━━━        48 s   2,000/s   in flight 31"
        );
        assert_eq!(live_line(&plan, None, 0, 60, false), "                   0 s");
        let late = live_line(&plan, Some(&now), 61 * SECOND, 100, false);
        assert!(late.contains("61 s   finishing   2,000/s"), "{late}");
    }

    #[test]
    fn what_fails_is_painted() {
        let run = failing_run();
        let line = live_line(&run.plan, run.timeline.last(), 5 * SECOND, 100, true);
        assert!(line.ends_with("\x1b[31m   failed 100 %\x1b[0m"), "{line:?}");
        let mut some = tick(5);
        some.requests_failed = 1;
        let line = live_line(&run.plan, Some(&some), 5 * SECOND, 100, true);
        assert!(line.contains("\x1b[33m   failed"), "{line:?}");
    }

    #[test]
    fn the_second_line_tells_where_in_the_plan() {
        let at = |run: &crate::record::load::LoadRecord, second: u64| {
            let tick = run.timeline.get(second as usize - 1);
            live_lines(&run.plan, tick, second * SECOND, 100, false)[1].clone()
        };
        let spike = spike_run();
        assert_eq!(
            at(&spike, 25),
            "  ramping-arrival-rate, stage 3 of 4 · spike · planned 2,000/s · VUs 50 · 1.00 MB/s in"
        );
        let closed = closed_run();
        assert!(at(&closed, 5).starts_with("  browse · ramping-vus, stage 1 of 3 · steady"));
        assert!(at(&closed, 31).starts_with("  checkout · per-vu-iterations · steady"));
        let plan = &closed.plan;
        assert_eq!(
            live_lines(plan, None, 3600 * SECOND, 100, false)[1],
            "  no scenario starts iterations"
        );
    }

    #[test]
    fn no_line_reaches_the_last_column() {
        let mut run = spike_run();
        run.plan.scenarios[0].name = "中\x1b[2J".repeat(500);
        run.plan.scenarios.push(run.plan.scenarios[0].clone());
        run.plan.scenarios[1].start_time_ns = 1000 * SECOND;
        let mut odd = tick(1);
        (odd.length_ns, odd.p95_ns, odd.planned) = (0, Some(f64::NAN), Some(f64::INFINITY));
        odd.dropped = u64::MAX;
        for columns in 0..140 {
            for line in live_lines(&run.plan, Some(&odd), u64::MAX, columns, false) {
                assert!(width(&line) < columns.max(1) && !line.contains('\x1b'), "{line}");
            }
            for line in live_lines(&run.plan, Some(&odd), 21 * SECOND, columns, false) {
                assert!(width(&line) < columns.max(1) && !line.contains('\x1b'), "{line}");
            }
        }
    }
}
