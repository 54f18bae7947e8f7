//! Processor time to the nanosecond.

use super::open::absent;
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const QUANTITIES: [Quantity; 1] = [Quantity::CpuNs];

struct Cpu(Scope);

pub(super) fn open(scope: Scope) -> Opened {
    match cpu_ns(scope) {
        Some(_) => Ok(Box::new(Cpu(scope))),
        None => Err(absent(&QUANTITIES, "this system has no clock of processor time")),
    }
}

impl Probe for Cpu {
    fn quantities(&self) -> &'static [Quantity] {
        &QUANTITIES
    }

    fn is_quick(&self) -> bool {
        true
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        into.set(Quantity::CpuNs, cpu_ns(self.0).ok_or("the clock of processor time failed")?);
        Ok(())
    }
}

/// Processor time used so far, in nanoseconds.
pub(super) fn cpu_ns(scope: Scope) -> Option<f64> {
    #[cfg(unix)]
    {
        let clock = match scope {
            Scope::Process => libc::CLOCK_PROCESS_CPUTIME_ID,
            Scope::Thread => libc::CLOCK_THREAD_CPUTIME_ID,
        };
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the pointer is to a `timespec`, valid for writes.
        let failed = unsafe { libc::clock_gettime(clock, &raw mut time) } != 0;
        (!failed).then_some(time.tv_sec as f64 * 1e9 + time.tv_nsec as f64)
    }
    #[cfg(not(unix))]
    {
        let _ = scope;
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let before = cpu_ns(Scope::Thread).unwrap_or(f64::MAX);
        let sum = (0..100_000_u64).fold(0, |sum, n| std::hint::black_box(sum ^ n));
        std::hint::black_box(sum);
        assert!(cpu_ns(Scope::Thread).is_some_and(|after| after > before));
    }
}
