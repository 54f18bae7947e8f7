//! Switches of the kernel that make clocks steadier, and that can be put back.

use std::fs::OpenOptions;
use std::io::{self, Write};

use super::root::Root;

const CPUS: &str = "/sys/devices/system/cpu";
/// The governor that leaves the clock where it is.
const STEADY: &str = "performance";

/// A switch that stands where it disturbs.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    root: Root,
    /// Its file.
    pub(crate) path: String,
    /// Where it stands.
    pub(crate) before: String,
    /// Where it would disturb less.
    pub(crate) after: &'static str,
}

impl Switch {
    /// Puts it where it disturbs less.
    pub(crate) fn set(&self) -> io::Result<()> {
        self.write(self.after)
    }

    /// Puts it back.
    pub(crate) fn undo(&self) -> io::Result<()> {
        self.write(&self.before)
    }

    /// What somebody with the rights would type to set it.
    pub(crate) fn command(&self) -> String {
        format!("echo {} | sudo tee {}", self.after, self.path)
    }

    /// What somebody with the rights would type to put it back.
    pub(crate) fn undo_command(&self) -> String {
        format!("echo {} | sudo tee {}", self.before, self.path)
    }

    fn write(&self, value: &str) -> io::Result<()> {
        // One write: the kernel takes each for a whole value.
        let mut file = OpenOptions::new().write(true).open(self.root.path(&self.path))?;
        file.write_all(format!("{value}\n").as_bytes())
    }
}

/// All switches of this machine that stand where they disturb.
pub(crate) fn switches() -> Vec<Switch> {
    switches_below(&Root::system())
}

fn switches_below(root: &Root) -> Vec<Switch> {
    let switch = |path: String, before: String, after| {
        (before != after).then(|| Switch { root: root.clone(), path, before, after })
    };
    let mut switches = Vec::new();
    for cpu in root.names(CPUS).iter().filter(|name| is_processor(name)) {
        let folder = format!("{CPUS}/{cpu}/cpufreq");
        let known = root.read(&format!("{folder}/scaling_available_governors"));
        let path = format!("{folder}/scaling_governor");
        let can = known.is_ok_and(|known| known.split_whitespace().any(|one| one == STEADY));
        if let (true, Ok(before)) = (can, root.word(&path)) {
            switches.extend(switch(path, before, STEADY));
        }
    }
    let turbo =
        [(format!("{CPUS}/intel_pstate/no_turbo"), "1"), (format!("{CPUS}/cpufreq/boost"), "0")];
    // Of two drivers' switches the first is the one in charge.
    if let Some((path, off)) = turbo.into_iter().find(|(path, _)| root.exists(path))
        && let Ok(before) = root.word(&path)
    {
        switches.extend(switch(path, before, off));
    }
    switches
}

/// `cpu0`, but not `cpufreq`.
fn is_processor(name: &str) -> bool {
    let number = name.strip_prefix("cpu").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    const FOLDER: &str = "sys/devices/system/cpu";

    fn tree() -> Tree {
        let path = |file: &str| format!("{FOLDER}/{file}");
        let files = [
            (path("cpu0/cpufreq/scaling_governor"), "powersave\n"),
            (path("cpu0/cpufreq/scaling_available_governors"), "performance powersave\n"),
            (path("cpu1/cpufreq/scaling_governor"), "performance\n"),
            (path("cpu1/cpufreq/scaling_available_governors"), "performance powersave\n"),
            (path("cpu2/cpufreq/scaling_governor"), "ondemand\n"),
            (path("cpu2/cpufreq/scaling_available_governors"), "ondemand\n"),
            (path("intel_pstate/no_turbo"), "0\n"),
            (path("cpufreq/boost"), "1\n"),
        ];
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        Tree::of(&files)
    }

    #[test]
    fn what_disturbs_can_be_set_and_put_back() {
        let tree = tree();
        let found = switches_below(&tree.root());
        let paths: Vec<_> = found.iter().map(|switch| switch.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
                "/sys/devices/system/cpu/intel_pstate/no_turbo"
            ]
        );
        let read = |at: usize| std::fs::read_to_string(tree.path(&found[at].path[1..])).unwrap();
        for switch in &found {
            switch.set().unwrap();
        }
        assert!(read(0).starts_with("performance\n") && read(1) == "1\n");
        assert!(switches_below(&tree.root()).is_empty());
        for switch in &found {
            switch.undo().unwrap();
        }
        assert!(read(0).starts_with("powersave\n") && read(1) == "0\n");
        assert_eq!(
            found[1].command(),
            "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
        );
    }

    #[test]
    fn where_there_are_no_switches_there_is_nothing_to_do() {
        assert!(switches_below(&Tree::of(&[]).root()).is_empty());
        let gone = Tree::of(&[]);
        let switch = Switch {
            root: gone.root(),
            path: "/none".to_owned(),
            before: "0".to_owned(),
            after: "1",
        };
        assert!(switch.set().is_err() && !gone.path("none").exists());
    }
}
