//! What an iteration uses besides time: metered and counted apart from all timing.

use std::time::Duration;

use super::body::{Batch, Body, Job, Purpose, with_meter};
use super::metered::MeteredBatch;
use super::sampling::Launch;
use crate::record::metric_name as name;
use crate::resource::{
    Allocations, Counting, PeakMemory, Quantity, Readings, involuntary_switches, processor_split,
    threads_alive,
};

/// Share of a launch's time that metering may take.
const METER_SHARE: f64 = 0.15;
/// Of so many metered batches one is there for all probes, the others for the quick ones.
const TURNS: u32 = 4;
/// The kernel needs this much processor time to split: a few of its ticks.
const SPLIT_NS: f64 = 20e6;
/// Calls by which the cost of asking for preemptions is measured.
const ASKED: u32 = 64;
/// From here on a region is so much longer than reading all probes that it is metered while it is
/// timed, which saves running a slow benchmark once more.
pub(super) const LONG_REGION_NS: f64 = 10e6;
/// Time for other threads to drop what an iteration handed to them.
const SETTLING: Duration = Duration::from_millis(2);
/// Most iterations over which allocations are counted.
const COUNTED_ITERATIONS: u64 = 100;

/// The names under which quantities leave.
const NAMES: [(Quantity, &str); 19] = [
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

/// Processors that threads of this process may run on.
fn processors() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| count.get() as u32)
}

/// What is left allocated, once other threads have had time to give back what they were handed.
fn settled_growth(counting: &Counting) -> isize {
    if counting.growth_bytes() > 0 {
        std::thread::sleep(SETTLING);
    }
    counting.growth_bytes()
}

