//! What an iteration uses besides time: metered and counted apart from all timing.

use std::sync::Mutex;

use super::body::{Batch, Body, Job, Purpose, with_meter};
use super::sampling::Launch;
use crate::record::metric_name as name;
use crate::resource::{Allocations, Counting, Meter, PeakMemory, Quantity, Tally};

/// Share of a launch's time that metering may take.
const METER_SHARE: f64 = 0.15;
/// Length that a metered region should have, so that what probes disturb is small beside it.
const REGION_NS: f64 = 50_000.0;
/// From here on a region is so much longer than reading all probes that it is metered while it is
/// timed, which saves running a slow benchmark once more.
pub(super) const LONG_REGION_NS: f64 = 10e6;
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
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Metered {
    tally: Tally,
    /// Calls of the benchmark, on all threads.
    calls: u64,
    /// Time of the regions, of the slowest thread where there are several.
    wall_ns: f64,
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
            short_regions: false,
            region_items: (REGION_NS / self.usual_ns.max(1e-3)).ceil().max(1.0) as usize,
            ..self.job(iterations)
        };
        let batch = body.run(job)?;
        let mut used = with_meter(meter, Meter::take);
        if body.threads() > 1 {
            // The process's own meter saw nothing; those of the threads did.
            used = batch.usage;
        }
        self.metered.tally.add(&used);
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
        let Metered { tally, calls, wall_ns } = self.metered;
        if calls == 0 {
            return;
        }
        for (quantity, name) in NAMES {
            match tally.get(quantity) {
                Some(sum) => self.keep(name, sum / calls as f64),
                None => self.explain_absence(quantity, name),
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

    fn explain_absence(&mut self, quantity: Quantity, name: &str) {
        let reason = self.context.meter.as_ref().and_then(|meter: &Mutex<Meter>| {
            with_meter(meter, |meter| {
                let names =
                    |absent: &&crate::resource::Absent| absent.quantities.contains(&quantity);
                meter.absent().iter().find(names).map(|absent| absent.reason.clone())
            })
        });
        let reason = reason
            .unwrap_or_else(|| "it is counted for all threads together, not for each".to_owned());
        self.samples.absent.push((name.to_owned(), reason));
    }
}
