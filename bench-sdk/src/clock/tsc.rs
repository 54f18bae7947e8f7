//! The time-stamp counter of `x86_64`.
//!
//! Fences after Intel, "How to Benchmark Code Execution Times on IA-32 and IA-64" (2010), with
//! `lfence` in the place of `cpuid`, which traps in virtual machines.

#![expect(clippy::inline_always, reason = "a call between clock and benchmark would be timed")]

use std::arch::x86_64::{__rdtscp, _mm_lfence, _rdtsc};

/// Reads the counter such that nothing that follows has begun.
#[inline(always)]
pub(super) fn start() -> u64 {
    // SAFETY: `lfence` is part of SSE2, which every x86_64 processor has; `rdtsc` may be forbidden
    // by the operating system to user code, but then `supported` has seen no `constant_tsc`
    // advertised by the kernel for user space, and this clock was not chosen.
    unsafe {
        _mm_lfence();
        let ticks = _rdtsc();
        _mm_lfence();
        ticks
    }
}

/// Reads the counter such that all that precedes has ended and nothing that follows has begun.
#[inline(always)]
pub(super) fn stop() -> u64 {
    let mut processor = 0;
    // SAFETY: as in `start`; `supported` has checked that the processor has `rdtscp`.
    unsafe {
        let ticks = __rdtscp(&raw mut processor);
        _mm_lfence();
        ticks
    }
}

/// Whether the counter ticks at one rate, in every power state, and can be read with `rdtscp`.
pub(super) fn supported() -> bool {
    // The kernel's list is asked rather than `cpuid`, because the kernel also withdraws a counter
    // that it found unsynchronised between processors.
    let clock_source = "/sys/devices/system/clocksource/clocksource0/available_clocksource";
    let kernel_trusts_it = std::fs::read_to_string(clock_source)
        .is_ok_and(|list| list.split_whitespace().any(|name| name == "tsc"));
    let Ok(cpuinfo) = std::fs::read_to_string("/proc/cpuinfo") else { return false };
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags")).unwrap_or_default();
    let has = |flag: &str| flags.split_whitespace().any(|found| found == flag);
    kernel_trusts_it && has("constant_tsc") && has("nonstop_tsc") && has("rdtscp")
}
