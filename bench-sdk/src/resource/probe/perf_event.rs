//! Counters of the system call `perf_event_open`.
//!
//! The few calls needed are made here rather than by a crate: the one at hand leaves its descriptors
//! to the processes that a benchmark starts, and panics over a clock of the kernel that it doubts.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::FromRawFd;

use super::open::absent;
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const PARANOID: &str = "/proc/sys/kernel/perf_event_paranoid";
/// The highest value of that file with which a program may count itself.
const PARANOID_LIMIT: i32 = 2;

/// Something that the kernel can count for us, and where it is kept.
struct Event {
    quantities: [Quantity; 1],
    /// `PERF_TYPE_..`
    kind: u32,
    /// `PERF_COUNT_..`
    config: u64,
}

const fn hardware(quantity: Quantity, config: u64) -> Event {
    Event { quantities: [quantity], kind: 0, config }
}

static HARDWARE: [Event; 4] = [
    hardware(Quantity::Cycles, 0),
    hardware(Quantity::Instructions, 1),
    hardware(Quantity::CacheMisses, 3),
    hardware(Quantity::BranchMisses, 5),
];

/// Opens the counters of the processor, each by itself.
pub(super) fn open_hardware(scope: Scope) -> Vec<Opened> {
    HARDWARE.iter().map(|event| open(event, scope)).collect()
}

fn open(event: &'static Event, scope: Scope) -> Opened {
    let refuse = |reason: String| absent(&event.quantities, reason);
    let file = open_file(event, scope).map_err(|error| {
        let paranoid = std::fs::read_to_string(PARANOID).ok();
        refuse(refusal(&error, paranoid.and_then(|text| text.trim().parse().ok())))
    })?;
    let mut counter = Counter { event, file, course: Course::default() };
    counter.read(&mut Tally::default()).map_err(refuse)?;
    Ok(Box::new(counter))
}

struct Counter {
    event: &'static Event,
    file: File,
    course: Course,
}

impl Probe for Counter {
    fn quantities(&self) -> &'static [Quantity] {
        &self.event.quantities
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        let mut bytes = [0; 24];
        self.file.read_exact(&mut bytes).map_err(|error| error.to_string())?;
        let mut numbers =
            bytes.chunks_exact(8).map(|eight| eight.try_into().map_or(0, u64::from_ne_bytes));
        let mut next = || numbers.next().unwrap_or(0);
        let reading = Reading { count: next(), enabled_ns: next(), running_ns: next() };
        into.set(self.event.quantities[0], self.course.advance(reading)?);
        Ok(())
    }
}

/// What the kernel says of a counter.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    count: u64,
    /// How long it should have counted.
    enabled_ns: u64,
    /// How long it did: the processor has few counters, and the kernel has them take turns.
    running_ns: u64,
}

/// A count that was made up for the times in which others had the counter.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    last: Reading,
    total: f64,
}

impl Course {
    /// The count so far. Each stretch between two readings is made up for by itself: what happened
    /// in a region says nothing about what surrounds it.
    fn advance(&mut self, now: Reading) -> Result<f64, String> {
        let last = std::mem::replace(&mut self.last, now);
        let count = now.count.saturating_sub(last.count) as f64;
        let enabled_ns = now.enabled_ns.saturating_sub(last.enabled_ns);
        let running_ns = now.running_ns.saturating_sub(last.running_ns);
        if running_ns == 0 && enabled_ns > 0 {
            return Err("other programs had the processor's counters meanwhile".to_owned());
        }
        let share = if running_ns == 0 { 1.0 } else { enabled_ns as f64 / running_ns as f64 };
        self.total += count * share.max(1.0);
        Ok(self.total)
    }
}

const THIS_THREAD: libc::pid_t = 0;
const ANY_PROCESSOR: libc::c_int = -1;
const NO_GROUP: libc::c_int = -1;
/// `PERF_FLAG_FD_CLOEXEC`
const CLOSE_ON_EXEC: libc::c_ulong = 8;

/// `struct perf_event_attr` as it was first; the kernel takes what is missing for zero.
#[repr(C)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    breakpoint_kind: u32,
    config1: u64,
}

/// `PERF_FORMAT_TOTAL_TIME_ENABLED` and `PERF_FORMAT_TOTAL_TIME_RUNNING`.
const READ_TIMES: u64 = 0b11;
const INHERIT: u64 = flag(1);
const EXCLUDE_KERNEL: u64 = flag(5);
const EXCLUDE_HYPERVISOR: u64 = flag(6);
/// With `INHERIT`: by threads, but not by processes. Since Linux 5.13.
const INHERIT_THREAD: u64 = flag(35);

/// The flags are bit fields of C, which begin at the other end on big-endian machines.
const fn flag(number: u32) -> u64 {
    if cfg!(target_endian = "big") { 1 << (63 - number) } else { 1 << number }
}

/// A counter of the program itself, the kernel's part left out, that is counting already: of this
/// thread and those it starts from now on, or of this thread alone.
fn open_file(event: &Event, scope: Scope) -> io::Result<File> {
    let flags = EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR;
    match scope {
        Scope::Thread => open_with(event, flags),
        Scope::Process => match open_with(event, flags | INHERIT | INHERIT_THREAD) {
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
                open_with(event, flags | INHERIT)
            }
            other => other,
        },
    }
}

