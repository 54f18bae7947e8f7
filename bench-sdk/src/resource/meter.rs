//! Reads probes around regions and sums up what happened between.

use super::probe::{self, Probe};
use super::tally::{Quantity, Tally};

/// Empty regions that tell what the probes themselves cost.
const EMPTY_REGIONS: usize = 9;

/// Whose doings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All threads of this process.
    Process,
    /// The calling thread.
    Thread,
}

/// A quantity, or a few of them, that cannot be counted here, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Absent {
    /// What is not counted.
    pub(crate) quantities: Vec<Quantity>,
    /// Why, in words.
    pub(crate) reason: String,
}

/// Counts what regions use. What the probes use themselves is taken off.
///
/// The slow probes are read first and last, so that the fast ones stand close around the region.
pub(crate) struct Meter {
    probes: Vec<Box<dyn Probe>>,
    absent: Vec<Absent>,
    before: Tally,
    total: Tally,
    /// What an empty region shows.
    own: Tally,
}

impl Meter {
    /// Opens all probes that work here.
    pub(crate) fn open(scope: Scope) -> Self {
        let (mut probes, mut absent) = (Vec::new(), Vec::new());
        for opened in probe::open_all(scope) {
            match opened {
                Ok(probe) => probes.push(probe),
                Err(missing) => absent.push(missing),
            }
        }
        Self::of(probes, absent)
    }

    pub(super) fn of(probes: Vec<Box<dyn Probe>>, absent: Vec<Absent>) -> Self {
        let tally = Tally::default();
        let mut meter = Self { probes, absent, before: tally, total: tally, own: tally };
        meter.own = meter.empty_region();
        meter
    }

    /// A region begins.
    pub(crate) fn begin(&mut self) {
        self.before = self.read(false);
    }

    /// The region is over.
    pub(crate) fn end(&mut self) {
        let after = self.read(true);
        let used = after.since(&self.before);
        self.total.add(&used.since(&self.own));
    }

    /// What all regions since the last call used.
    pub(crate) fn take(&mut self) -> Tally {
        std::mem::take(&mut self.total)
    }

    /// What is not counted, and why.
    pub(crate) fn absent(&self) -> &[Absent] {
        &self.absent
    }

    fn read(&mut self, inside_out: bool) -> Tally {
        let mut tally = Tally::default();
        let mut failed = Vec::new();
        let count = self.probes.len();
        for turn in 0..count {
            let at = if inside_out { count - 1 - turn } else { turn };
            if let Err(error) = self.probes[at].read(&mut tally) {
                failed.push((at, error));
            }
        }
        failed.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, error) in failed {
            let probe = self.probes.remove(at);
            let quantities = probe.quantities().to_vec();
            for quantity in &quantities {
                // Half a sum would be a wrong one.
                tally.clear(*quantity);
                self.total.clear(*quantity);
            }
            let reason = format!("it could be read no longer: {error}");
            self.absent.push(Absent { quantities, reason });
        }
        tally
    }

    /// The median of what some empty regions show, quantity by quantity.
    fn empty_region(&mut self) -> Tally {
        let mut seen = Vec::with_capacity(EMPTY_REGIONS);
        for _ in 0..EMPTY_REGIONS {
            let before = self.read(false);
            seen.push(self.read(true).since(&before));
        }
        let mut median = Tally::default();
        let quantities: Vec<Quantity> =
            self.probes.iter().flat_map(|probe| probe.quantities().iter().copied()).collect();
        for quantity in quantities {
            let mut values: Vec<f64> =
                seen.iter().filter_map(|tally| tally.get(quantity)).collect();
            values.sort_by(f64::total_cmp);
            if let Some(value) = values.get(values.len() / 2) {
                median.set(quantity, *value);
            }
        }
        median
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// Every reading costs 3; `used` is added to from outside; fails after some readings.
    struct Fake {
        used: Arc<Mutex<f64>>,
        readings: u32,
        fails_at: u32,
    }

    impl Probe for Fake {
        fn quantities(&self) -> &'static [Quantity] {
            &[Quantity::CpuNs]
        }

        fn read(&mut self, into: &mut Tally) -> Result<(), String> {
            self.readings += 1;
            if self.readings >= self.fails_at {
                return Err("gone".to_owned());
            }
            let used = *self.used.lock().map_err(|error| error.to_string())?;
            into.set(Quantity::CpuNs, used + 3.0 * f64::from(self.readings));
            Ok(())
        }
    }

    fn meter(fails_at: u32) -> (Meter, Arc<Mutex<f64>>) {
        let used = Arc::new(Mutex::new(0.0));
        let fake = Fake { used: used.clone(), readings: 0, fails_at };
        (Meter::of(vec![Box::new(fake)], Vec::new()), used)
    }

    fn region(meter: &mut Meter, used: &Mutex<f64>, amount: f64) {
        meter.begin();
        if let Ok(mut used) = used.lock() {
            *used += amount;
        }
        meter.end();
    }

    #[test]
    fn what_the_probes_cost_is_taken_off() {
        let (mut meter, used) = meter(u32::MAX);
        region(&mut meter, &used, 100.0);
        region(&mut meter, &used, 11.0);
        assert_eq!(meter.take().get(Quantity::CpuNs), Some(111.0));
        assert_eq!(meter.take().get(Quantity::CpuNs), None);
    }

    #[test]
    fn a_probe_that_fails_on_the_way_leaves_no_half_sum() {
        let (mut meter, used) = meter(2 * EMPTY_REGIONS as u32 + 4);
        region(&mut meter, &used, 100.0);
        region(&mut meter, &used, 100.0);
        assert_eq!(meter.take().get(Quantity::CpuNs), None);
        assert!(meter.absent().iter().any(|absent| absent.reason.contains("gone")));
    }
}
