//! Fingerprint of the machine and the working tree.

use std::path::Path;
use std::process::{Command, Stdio};

use super::executable::compiler;
use crate::record::{ClockRecord, Environment};

/// What can be told of machine, compiler and working tree. `source` is a folder of the tree that
/// the benches were built from.
pub(crate) fn environment(source: Option<&Path>, clock: Option<ClockRecord>) -> Environment {
    let cpuinfo = read("/proc/cpuinfo").unwrap_or_default();
    let (git_commit, git_dirty) = source.map_or((None, None), working_tree);
    Environment {
        cpu: field(&cpuinfo, "model name"),
        cpus: std::thread::available_parallelism().ok().and_then(|n| u32::try_from(n.get()).ok()),
        virtual_machine: field(&cpuinfo, "flags")
            .map(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor")),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        kernel: read("/proc/sys/kernel/osrelease").map(|text| text.trim().to_owned()),
        memory_bytes: memory_bytes(),
        governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
            .map(|text| text.trim().to_owned()),
        load_average: read("/proc/loadavg")
            .and_then(|text| text.split_whitespace().next()?.parse().ok()),
        rustc: compiler(),
        git_commit,
        git_dirty,
        clock,
    }
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// The value behind `name :` in the style of `/proc/cpuinfo`.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

fn memory_bytes() -> Option<u64> {
    let total = field(&read("/proc/meminfo")?, "MemTotal")?;
    let kib: u64 = total.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Commit and dirtiness; nothing where there is no git or no repository.
fn working_tree(folder: &Path) -> (Option<String>, Option<bool>) {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            // A status must not wait for, or disturb, what the user does in the repository.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "HEAD"]);
    let dirty = commit
        .as_ref()
        .and_then(|_| git(&["status", "--porcelain", "--untracked-files=no"]))
        .map(|status| !status.is_empty());
    (commit, dirty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "model\t\t: 2\nmodel name\t: A Processor: Fast\n";
        assert_eq!(field(text, "model name").as_deref(), Some("A Processor: Fast"));
        assert_eq!(field(text, "flags"), None);
    }
}