fn open_with(event: &Event, flags: u64) -> io::Result<File> {
    let attributes = Attributes {
        kind: event.kind,
        size: size_of::<Attributes>() as u32,
        config: event.config,
        sample_period: 0,
        sample_type: 0,
        read_format: READ_TIMES,
        flags,
        wakeup_events: 0,
        breakpoint_kind: 0,
        config1: 0,
    };
    // SAFETY: the pointer is to attributes that outlive the call, and their field `size` says how
    // many bytes of them the kernel may read.
    let descriptor = unsafe {
        libc::syscall(
            libc::SYS_perf_event_open,
            &raw const attributes,
            THIS_THREAD,
            ANY_PROCESSOR,
            NO_GROUP,
            CLOSE_ON_EXEC,
        )
    };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so this is an open descriptor that nobody else knows.
    Ok(unsafe { File::from_raw_fd(descriptor as libc::c_int) })
}

/// Why the kernel does not count, and what helps.
fn refusal(error: &io::Error, paranoid: Option<i32>) -> String {
    match (error.raw_os_error(), paranoid) {
        (Some(libc::ENOENT | libc::ENODEV | libc::EOPNOTSUPP), _) => {
            "this machine shows no such hardware counter, as most virtual machines show none"
                .to_owned()
        }
        (Some(libc::EACCES | libc::EPERM), Some(value)) if value > PARANOID_LIMIT => format!(
            "kernel.perf_event_paranoid is {value}; `sysctl kernel.perf_event_paranoid=\
             {PARANOID_LIMIT}`, as root, lets programs count themselves"
        ),
        (Some(libc::EACCES | libc::EPERM), value) => {
            let value = value.map_or("unknown".to_owned(), |value| value.to_string());
            format!(
                "perf_event_open is forbidden although kernel.perf_event_paranoid is {value}: a \
                 container or a security module stands in the way, and Docker needs `--cap-add \
                 PERFMON`"
            )
        }
        (Some(libc::ENOSYS), _) => "there is no perf_event_open: the kernel was built without it, \
                                    or the seccomp profile of a container hides it"
            .to_owned(),
        _ => format!("perf_event_open: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What any machine counts: pages that had to be mapped, `PERF_COUNT_SW_PAGE_FAULTS_MIN`.
    static FAULTS: Event = Event { quantities: [Quantity::FaultsMinor], kind: 1, config: 5 };

    const PAGES: usize = 300;

    /// Touches as many pages that nobody has touched before, each mapped by itself.
    fn touch_pages() {
        const PAGE: usize = 4096;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        for _ in 0..PAGES {
            // SAFETY: a fresh page of our own is mapped, touched while it is there, and unmapped.
            unsafe {
                let page = libc::mmap(std::ptr::null_mut(), PAGE, protection, kind, -1, 0);
                assert!(page != libc::MAP_FAILED, "no memory");
                page.cast::<u8>().write_volatile(1);
                libc::munmap(page, PAGE);
            }
        }
    }

    /// What the counter saw of the work; `None` where the kernel lets nobody count.
    fn counted(scope: Scope, work: impl FnOnce()) -> Option<f64> {
        let mut counter = match open(&FAULTS, scope) {
            Ok(counter) => counter,
            Err(absent) => {
                assert!(absent.reason.contains("perf_event"), "{}", absent.reason);
                return None;
            }
        };
        let (mut before, mut after) = (Tally::default(), Tally::default());
        assert_eq!(counter.read(&mut before), Ok(()));
        work();
        assert_eq!(counter.read(&mut after), Ok(()));
        after.since(&before).get(Quantity::FaultsMinor)
    }

    #[test]
    fn events_of_this_thread_are_counted() {
        for scope in [Scope::Thread, Scope::Process] {
            let Some(faults) = counted(scope, touch_pages) else { return };
            assert!(faults >= PAGES as f64, "{faults}");
        }
    }

    #[test]
    fn threads_that_start_later_count_for_the_process_and_not_for_the_thread() {
        let in_thread = || {
            // A failure to join would show as a missing count.
            let _ = std::thread::spawn(touch_pages).join();
        };
        let Some(faults) = counted(Scope::Process, in_thread) else { return };
        assert!(faults >= PAGES as f64, "{faults}");
        let alone = counted(Scope::Thread, in_thread).unwrap_or(f64::MAX);
        assert!(alone < PAGES as f64, "{alone}");
    }

    #[test]
    fn what_others_took_is_made_up_for_stretch_by_stretch() {
        let mut course = Course::default();
        let mut at = |count, enabled_ns, running_ns| {
            course.advance(Reading { count, enabled_ns, running_ns })
        };
        assert_eq!(at(100, 50, 50), Ok(100.0));
        assert_eq!(at(200, 150, 100), Ok(300.0));
        assert_eq!(at(200, 150, 100), Ok(300.0));
        // A clock that runs ahead takes nothing away.
        assert_eq!(at(210, 160, 120), Ok(310.0));
        assert!(at(210, 260, 120).is_err());
    }

    #[test]
    fn refusals_say_what_helps() {
        let told = |code, paranoid| refusal(&io::Error::from_raw_os_error(code), paranoid);
        for code in [libc::ENOENT, libc::ENODEV, libc::EOPNOTSUPP] {
            assert!(told(code, Some(2)).contains("virtual machines"));
        }
        let strict = told(libc::EACCES, Some(3));
        assert!(strict.contains("perf_event_paranoid is 3"), "{strict}");
        assert!(strict.contains("sysctl kernel.perf_event_paranoid=2"), "{strict}");
        assert!(told(libc::EPERM, Some(1)).contains("container"));
        assert!(told(libc::EPERM, None).contains("unknown"));
        assert!(told(libc::ENOSYS, Some(2)).contains("seccomp"));
        assert!(told(libc::EMFILE, Some(2)).starts_with("perf_event_open: "));
    }
}
