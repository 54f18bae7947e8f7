//! Finds the best clock of the machine and what using it costs.

use std::time::Instant;

use super::timer::{Timer, TimerSpec};

/// How long the counter is compared with the monotonic clock.
const COMPARE_NS: u64 = 8_000_000;
/// Readings from which cost and precision are taken.
const READINGS: usize = 400;

/// Chooses the clock and measures it; takes about 10 ms.
pub(crate) fn calibrate() -> TimerSpec {
    let blank = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 };
    let spec = TimerSpec { tsc_ns_per_tick: tsc_ns_per_tick(), ..blank };
    let timer = Timer::new(spec);
    let (precision_ns, cost_ns) = precision_and_cost(&timer);
    TimerSpec { precision_ns, cost_ns, ..spec }
}

/// The smallest non-zero step, and the mean of empty timed regions without the slowest tenth, in
/// nanoseconds. It is a mean because a coarse counter shows only 0 or a whole step each time.
fn precision_and_cost(timer: &Timer) -> (f64, f64) {
    let mut steps: Vec<u64> = (0..READINGS)
        .map(|_| {
            let start = timer.start();
            timer.stop().saturating_sub(start)
        })
        .collect();
    steps.sort_unstable();
    let kept = &steps[..READINGS * 9 / 10];
    let mean = timer.ns(kept.iter().sum()) / kept.len() as f64;
    let tick = timer.ns(1);
    // Two distinct results differ by a step of the clock at least.
    let distinct = steps.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0).min();
    let precision = distinct.map_or(tick, |step| timer.ns(step)).max(tick);
    (precision, mean)
}

#[cfg(target_arch = "x86_64")]
fn tsc_ns_per_tick() -> Option<f64> {
    use super::tsc;
    if !tsc::supported() {
        return None;
    }
    let first = paired_reading();
    while first.1.elapsed().as_nanos() < u128::from(COMPARE_NS) {
        std::hint::spin_loop();
    }
    let last = paired_reading();
    let elapsed_ns = last.1.duration_since(first.1).as_nanos() as f64;
    let ticks = last.0.checked_sub(first.0)? as f64;
    let ns_per_tick = elapsed_ns / ticks;
    // Anything outside 0.2 to 20 GHz is not a clock.
    (ns_per_tick.is_finite() && (0.05..=5.0).contains(&ns_per_tick)).then_some(ns_per_tick)
}

/// Both clocks read as close together as can be had: the tightest of several attempts.
#[cfg(target_arch = "x86_64")]
fn paired_reading() -> (u64, Instant) {
    use super::tsc;
    let attempt = || {
        let before = tsc::start();
        let instant = Instant::now();
        let after = tsc::stop();
        (after.saturating_sub(before), before.midpoint(after), instant)
    };
    let mut best = attempt();
    for _ in 0..20 {
        let next = attempt();
        if next.0 < best.0 {
            best = next;
        }
    }
    (best.1, best.2)
}

#[cfg(not(target_arch = "x86_64"))]
fn tsc_ns_per_tick() -> Option<f64> {
    let _ = (COMPARE_NS, Instant::now);
    None
}
