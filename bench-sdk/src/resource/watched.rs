//! Watching another process, or a control group, while it works.

use std::path::{Path, PathBuf};

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    /// The process with that number.
    Process(u32),
    /// The control group whose files lie in that folder.
    Cgroup(PathBuf),
}

/// What was seen of it at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Processor time since it began, in nanoseconds.
    pub(crate) cpu_ns: Option<u64>,
    /// Resident memory, in bytes.
    pub(crate) rss: Option<u64>,
    /// Descriptors it has open.
    pub(crate) descriptors: Option<u64>,
}

impl Watched {
    /// Looks at it; what cannot be seen is `None`. Memory of a control group includes what the
    /// kernel keeps of files for it.
    pub(crate) fn look(&self) -> Sight {
        match self {
            Self::Process(id) => look_at_process(Path::new("/proc").join(id.to_string()).as_path()),
            Self::Cgroup(folder) => look_at_group(folder),
        }
    }

    /// Why it cannot be watched, where it cannot.
    pub(crate) fn reason(&self) -> Option<String> {
        if self.look().cpu_ns.is_some() {
            return None;
        }
        Some(match self {
            Self::Process(id) if cfg!(target_os = "linux") => {
                format!("there is no process {id}, or it may not be looked at")
            }
            Self::Process(_) => "processes can be watched on Linux only".to_owned(),
            Self::Cgroup(folder) => {
                format!("{} holds neither `cpu.stat` nor `cpuacct.usage`", folder.display())
            }
        })
    }
}

impl std::fmt::Display for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Process(id) => write!(f, "process {id}"),
            Self::Cgroup(folder) => write!(f, "cgroup {}", folder.display()),
        }
    }
}

fn look_at_process(folder: &Path) -> Sight {
    let stat = read(&folder.join("stat"));
    let pages = read(&folder.join("statm")).and_then(|text| nth(&text, 1));
    Sight {
        cpu_ns: stat.as_deref().and_then(ticks).map(|ticks| ticks * NS_A_TICK),
        rss: pages.map(|pages| pages * page_size()),
        descriptors: std::fs::read_dir(folder.join("fd")).ok().map(|list| list.count() as u64),
    }
}

/// `/proc` counts in hundredths of a second, whatever the kernel's own tick is.
const NS_A_TICK: u64 = 10_000_000;

/// User and system time: the 14th and 15th field, counted behind the name, which may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, behind) = stat.rsplit_once(')')?;
    Some(nth(behind, 11)? + nth(behind, 12)?)
}

fn look_at_group(folder: &Path) -> Sight {
    let of_v2 = read(&folder.join("cpu.stat")).and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("usage_usec "))?;
        line.trim().parse::<u64>().ok().map(|us| us * 1000)
    });
    let of_v1 = || read(&folder.join("cpuacct.usage")).and_then(|text| nth(&text, 0));
    let memory = ["memory.current", "memory.usage_in_bytes"];
    let memory = memory.iter().find_map(|name| nth(&read(&folder.join(name))?, 0));
    Sight { cpu_ns: of_v2.or_else(of_v1), rss: memory, descriptors: None }
}

/// Resident memory of this process, in bytes.
pub(crate) fn own_rss() -> Option<u64> {
    look_at_process(Path::new("/proc/self")).rss
}

/// The kernel's number of the calling thread.
pub(crate) fn thread_id() -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: takes nothing and cannot fail.
        u32::try_from(unsafe { libc::gettid() }).ok()
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Processor time of a thread of this process since it began, in nanoseconds.
pub(crate) fn thread_cpu_ns(id: u32) -> Option<u64> {
    nth(&read(Path::new(&format!("/proc/self/task/{id}/schedstat")))?, 0)
}

fn page_size() -> u64 {
    #[cfg(unix)]
    {
        // SAFETY: takes no pointers; a negative answer means that it is not known.
        u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
    }
    #[cfg(not(unix))]
    4096
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

fn nth(text: &str, nth: usize) -> Option<u64> {
    text.split_whitespace().nth(nth)?.parse().ok()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "12 (a) b (c) S 1 12 12 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 5 6 7";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("12 a S"), None);
    }

    #[test]
    fn this_process_is_seen() {
        let own = Watched::Process(std::process::id());
        let sight = own.look();
        assert!(sight.rss > Some(100_000) && sight.descriptors > Some(2), "{sight:?}");
        assert_eq!(own.reason(), None);
        assert!(thread_id().and_then(thread_cpu_ns).is_some());
        assert!(own_rss() > Some(100_000));
    }

    #[test]
    fn what_is_not_there_has_a_reason() {
        let gone = Watched::Process(u32::MAX);
        assert_eq!(gone.look(), Sight::default());
        assert!(gone.reason().is_some_and(|reason| reason.contains("no process 4294967295")));
        let folder = Watched::Cgroup("/nowhere".into());
        assert!(folder.reason().is_some_and(|reason| reason.starts_with("/nowhere holds neither")));
    }

    #[test]
    fn both_layouts_of_groups_are_read() {
        let folder = std::env::temp_dir().join(format!("hub-bench-watched-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let write =
            |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
        write("cpuacct.usage", "5000\n");
        write("memory.usage_in_bytes", "7\n");
        let group = Watched::Cgroup(folder.clone());
        assert_eq!((group.look().cpu_ns, group.look().rss), (Some(5000), Some(7)));
        write("cpu.stat", "usage_usec 9\nuser_usec 4\n");
        write("memory.current", "8\n");
        assert_eq!((group.look().cpu_ns, group.look().rss), (Some(9000), Some(8)));
        std::fs::remove_dir_all(&folder).expect("it was there");
    }
}
