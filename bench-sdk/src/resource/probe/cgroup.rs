//! How often, and for how long, a quota of processor time has stopped this process's cgroup:
//! versions 1 and 2, every level that has a quota.

use std::path::{Path, PathBuf};

/// Where the hierarchies are mounted.
const MOUNTS: &str = "/sys/fs/cgroup";

/// Gives the text of a file; trees made up for tests stand in for the kernel's.
type Read = Box<dyn Fn(&Path) -> Option<String>>;

/// The `cpu.stat` of each level with a quota, the innermost first.
pub(super) struct Quotas {
    read: Read,
    stats: Vec<PathBuf>,
}

impl Quotas {
    /// Those of this process.
    pub(super) fn find() -> Self {
        Self::of(Box::new(|path| std::fs::read_to_string(path).ok()))
    }

    fn of(read: Read) -> Self {
        let levels = levels(&read).into_iter().filter(|level| has_quota(&read, level));
        let stats = levels.map(|level| level.join("cpu.stat")).collect();
        Self { read, stats }
    }

    /// How often any level was stopped. The kernel counts it when it lets the level go on.
    pub(super) fn throttlings(&self) -> u64 {
        self.sum(|text| word(text, "nr_throttled")).unwrap_or(0)
    }

    /// For how long, on all processors together; `None` without a quota.
    pub(super) fn throttled_ns(&self) -> Option<f64> {
        let ns = |text: &str| match word(text, "throttled_usec") {
            Some(us) => us.checked_mul(1_000),
            None => word(text, "throttled_time"),
        };
        self.sum(ns).map(|ns| ns as f64)
    }

    fn sum(&self, pick: impl Fn(&str) -> Option<u64>) -> Option<u64> {
        let values = self.stats.iter().filter_map(|stat| pick(&(self.read)(stat)?));
        values.reduce(u64::saturating_add)
    }
}

/// Folders of the cgroup that the processor's time is shared by, and of those around it.
fn levels(read: &Read) -> Vec<PathBuf> {
    let text = read(Path::new("/proc/self/cgroup")).unwrap_or_default();
    let is_level = |folder: &Path| read(&folder.join("cpu.stat")).is_some();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        // Version 2 names no controllers; version 1 is mounted under the names of all of them, or
        // under its own.
        let mounts = match controllers {
            "" => vec![PathBuf::from(MOUNTS)],
            named if named.split(',').any(|name| name == "cpu") => {
                vec![Path::new(MOUNTS).join(named), Path::new(MOUNTS).join("cpu")]
            }
            _ => continue,
        };
        for mount in mounts {
            let inner = mount.join(path.trim_start_matches('/'));
            // In a container the path may be that of the host, while the mount begins further in.
            let inner = if is_level(&inner) { inner } else { mount.clone() };
            let around = inner.ancestors().take_while(|level| level.starts_with(&mount));
            let found: Vec<PathBuf> =
                around.filter(|level| is_level(level)).map(Path::to_path_buf).collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn has_quota(read: &Read, level: &Path) -> bool {
    let first = |file: &str| {
        let text = read(&level.join(file))?;
        text.split_whitespace().next()?.parse::<i64>().ok()
    };
    // `max` and -1 are no quota.
    first("cpu.max").or_else(|| first("cpu.cfs_quota_us")).is_some_and(|quota| quota > 0)
}

/// The number behind a name, one of them a line.
fn word(text: &str, name: &str) -> Option<u64> {
    let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok();
    text.lines().find_map(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    fn quotas(files: &'static [(&str, &str)]) -> Quotas {
        let text = |path: &Path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == path);
            found.map(|(_, text)| (*text).to_owned())
        };
        Quotas::of(Box::new(text))
    }

    #[test]
    fn every_level_with_a_quota_counts_in_version_2() {
        let quotas = quotas(&[
            ("/proc/self/cgroup", "0::/a/b\n"),
            ("/sys/fs/cgroup/cpu.stat", "usage_usec 5\n"),
            ("/sys/fs/cgroup/a/cpu.max", "50000 100000\n"),
            ("/sys/fs/cgroup/a/cpu.stat", "nr_throttled 2\nthrottled_usec 30\n"),
            ("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"),
            ("/sys/fs/cgroup/a/b/cpu.stat", "nr_throttled 7\nthrottled_usec 70\n"),
        ]);
        assert_eq!((quotas.throttlings(), quotas.throttled_ns()), (2, Some(30_000.0)));
    }

    #[test]
    fn a_container_sees_its_own_level_at_the_mount_in_version_1() {
        let quotas = quotas(&[
            ("/proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/docker/abc\n0::/\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_throttled 3\nthrottled_time 900\n"),
        ]);
        assert_eq!((quotas.throttlings(), quotas.throttled_ns()), (3, Some(900.0)));
    }

    #[test]
    fn without_a_quota_nothing_is_read() {
        let none = quotas(&[
            ("/proc/self/cgroup", "1:cpu:/\n0::/\n"),
            ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"),
            ("/sys/fs/cgroup/cpu/cpu.stat", "nr_throttled 3\nthrottled_time 900\n"),
        ]);
        assert!(none.stats.is_empty());
        assert_eq!((none.throttlings(), none.throttled_ns()), (0, None));
        assert_eq!(quotas(&[]).throttled_ns(), None);
    }

    #[test]
    fn the_kernel_is_asked_anew_every_time() {
        let count = Rc::new(Cell::new(3));
        let seen = count.clone();
        let quotas = Quotas::of(Box::new(move |path| match path.to_str()? {
            "/proc/self/cgroup" => Some("0::/\n".to_owned()),
            "/sys/fs/cgroup/cpu.max" => Some("1000 100000".to_owned()),
            "/sys/fs/cgroup/cpu.stat" => Some(format!("nr_throttled {}\n", seen.get())),
            _ => None,
        }));
        assert_eq!(quotas.throttlings(), 3);
        count.set(5);
        assert_eq!(quotas.throttlings(), 5);
    }
}
