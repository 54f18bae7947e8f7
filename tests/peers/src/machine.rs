//! What the studies ran on; nothing that names the machine or its users.

use std::fs::read_to_string;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::failure::{Context, Result};
use crate::process::run;

/// The machine and the compiler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) virtualised: bool,
    pub(crate) caches: String,
    pub(crate) memory_gib: f64,
    pub(crate) kernel: String,
    pub(crate) rustc: String,
    /// What `RUSTFLAGS` said, if anything.
    pub(crate) rustflags: String,
}

impl Machine {
    pub(crate) fn read() -> Result<Self> {
        let cores = std::thread::available_parallelism();
        let cpuinfo = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = read_to_string("/proc/meminfo").unwrap_or_default();
        let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let rustc = run(Command::new("rustc").arg("--version"))?.stdout;
        Ok(Self {
            cpu: field(&cpuinfo, "model name").unwrap_or("unknown").to_owned(),
            cores: cores.context(|| "counting cores".to_owned())?.get(),
            virtualised: field(&cpuinfo, "flags")
                .is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor")),
            caches: caches(),
            memory_gib: memory_gib(&meminfo).unwrap_or(0.0),
            kernel: kernel.trim().to_owned(),
            rustc: rustc.trim().to_owned(),
            rustflags: std::env::var("RUSTFLAGS").unwrap_or_default(),
        })
    }

    /// One line for a report.
    pub(crate) fn sentence(&self) -> String {
        let kind = if self.virtualised { ", a virtual machine" } else { "" };
        let flags = match self.rustflags.as_str() {
            "" => String::new(),
            flags => format!(", RUSTFLAGS `{flags}`"),
        };
        format!(
            "{}, {} cores{kind}, {:.0} GiB; caches {}; Linux {}; {}{flags}",
            self.cpu, self.cores, self.memory_gib, self.caches, self.kernel, self.rustc
        )
    }
}

/// How many cores there are; one if that is not known.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How busy the machine was, over the last minute.
pub(crate) fn load_average() -> Option<f64> {
    read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

fn memory_gib(meminfo: &str) -> Option<f64> {
    let kib: f64 = field(meminfo, "MemTotal")?.split(' ').next()?.parse().ok()?;
    Some(kib / 1024.0 / 1024.0)
}

/// Caches of the first processor, such as `L1d 48K, L2 1024K, L3 32768K`.
fn caches() -> String {
    let of = |index: usize| {
        let folder = format!("/sys/devices/system/cpu/cpu0/cache/index{index}");
        let read = |name: &str| read_to_string(format!("{folder}/{name}")).ok();
        let (level, kind, size) = (read("level")?, read("type")?, read("size")?);
        let kind = match kind.trim() {
            "Data" => "d",
            "Instruction" => "i",
            _ => "",
        };
        Some(format!("L{}{kind} {}", level.trim(), size.trim()))
    };
    let found: Vec<String> = (0..8).filter_map(of).collect();
    if found.is_empty() { "unknown".to_owned() } else { found.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "model\t\t: 2\nmodel name\t: Some CPU\nMemTotal:  2097152 kB\n";
        assert_eq!(field(text, "model name"), Some("Some CPU"));
        assert_eq!(field(text, "none"), None);
        assert_eq!(memory_gib(text), Some(2.0));
    }
}
