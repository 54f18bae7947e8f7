//! What an iteration uses besides time: metered and counted apart from all timing.

use super::body::{Batch, Body, Job, Purpose, with_meter};
use super::sampling::Launch;
use crate::record::metric_name as name;
use crate::resource::{Absent, Allocations, Counting, PeakMemory, Quantity, Tally};

/// Share of a launch's time that metering may take.
const METER_SHARE: f64 = 0.15;
/// Length that a metered region should have, so that what probes disturb is small beside it.
const REGION_NS: f64 = 50_000.0;
/// From here on a region is so much longer than reading all probes that it is metered while it is
/// timed, which saves running a slow benchmark once more.
pub(super) const LONG_REGION_NS: f64 = 10e6;
/// Counters of energy step about once a millisecond: on shorter regions they show the steps.
const ENERGY_REGION_NS: f64 = 5e6;
/// Most iterations over which allocations are counted.
const COUNTED_ITERATIONS: u64 = 100;

/// The names under which quantities leave.
const NAMES: [(Quantity, &str); 20] = [
    (Quantity::CpuNs, name::CPU),
    (Quantity::SwitchesVoluntary, name::CONTEXT_SWITCHES_VOLUNTARY),
    (Quantity::SwitchesInvoluntary, name::CONTEXT_SWITCHES_INVOLUNTARY),
    (Quantity::FaultsMinor, name::FAULTS_MINOR),
    (Quantity::FaultsMajor, name::FAULTS_MAJOR),
    (Quantity::DiskRead, name::DISK_READ),
    (Quantity::DiskWritten, name::DISK_WRITTEN),
    (Quantity::IoRead, name::IO_READ),
    (Quantity::IoWritten, name::IO_WRITTEN),
    (Quantity::ReadCalls, name::READ_CALLS),
    (Quantity::WriteCalls, name::WRITE_CALLS),
    (Quantity::NetReceived, name::NET_RECEIVED),
    (Quantity::NetSent, name::NET_SENT),
    (Quantity::NetPacketsReceived, name::NET_PACKETS_RECEIVED),
    (Quantity::NetPacketsSent, name::NET_PACKETS_SENT),
    (Quantity::Instructions, name::INSTRUCTIONS),
    (Quantity::Cycles, name::CYCLES),
    (Quantity::CacheMisses, name::CACHE_MISSES),
    (Quantity::BranchMisses, name::BRANCH_MISSES),
    (Quantity::Joules, name::ENERGY),
];

/// What metered regions used together.
#[derive(Clone, Debug, Default)]
pub(super) struct Metered {
    tally: Tally,
    /// Calls of the benchmark, on all threads.
    calls: u64,
    /// Time of the regions, of the slowest thread where there are several.
    wall_ns: f64,
    regions: u64,
    /// What is not counted, and why.
    absent: Vec<Absent>,
}

