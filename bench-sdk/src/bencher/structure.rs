//! Benchmarks of one structure that several threads work on at the same time.

use std::hint::black_box;
use std::mem::size_of;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use super::bench::Bencher;
use super::body::{Batch, Body, Job, Purpose, join_all, on_thread};
use super::gate::Gate;
use super::inputs::{Filling, InputBencher, generate_and_run};
use super::probe::NoCheck;
use crate::record::Counter;

/// A [`Bencher`] that makes a fresh structure for every iteration, which all threads of the case
/// share; see [`Bencher::with_shared_inputs`].
#[must_use = "call `bench_shared` to measure something"]
pub struct SharedInputBencher<'a, G> {
    bencher: Bencher<'a>,
    generate: G,
}

impl<'a> Bencher<'a> {
    /// Makes a fresh structure for every iteration, off the clock, which all threads of the case
    /// work on at the same time.
    ///
    /// ```
    /// use std::sync::Mutex;
    ///
    /// use bench_sdk::{Bencher, hub_bench};
    ///
    /// #[hub_bench(threads = [1, 2, 4])]
    /// fn push(bencher: Bencher) {
    ///     bencher
    ///         .with_shared_inputs(|| Mutex::new(Vec::with_capacity(4)))
    ///         .bench_shared(|queue| {
    ///             if let Ok(mut queue) = queue.lock() {
    ///                 queue.push(1);
    ///             }
    ///         });
    /// }
    /// # fn main() {}
    /// ```
    pub fn with_shared_inputs<G>(self, generate: G) -> SharedInputBencher<'a, G> {
        SharedInputBencher { bencher: self, generate }
    }
}

impl<G> SharedInputBencher<'_, G> {
    /// Says what one call of the function processes; see [`Bencher::counter`].
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        Self { bencher: self.bencher.counter(counter), ..self }
    }

    /// Measures a function that each thread of the case calls once on each structure, all of them
    /// at the same moment. An iteration takes as long as its slowest thread; latencies are those of
    /// single calls. With one thread it is
    /// [`bench_local_refs`](InputBencher::bench_local_refs) without the exclusive reference.
    pub fn bench_shared<T, O>(self, function: impl Fn(&T) -> O + Sync)
    where
        T: Send + Sync,
        G: FnMut() -> T,
    {
        let Self { bencher, mut generate } = self;
        let threads = bencher.context.threads;
        if threads > 1 {
            let run = |job: Job<'_>| run_together(job, threads, &mut generate, &function);
            bencher.measure(&mut Crowd { threads, run });
        } else {
            InputBencher::new(bencher, generate).bench_local_refs(|structure| function(structure));
        }
    }
}

/// A body that looks after its threads itself.
struct Crowd<R> {
    threads: usize,
    run: R,
}

impl<R: FnMut(Job<'_>) -> Result<Batch, String>> Body for Crowd<R> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        (self.run)(job)
    }

    fn threads(&self) -> u32 {
        self.threads as u32
    }
}

/// Runs the job on several threads, of which the calling one makes and drops the structures.
fn run_together<T: Send + Sync, O>(
    job: Job<'_>,
    threads: usize,
    generate: &mut impl FnMut() -> T,
    function: &(impl Fn(&T) -> O + Sync),
) -> Result<Batch, String> {
    if let Purpose::Allocations | Purpose::Instructions = job.purpose {
        // The counters are those of the whole process, so one thread alone.
        return generate_and_run(
            job,
            generate,
            |_, _| (),
            |chunk| chunk.map_refs(|structure| function(structure), |_| NoCheck),
        );
    }
    let gate = Gate::new(threads);
    let job = Job { gate: Some(&gate), ..job };
    let round = Round {
        gate: &gate,
        structures: RwLock::new(Vec::new()),
        ticks: (0..threads).map(|_| Mutex::default()).collect(),
        over: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let follow = |thread| {
            let round = &round;
            scope.spawn(move || on_thread(|job| round.follow(job, thread, function), job))
        };
        let running: Vec<_> = (1..threads).map(follow).collect();
        let led = on_thread(|job| round.lead(job, generate, function), job);
        let followed = join_all(running)?;
        Ok(followed.iter().fold(led?, with_follower))
    })
}

