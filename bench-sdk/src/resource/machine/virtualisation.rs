//! Hypervisors and containers.

use super::root::{Reading, Root, word};

/// What hypervisors call themselves in `cpuid`, and what they are called here.
const HYPERVISORS: [(&[u8; 12], &str); 10] = [
    (b"KVMKVMKVM\0\0\0", "kvm"),
    (b"TCGTCGTCGTCG", "qemu"),
    (b"VMwareVMware", "vmware"),
    (b"Microsoft Hv", "hyper-v"),
    (b"XenVMMXenVMM", "xen"),
    (b"VBoxVBoxVBox", "virtualbox"),
    (b"bhyve bhyve ", "bhyve"),
    (b" lrpepyh  vr", "parallels"),
    (b"prl hyperv  ", "parallels"),
    (b"ACRNACRNACRN", "acrn"),
];

/// The names that hypervisors give in `cpuid`; several where one imitates another.
pub(super) type Signatures = [[u8; 12]; 2];

/// The name of the hypervisor: as the processor tells it, else as files do.
pub(super) fn hypervisor(
    root: &Root,
    signatures: Option<Signatures>,
    is_virtual: bool,
) -> Reading<String> {
    if let Some([first, second]) = signatures {
        let known = |signature: [u8; 12]| {
            HYPERVISORS.iter().find(|(name, _)| **name == signature).map(|(_, name)| *name)
        };
        // One that speaks Hyper-V's language as well puts its own name second.
        let name = known(second).or_else(|| known(first)).map(str::to_owned);
        let as_told = || word(&String::from_utf8_lossy(&first));
        if let Some(name) = name.or_else(as_told) {
            return Ok(name);
        }
    }
    let files = ["/sys/hypervisor/type", "/proc/device-tree/hypervisor/compatible"];
    let told = files.iter().find_map(|path| root.word(path).ok());
    told.ok_or_else(|| {
        let reason = if is_virtual { "the hypervisor gives no name" } else { "no sign of one" };
        reason.to_owned()
    })
}

/// The kind of container around this process.
pub(super) fn container(root: &Root) -> Reading<String> {
    let groups = root.read("/proc/self/cgroup").unwrap_or_default();
    let told = root.word("/run/systemd/container").unwrap_or_default();
    let in_group = |names: [&str; 2]| names.iter().any(|name| groups.contains(name));
    let kinds: [(&str, bool); 7] = [
        ("kubernetes", groups.contains("kubepods")),
        ("kubernetes", root.exists("/var/run/secrets/kubernetes.io/serviceaccount")),
        ("podman", root.exists("/run/.containerenv") || groups.contains("/libpod-")),
        ("docker", root.exists("/.dockerenv") || in_group(["/docker/", "/docker-"])),
        ("lxc", told.starts_with("lxc") || in_group(["/lxc/", "/lxc."])),
        ("systemd-nspawn", told == "systemd-nspawn"),
        ("other", !told.is_empty()),
    ];
    let kind = kinds.iter().find(|(_, is_it)| *is_it).map(|(kind, _)| (*kind).to_owned());
    kind.ok_or_else(|| "no sign of one".to_owned())
}

/// What the processor says of a hypervisor underneath.
#[cfg(target_arch = "x86_64")]
pub(super) fn signatures() -> Option<Signatures> {
    use std::arch::x86_64::{__cpuid, CpuidResult};
    #[allow(unused_unsafe, reason = "safe to call only in later compilers than we ask for")]
    // SAFETY: every x86_64 processor has this instruction; it touches no memory.
    let ask = |leaf| unsafe { __cpuid(leaf) };
    let has_hypervisor = ask(1).ecx & (1 << 31) != 0;
    let name = |answer: CpuidResult| {
        let words = [answer.ebx, answer.ecx, answer.edx].map(u32::to_le_bytes);
        let mut name = [0; 12];
        for (byte, from) in name.iter_mut().zip(words.as_flattened()) {
            *byte = *from;
        }
        name
    };
    has_hypervisor.then(|| [name(ask(0x4000_0000)), name(ask(0x4000_0100))])
}

/// Other processors have no such instruction.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn signatures() -> Option<Signatures> {
    None
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn hypervisors_are_known_by_their_signature() {
        let tree = Tree::of(&[]);
        let name = |first, second| hypervisor(&tree.root(), Some([first, second]), true);
        assert_eq!(name(*b"KVMKVMKVM\0\0\0", [0; 12]).as_deref(), Ok("kvm"));
        assert_eq!(name(*b"Microsoft Hv", *b"KVMKVMKVM\0\0\0").as_deref(), Ok("kvm"));
        assert_eq!(name(*b"Microsoft Hv", [0; 12]).as_deref(), Ok("hyper-v"));
        assert_eq!(name(*b"NewNew\x1b[2J\0\0", [0; 12]).as_deref(), Ok("NewNew[2J"));
        assert_eq!(name([0; 12], [0xff; 12]), Err("the hypervisor gives no name".to_owned()));
        assert_eq!(hypervisor(&tree.root(), None, false), Err("no sign of one".to_owned()));
    }

    #[test]
    fn files_tell_where_the_processor_does_not() {
        let tree = Tree::of(&[("sys/hypervisor/type", "xen\n")]);
        assert_eq!(hypervisor(&tree.root(), None, false).as_deref(), Ok("xen"));
        let tree = Tree::of(&[("proc/device-tree/hypervisor/compatible", "linux,kvm\0")]);
        assert_eq!(hypervisor(&tree.root(), None, false).as_deref(), Ok("linux,kvm"));
    }

    #[test]
    fn containers_leave_signs() {
        let kind = |files: &[(&str, &str)]| container(&Tree::of(files).root());
        assert_eq!(kind(&[(".dockerenv", "")]).as_deref(), Ok("docker"));
        assert_eq!(kind(&[("run/.containerenv", "")]).as_deref(), Ok("podman"));
        assert_eq!(
            kind(&[("run/systemd/container", "systemd-nspawn\n")]).as_deref(),
            Ok("systemd-nspawn")
        );
        assert_eq!(
            kind(&[("run/systemd/container", "something of alice")]).as_deref(),
            Ok("other")
        );
        let pod = [("proc/self/cgroup", "0::/kubepods/pod1\n"), (".dockerenv", "")];
        assert_eq!(kind(&pod).as_deref(), Ok("kubernetes"));
        assert_eq!(kind(&[("proc/self/cgroup", "3:cpu:/docker/0a1b\n")]).as_deref(), Ok("docker"));
        assert_eq!(
            kind(&[("proc/self/cgroup", "0::/docker.service\n")]),
            Err("no sign of one".to_owned())
        );
    }
}