impl Launch<'_> {
    /// Runs a batch with the meter read around every region, and adds what it used. Its regions are
    /// as long as those that are timed: longer ones have more inputs and outputs alive.
    pub(super) fn metered_batch(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
        readings: Readings,
    ) -> Result<Batch, String> {
        let Some(meter) = self.context.meter.as_ref() else { return self.run(body, iterations) };
        with_meter(meter, |meter| meter.choose(readings));
        let batch = body.run(Job { purpose: Purpose::Usage(meter), ..self.job(iterations) })?;
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
        if let Some(cpu_ns) = used.get(Quantity::CpuNs) {
            // The clock is read within the region, too.
            let regions = batch.regions as f64 * f64::from(body.threads());
            used.set(Quantity::CpuNs, cpu_ns - regions * self.context.timer.spec.cost_ns);
        }
        // Without the whole from first to last, only each thread's own regions are known: of threads
        // that take turns they lie one after the other.
        let takes_turns = batch.own_ticks.is_none() && body.threads() > processors();
        self.takes_turns |= takes_turns;
        let (wall_ns, disturbed) = (self.elapsed_ns(&batch), batch.preempted);
        let calls = iterations * u64::from(body.threads());
        let regions = batch.regions;
        let metered = MeteredBatch { readings, used, calls, regions, wall_ns, disturbed };
        self.metered.add(&metered, absent);
        self.ran(&batch, iterations);
        Ok(batch)
    }

    /// Meters batches for a share of the launch's time, unless that was done while sampling.
    pub(super) fn meter(&mut self, body: &mut dyn Body, iterations: u64) -> Result<(), String> {
        if self.context.meter.is_none() || !self.metered.is_empty() {
            return Ok(());
        }
        let start_ns = self.context.gauge.elapsed_ns();
        // Samples that are counted may be done long before the time is that they could have taken.
        let limit_ns = METER_SHARE * self.context.sampling.max_ns.min(start_ns);
        let mut turn = 0_u32;
        loop {
            let readings = if turn.is_multiple_of(TURNS) { Readings::All } else { Readings::Quick };
            self.metered_batch(body, iterations, readings)?;
            turn += 1;
            if turn > 1 && self.context.gauge.elapsed_ns() - start_ns >= limit_ns {
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
            let counted =
                [name::ALLOCS, name::ALLOC_BYTES, name::FREES, name::PEAK_LIVE, name::LEAKED];
            self.explain(&counted, reason);
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
        let batch = body.run(job)?;
        let found = batch.allocations.unwrap_or_default();
        let grown = settled_growth(&counting);
        // A table that was filled on the way is no leak: it does not grow again.
        let grown_again = if grown > 0 {
            body.run(job)?;
            settled_growth(&counting) - grown
        } else {
            0
        };
        drop(counting);
        self.keep_allocations(&found, iterations, grown.min(grown_again));
        if !batch.had_inputs && body.threads() == 1 && !self.context.sampling.test {
            self.replay_allocations(&found, iterations);
        }
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
            Some(Err(reason)) => self.explain(&[name::PEAK_RSS, name::RSS_GROWTH], &reason),
        }
        if self.metered.is_empty() {
            return;
        }
        self.keep_cpu();
        for (quantity, name) in NAMES {
            match self.metered.each(quantity) {
                Ok(each) => self.keep(name, each),
                Err(reason) => self.explain(&[name], &reason),
            }
        }
        if let (Ok(instructions), Ok(cycles)) =
            (self.metered.each(Quantity::Instructions), self.metered.each(Quantity::Cycles))
            && cycles > 0.0
        {
            self.keep(name::IPC, instructions / cycles);
        }
    }

    /// Meters nothing of a body that says itself what its iterations take.
    pub(super) fn leave_unmetered(&mut self) {
        if self.context.meter.take().is_some() {
            let reason = "the benchmark takes its own time, and what it uses outside of that cannot \
                          be told apart";
            let names: Vec<&str> = NAMES.iter().map(|(_, name)| *name).collect();
            self.explain(&names, reason);
            self.explain(&[name::CPU, name::CPU_UTILISATION], reason);
        }
    }

    /// Processor time, the loop's taken off as it is from time; how much of the wall time it is, and
    /// how it is split.
    fn keep_cpu(&mut self) {
        let alone = self.context.threads == 1 && threads_alive() == Some(1);
        let processor = self.metered.processor();
        let processor = processor.map(|used| if alone { used.of_one_thread() } else { used });
        let Some(processor) = processor else {
            let reason = self.metered.each(Quantity::CpuNs).err().unwrap_or_default();
            return self.explain(&[name::CPU], &reason);
        };
        let overhead = self.context.overhead;
        let with_loop_ns = processor.each_ns();
        let hidden = overhead.hides(with_loop_ns);
        let each_ns = if hidden { with_loop_ns } else { with_loop_ns - overhead.low_ns };
        self.keep(name::CPU, each_ns);
        if self.takes_turns {
            let reason = "more threads than processors take turns, in batches of several regions: \
                          how long all of them took together is not known";
            self.explain(&[name::CPU_UTILISATION], reason);
        } else if let Some(utilisation) = processor.utilisation() {
            self.keep(name::CPU_UTILISATION, utilisation);
        }
        match self.metered.split_ns {
            Some((user_ns, system_ns)) if user_ns + system_ns >= SPLIT_NS => {
                let both_ns = user_ns + system_ns;
                self.keep(name::CPU_USER, each_ns * user_ns / both_ns);
                self.keep(name::CPU_SYSTEM, each_ns * system_ns / both_ns);
            }
            _ => {
                let reason = "too little processor time for the kernel to split";
                self.explain(&[name::CPU_USER, name::CPU_SYSTEM], reason);
            }
        }
    }

    /// Takes samples, and has the kernel split the processor time of doing so. It splits by what it
    /// finds at its tick, over the whole process: only a long stretch is split well, and of that
    /// making inputs and dropping outputs is a part.
    pub(super) fn sample_and_split(
        &mut self,
        body: &mut dyn Body,
        iterations: u64,
    ) -> Result<(), String> {
        let before = processor_split();
        self.sample(body, iterations)?;
        if !self.context.sampling.probes {
            return Ok(());
        }
        let asked_ns = self.asked_ns() * f64::from(body.threads());
        self.metered.split_ns = processor_split().zip(before).map(|(after, before)| {
            // What we asked the kernel meanwhile is not the benchmark's.
            (after.0 - before.0, (after.1 - before.1 - asked_ns).max(0.0))
        });
        Ok(())
    }

    /// What asking for preemptions around every region of the samples has cost.
    fn asked_ns(&mut self) -> f64 {
        if !self.is_watched() {
            return 0.0;
        }
        let start_ns = self.context.gauge.elapsed_ns();
        for _ in 0..ASKED {
            std::hint::black_box(involuntary_switches());
        }
        let cost_ns = (self.context.gauge.elapsed_ns() - start_ns) / f64::from(ASKED);
        let looked_at =
            if self.short_regions { self.samples.samples.len() as u64 } else { self.regions };
        2.0 * cost_ns * looked_at as f64
    }

    fn keep(&mut self, name: &str, value: f64) {
        self.samples.usage.push((name.to_owned(), value));
    }

    /// Says why these are not there.
    fn explain(&mut self, names: &[&str], reason: &str) {
        let pairs = names.iter().map(|name| ((*name).to_owned(), reason.to_owned()));
        self.samples.absent.extend(pairs);
    }
}
