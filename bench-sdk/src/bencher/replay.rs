//! What allocating alone would cost: the allocations of an iteration, made again without its work.

use std::hint::black_box;

use super::sampling::Launch;
use crate::clock::Timer;
use crate::resource::Allocations;

/// Length of one timed stretch of replays.
const STRETCH_NS: f64 = 20_000.0;
/// Most time for all of them.
const LIMIT_NS: f64 = 1e6;
/// Stretches that are timed if there is time.
const STRETCHES: usize = 9;
/// Iterations that allocate more are not replayed: a single replay would be over any limit.
const MOST_BYTES: f64 = (64_u32 << 20) as f64;
/// Share of what is allocated that an iteration may hand out and still count as having made its
/// data for itself.
const HANDED_OUT: f64 = 0.1;

/// Allocations of one iteration, all of the mean size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pattern {
    allocs: usize,
    bytes_each: usize,
    /// How many are live at a time.
    together: usize,
}

impl Launch<'_> {
    /// Replays what the iterations allocated, where they have given it back themselves.
    pub(super) fn replay_allocations(&mut self, found: &Allocations, iterations: u64) {
        if let Some(pattern) = Pattern::of(found, iterations) {
            self.samples.allocating_ns = Some(pattern.time_ns(&self.context.timer));
        }
    }
}

impl Pattern {
    /// The pattern of iterations that allocated as much; `None` where they keep what they allocate.
    fn of(found: &Allocations, iterations: u64) -> Option<Self> {
        let (allocs, bytes) = (found.allocs as f64, found.bytes as f64);
        let each = bytes / iterations as f64;
        let kept = (found.kept.max(0)) as f64;
        if found.allocs < iterations || kept > HANDED_OUT * bytes || each > MOST_BYTES {
            return None;
        }
        let bytes_each = (bytes / allocs).max(1.0);
        let allocs = (allocs / iterations as f64).round().max(1.0);
        let together = (found.peak_live as f64 / bytes_each).clamp(1.0, allocs);
        Some(Self {
            allocs: allocs as usize,
            bytes_each: bytes_each as usize,
            together: together as usize,
        })
    }

    /// The median time of a replay, in nanoseconds.
    fn time_ns(self, timer: &Timer) -> f64 {
        let mut live = Vec::with_capacity(self.together);
        let mut stretch = |replays: usize| {
            let start = timer.start();
            for _ in 0..replays {
                self.replay(&mut live);
            }
            let ticks = timer.stop().saturating_sub(start);
            (timer.ns(ticks) - timer.spec.cost_ns).max(0.0) / replays as f64
        };
        // The first meets the heap as the benchmark has left it, and sizes the others.
        let first_ns = stretch(1);
        let replays = (STRETCH_NS / first_ns.max(1.0)).clamp(1.0, 1_000.0) as usize;
        let stretch_ns = first_ns * replays as f64;
        let affordable = (LIMIT_NS / stretch_ns.max(1.0)) as usize;
        let mut stretches: Vec<f64> =
            (0..STRETCHES.min(affordable)).map(|_| stretch(replays)).collect();
        stretches.sort_by(f64::total_cmp);
        stretches.get(stretches.len() / 2).copied().unwrap_or(first_ns)
    }

    fn replay(self, live: &mut Vec<Vec<u8>>) {
        for _ in 0..self.allocs {
            if live.len() == self.together {
                live.clear();
            }
            let mut block: Vec<u8> = Vec::with_capacity(self.bytes_each);
            // Data are written before they are used, whoever makes them.
            block.resize(self.bytes_each, 1);
            live.push(black_box(block));
        }
        live.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TimerSpec;

    fn found(allocs: u64, bytes: u64, peak_live: u64, kept: i64) -> Allocations {
        Allocations { allocs, bytes, frees: allocs, peak_live, kept }
    }

    #[test]
    fn the_pattern_is_that_of_one_iteration() {
        let pattern = Pattern::of(&found(40, 4_000, 200, 0), 10);
        assert_eq!(pattern, Some(Pattern { allocs: 4, bytes_each: 100, together: 2 }));
    }

    #[test]
    fn what_is_handed_out_or_not_allocated_is_not_replayed() {
        assert_eq!(Pattern::of(&found(10, 1_000, 100, 900), 10), None);
        assert_eq!(Pattern::of(&found(9, 1_000, 100, 0), 10), None);
        assert_eq!(Pattern::of(&found(0, 0, 0, 0), 10), None);
        assert_eq!(Pattern::of(&found(10, 1 << 31, 1 << 27, 0), 10), None);
    }

    #[test]
    fn a_replay_makes_and_frees_all_of_them() {
        let pattern = Pattern { allocs: 5, bytes_each: 64, together: 2 };
        let mut live = Vec::with_capacity(pattern.together);
        pattern.replay(&mut live);
        assert_eq!((live.len(), live.capacity()), (0, 2));
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 };
        assert!(pattern.time_ns(&Timer::new(spec)) > 0.0);
    }
}
