//! Tests whose outcome rests on measured times.

use std::panic::{UnwindSafe, catch_unwind, resume_unwind};

/// So often a test may be wrong before it fails.
const TRIES: u32 = 5;

/// Runs a test until it holds, at most five times, and fails as it failed the last time.
///
/// For what measured times decide, and nothing else: other tests and other users of the machine
/// bend times, and a gate owns up to calling one unchanged case in 200. A defect fails each time.
pub fn measured(test: impl Fn() + UnwindSafe + Copy) {
    for _ in 1..TRIES {
        if catch_unwind(test).is_ok() {
            return;
        }
    }
    if let Err(failed) = catch_unwind(test) {
        resume_unwind(failed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn what_fails_each_time_fails() {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let failing = || {
            RUNS.fetch_add(1, Ordering::Relaxed);
            panic!("wrong");
        };
        let failed = catch_unwind(|| measured(failing)).expect_err("it fails each time");
        assert_eq!(failed.downcast_ref::<&str>(), Some(&"wrong"));
        assert_eq!(RUNS.load(Ordering::Relaxed), TRIES);
    }

    #[test]
    fn what_fails_once_holds() {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        measured(|| assert!(RUNS.fetch_add(1, Ordering::Relaxed) > 0, "the first time"));
        assert_eq!(RUNS.load(Ordering::Relaxed), 2);
    }
}
