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

/// Which probes are read around regions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Readings {
    /// All of them. That takes tens of microseconds and leaves the caches to the kernel, so that
    /// short regions are slower than usual.
    #[default]
    All,
    /// Those that take next to no time.
    Quick,
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
    readings: Readings,
    /// What an empty region shows when all probes are read, and when only the quick ones are.
    own: [Tally; 2],
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
        let (readings, own) = (Readings::All, [tally; 2]);
        let mut meter = Self { probes, absent, before: tally, total: tally, readings, own };
        meter.own = [Readings::All, Readings::Quick].map(|readings| meter.empty_region(readings));
        meter
    }

    /// Chooses which probes are read from now on.
    pub(crate) fn choose(&mut self, readings: Readings) {
        self.readings = readings;
    }

    /// Which probes are read.
    pub(crate) fn readings(&self) -> Readings {
        self.readings
    }

    /// A region begins.
    pub(crate) fn begin(&mut self) {
        self.before = self.read(false);
    }

    /// The region is over.
    pub(crate) fn end(&mut self) {
        let after = self.read(true);
        let used = after.since(&self.before);
        self.total.add(&used.since(&self.own[self.readings as usize]));
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
            if self.readings == Readings::Quick && !self.probes[at].is_quick() {
                continue;
            }
            if let Err(error) = self.probes[at].read(&mut tally) {
                failed.push((at, error));
            }
        }
        failed.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, error) in failed {
            let probe = self.probes.remove(at);
            let quantities = probe.quantities().to_vec();
            // Its file may have been closed, and opened again for something else: it is not ours
            // to close any more.
            std::mem::forget(probe);
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
    fn empty_region(&mut self, readings: Readings) -> Tally {
        self.choose(readings);
        let mut seen = Vec::with_capacity(EMPTY_REGIONS);
        for _ in 0..EMPTY_REGIONS {
            let before = self.read(false);
            seen.push(self.read(true).since(&before));
        }
        self.choose(Readings::All);
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

        fn is_quick(&self) -> bool {
            true
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

    /// Counts how often it is read, and says when it is closed.
    struct Slow {
        readings: Arc<Mutex<u32>>,
        closed: Arc<Mutex<bool>>,
    }

    impl Probe for Slow {
        fn quantities(&self) -> &'static [Quantity] {
            &[Quantity::IoRead]
        }

        fn read(&mut self, into: &mut Tally) -> Result<(), String> {
            let mut readings = self.readings.lock().map_err(|error| error.to_string())?;
            *readings += 1;
            into.set(Quantity::IoRead, f64::from(*readings));
            if *readings > 2 * EMPTY_REGIONS as u32 + 2 { Err("gone".to_owned()) } else { Ok(()) }
        }
    }

    impl Drop for Slow {
        fn drop(&mut self) {
            if let Ok(mut closed) = self.closed.lock() {
                *closed = true;
            }
        }
    }

    #[test]
    fn quick_readings_leave_slow_probes_alone_and_failed_ones_stay_open() {
        let (readings, closed) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(false)));
        let slow = Slow { readings: readings.clone(), closed: closed.clone() };
        let mut meter = Meter::of(vec![Box::new(slow)], Vec::new());
        let read = || readings.lock().map_or(0, |readings| *readings);
        let opened = read();
        meter.choose(Readings::Quick);
        meter.begin();
        meter.end();
        assert_eq!((read(), meter.take().get(Quantity::IoRead)), (opened, None));
        meter.choose(Readings::All);
        meter.begin();
        meter.end();
        assert_eq!((read(), meter.take().get(Quantity::IoRead)), (opened + 2, Some(0.0)));
        meter.begin();
        assert_eq!(meter.absent().len(), 1);
        drop(meter);
        assert!(closed.lock().is_ok_and(|closed| !*closed));
    }

    #[test]
    fn a_probe_that_fails_on_the_way_leaves_no_half_sum() {
        let (mut meter, used) = meter(4 * EMPTY_REGIONS as u32 + 4);
        region(&mut meter, &used, 100.0);
        region(&mut meter, &used, 100.0);
        assert_eq!(meter.take().get(Quantity::CpuNs), None);
        assert!(meter.absent().iter().any(|absent| absent.reason.contains("gone")));
    }
}
