//! What the processors of the whole machine did, and what a hypervisor took of them.

use std::fs::File;

use super::root::{Reading, Root, not_understood};
use super::throttling::read_start;

const STAT: &str = "/proc/stat";
/// The first line of `/proc/stat` is at most ten numbers of twenty digits.
const LINE_BYTES: usize = 256;

/// The time accounts of the machine, kept open. Reading is one system call and allocates nothing;
/// the accounts move in steps of a tick, usually 10 ms or 4 ms.
#[derive(Debug)]
pub(crate) struct Stolen {
    file: File,
    tick_ns: u64,
}

/// Time since the machine started, summed over its processors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the unit stands in the name")]
pub(crate) struct MachineTime {
    /// Spent on anything: programs, the kernel, interrupts.
    pub(crate) busy_ns: u64,
    /// Of that, spent on processes: interrupts serve whoever is to be interrupted.
    pub(crate) processes_ns: u64,
    /// Wanted, and given to others by the hypervisor.
    pub(crate) stolen_ns: u64,
}

impl Stolen {
    /// Opens the accounts; `None` where there are none.
    pub(crate) fn open() -> Option<Self> {
        Self::below(&Root::system()).ok()
    }

    pub(super) fn below(root: &Root) -> Reading<Self> {
        let mut stolen = Self { file: root.open(STAT)?, tick_ns: tick_ns() };
        if stolen.read().is_none() {
            return Err(not_understood(STAT));
        }
        Ok(stolen)
    }

    /// The accounts by now.
    pub(crate) fn read(&mut self) -> Option<MachineTime> {
        let mut buffer = [0; LINE_BYTES];
        parse(first_line(&mut self.file, &mut buffer)?, self.tick_ns)
    }
}

fn first_line<'a>(file: &mut File, buffer: &'a mut [u8]) -> Option<&'a str> {
    read_start(file, buffer)?.lines().next()
}

/// `cpu user nice system idle iowait irq softirq steal guest guest_nice`, in ticks. Time of guests
/// is a part of user and nice.
fn parse(line: &str, tick_ns: u64) -> Option<MachineTime> {
    let mut ticks = [0_u64; 8];
    let mut words = line.strip_prefix("cpu ")?.split_whitespace();
    for tick in &mut ticks {
        *tick = words.next()?.parse().ok()?;
    }
    let [user, nice, system, _idle, _iowait, irq, softirq, steal] = ticks;
    let processes = user.saturating_add(nice).saturating_add(system);
    let busy = processes.saturating_add(irq).saturating_add(softirq);
    Some(MachineTime {
        busy_ns: busy.saturating_mul(tick_ns),
        processes_ns: processes.saturating_mul(tick_ns),
        stolen_ns: steal.saturating_mul(tick_ns),
    })
}

fn tick_ns() -> u64 {
    #[cfg(unix)]
    {
        // SAFETY: `sysconf` takes a plain number and touches no memory of ours.
        let hertz = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
        if let Some(hertz) = u64::try_from(hertz).ok().filter(|hertz| *hertz > 0) {
            return 1_000_000_000 / hertz;
        }
    }
    10_000_000
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn idle_is_not_busy_and_stolen_is_apart() {
        let line = "cpu  100 10 20 5000 600 3 2 7 50 5";
        let expected = MachineTime { busy_ns: 135_000, processes_ns: 130_000, stolen_ns: 7_000 };
        assert_eq!(parse(line, 1_000), Some(expected));
    }

    #[test]
    fn the_file_is_read_anew_each_time() {
        let tree =
            Tree::of(&[("proc/stat", "cpu  1 0 0 9 0 0 0 0 0 0\ncpu0 1 0 0 9 0 0 0 0 0 0\n")]);
        let mut stolen = Stolen::below(&tree.root()).unwrap();
        let before = stolen.read().unwrap();
        tree.put(&[("proc/stat", "cpu  3 0 0 9 0 0 0 1 0 0\n")]);
        let after = stolen.read().unwrap();
        assert_eq!(after.busy_ns, 3 * before.busy_ns);
        assert_eq!((before.stolen_ns, after.stolen_ns), (0, before.busy_ns));
    }

    #[test]
    fn garbage_is_none() {
        for bad in ["", "cpu", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7", "cpu  a b c d e f g h"]
        {
            assert_eq!(parse(bad, 1), None, "{bad}");
            assert!(Stolen::below(&Tree::of(&[("proc/stat", bad)]).root()).is_err());
        }
        let huge = format!("cpu {}", [u64::MAX.to_string().as_str(); 10].join(" "));
        let time = parse(&huge, 10_000_000).unwrap();
        let most = u64::MAX;
        let expected = MachineTime { busy_ns: most, processes_ns: most, stolen_ns: most };
        assert_eq!(time, expected);
    }
}
