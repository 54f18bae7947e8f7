//! Model, cores and caches of the processors.

use super::root::{Absences, Reading, Root, not_understood, word};
use crate::record::Topology;

const CPUS: &str = "/sys/devices/system/cpu";
/// More than any kernel supports; a longer list is garbage.
const MAX_CPUS: u32 = 16_384;

/// The value behind `name :` in the style of `/proc/cpuinfo`.
pub(super) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

/// The name of the processor.
pub(super) fn model(cpuinfo: &Reading<String>) -> Reading<String> {
    let model = field(cpuinfo.as_ref()?, "model name").and_then(word);
    model.ok_or_else(|| "/proc/cpuinfo names no model".to_owned())
}

/// Whether the processor says that a hypervisor is underneath.
pub(super) fn virtual_machine(cpuinfo: &Reading<String>) -> Reading<bool> {
    let flags = field(cpuinfo.as_ref()?, "flags")
        .ok_or("this kind of processor does not tell whether a hypervisor is underneath")?;
    Ok(flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// Numbers in a list such as `0-3,8`; `None` where it is something else.
pub(super) fn cpu_list(text: &str) -> Option<Vec<u32>> {
    let mut cpus = Vec::new();
    for part in text.trim().split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        // The kernel writes them in order.
        let is_next = cpus.last().is_none_or(|before| *before < first);
        if !is_next || first > last || last >= MAX_CPUS {
            return None;
        }
        cpus.extend(first..=last);
    }
    Some(cpus)
}

fn read_list(root: &Root, path: &str) -> Reading<Vec<u32>> {
    let cpus = cpu_list(&root.read(path)?).filter(|cpus| !cpus.is_empty());
    cpus.ok_or_else(|| not_understood(path))
}

/// The processors that are online.
pub(super) fn online(root: &Root) -> Reading<Vec<u32>> {
    read_list(root, &format!("{CPUS}/online"))
}

/// Processors, cores and caches of the whole machine.
pub(super) fn topology(root: &Root, is_virtual: bool, absent: &mut Absences) -> Topology {
    let online = online(root);
    let first = online.as_ref().ok().and_then(|cpus| cpus.first().copied()).unwrap_or(0);
    let cores = groups(root, &online, ["core_cpus_list", "thread_siblings_list"]);
    let sockets = groups(root, &online, ["package_cpus_list", "core_siblings_list"]);
    let nodes = read_list(root, "/sys/devices/system/node/online");
    let count = |cpus: Vec<u32>| cpus.len() as u32;
    let caches = Caches::read(root, first, is_virtual);
    Topology {
        processors: absent.system("topology.processors", online.map(count)),
        cores: absent.system("topology.cores", cores.clone().map(|groups| groups.number)),
        threads_per_core: absent
            .system("topology.threads_per_core", cores.map(|groups| groups.largest)),
        sockets: absent.system("topology.sockets", sockets.map(|groups| groups.number)),
        numa_nodes: absent.system("topology.numa_nodes", nodes.map(count)),
        l1d_bytes: absent.system("topology.l1d_bytes", caches.size("1", "Data")),
        l2_bytes: absent.system("topology.l2_bytes", caches.size("2", "Unified")),
        l3_bytes: absent.system("topology.l3_bytes", caches.size("3", "Unified")),
        smt: absent.system("topology.smt", root.word(&format!("{CPUS}/smt/control"))),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Groups {
    number: u32,
    largest: u32,
}

/// How the processors group; each group is asked once, of its first member, since a large machine
/// has hundreds of files here. The second name is what older kernels have.
fn groups(root: &Root, online: &Reading<Vec<u32>>, names: [&str; 2]) -> Reading<Groups> {
    let online = online.as_ref()?;
    let mut left = online.clone();
    let mut groups = Groups { number: 0, largest: 0 };
    while let Some(cpu) = left.first().copied() {
        let path = |name: &str| format!("{CPUS}/cpu{cpu}/topology/{name}");
        let members = read_list(root, &path(names[0]));
        let members = members.or_else(|_| read_list(root, &path(names[1])))?;
        let before = left.len();
        left.retain(|other| *other != cpu && !members.contains(other));
        groups.number += 1;
        groups.largest = groups.largest.max((before - left.len()) as u32);
    }
    Ok(groups)
}

/// Caches of one processor, as level, type and size.
struct Caches {
    found: Vec<[String; 3]>,
    is_virtual: bool,
}

impl Caches {
    fn read(root: &Root, cpu: u32, is_virtual: bool) -> Self {
        let one = |index: u32| {
            let word = |name| root.word(&format!("{CPUS}/cpu{cpu}/cache/index{index}/{name}")).ok();
            Some([word("level")?, word("type")?, word("size")?])
        };
        Self { found: (0..16).map_while(one).collect(), is_virtual }
    }

    fn size(&self, level: &str, kind: &str) -> Reading<u64> {
        if self.found.is_empty() {
            let hidden = if self.is_virtual { "the hypervisor" } else { "the kernel" };
            return Err(format!("no cache files: {hidden} does not show caches"));
        }
        let cache = self.found.iter().find(|cache| cache[0] == level && cache[1] == kind);
        let [_, _, size] = cache.ok_or("the first processor lists no such cache")?;
        binary_size(size).ok_or_else(|| "the size of the cache is not understood".to_owned())
    }
}

/// Bytes of `48K` or `32M`.
fn binary_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1024,
        "M" => 1024 * 1024,
        "G" => 1024 * 1024 * 1024,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    fn read(tree: &Tree) -> (Topology, std::collections::BTreeMap<String, String>) {
        let mut absent = Absences::on("linux");
        let topology = topology(&tree.root(), false, &mut absent);
        (topology, absent.into_reasons())
    }

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "model\t\t: 2\nmodel name\t: A Processor: Fast\n";
        assert_eq!(field(text, "model name"), Some("A Processor: Fast"));
        assert_eq!(field(text, "flags"), None);
    }

    #[test]
    fn two_sockets_with_two_threads_a_core() {
        // Siblings as Linux numbers them: 0 to 3 are the cores, 4 to 7 their second threads.
        let tree = Tree::of(&[("sys/devices/system/cpu/online", "0-7\n")]);
        for cpu in 0..8 {
            let folder = format!("sys/devices/system/cpu/cpu{cpu}/topology");
            let core = format!("{},{}\n", cpu % 4, cpu % 4 + 4);
            let socket = if cpu % 4 < 2 { "0-1,4-5" } else { "2-3,6-7" };
            tree.put(&[(&format!("{folder}/thread_siblings_list"), &core)]);
            tree.put(&[(&format!("{folder}/package_cpus_list"), socket)]);
        }
        tree.put(&[
            ("sys/devices/system/node/online", "0-1"),
            ("sys/devices/system/cpu/smt/control", "on\n"),
        ]);
        for (index, level, kind, size) in
            [(0, "1", "Data", "48K"), (1, "1", "Instruction", "32K"), (2, "2", "Unified", "2048K")]
        {
            let folder = format!("sys/devices/system/cpu/cpu0/cache/index{index}");
            let names = ["level", "type", "size"].map(|name| format!("{folder}/{name}"));
            tree.put(&[(&names[0], level), (&names[1], kind), (&names[2], size)]);
        }
        let (topology, absent) = read(&tree);
        let expected = Topology {
            processors: Some(8),
            cores: Some(4),
            threads_per_core: Some(2),
            sockets: Some(2),
            numa_nodes: Some(2),
            l1d_bytes: Some(48 * 1024),
            l2_bytes: Some(2 * 1024 * 1024),
            l3_bytes: None,
            smt: Some("on".to_owned()),
        };
        assert_eq!(topology, expected);
        assert_eq!(
            absent.into_iter().collect::<Vec<_>>(),
            [(
                "topology.l3_bytes".to_owned(),
                "the first processor lists no such cache".to_owned()
            )]
        );
    }

    #[test]
    fn processors_that_are_offline_do_not_count() {
        let tree = Tree::of(&[("sys/devices/system/cpu/online", "1,3")]);
        for cpu in ["1", "3"] {
            let folder = format!("sys/devices/system/cpu/cpu{cpu}/topology");
            tree.put(&[(&format!("{folder}/core_cpus_list"), "0-3")]);
            tree.put(&[(&format!("{folder}/core_siblings_list"), cpu)]);
        }
        let (topology, _) = read(&tree);
        assert_eq!((topology.cores, topology.threads_per_core), (Some(1), Some(2)));
        assert_eq!(topology.sockets, Some(2));
    }

    #[test]
    fn an_empty_system_gives_reasons() {
        let (topology, absent) = read(&Tree::of(&[]));
        assert_eq!(topology, Topology::default());
        assert_eq!(absent.len(), 9);
        assert_eq!(absent["topology.cores"], "there is no /sys/devices/system/cpu/online");
    }

    #[test]
    fn garbage_is_no_list() {
        assert_eq!(cpu_list("0-2,5\n"), Some(vec![0, 1, 2, 5]));
        assert_eq!(cpu_list(""), Some(Vec::new()));
        for bad in [
            "3-1",
            "0-4294967295",
            "0-16384",
            "3,1",
            "0-2,2",
            "a",
            "1-",
            "-1",
            "1--2",
            "\u{fffd}",
            "9e9",
        ] {
            assert_eq!(cpu_list(bad), None, "{bad}");
        }
        let tree = Tree::of(&[
            ("sys/devices/system/cpu/online", "\u{0}\u{1}"),
            ("sys/devices/system/cpu/cpu0/cache/index0/level", "3"),
            ("sys/devices/system/cpu/cpu0/cache/index0/type", "Unified"),
            ("sys/devices/system/cpu/cpu0/cache/index0/size", "99999999999999999999G"),
        ]);
        let (topology, absent) = read(&tree);
        assert_eq!(topology, Topology::default());
        assert_eq!(absent["topology.l3_bytes"], "the size of the cache is not understood");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(binary_size("32M"), Some(32 << 20));
        assert_eq!(binary_size("512"), Some(512));
        for bad in ["", "K", "-1K", "1T", "17179869184G", "1\u{fffd}"] {
            assert_eq!(binary_size(bad), None, "{bad}");
        }
    }
}
