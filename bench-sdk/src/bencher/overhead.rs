//! What the loop costs without a benchmark in it, and the anchor kernel.

use std::hint::black_box;

use super::body::{Job, Purpose};
use super::loops::plain;
use super::probe::NoCheck;
use crate::clock::Timer;

/// Half a cycle of the fastest processors.
const HALF_CYCLE_NS: f64 = 0.1;
/// Iterations of one calibrating batch.
const ITERATIONS: u64 = 40_000;
/// Batches for each copy of the loop.
const ROUNDS: usize = 4;

/// Cost of one turn of the empty loop, as an interval: the same loop differs by a cycle with where
/// the linker puts it, so several copies are timed and the truth is only known to lie among them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Overhead {
    /// Fastest batch of the fastest copy, in nanoseconds an iteration.
    pub(crate) low_ns: f64,
    /// Slowest copy, each by its fastest batch, in nanoseconds an iteration.
    pub(crate) high_ns: f64,
}

impl Overhead {
    /// Whether that time of an iteration, the loop's included, cannot be told from an empty loop.
    pub(crate) fn hides(&self, ns: f64) -> bool {
        // A turn of the loop differs by a fraction of a cycle with its alignment; 5 % more than
        // the slowest empty loop seen is still an empty loop. So is half a cycle more, which a
        // neighbour on the same core costs.
        ns <= self.high_ns * 1.05 || ns - self.low_ns < HALF_CYCLE_NS
    }
}

/// Times the empty loop; takes about a millisecond.
pub(crate) fn measure_overhead(timer: &Timer) -> Overhead {
    // Each closure is a type of its own, hence a loop of its own at an address of its own.
    let copies = [
        fastest(timer, || ()),
        fastest(timer, || black_box(())),
        fastest(timer, || 0_u8),
        fastest(timer, || 1_u32),
        fastest(timer, || 2_u64),
        fastest(timer, || [0_u8; 0]),
    ];
    Overhead {
        low_ns: copies.iter().copied().fold(f64::INFINITY, f64::min),
        high_ns: copies.iter().copied().fold(0.0, f64::max),
    }
}

fn fastest<O>(timer: &Timer, mut empty: impl FnMut() -> O) -> f64 {
    let job = Job {
        iterations: ITERATIONS,
        purpose: Purpose::Time,
        timer,
        preemptions: || 0,
        short_regions: false,
        region_items: usize::MAX,
        gate: None,
    };
    let batch = |_| plain(job, &mut empty, |_| NoCheck).map_or(u64::MAX, |batch| batch.ticks);
    let ticks = (0..ROUNDS).map(batch).min().unwrap_or(u64::MAX);
    (timer.ns(ticks) - timer.spec.cost_ns).max(0.0) / ITERATIONS as f64
}

/// Steps of the anchor kernel.
const ANCHOR_STEPS: u32 = 2_000;

/// Time of the anchor kernel in nanoseconds: the median of several runs.
///
/// The kernel is a chain of multiplications and shifts, each waiting for the one before, without a
/// memory access or a branch to predict. It is frozen: records of different days are compared as
/// ratios to it, so changing it would break every history.
pub(crate) fn anchor_ns(timer: &Timer) -> f64 {
    let mut runs: Vec<u64> = (0..25)
        .map(|_| {
            let start = timer.start();
            black_box(anchor(black_box(1)));
            timer.stop().saturating_sub(start)
        })
        .collect();
    runs.sort_unstable();
    (timer.ns(runs[runs.len() / 2]) - timer.spec.cost_ns).max(0.0)
}

#[inline(never)]
fn anchor(seed: u64) -> u64 {
    let mut state = seed;
    for _ in 0..ANCHOR_STEPS {
        state = (state ^ (state >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    state
}

#[cfg(test)]
mod tests {
    use super::anchor;

    #[test]
    fn the_anchor_kernel_is_frozen() {
        assert_eq!(anchor(1), 0x20fe_212f_5733_4837);
    }
}
