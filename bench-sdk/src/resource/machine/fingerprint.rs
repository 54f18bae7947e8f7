//! Everything that is told of machine, build and working tree, put together.

use std::path::Path;

use super::super::executable::compiler;
use super::build::build;
use super::cgroup::cgroup;
use super::cpu::{field, model, online, topology, virtual_machine};
use super::frequency::frequency;
use super::git::working_tree;
use super::load::load;
use super::power::power_source;
use super::root::{Absences, Reading, Root, not_understood};
use super::virtualisation::{Signatures, container, hypervisor, signatures};
use crate::record::{ClockRecord, Environment};

/// What can be told of machine, compiler and working tree. `source` is a folder of the tree that
/// the benches were built from.
pub(crate) fn environment(
    source: Option<&Path>,
    clock: Option<ClockRecord>,
    debug_assertions: bool,
) -> Environment {
    let mut absent = Absences::on(std::env::consts::OS);
    let mut environment = machine(&Root::system(), signatures(), &mut absent);
    environment.platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    environment.cpus = absent.any("cpus", usable_processors());
    environment.rustc = absent.any("rustc", compiler());
    environment.build = build(debug_assertions, &mut absent);
    environment.clock = clock;
    let (commit, dirty) = working_tree(source);
    environment.git_commit = absent.any("git_commit", commit);
    environment.git_dirty = absent.any("git_dirty", dirty);
    environment.absent = absent.into_reasons();
    environment
}

fn usable_processors() -> Reading<u32> {
    let number = std::thread::available_parallelism().map_err(|error| error.to_string())?;
    u32::try_from(number.get()).map_err(|error| error.to_string())
}

/// What files of the system tell.
fn machine(root: &Root, signatures: Option<Signatures>, absent: &mut Absences) -> Environment {
    let before = load(root);
    let cpuinfo = root.read("/proc/cpuinfo");
    let flagged = virtual_machine(&cpuinfo);
    let named = hypervisor(root, signatures, flagged == Ok(true));
    let is_virtual = if named.is_ok() { Ok(true) } else { flagged };
    let hides = is_virtual == Ok(true);
    let first = online(root).ok().and_then(|cpus| cpus.first().copied()).unwrap_or(0);
    let (governor, frequency) = frequency(root, first, hides, absent);
    let mut environment = Environment {
        cpu: absent.system("cpu", model(&cpuinfo)),
        topology: topology(root, hides, absent),
        virtual_machine: absent.system("virtual_machine", is_virtual),
        hypervisor: absent.system("hypervisor", named),
        container: absent.system("container", container(root)),
        kernel: absent.system("kernel", root.word("/proc/sys/kernel/osrelease")),
        memory_bytes: absent.system("memory_bytes", memory_bytes(root)),
        cgroup: cgroup(root, absent),
        power_source: absent.system("power_source", power_source(root)),
        governor,
        frequency,
        ..Environment::default()
    };
    // A task that is there both times is no passing one.
    let others = before.clone().map(|before| {
        let after = load(root).map_or(before.others, |load| load.others);
        before.others.min(after)
    });
    environment.load_average = absent.system("load_average", before.map(|load| load.average));
    environment.other_tasks = absent.system("other_tasks", others);
    environment
}

fn memory_bytes(root: &Root) -> Reading<u64> {
    const PATH: &str = "/proc/meminfo";
    let text = root.read(PATH)?;
    let total = field(&text, "MemTotal").and_then(|total| total.strip_suffix("kB"));
    let bytes = total.and_then(|kib| kib.trim().parse::<u64>().ok()?.checked_mul(1024));
    bytes.ok_or_else(|| not_understood(PATH))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    const KVM: Signatures = [*b"KVMKVMKVM\0\0\0", [0; 12]];

    #[test]
    fn a_virtual_machine_hides_its_frequencies() {
        let tree = Tree::of(&[
            ("proc/cpuinfo", "model name\t: Example 9000\nflags\t\t: fpu hypervisor\n"),
            ("proc/loadavg", "0.42 0 0 3/84 1"),
            ("proc/meminfo", "MemTotal:        2048 kB\n"),
            ("proc/sys/kernel/osrelease", "6.1.0\n"),
        ]);
        let mut absent = Absences::on("linux");
        let environment = machine(&tree.root(), Some(KVM), &mut absent);
        assert_eq!(environment.cpu.as_deref(), Some("Example 9000"));
        assert_eq!(environment.virtual_machine, Some(true));
        assert_eq!(environment.hypervisor.as_deref(), Some("kvm"));
        assert_eq!(environment.memory_bytes, Some(2 << 20));
        assert_eq!((environment.load_average, environment.other_tasks), (Some(0.42), Some(2)));
        let reasons = absent.into_reasons();
        assert!(reasons["governor"].contains("the hypervisor does not show frequencies"));
        assert!(reasons["topology.l3_bytes"].contains("the hypervisor does not show caches"));
        assert!(!reasons.contains_key("cpu"));
    }

    #[test]
    fn every_field_that_is_missing_has_a_reason() {
        let garbage = [
            ("proc/cpuinfo", "\u{0}\u{1}"),
            ("proc/meminfo", "MemTotal: lots kB"),
            ("proc/loadavg", "busy"),
            ("sys/devices/system/cpu/online", "all"),
        ];
        for files in [&[][..], &garbage] {
            let mut absent = Absences::on("linux");
            let environment = machine(&Tree::of(files).root(), None, &mut absent);
            assert_eq!(environment, Environment::default());
            let reasons = absent.into_reasons();
            for field in ["cpu", "virtual_machine", "hypervisor", "container", "kernel", "governor"]
            {
                assert!(reasons.contains_key(field), "{field}");
            }
            assert_eq!(reasons.len(), 26, "{reasons:#?}");
        }
    }

    #[test]
    fn on_another_system_the_reason_is_that_it_is_not_read() {
        let mut absent = Absences::on("plan9");
        let environment = machine(&Tree::of(&[]).root(), None, &mut absent);
        assert_eq!(environment, Environment::default());
        assert!(absent.into_reasons().values().all(|reason| reason == "not read on plan9"));
    }
}
