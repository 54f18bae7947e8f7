//! What `getrusage` counts: context switches and faults; and how it splits processor time.

use super::open::absent;
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const QUANTITIES: [Quantity; 4] = [
    Quantity::SwitchesVoluntary,
    Quantity::SwitchesInvoluntary,
    Quantity::FaultsMinor,
    Quantity::FaultsMajor,
];

/// What the kernel has counted for a thread or a process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) user_ns: f64,
    pub(crate) system_ns: f64,
    pub(crate) switches_voluntary: f64,
    pub(crate) switches_involuntary: f64,
    pub(crate) faults_minor: f64,
    pub(crate) faults_major: f64,
    /// Highest resident memory of the process since it began, in bytes.
    #[cfg(not(target_os = "linux"))]
    pub(crate) peak_rss: f64,
}

impl Usage {
    /// Asks the kernel; systems that do not count by thread count the process. `None` where the
    /// system does not count.
    pub(crate) fn read(scope: Scope) -> Option<Self> {
        #[cfg(unix)]
        {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            let thread = libc::RUSAGE_THREAD;
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            let thread = libc::RUSAGE_SELF;
            let who = if scope == Scope::Thread { thread } else { libc::RUSAGE_SELF };
            let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
            // SAFETY: the pointer is to memory of the right type, valid for writes.
            let failed = unsafe { libc::getrusage(who, usage.as_mut_ptr()) } != 0;
            // SAFETY: all zeroes is a valid `rusage`, and a call that succeeds fills it in.
            let usage = unsafe { usage.assume_init() };
            (!failed).then(|| Self::of(&usage))
        }
        #[cfg(not(unix))]
        {
            let _ = scope;
            None
        }
    }

    #[cfg(unix)]
    fn of(usage: &libc::rusage) -> Self {
        let ns = |time: libc::timeval| time.tv_sec as f64 * 1e9 + time.tv_usec as f64 * 1e3;
        // Apple's systems give bytes, the others kibibytes.
        #[cfg(not(target_os = "linux"))]
        let rss_unit = if cfg!(target_vendor = "apple") { 1.0 } else { 1024.0 };
        Self {
            user_ns: ns(usage.ru_utime),
            system_ns: ns(usage.ru_stime),
            switches_voluntary: usage.ru_nvcsw as f64,
            switches_involuntary: usage.ru_nivcsw as f64,
            faults_minor: usage.ru_minflt as f64,
            faults_major: usage.ru_majflt as f64,
            #[cfg(not(target_os = "linux"))]
            peak_rss: usage.ru_maxrss as f64 * rss_unit,
        }
    }
}

/// How often the scheduler has taken the processor away from the calling thread. 0 where it is not
/// counted.
pub(crate) fn involuntary_switches() -> u64 {
    Usage::read(Scope::Thread).map_or(0, |usage| usage.switches_involuntary as u64)
}

/// Processor time that this process has spent in the program and in the kernel, in nanoseconds. The
/// kernel tells the two apart at its tick only, so it takes many ticks to tell them well.
pub(crate) fn processor_split() -> Option<(f64, f64)> {
    Usage::read(Scope::Process).map(|usage| (usage.user_ns, usage.system_ns))
}

/// Threads that this process has now; `None` where that is not told.
pub(crate) fn threads_alive() -> Option<usize> {
    std::fs::read_dir("/proc/self/task").ok().map(Iterator::count)
}

/// Pages that this process had to have mapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Those whose contents were at hand.
    pub(crate) minor: u64,
    /// Those that came from a disk.
    pub(crate) major: u64,
}

impl Faults {
    /// All so far; `None` where the system does not count them.
    pub(crate) fn read() -> Option<Self> {
        let usage = Usage::read(Scope::Process)?;
        Some(Self { minor: usage.faults_minor as u64, major: usage.faults_major as u64 })
    }

    /// Those since then.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            minor: self.minor.saturating_sub(before.minor),
            major: self.major.saturating_sub(before.major),
        }
    }
}

/// Processor time of the children that this process has waited for, in nanoseconds.
pub(super) fn children_ns() -> Option<f64> {
    #[cfg(unix)]
    {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: the pointer is to memory of the right type, valid for writes.
        let failed = unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr()) } != 0;
        // SAFETY: all zeroes is a valid `rusage`, and a call that succeeds fills it in.
        let usage = Usage::of(&unsafe { usage.assume_init() });
        (!failed).then_some(usage.user_ns + usage.system_ns)
    }
    #[cfg(not(unix))]
    None
}

struct Counters(Scope);

pub(super) fn open(scope: Scope) -> Opened {
    match Usage::read(scope) {
        Some(_) => Ok(Box::new(Counters(scope))),
        None => Err(absent(&QUANTITIES, "this system does not count it")),
    }
}

impl Probe for Counters {
    fn quantities(&self) -> &'static [Quantity] {
        &QUANTITIES
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        let usage = Usage::read(self.0).ok_or("getrusage failed")?;
        let values = [
            usage.switches_voluntary,
            usage.switches_involuntary,
            usage.faults_minor,
            usage.faults_major,
        ];
        for (quantity, value) in QUANTITIES.into_iter().zip(values) {
            into.set(quantity, value);
        }
        Ok(())
    }
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
