//! How often, and for how long, a quota has stopped this process.

use std::fs::File;

use super::cgroup::{Layout, Membership, cpu_quota};
use super::root::{Reading, Root};

/// Enough for the lines of `cpu.stat` that count; they come first.
const STAT_BYTES: usize = 1024;

/// The counters of every control group around this process that has a quota, kept open.
///
/// Reading costs one system call a group (nearly always there is one) and allocates nothing.
#[derive(Debug)]
pub(crate) struct Throttling {
    counters: Vec<(Layout, File)>,
}

/// What the counters say, since the control groups were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Throttled {
    /// How often a quota was used up.
    pub(crate) times: u64,
    /// For how long that kept tasks waiting.
    pub(crate) ns: u64,
}

impl Throttling {
    /// Opens the counters; `None` where no quota is set, or none can be read.
    pub(crate) fn open() -> Option<Self> {
        Self::below(&Root::system()).ok()
    }

    pub(super) fn below(root: &Root) -> Reading<Self> {
        let path = Membership::read(root)?.path("cpu").ok_or("no quota is set")?;
        let limited = path.folders.iter().filter(|at| cpu_quota(root, path.layout, at).is_some());
        let counters = limited
            .map(|folder| root.open(&format!("{folder}/cpu.stat")).map(|file| (path.layout, file)))
            .collect::<Result<Vec<_>, String>>()
            .map_err(|_| "the counters of the control group cannot be read")?;
        if counters.is_empty() {
            return Err("no quota is set".to_owned());
        }
        Ok(Self { counters })
    }

    /// The counts by now; `None` where they are not understood.
    pub(crate) fn read(&mut self) -> Option<Throttled> {
        let mut sum = Throttled::default();
        for (layout, file) in &mut self.counters {
            let mut buffer = [0; STAT_BYTES];
            let one = parse(*layout, read_start(file, &mut buffer)?)?;
            sum.times = sum.times.saturating_add(one.times);
            sum.ns = sum.ns.saturating_add(one.ns);
        }
        Some(sum)
    }
}

/// Version 1 has `throttled_time` in nanoseconds, version 2 `throttled_usec`.
fn parse(layout: Layout, text: &str) -> Option<Throttled> {
    let number = |name: &str| -> Option<u64> {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        value.trim().parse().ok()
    };
    let ns = match layout {
        Layout::V1 => number("throttled_time")?,
        Layout::V2 => number("throttled_usec")?.saturating_mul(1000),
    };
    Some(Throttled { times: number("nr_throttled")?, ns })
}

/// Reads a file of the kernel again from its start: text as far as the buffer and the last whole
/// line go.
pub(super) fn read_start<'a>(file: &mut File, buffer: &'a mut [u8]) -> Option<&'a str> {
    #[cfg(unix)]
    let length = std::os::unix::fs::FileExt::read_at(file, buffer, 0).ok()?;
    #[cfg(not(unix))]
    let length = {
        use std::io::{Read, Seek};
        file.rewind().ok()?;
        file.read(buffer).ok()?
    };
    let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
    text.get(..=text.rfind('\n')?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    const V1: &str = "nr_periods 120\nnr_throttled 7\nthrottled_time 35000000\nnr_bursts 0\n";
    const V2: &str = "usage_usec 9\nuser_usec 5\nsystem_usec 4\nnr_periods 12\nnr_throttled 3\n\
                      throttled_usec 4500\n";

    fn v2() -> Tree {
        Tree::of(&[
            ("proc/self/cgroup", "0::/a/b\n"),
            ("proc/self/mountinfo", "24 30 0:22 / /cg rw - cgroup2 cgroup2 rw\n"),
            ("cg/a/b/cpu.max", "max 100000\n"),
            ("cg/a/b/cpu.stat", "nr_throttled 999\nthrottled_usec 999\n"),
        ])
    }

    #[test]
    fn version_1_counts_nanoseconds() {
        let tree = Tree::of(&[
            ("proc/self/cgroup", "3:cpu,cpuacct:/\n"),
            ("proc/self/mountinfo", "32 31 0:29 / /cg rw - cgroup cgroup rw,cpu,cpuacct\n"),
            ("cg/cpu.cfs_quota_us", "50000"),
            ("cg/cpu.cfs_period_us", "100000"),
            ("cg/cpu.stat", V1),
        ]);
        let mut throttling = Throttling::below(&tree.root()).unwrap();
        assert_eq!(throttling.read(), Some(Throttled { times: 7, ns: 35_000_000 }));
    }

    #[test]
    fn the_group_with_the_quota_counts_and_is_read_anew() {
        let tree = v2();
        assert_eq!(Throttling::below(&tree.root()).unwrap_err(), "no quota is set");
        tree.put(&[("cg/a/cpu.max", "50000 100000\n"), ("cg/a/cpu.stat", V2)]);
        let mut throttling = Throttling::below(&tree.root()).unwrap();
        assert_eq!(throttling.read(), Some(Throttled { times: 3, ns: 4_500_000 }));
        tree.put(&[("cg/a/cpu.stat", &V2.replace("nr_throttled 3", "nr_throttled 4"))]);
        assert_eq!(throttling.read().map(|throttled| throttled.times), Some(4));
    }

    #[test]
    fn two_quotas_add_up() {
        let tree = v2();
        tree.put(&[
            ("cg/a/b/cpu.max", "10 100"),
            ("cg/a/cpu.max", "20 100"),
            ("cg/a/cpu.stat", V2),
        ]);
        let mut throttling = Throttling::below(&tree.root()).unwrap();
        assert_eq!(throttling.read().map(|throttled| throttled.times), Some(1002));
    }

    #[test]
    fn counters_that_are_missing_or_garbage_are_none() {
        let tree = v2();
        tree.put(&[("cg/a/cpu.max", "20 100")]);
        assert!(Throttling::below(&tree.root()).is_err());
        for text in ["", "nr_throttled 1\n", "nr_throttled x\nthrottled_usec 1\n", "\u{0}", V1] {
            tree.put(&[("cg/a/cpu.stat", text)]);
            assert_eq!(Throttling::below(&tree.root()).unwrap().read(), None, "{text:?}");
        }
    }

    #[test]
    fn a_line_cut_off_by_the_buffer_is_not_read() {
        let tree = Tree::of(&[("file", "nr_throttled 123456\n")]);
        let mut file = File::open(tree.path("file")).unwrap();
        assert_eq!(read_start(&mut file, &mut [0; 16]), None);
        assert_eq!(read_start(&mut file, &mut [0; 20]), Some("nr_throttled 123456\n"));
    }
}
