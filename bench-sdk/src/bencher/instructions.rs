//! Instructions of an iteration, counted by Callgrind.

use super::body::{Body, Job, Purpose, Solo};
use super::loops::plain;
use super::probe::NoCheck;
use super::sampling::Launch;
use crate::record::metric_name as name;
use crate::resource::Callgrind;

/// Instructions that a batch should run: under Callgrind some hundredths of a second.
const BATCH_INSTRUCTIONS: f64 = 4e6;
/// No batch takes longer with its surroundings, unless one iteration does.
const BATCH_NS: f64 = 1e9;
/// Nor do the inputs of one region; this bounds the memory they use together.
const REGION_NS: f64 = 16e6;
/// Most iterations of the shorter batch.
const MAX_ITERATIONS: u64 = 4096;
/// Most inputs or outputs of one of its regions.
const MAX_ITEMS: u64 = 512;
/// Iterations of the shorter empty batch.
const EMPTY_ITERATIONS: u64 = 1000;

/// What Callgrind counted in the regions of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Counted {
    iterations: u64,
    regions: u64,
    instructions: u64,
}

/// Cost of what stands around an iteration, in instructions.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Surroundings {
    /// Of opening and closing a region.
    region: f64,
    /// Of one turn of the empty loop.
    turn: f64,
}

impl Surroundings {
    /// From batches of n and 2n empty iterations, in one region each.
    fn of(once: Counted, twice: Counted) -> Self {
        let more = (twice.iterations - once.iterations) as f64;
        let turn = (twice.instructions as f64 - once.instructions as f64) / more;
        let region = once.instructions as f64 - turn * once.iterations as f64;
        Self { region, turn }
    }

    /// Instructions of one iteration, from batches of n and 2n: what is the same in both drops out.
    /// Mostly that is every region too, since those of the second are twice as long.
    fn taken_off(self, once: Counted, twice: Counted) -> f64 {
        let own =
            |counted: Counted| counted.instructions as f64 - self.region * counted.regions as f64;
        let more = (twice.iterations - once.iterations) as f64;
        ((own(twice) - own(once)) / more - self.turn).max(0.0)
    }
}

impl Launch<'_> {
    /// Counts the instructions of an iteration; nothing is timed. The process runs under Callgrind,
    /// which writes into files with that prefix.
    pub(super) fn count_instructions(
        &mut self,
        body: &mut dyn Body,
        prefix: &str,
    ) -> Result<(), String> {
        // The first iteration may build what the others find.
        self.run(body, 1)?;
        let mut callgrind = Callgrind::start(prefix)?;
        let mut empty = Solo(|job: Job<'_>| plain(job, || (), |()| NoCheck));
        let once = self.counted(&mut callgrind, &mut empty, EMPTY_ITERATIONS, 1)?;
        let twice = self.counted(&mut callgrind, &mut empty, 2 * EMPTY_ITERATIONS, 1)?;
        let surroundings = Surroundings::of(once, twice);
        let start_ns = self.context.gauge.elapsed_ns();
        let single = self.counted(&mut callgrind, body, 1, 1)?;
        let wall_ns = self.context.gauge.elapsed_ns() - start_ns;
        let iterations = enough(single.instructions, wall_ns);
        let items = within(REGION_NS, wall_ns).min(MAX_ITEMS);
        let once = self.counted(&mut callgrind, body, iterations, items)?;
        let twice = self.counted(&mut callgrind, body, 2 * iterations, 2 * items)?;
        let each = surroundings.taken_off(once, twice);
        self.samples.usage.push((name::INSTRUCTIONS.to_owned(), each));
        Ok(())
    }

    fn counted(
        &self,
        callgrind: &mut Callgrind,
        body: &mut dyn Body,
        iterations: u64,
        items: u64,
    ) -> Result<Counted, String> {
        let job = Job {
            purpose: Purpose::Instructions,
            preemptions: || 0,
            region_items: items as usize,
            ..self.job(iterations)
        };
        let regions = body.run(job)?.regions;
        Ok(Counted { iterations, regions, instructions: callgrind.take(regions)? })
    }
}

/// Iterations of the shorter batch. By time only where instructions do not tell, since making inputs
/// is not among them.
fn enough(instructions: u64, wall_ns: f64) -> u64 {
    let by_instructions = (BATCH_INSTRUCTIONS / instructions.max(1) as f64) as u64;
    by_instructions.min(within(BATCH_NS, wall_ns)).clamp(1, MAX_ITERATIONS)
}

/// How many times the second fits into the first, in steps, so that the next run most likely finds
/// the same.
fn within(limit_ns: f64, each_ns: f64) -> u64 {
    let times = (limit_ns / each_ns.max(1.0)) as u64;
    times.checked_ilog2().map_or(1, |power| 1 << power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_iteration_itself_is_left() {
        let counted = |iterations: u64, regions: u64, each: u64| Counted {
            iterations,
            regions,
            instructions: 40 * regions + (5 + each) * iterations,
        };
        let surroundings = Surroundings::of(counted(1000, 1, 0), counted(2000, 1, 0));
        assert_eq!(surroundings, Surroundings { region: 40.0, turn: 5.0 });
        let each = |once, twice| surroundings.taken_off(once, twice);
        assert!((each(counted(10, 1, 123), counted(20, 1, 123)) - 123.0).abs() < 1e-9);
        // Inputs cut batches into regions.
        assert!((each(counted(10, 4, 123), counted(20, 7, 123)) - 123.0).abs() < 1e-9);
        assert!(each(counted(10, 1, 0), counted(20, 1, 0)).abs() < 1e-9);
        let less = Counted { iterations: 20, regions: 1, instructions: 0 };
        assert!(each(counted(10, 1, 0), less).abs() < 1e-9);
    }

    #[test]
    fn iterations_fill_a_batch_and_no_more() {
        assert_eq!(enough(10, 1e3), MAX_ITERATIONS);
        assert_eq!(enough(40_000, 1e6), 100);
        assert_eq!(enough(40_000_000, 1e6), 1);
        // Making the input takes most of the time.
        assert_eq!(enough(400, 30e6), 32);
        assert_eq!(enough(400, 33e6), 16);
        assert_eq!(enough(0, 60e9), 1);
    }
}
