//! What the kernel counts for a thread.

/// How often the scheduler has taken the processor away from the calling thread (on systems that
/// do not count by thread: from the process). 0 where it is not counted.
pub(crate) fn involuntary_switches() -> u64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const WHO: libc::c_int = libc::RUSAGE_THREAD;
    #[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
    const WHO: libc::c_int = libc::RUSAGE_SELF;
    #[cfg(unix)]
    {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: the pointer is to memory of the right type, valid for writes.
        let failed = unsafe { libc::getrusage(WHO, usage.as_mut_ptr()) } != 0;
        if failed {
            return 0;
        }
        // SAFETY: all zeroes is a valid `rusage`, and the call has filled it in.
        let usage = unsafe { usage.assume_init() };
        u64::try_from(usage.ru_nivcsw).unwrap_or(0)
    }
    #[cfg(not(unix))]
    0
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_count_never_goes_back() {
        let before = super::involuntary_switches();
        std::thread::yield_now();
        assert!(super::involuntary_switches() >= before);
    }
}
