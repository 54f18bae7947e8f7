//! Control groups: where this process stands in them, and what they allow.

use super::cpu::cpu_list;
use super::root::{Absences, Reading, Root, word};
use crate::record::Cgroup;

const GROUPS: &str = "/proc/self/cgroup";
const MOUNTS: &str = "/proc/self/mountinfo";
/// Version 1 writes the largest whole number of pages for "no limit".
const UNLIMITED_BYTES: u64 = 1 << 60;
/// More levels than this are garbage.
const MAX_LEVELS: usize = 64;

/// The two layouts of control groups; a hybrid system uses one for some controllers and the other
/// for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    V1,
    V2,
}

/// The groups around this process that one controller acts on, innermost first.
#[derive(Debug, PartialEq)]
pub(super) struct Levels {
    pub(super) layout: Layout,
    pub(super) folders: Vec<String>,
}

/// What the kernel says of control groups and of where they are mounted.
pub(super) struct Membership {
    groups: String,
    mounts: String,
}

impl Membership {
    pub(super) fn read(root: &Root) -> Reading<Self> {
        Ok(Self { groups: root.read(GROUPS)?, mounts: root.read(MOUNTS)? })
    }

    /// Lines such as `4:cpu,cpuacct:/user.slice`, taken apart.
    fn lines(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.groups.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':');
            Some((parts.next()?, parts.next()?, parts.next()?))
        })
    }

    /// `v1`, `v2` or `hybrid`.
    fn version(&self) -> Reading<String> {
        let first = self.lines().any(|(_, controllers, _)| !controllers.is_empty());
        let second = self.lines().any(|(id, controllers, _)| id == "0" && controllers.is_empty());
        match (first, second) {
            (true, true) => Ok("hybrid".to_owned()),
            (true, false) => Ok("v1".to_owned()),
            (false, true) => Ok("v2".to_owned()),
            (false, false) => Err("the kernel lists no control groups".to_owned()),
        }
    }

    /// Where that controller acts on this process.
    pub(super) fn path(&self, controller: &str) -> Option<Levels> {
        let has = |list: &str| list.split(',').any(|name| name == controller);
        let of_v1 = self.lines().find(|(_, controllers, _)| has(controllers));
        let (layout, (_, _, group)) = match of_v1 {
            Some(line) => (Layout::V1, line),
            None => {
                (Layout::V2, self.lines().find(|(id, names, _)| *id == "0" && names.is_empty())?)
            }
        };
        let mounts = self.mounts.lines().filter_map(Mount::parse).filter(|mount| match layout {
            Layout::V1 => mount.kind == "cgroup" && has(mount.options),
            Layout::V2 => mount.kind == "cgroup2",
        });
        let mounts: Vec<Mount<'_>> = mounts.collect();
        let holds = |mount: &&Mount<'_>| mount.below(group).is_some();
        let mount = mounts.iter().find(holds).or_else(|| mounts.first())?;
        Some(Levels { layout, folders: mount.folders(group) })
    }
}

/// A mounted hierarchy of control groups.
struct Mount<'a> {
    /// The group that is seen at the mount point.
    root: &'a str,
    point: String,
    kind: &'a str,
    options: &'a str,
}

impl<'a> Mount<'a> {
    /// A line of `mountinfo`: `32 31 0:29 /root /point options tags - kind source options`.
    fn parse(line: &'a str) -> Option<Self> {
        let (place, what) = line.split_once(" - ")?;
        let mut place = place.split(' ').skip(3);
        let mut what = what.split(' ');
        Some(Self {
            root: place.next()?,
            point: unescaped(place.next()?),
            kind: what.next()?,
            options: what.nth(1)?,
        })
    }

    /// The group's path below the mount point.
    fn below<'b>(&self, group: &'b str) -> Option<&'b str> {
        let rest = group.strip_prefix(self.root.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// Folders from that group out to the mount point. A group that lies outside of what is mounted
    /// here, as in some containers, leaves the mount point alone.
    fn folders(&self, group: &str) -> Vec<String> {
        let below = self.below(group).unwrap_or_default();
        let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        let depth = if parts.contains(&"..") || parts.len() > MAX_LEVELS { 0 } else { parts.len() };
        let folder = |depth| match parts.get(..depth) {
            Some(parts) if depth > 0 => format!("{}/{}", self.point, parts.join("/")),
            _ => self.point.clone(),
        };
        (0..=depth).rev().map(folder).collect()
    }
}