impl Launch<'_> {
    /// Runs a batch with the meter read around every region, and adds what it used.
    pub(super) fn metered_batch(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
    ) -> Result<Batch, String> {
        let Some(meter) = self.context.meter.as_ref() else { return self.run(body, iterations) };
        let job = Job {
            purpose: Purpose::Usage(meter),
            region_items: (REGION_NS / self.usual_ns.max(1e-3)).ceil().max(1.0) as usize,
            ..self.job(iterations)
        };
        let batch = body.run(job)?;
        let (mut used, mut absent) =
            with_meter(meter, |meter| (meter.take(), meter.absent().to_vec()));
        if body.threads() > 1 {
            // The process's own meter saw nothing; those of the threads did. What is not there at
            // all is no matter of threads.
            used = batch.usage;
            absent
                .retain(|missing| batch.absent.iter().any(|b| b.quantities == missing.quantities));
            absent.extend(batch.absent.iter().cloned());
        }
        self.metered.tally.add(&used);
        self.metered.absent = absent;
        self.metered.regions += batch.regions;
        self.metered.calls += iterations * u64::from(body.threads());
        self.metered.wall_ns += self.elapsed_ns(&batch);
        self.ran(&batch, iterations);
        Ok(batch)
    }

    /// Meters batches for a share of the launch's time, unless that was done while sampling.
    pub(super) fn meter(&mut self, body: &mut dyn Body, iterations: u64) -> Result<(), String> {
        if self.context.meter.is_none() || self.metered.calls > 0 {
            return Ok(());
        }
        let start_ns = self.context.gauge.elapsed_ns();
        let limit_ns = METER_SHARE * self.context.sampling.max_ns;
        loop {
            self.metered_batch(body, iterations)?;
            if self.context.gauge.elapsed_ns() - start_ns >= limit_ns {
                return Ok(());
            }
        }
    }

    /// Counts the allocations of an iteration. The first iteration, which may build what the
    /// others find, has run before.
    pub(super) fn count_allocations(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
    ) -> Result<(), String> {
        if !self.context.gauge.counts_allocations() {
            let reason = "`bench_sdk::BenchAlloc` is not the global allocator of this executable";
            for name in
                [name::ALLOCS, name::ALLOC_BYTES, name::FREES, name::PEAK_LIVE, name::LEAKED]
            {
                self.samples.absent.push((name.to_owned(), reason.to_owned()));
            }
            return Ok(());
        }
        let iterations = iterations.min(COUNTED_ITERATIONS);
        let job = Job {
            purpose: Purpose::Allocations,
            preemptions: || 0,
            // Outputs of other iterations must not be live while one is counted.
            region_items: 1,
            ..self.job(iterations)
        };
        let counting = Counting::start();
        let found = body.run(job)?.allocations.unwrap_or_default();
        let grown = counting.growth_bytes();
        // A table that was filled on the way is no leak: it does not grow again.
        let grown_again = if grown > 0 {
            body.run(job)?;
            counting.growth_bytes() - grown
        } else {
            0
        };
        drop(counting);
        self.keep_allocations(&found, iterations, grown.min(grown_again));
        Ok(())
    }

    fn keep_allocations(&mut self, found: &Allocations, iterations: u64, leaked_bytes: isize) {
        let each = |total: f64| total / iterations as f64;
        let mut keep = |name: &str, value: f64| self.samples.usage.push((name.to_owned(), value));
        keep(name::ALLOCS, each(found.allocs as f64));
        keep(name::ALLOC_BYTES, each(found.bytes as f64));
        keep(name::FREES, each(found.frees as f64));
        keep(name::PEAK_LIVE, found.peak_live as f64);
        keep(name::LEAKED, each(leaked_bytes.max(0) as f64));
    }

    /// Begins to watch resident memory.
    pub(super) fn watch_memory(&mut self) {
        if self.context.meter.is_some() {
            self.memory = Some(PeakMemory::start());
        }
    }

    /// Moves what was metered into the samples.
    pub(super) fn keep_usage(&mut self) {
        let memory = self.memory.take();
        match memory.map(|memory| memory.and_then(|memory| memory.read())) {
            None => {}
            Some(Ok((peak, start))) => {
                self.keep(name::PEAK_RSS, peak);
                self.keep(name::RSS_GROWTH, (peak - start).max(0.0));
            }
            Some(Err(reason)) => {
                for name in [name::PEAK_RSS, name::RSS_GROWTH] {
                    self.samples.absent.push((name.to_owned(), reason.clone()));
                }
            }
        }
        let metered = std::mem::take(&mut self.metered);
        let Metered { tally, calls, wall_ns, .. } = metered;
        if calls == 0 {
            return;
        }
        for (quantity, name) in NAMES {
            match metered.get(quantity) {
                Ok(sum) => self.keep(name, sum / calls as f64),
                Err(reason) => self.samples.absent.push((name.to_owned(), reason)),
            }
        }
        if let Some(cpu_ns) = tally.get(Quantity::CpuNs) {
            self.keep_cpu(&tally, cpu_ns, calls, wall_ns);
        }
        if let (Some(instructions), Some(cycles)) =
            (tally.get(Quantity::Instructions), tally.get(Quantity::Cycles))
            && cycles > 0.0
        {
            self.keep(name::IPC, instructions / cycles);
        }
    }

    /// How the processor time is split, and how much of the wall time it is. The kernel splits by
    /// sampling at its tick; the sum is exact, the two parts are an estimate.
    fn keep_cpu(&mut self, tally: &Tally, cpu_ns: f64, calls: u64, wall_ns: f64) {
        if wall_ns > 0.0 {
            self.keep(name::CPU_UTILISATION, cpu_ns / wall_ns);
        }
        let user = tally.get(Quantity::CpuUserNs).unwrap_or(0.0);
        let system = tally.get(Quantity::CpuSystemNs).unwrap_or(0.0);
        if user + system > 0.0 {
            let each = cpu_ns / calls as f64;
            self.keep(name::CPU_USER, each * user / (user + system));
            self.keep(name::CPU_SYSTEM, each * system / (user + system));
        } else {
            for name in [name::CPU_USER, name::CPU_SYSTEM] {
                let reason = "too little processor time for the kernel to split";
                self.samples.absent.push((name.to_owned(), reason.to_owned()));
            }
        }
    }

    fn keep(&mut self, name: &str, value: f64) {
        self.samples.usage.push((name.to_owned(), value));
    }
}

impl Metered {
    /// What all regions used of it together, or why that cannot be told.
    fn get(&self, quantity: Quantity) -> Result<f64, String> {
        // Asked first: what became absent on the way has left a part of a sum.
        let named = |absent: &&Absent| absent.quantities.contains(&quantity);
        if let Some(absent) = self.absent.iter().find(named) {
            return Err(absent.reason.clone());
        }
        let sum = self.tally.get(quantity).ok_or("no probe counts it")?;
        if quantity == Quantity::Joules && self.wall_ns < ENERGY_REGION_NS * self.regions as f64 {
            return Err("counters of energy step about once a millisecond, and the regions that \
                        were metered are shorter than 5 ms"
                .to_owned());
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metered(region_ns: f64) -> Metered {
        let mut tally = Tally::default();
        tally.set(Quantity::Joules, 6.0);
        tally.set(Quantity::CpuNs, 7.0);
        let absent = |quantity, reason: &str| Absent {
            quantities: vec![quantity],
            reason: reason.to_owned(),
        };
        Metered {
            tally,
            calls: 20,
            wall_ns: 4.0 * region_ns,
            regions: 4,
            absent: vec![absent(Quantity::Cycles, "one"), absent(Quantity::NetSent, "another")],
        }
    }

    #[test]
    fn energy_of_short_regions_is_not_told() {
        assert_eq!(metered(5e6).get(Quantity::Joules), Ok(6.0));
        let short = metered(4.9e6);
        assert!(short.get(Quantity::Joules).is_err_and(|reason| reason.contains("5 ms")));
        assert_eq!(short.get(Quantity::CpuNs), Ok(7.0));
    }

    #[test]
    fn each_quantity_is_absent_for_its_own_reason() {
        let mut metered = metered(1e6);
        // Counted in a few regions, then no longer.
        metered.tally.set(Quantity::Cycles, 5.0);
        assert_eq!(metered.get(Quantity::Cycles), Err("one".to_owned()));
        assert_eq!(metered.get(Quantity::NetSent), Err("another".to_owned()));
    }
}
