//! Sums of what metered regions used, and what they say of one call.

use crate::resource::{Absent, Quantity, Readings, Tally};

/// Counters of energy step about once a millisecond: on shorter regions they show the steps.
const ENERGY_REGION_NS: f64 = 5e6;
/// Nobody starts a thread and waits for it in less.
const SHORT_REGION_NS: f64 = 10_000.0;

/// What metered regions used together, by which probes were read around them.
#[derive(Clone, Debug, Default)]
pub(super) struct Metered {
    all: Used,
    quick: Used,
    /// What is not counted, and why.
    absent: Vec<Absent>,
    /// Processor time spent in the program and in the kernel while samples were taken.
    pub(super) split_ns: Option<(f64, f64)>,
}

/// What some regions used together.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    tally: Tally,
    /// Calls of the benchmark, on all threads.
    calls: u64,
    regions: u64,
    /// Time of the regions, of the slowest thread where there are several.
    wall_ns: f64,
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
    regions: u64,
}

/// A batch that was metered.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeteredBatch {
    pub(super) readings: Readings,
    pub(super) used: Tally,
    /// Calls of the benchmark, on all threads.
    pub(super) calls: u64,
    pub(super) regions: u64,
    pub(super) wall_ns: f64,
    /// The processor was taken away meanwhile.
    pub(super) disturbed: bool,
}

impl Metered {
    /// Adds a batch, and what is absent by now.
    pub(super) fn add(&mut self, batch: &MeteredBatch, absent: Vec<Absent>) {
        self.absent = absent;
        let sum = match batch.readings {
            Readings::All => &mut self.all,
            Readings::Quick => &mut self.quick,
        };
        sum.tally.add(&batch.used);
        sum.calls += batch.calls;
        sum.regions += batch.regions;
        sum.wall_ns += batch.wall_ns;
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

    /// What one call used of it, or why that cannot be told.
    pub(super) fn each(&self, quantity: Quantity) -> Result<f64, String> {
        // Asked first: what became absent on the way has left a part of a sum.
        let named = |absent: &&Absent| absent.quantities.contains(&quantity);
        if let Some(absent) = self.absent.iter().find(named) {
            return Err(absent.reason.clone());
        }
        let of = |used: &Used| Some((used.tally.get(quantity)?, *used));
        let (sum, used) = self.best_first().iter().find_map(of).ok_or("no probe counts it")?;
        if quantity == Quantity::Joules && used.wall_ns < ENERGY_REGION_NS * used.regions as f64 {
            return Err("counters of energy step about once a millisecond, and the regions that \
                        were metered are shorter than 5 ms"
                .to_owned());
        }
        Ok((sum / used.calls as f64).max(0.0))
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
        self.regions += batch.regions;
    }

    /// Of one thread with nothing beside it: it cannot have used more processor time than passed.
    /// In regions of some microseconds reading the clocks shows, however well it is taken off.
    pub(super) fn of_one_thread(mut self) -> Self {
        if self.wall_ns < SHORT_REGION_NS * self.regions as f64 {
            self.cpu_ns = self.cpu_ns.min(self.wall_ns);
        }
        self
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
        MeteredBatch { readings, used, calls: 10, regions: 4, wall_ns, disturbed }
    }

    #[test]
    fn processor_time_comes_from_quick_readings_and_the_rest_from_the_others() {
        let mut metered = Metered::default();
        assert!(metered.is_empty() && metered.processor().is_none());
        metered.add(&batch(Readings::All, 300.0, 300.0, false), Vec::new());
        let each = |metered: &Metered| metered.processor().map(|processor| processor.each_ns());
        assert_eq!(each(&metered), Some(30.0));
        metered.add(&batch(Readings::Quick, 100.0, 200.0, false), Vec::new());
        assert_eq!(each(&metered), Some(10.0));
        assert_eq!(metered.each(Quantity::CpuNs), Ok(10.0));
        assert_eq!(metered.each(Quantity::FaultsMinor), Ok(3.0));
        assert!(metered.each(Quantity::IoRead).is_err());
    }

    #[test]
    fn a_thread_alone_uses_no_more_than_the_time_that_passed() {
        let used = |cpu_ns, wall_ns| {
            let mut metered = Metered::default();
            metered.add(&batch(Readings::Quick, cpu_ns, wall_ns, false), Vec::new());
            metered.processor().map(|processor| processor.of_one_thread().each_ns())
        };
        // Four regions each.
        assert_eq!(used(9_000.0, 8_000.0), Some(800.0));
        assert_eq!(used(7_000.0, 8_000.0), Some(700.0));
        assert_eq!(used(90_000.0, 80_000.0), Some(9_000.0), "long enough to have started others");
    }

    #[test]
    fn disturbed_batches_count_only_where_there_are_no_others() {
        let mut metered = Metered::default();
        metered.add(&batch(Readings::Quick, 120.0, 900.0, true), Vec::new());
        let utilisation = |metered: &Metered| metered.processor()?.utilisation();
        assert_eq!(utilisation(&metered), Some(120.0 / 900.0));
        metered.add(&batch(Readings::Quick, 100.0, 100.0, false), Vec::new());
        assert_eq!(utilisation(&metered), Some(1.0));
    }

    #[test]
    fn what_probes_cost_may_take_a_part_below_zero_but_no_figure() {
        let mut metered = Metered::default();
        metered.add(&batch(Readings::Quick, -5.0, 0.0, false), Vec::new());
        let processor = metered.processor();
        assert_eq!(processor.map(|processor| processor.each_ns()), Some(0.0));
        assert_eq!(processor.and_then(|processor| processor.utilisation()), None);
        metered.add(&batch(Readings::Quick, 15.0, 100.0, false), Vec::new());
        assert_eq!(metered.each(Quantity::CpuNs), Ok(0.5));
    }

    fn with_energy(region_ns: f64, absent: Vec<Absent>) -> Metered {
        let mut metered = Metered::default();
        let mut batch = batch(Readings::All, 7.0, 4.0 * region_ns, false);
        batch.used.set(Quantity::Joules, 60.0);
        metered.add(&batch, absent);
        metered
    }

    #[test]
    fn energy_of_short_regions_is_not_told() {
        assert_eq!(with_energy(5e6, Vec::new()).each(Quantity::Joules), Ok(6.0));
        let short = with_energy(4.9e6, Vec::new());
        assert!(short.each(Quantity::Joules).is_err_and(|reason| reason.contains("5 ms")));
        assert_eq!(short.each(Quantity::CpuNs), Ok(0.7));
    }

    #[test]
    fn each_quantity_is_absent_for_its_own_reason() {
        let absent = |quantity, reason: &str| Absent {
            quantities: vec![quantity],
            reason: reason.to_owned(),
        };
        let absent = vec![absent(Quantity::FaultsMinor, "one"), absent(Quantity::NetSent, "two")];
        let metered = with_energy(1e6, absent);
        // It was counted in some regions, then no longer.
        assert_eq!(metered.each(Quantity::FaultsMinor), Err("one".to_owned()));
        assert_eq!(metered.each(Quantity::NetSent), Err("two".to_owned()));
    }
}
