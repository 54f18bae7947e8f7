//! Sums of what metered regions used, and what they say of one call.

use crate::resource::{Quantity, Readings, Tally};

/// What metered regions used together, by which probes were read around them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Metered {
    all: Used,
    quick: Used,
    /// Processor time spent in the program and in the kernel while samples were taken.
    pub(super) split_ns: Option<(f64, f64)>,
}

/// What some regions used together.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    tally: Tally,
    /// Calls of the benchmark, on all threads.
    calls: u64,
    processor: Processor,
    /// Of the batches from which the processor was not taken away.
    undisturbed: Processor,
}

/// Processor time of some batches.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Processor {
    cpu_ns: f64,
    /// Time of their regions, of the slowest thread where there are several.
    wall_ns: f64,
    /// Calls of the benchmark, on all threads.
    calls: u64,
}

/// A batch that was metered.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeteredBatch {
    pub(super) readings: Readings,
    pub(super) used: Tally,
    /// Calls of the benchmark, on all threads.
    pub(super) calls: u64,
    pub(super) wall_ns: f64,
    /// The processor was taken away meanwhile.
    pub(super) disturbed: bool,
}

impl Metered {
    pub(super) fn add(&mut self, batch: &MeteredBatch) {
        let sum = match batch.readings {
            Readings::All => &mut self.all,
            Readings::Quick => &mut self.quick,
        };
        sum.tally.add(&batch.used);
        sum.calls += batch.calls;
        if let Some(cpu_ns) = batch.used.get(Quantity::CpuNs) {
            sum.processor.add(cpu_ns, batch);
            if !batch.disturbed {
                sum.undisturbed.add(cpu_ns, batch);
            }
        }
    }

    /// Whether anything was metered with all probes.
    pub(super) fn is_empty(&self) -> bool {
        self.all.calls == 0
    }

    /// What one call used of it.
    pub(super) fn each(&self, quantity: Quantity) -> Option<f64> {
        let of = |used: &Used| Some(used.tally.get(quantity)? / used.calls as f64);
        self.best_first().iter().find_map(of).map(|each| each.max(0.0))
    }

    /// Processor time. As with wall time, disturbed batches count only where there are no others.
    pub(super) fn processor(&self) -> Option<Processor> {
        let of = |used: &Used| {
            [used.undisturbed, used.processor].into_iter().find(|processor| processor.calls > 0)
        };
        self.best_first().iter().find_map(of)
    }

    /// What is read in an instant is not taken from regions that stand between slow readings.
    fn best_first(&self) -> [Used; 2] {
        [self.quick, self.all]
    }
}

impl Processor {
    fn add(&mut self, cpu_ns: f64, batch: &MeteredBatch) {
        self.cpu_ns += cpu_ns;
        self.wall_ns += batch.wall_ns;
        self.calls += batch.calls;
    }

    /// Processor time of one call, in nanoseconds.
    pub(super) fn each_ns(&self) -> f64 {
        (self.cpu_ns / self.calls as f64).max(0.0)
    }

    /// Processor time over wall time.
    pub(super) fn utilisation(&self) -> Option<f64> {
        (self.wall_ns > 0.0).then(|| (self.cpu_ns / self.wall_ns).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(readings: Readings, cpu_ns: f64, wall_ns: f64, disturbed: bool) -> MeteredBatch {
        let mut used = Tally::default();
        used.set(Quantity::CpuNs, cpu_ns);
        if readings == Readings::All {
            used.set(Quantity::FaultsMinor, 30.0);
        }
        MeteredBatch { readings, used, calls: 10, wall_ns, disturbed }
    }

    #[test]
    fn processor_time_comes_from_quick_readings_and_the_rest_from_the_others() {
        let mut metered = Metered::default();
        assert!(metered.is_empty() && metered.processor().is_none());
        metered.add(&batch(Readings::All, 300.0, 300.0, false));
        let each = |metered: &Metered| metered.processor().map(|processor| processor.each_ns());
        assert_eq!(each(&metered), Some(30.0));
        metered.add(&batch(Readings::Quick, 100.0, 200.0, false));
        assert_eq!(each(&metered), Some(10.0));
        assert_eq!(metered.each(Quantity::CpuNs), Some(10.0));
        assert_eq!(metered.each(Quantity::FaultsMinor), Some(3.0));
        assert_eq!(metered.each(Quantity::IoRead), None);
    }

    #[test]
    fn disturbed_batches_count_only_where_there_are_no_others() {
        let mut metered = Metered::default();
        metered.add(&batch(Readings::Quick, 120.0, 900.0, true));
        let utilisation = |metered: &Metered| metered.processor()?.utilisation();
        assert_eq!(utilisation(&metered), Some(120.0 / 900.0));
        metered.add(&batch(Readings::Quick, 100.0, 100.0, false));
        assert_eq!(utilisation(&metered), Some(1.0));
    }

    #[test]
    fn what_probes_cost_may_take_a_part_below_zero_but_no_figure() {
        let mut metered = Metered::default();
        metered.add(&batch(Readings::Quick, -5.0, 0.0, false));
        let processor = metered.processor();
        assert_eq!(processor.map(|processor| processor.each_ns()), Some(0.0));
        assert_eq!(processor.and_then(|processor| processor.utilisation()), None);
        metered.add(&batch(Readings::Quick, 15.0, 100.0, false));
        assert_eq!(metered.each(Quantity::CpuNs), Some(0.5));
    }
}
