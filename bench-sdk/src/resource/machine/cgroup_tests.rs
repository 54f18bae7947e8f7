use super::super::tree::Tree;
use super::*;

const UNLIMITED: &str = "9223372036854771712\n";

fn read(tree: &Tree) -> (Cgroup, std::collections::BTreeMap<String, String>) {
    let mut absent = Absences::on("linux");
    let cgroup = cgroup(&tree.root(), &mut absent);
    (cgroup, absent.into_reasons())
}

fn v1() -> Tree {
    Tree::of(&[
        (
            "proc/self/cgroup",
            "5:cpuset:/jobs\n4:memory:/jobs/42\n3:cpu,cpuacct:/jobs/42\n1:name=systemd:/\n",
        ),
        (
            "proc/self/mountinfo",
            "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n\
             32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
             34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n\
             35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
        ),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/42/cpu.cfs_quota_us", "150000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/42/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us", "-1\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpuset/jobs/cpuset.cpus", "0-1\n"),
        ("sys/fs/cgroup/memory/jobs/42/memory.limit_in_bytes", UNLIMITED),
        ("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "536870912\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", UNLIMITED),
    ])
}

fn v2(group: &str) -> Tree {
    Tree::of(&[
        ("proc/self/cgroup", &format!("0::{group}\n")),
        (
            "proc/self/mountinfo",
            "24 30 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
        ),
    ])
}

#[test]
fn version_1_with_a_quota() {
    let (cgroup, absent) = read(&v1());
    let expected = Cgroup {
        version: Some("v1".to_owned()),
        cpu_quota: Some(1.5),
        cpuset: Some("0-1".to_owned()),
        memory_bytes: Some(512 << 20),
        ..Cgroup::default()
    };
    assert_eq!((cgroup, absent.len()), (expected, 0));
}

#[test]
fn of_nested_limits_of_version_2_the_tightest_counts() {
    let tree = v2("/a/b/c");
    tree.put(&[
        ("sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n"),
        ("sys/fs/cgroup/a/b/cpu.max", "50000 100000\n"),
        ("sys/fs/cgroup/a/cpu.max", "200000 100000\n"),
        ("sys/fs/cgroup/a/b/c/memory.max", "2147483648\n"),
        ("sys/fs/cgroup/a/b/memory.max", "1073741824\n"),
        ("sys/fs/cgroup/a/memory.max", "4294967296\n"),
        ("sys/fs/cgroup/a/b/c/cpuset.cpus.effective", "2-3\n"),
        ("sys/fs/cgroup/cpuset.cpus.effective", "0-3\n"),
    ]);
    let (cgroup, absent) = read(&tree);
    let expected = Cgroup {
        version: Some("v2".to_owned()),
        cpu_quota: Some(0.5),
        cpuset: Some("2-3".to_owned()),
        memory_bytes: Some(1 << 30),
        ..Cgroup::default()
    };
    assert_eq!((cgroup, absent.len()), (expected, 0));
}

#[test]
fn a_hybrid_system_is_asked_per_controller() {
    let tree = Tree::of(&[
        ("proc/self/cgroup", "2:cpu:/\n1:name=systemd:/user\n0::/user\n"),
        (
            "proc/self/mountinfo",
            "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
             41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
        ),
        ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000"),
        ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000"),
        // Not the controller's own hierarchy.
        ("sys/fs/cgroup/unified/user/cpu.max", "10000 100000"),
        ("sys/fs/cgroup/unified/user/memory.max", "4096"),
    ]);
    let (cgroup, absent) = read(&tree);
    assert_eq!(cgroup.version.as_deref(), Some("hybrid"));
    assert_eq!((cgroup.cpu_quota, cgroup.memory_bytes), (Some(3.0), Some(4096)));
    assert_eq!(absent["cgroup.cpuset"], "no set of processors is given");
}

#[test]
fn in_a_container_the_mount_shows_a_part_of_the_hierarchy() {
    let tree = Tree::of(&[
        ("proc/self/cgroup", "3:cpu:/docker/abc\n"),
        (
            "proc/self/mountinfo",
            "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
        ),
        ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000"),
        ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000"),
    ]);
    assert_eq!(read(&tree).0.cpu_quota, Some(0.25));
    // A namespace may show the group as lying outside of what is mounted.
    for group in ["/../other", "/docker/abcdef", "elsewhere"] {
        tree.put(&[("proc/self/cgroup", &format!("3:cpu:{group}\n"))]);
        assert_eq!(read(&tree).0.cpu_quota, Some(0.25), "{group}");
    }
}

#[test]
fn no_limits_and_no_groups_have_reasons() {
    let tree = v2("/a");
    tree.put(&[("sys/fs/cgroup/a/cpu.max", "max 100000")]);
    let (cgroup, absent) = read(&tree);
    assert_eq!((cgroup.cpu_quota, cgroup.memory_bytes, cgroup.cpuset), (None, None, None));
    assert_eq!(absent["cgroup.cpu_quota"], "no quota is set");
    assert_eq!(absent["cgroup.memory_bytes"], "no limit is set");

    let (cgroup, absent) = read(&Tree::of(&[]));
    assert_eq!(cgroup, Cgroup::default());
    assert_eq!(absent["cgroup.version"], "there is no /proc/self/cgroup");

    let unmounted = Tree::of(&[("proc/self/cgroup", "0::/\n"), ("proc/self/mountinfo", "")]);
    let (_, absent) = read(&unmounted);
    assert_eq!(absent["cgroup.cpu_quota"], "no control group with the controller cpu is mounted");
}

#[test]
fn reasons_do_not_tell_the_name_of_a_group() {
    let (_, absent) = read(&v2("/user.slice/alice"));
    assert!(absent.values().all(|reason| !reason.contains("alice")), "{absent:?}");
}

#[test]
fn garbage_is_no_limit() {
    let limits =
        ["", "max", "-5 100000", "100000", "100000 0", "0 100000", "x y", "1e5 1e5", "\u{0}"];
    for text in limits {
        let tree = v2("/");
        tree.put(&[("sys/fs/cgroup/cpu.max", text), ("sys/fs/cgroup/memory.max", text)]);
        assert_eq!(read(&tree).0.cpu_quota, None, "{text}");
    }
    for (groups, mounts) in [
        ("::::\n\u{0}\n7", "- - -"),
        ("0::", " - cgroup2 - -"),
        ("0::/a/../../b", "1 2 3 / \\9 x - cgroup2 a b"),
        ("1:cpu", "1 2 3 / /sys\\040\\777 - cgroup cgroup cpu"),
    ] {
        let tree = Tree::of(&[("proc/self/cgroup", groups), ("proc/self/mountinfo", mounts)]);
        let (cgroup, _) = read(&tree);
        assert_eq!((cgroup.cpu_quota, cgroup.memory_bytes), (None, None), "{groups:?}");
    }
}

#[test]
fn mount_points_may_have_spaces() {
    assert_eq!(unescaped("/a\\040b\\134c"), "/a b\\c");
    for odd in ["\\", "\\04", "\\999", "\\0\u{e9}"] {
        assert_eq!(unescaped(odd), odd);
    }
}