/// Adds what another thread saw; how long it took is in the batch already.
fn with_follower(mut batch: Batch, other: &Batch) -> Batch {
    batch.each_ticks.extend_from_slice(&other.each_ticks);
    batch.preempted |= other.preempted;
    batch.usage.add(&other.usage);
    batch.absent.extend_from_slice(&other.absent);
    batch
}

/// What threads share while they work through the structures of one region after the other.
struct Round<'g, T> {
    gate: &'g Gate,
    structures: RwLock<Vec<T>>,
    /// Of each thread: what each structure of this region took.
    ticks: Vec<Mutex<Vec<u64>>>,
    over: AtomicBool,
}

impl<T> Round<'_, T> {
    /// The part of the calling thread.
    fn lead<O>(
        &self,
        job: Job<'_>,
        generate: &mut impl FnMut() -> T,
        function: &impl Fn(&T) -> O,
    ) -> Result<Batch, String> {
        let mut batch = Batch { had_inputs: true, ..Batch::default() };
        let mut filling = Filling::new(job, size_of::<T>());
        let mut left = job.iterations;
        let mut slowest_ticks = 0;
        while left > 0 {
            {
                let mut structures =
                    self.structures.write().unwrap_or_else(PoisonError::into_inner);
                filling.begin(left);
                while filling.goes_on(structures.len()) {
                    structures.push(generate());
                }
                left -= structures.len() as u64;
            }
            self.region(job, 0, &mut batch, function)?;
            slowest_ticks += self.slowest_ticks();
            self.structures.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
        self.over.store(true, Ordering::Release);
        self.gate.wait()?;
        batch.ticks = slowest_ticks;
        Ok(batch)
    }

    /// The part of another thread.
    fn follow<O>(
        &self,
        job: Job<'_>,
        thread: usize,
        function: &impl Fn(&T) -> O,
    ) -> Result<Batch, String> {
        let mut batch = Batch::default();
        while self.region(job, thread, &mut batch, function)? {}
        Ok(batch)
    }

    /// One thread's part of a region: every structure once, each together with all other threads.
    /// False where there is no region any more.
    fn region<O>(
        &self,
        job: Job<'_>,
        thread: usize,
        batch: &mut Batch,
        function: &impl Fn(&T) -> O,
    ) -> Result<bool, String> {
        self.gate.wait()?;
        if self.over.load(Ordering::Acquire) {
            return Ok(false);
        }
        let structures = self.structures.read().unwrap_or_else(PoisonError::into_inner);
        let mut ticks = locked(&self.ticks[thread]);
        ticks.clear();
        let mut outputs = Vec::with_capacity(structures.len());
        for structure in structures.iter() {
            self.gate.wait()?;
            let opened = Batch::open(job);
            // Looking for disturbances takes each thread another while; reading meters takes so
            // long, and is counted, that waiting for the others would show.
            if !matches!(job.purpose, Purpose::Usage(_)) {
                self.gate.wait()?;
            }
            let start = job.timer.start();
            let output = function(black_box(structure));
            let stop = job.timer.stop();
            let elapsed = stop.saturating_sub(start);
            batch.close(job, opened, elapsed);
            ticks.push(elapsed);
            outputs.push(output);
        }
        if job.each() {
            batch.each_ticks.extend_from_slice(&ticks);
        }
        drop((structures, ticks));
        black_box(&mut outputs);
        // Nothing is dropped while others are on the clock.
        self.gate.wait()?;
        Ok(true)
    }

    /// Sum over the structures of this region of what the slowest thread took.
    fn slowest_ticks(&self) -> u64 {
        let of_threads: Vec<_> = self.ticks.iter().map(locked).collect();
        let structures = 0..of_threads.iter().map(|ticks| ticks.len()).min().unwrap_or(0);
        let slowest =
            |at| of_threads.iter().map(|ticks: &MutexGuard<'_, Vec<u64>>| ticks[at]).max();
        structures.filter_map(slowest).sum()
    }
}

fn locked<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicUsize;
    use std::thread::ThreadId;

    use super::*;
    use crate::clock::{Timer, TimerSpec};
    use crate::resource::{Meter, Scope};

    /// Waits inside the function until all threads work on it, and checks that when it is dropped.
    struct Meeting<'a> {
        barrier: Barrier,
        came: Mutex<HashSet<ThreadId>>,
        expected: usize,
        complete: &'a AtomicUsize,
    }

    impl Drop for Meeting<'_> {
        fn drop(&mut self) {
            let all_came = locked(&self.came).len() == self.expected;
            self.complete.fetch_add(usize::from(all_came), Ordering::SeqCst);
        }
    }

    fn job<'a>(timer: &'a Timer, iterations: u64, purpose: Purpose<'a>) -> Job<'a> {
        Job {
            iterations,
            purpose,
            timer,
            preemptions: || 0,
            short_regions: false,
            region_items: 7,
            gate: None,
        }
    }

    fn timer() -> Timer {
        Timer::new(TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 })
    }

    /// Runs 20 iterations; what came of it, and how many structures all threads worked on.
    fn run(purpose: Purpose<'_>, expected: usize) -> (Batch, usize) {
        let (timer, complete, made) = (timer(), AtomicUsize::new(0), AtomicUsize::new(0));
        let mut generate = || {
            made.fetch_add(1, Ordering::SeqCst);
            Meeting {
                barrier: Barrier::new(expected),
                came: Mutex::default(),
                expected,
                complete: &complete,
            }
        };
        let work = |meeting: &Meeting<'_>| {
            meeting.barrier.wait();
            locked(&meeting.came).insert(std::thread::current().id())
        };
        let batch = run_together(job(&timer, 20, purpose), 3, &mut generate, &work);
        assert_eq!(made.into_inner(), 20);
        (batch.unwrap_or_default(), complete.into_inner())
    }

    #[test]
    fn every_thread_works_on_every_structure_at_the_same_time() {
        let (batch, complete) = run(Purpose::Time, 3);
        assert_eq!((complete, batch.regions, batch.each_ticks.len()), (20, 20, 0));
    }

    #[test]
    fn latencies_are_those_of_every_thread_and_an_iteration_is_its_slowest() {
        let (batch, complete) = run(Purpose::Latency, 3);
        assert_eq!((complete, batch.regions, batch.each_ticks.len()), (20, 20, 60));
        let total: u64 = batch.each_ticks.iter().sum();
        assert!(batch.ticks <= total && 3 * batch.ticks >= total, "{batch:?}");
    }

    #[test]
    fn every_thread_is_metered() {
        let meter = Mutex::new(Meter::open(Scope::Process));
        let (batch, complete) = run(Purpose::Usage(&meter), 3);
        assert_eq!((complete, batch.regions), (20, 20));
    }

    #[test]
    fn allocations_are_those_of_one_thread_alone() {
        let (batch, complete) = run(Purpose::Allocations, 1);
        assert_eq!((complete, batch.regions), (20, 0));
        assert!(batch.allocations.is_some());
    }

    #[test]
    fn a_panic_on_one_thread_ends_them_all() {
        let (timer, calls) = (timer(), AtomicUsize::new(0));
        let work = |_: &u8| {
            if calls.fetch_add(1, Ordering::SeqCst) == 10 {
                std::panic::resume_unwind(Box::new("one of three"));
            }
        };
        let job = job(&timer, 50, Purpose::Time);
        let run = std::panic::AssertUnwindSafe(|| run_together(job, 3, &mut || 1, &work));
        let payload = std::panic::catch_unwind(run).err();
        let text = payload.and_then(|payload| payload.downcast::<&str>().ok());
        assert_eq!(text.as_deref(), Some(&"one of three"));
    }
}
