//! How often, and for how long, a quota of processor time has stopped this process's cgroup:
//! versions 1 and 2, every level that has a quota.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use super::proc_file::ProcFile;

/// The `cpu.stat` of each level with a quota, the innermost first.
pub(super) struct Quotas(Vec<ProcFile>);

impl Quotas {
    /// Those of this process, looked for in the tree below that folder.
    pub(super) fn under(root: &Path) -> Self {
        let file = |level: PathBuf| ProcFile::open(level.join("cpu.stat").to_str()?).ok();
        Self(levels(root).into_iter().filter(|level| has_quota(level)).filter_map(file).collect())
    }

    /// How often any level was stopped. The kernel counts it when it lets the level go on.
    pub(super) fn throttlings(&mut self) -> u64 {
        self.sum(|text| word(text, "nr_throttled")).unwrap_or(0)
    }

    /// For how long, on all processors together; `None` without a quota.
    pub(super) fn throttled_ns(&mut self) -> Option<f64> {
        let ns = |text: &str| match word(text, "throttled_usec") {
            Some(us) => Some(us * 1_000),
            None => word(text, "throttled_time"),
        };
        self.sum(ns).map(|ns| ns as f64)
    }

    fn sum(&mut self, pick: impl Fn(&str) -> Option<u64>) -> Option<u64> {
        let values = self.0.iter_mut().filter_map(|stat| pick(stat.read().ok()?));
        values.reduce(u64::saturating_add)
    }
}

/// Folders of the cgroup that the processor's time is shared by, and of those around it.
fn levels(root: &Path) -> Vec<PathBuf> {
    let Ok(text) = read_to_string(root.join("proc/self/cgroup")) else { return Vec::new() };
    let mounts = root.join("sys/fs/cgroup");
    for line in text.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let mount = if controllers.is_empty() {
            mounts.clone()
        } else if controllers.split(',').any(|name| name == "cpu") {
            // It is mounted under the names of all controllers together, or under its own.
            let together = mounts.join(controllers);
            if together.is_dir() { together } else { mounts.join("cpu") }
        } else {
            continue;
        };
        let inner = mount.join(path.trim_start_matches('/'));
        // In a container the path may be that of the host, while the mount begins further in.
        let inner = if inner.is_dir() { inner } else { mount.clone() };
        let found: Vec<PathBuf> = inner
            .ancestors()
            .take_while(|level| level.starts_with(&mount))
            .filter(|level| level.join("cpu.stat").is_file())
            .map(Path::to_path_buf)
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn has_quota(level: &Path) -> bool {
    let first = |file: &str| {
        let text = read_to_string(level.join(file)).ok()?;
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
    use std::fs;

    /// A folder with these files, removed with it.
    struct Tree(PathBuf);

    impl Tree {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let folder = format!("hub-bench-cgroup-{name}-{}", std::process::id());
            let tree = Self(std::env::temp_dir().join(folder));
            for (path, text) in files {
                let path = tree.0.join(path);
                let _ = path.parent().map(fs::create_dir_all);
                assert!(fs::write(path, text).is_ok());
            }
            tree
        }

        fn quotas(&self) -> Quotas {
            Quotas::under(&self.0)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_level_with_a_quota_counts_in_version_2() {
        let tree = Tree::new(
            "two",
            &[
                ("proc/self/cgroup", "0::/a/b\n"),
                ("sys/fs/cgroup/cpu.stat", "usage_usec 5\n"),
                ("sys/fs/cgroup/a/cpu.max", "50000 100000\n"),
                ("sys/fs/cgroup/a/cpu.stat", "nr_throttled 2\nthrottled_usec 30\n"),
                ("sys/fs/cgroup/a/b/cpu.max", "max 100000\n"),
                ("sys/fs/cgroup/a/b/cpu.stat", "nr_throttled 7\nthrottled_usec 70\n"),
            ],
        );
        assert_eq!(tree.quotas().throttlings(), 2);
        assert_eq!(tree.quotas().throttled_ns(), Some(30_000.0));
    }

    #[test]
    fn a_container_sees_its_own_level_at_the_mount_in_version_1() {
        let tree = Tree::new(
            "one",
            &[
                ("proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/docker/abc\n0::/\n"),
                ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n"),
                ("sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_throttled 3\nthrottled_time 900\n"),
            ],
        );
        let mut quotas = tree.quotas();
        assert_eq!((quotas.throttlings(), quotas.throttled_ns()), (3, Some(900.0)));
        // It is asked anew every time.
        let stat = tree.0.join("sys/fs/cgroup/cpu,cpuacct/cpu.stat");
        assert!(fs::write(stat, "nr_throttled 4\nthrottled_time 950\n").is_ok());
        assert_eq!((quotas.throttlings(), quotas.throttled_ns()), (4, Some(950.0)));
    }

    #[test]
    fn without_a_quota_nothing_is_read() {
        let tree = Tree::new(
            "none",
            &[
                ("proc/self/cgroup", "1:cpu:/\n0::/\n"),
                ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"),
                ("sys/fs/cgroup/cpu/cpu.stat", "nr_throttled 3\nthrottled_time 900\n"),
            ],
        );
        let mut quotas = tree.quotas();
        assert_eq!((quotas.throttlings(), quotas.throttled_ns()), (0, None));
        assert_eq!(Quotas::under(Path::new("/nonexistent")).throttled_ns(), None);
    }
}