/// A path of `mountinfo`, in which `\040` is a space.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut path = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some(code) = code.filter(u8::is_ascii) {
            path.push(char::from(code));
            path.push_str(&part[3..]);
        } else {
            path.push('\\');
            path.push_str(part);
        }
    }
    path
}

/// The processors' time that the group in that folder may use; `None` where it is not limited.
pub(super) fn cpu_quota(root: &Root, layout: Layout, folder: &str) -> Option<f64> {
    let (quota, period) = match layout {
        Layout::V1 => (
            root.word(&format!("{folder}/cpu.cfs_quota_us")).ok()?,
            root.word(&format!("{folder}/cpu.cfs_period_us")).ok()?,
        ),
        Layout::V2 => {
            let text = root.word(&format!("{folder}/cpu.max")).ok()?;
            let (quota, period) = text.split_once(' ')?;
            (quota.to_owned(), period.trim().to_owned())
        }
    };
    // No limit is -1 in version 1 and `max` in version 2: neither is a whole number above 0.
    let quota = quota.parse::<u64>().ok().filter(|quota| *quota > 0)?;
    let period = period.parse::<u64>().ok().filter(|period| *period > 0)?;
    Some(quota as f64 / period as f64)
}

fn memory_limit(root: &Root, layout: Layout, folder: &str) -> Option<u64> {
    let name = match layout {
        Layout::V1 => "memory.limit_in_bytes",
        Layout::V2 => "memory.max",
    };
    root.number(&format!("{folder}/{name}")).ok().filter(|bytes| *bytes < UNLIMITED_BYTES)
}

fn cpuset(root: &Root, layout: Layout, folder: &str) -> Option<String> {
    let names = match layout {
        Layout::V1 => ["cpuset.effective_cpus", "cpuset.cpus"],
        Layout::V2 => ["cpuset.cpus.effective", "cpuset.cpus"],
    };
    let texts = names.iter().filter_map(|name| root.read(&format!("{folder}/{name}")).ok());
    texts
        .filter(|text| cpu_list(text).is_some_and(|cpus| !cpus.is_empty()))
        .find_map(|text| word(&text))
}

/// The limits around this process; of nested ones the tightest.
pub(super) fn cgroup(root: &Root, absent: &mut Absences) -> Cgroup {
    let membership = Membership::read(root);
    let path = |controller: &str| -> Reading<Levels> {
        let path = membership.as_ref()?.path(controller);
        path.ok_or_else(|| format!("no control group with the controller {controller} is mounted"))
    };
    let version = membership.as_ref().map_err(Clone::clone).and_then(Membership::version);
    let quota = path("cpu").and_then(|path| {
        let quotas = path.folders.iter().filter_map(|at| cpu_quota(root, path.layout, at));
        quotas.min_by(f64::total_cmp).ok_or_else(|| "no quota is set".to_owned())
    });
    let memory = path("memory").and_then(|path| {
        let limits = path.folders.iter().filter_map(|at| memory_limit(root, path.layout, at));
        limits.min().ok_or_else(|| "no limit is set".to_owned())
    });
    let cpuset = path("cpuset").and_then(|path| {
        let set = path.folders.iter().find_map(|at| cpuset(root, path.layout, at));
        set.ok_or_else(|| "no set of processors is given".to_owned())
    });
    Cgroup {
        version: absent.system("cgroup.version", version),
        cpu_quota: absent.system("cgroup.cpu_quota", quota),
        cpuset: absent.system("cgroup.cpuset", cpuset),
        memory_bytes: absent.system("cgroup.memory_bytes", memory),
        ..Cgroup::default()
    }
}

#[cfg(test)]
#[path = "cgroup_tests.rs"]
mod tests;
