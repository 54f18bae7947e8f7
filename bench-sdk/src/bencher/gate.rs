//! Where threads wait for each other, to start at the same moment.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::yield_now;

/// Turns of the waiting loop before the processor is offered to others: a few microseconds, in
/// which threads that have a processor each arrive.
const SPINS: u32 = 200;

/// What is told to those who wait for a thread that will not come.
pub(super) const SET_FREE: &str = "another thread of the benchmark has ended";

/// Lets a fixed number of threads through together, again and again.
///
/// They are let go by a store that all of them watch, so that they start within the time of a cache
/// miss; a barrier of the standard library has the kernel wake them one after the other.
#[derive(Debug)]
pub(super) struct Gate {
    threads: usize,
    arrived: AtomicUsize,
    opened: AtomicUsize,
    broken: AtomicBool,
}

impl Gate {
    /// A gate for that many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            threads,
            arrived: AtomicUsize::new(0),
            opened: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
        }
    }

    /// Waits until all threads are here; an error says that one of them will not come.
    pub(super) fn wait(&self) -> Result<(), String> {
        let opened = self.opened.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            // The others arrive anew only after they have seen it open.
            self.arrived.store(0, Ordering::Relaxed);
            self.opened.store(opened.wrapping_add(1), Ordering::Release);
            return Ok(());
        }
        let mut turns = 0;
        while self.opened.load(Ordering::Acquire) == opened {
            if self.broken.load(Ordering::Relaxed) {
                return Err(SET_FREE.to_owned());
            }
            if turns < SPINS {
                turns += 1;
                spin_loop();
            } else {
                yield_now();
            }
        }
        Ok(())
    }

    /// Breaks the gate unless [`done`](Pass::done): whoever waits for this thread must not wait
    /// forever when it panics.
    pub(super) fn pass(&self) -> Pass<'_> {
        Pass { gate: self, done: false }
    }
}

/// A thread on its way.
pub(super) struct Pass<'g> {
    gate: &'g Gate,
    done: bool,
}

impl Pass<'_> {
    /// The thread has come to its end.
    pub(super) fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.gate.broken.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_before_the_last_has_arrived() {
        let (gate, arrivals) = (Gate::new(3), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for round in 1..=500 {
                        arrivals.fetch_add(1, Ordering::SeqCst);
                        assert_eq!(gate.wait(), Ok(()));
                        assert!(arrivals.load(Ordering::SeqCst) >= 3 * round);
                        // Nobody is a round ahead of one that still looks.
                        assert_eq!(gate.wait(), Ok(()));
                    }
                });
            }
        });
        assert_eq!(arrivals.into_inner(), 1_500);
    }

    #[test]
    fn a_thread_that_ends_early_sets_the_others_free() {
        let gate = Gate::new(2);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.wait());
            drop(gate.pass());
            let outcome = waiting.join();
            assert!(matches!(outcome, Ok(Err(_))), "{outcome:?}");
        });
    }

    #[test]
    fn a_thread_alone_does_not_wait() {
        let gate = Gate::new(1);
        gate.pass().done();
        assert_eq!((gate.wait(), gate.wait()), (Ok(()), Ok(())));
    }
}
