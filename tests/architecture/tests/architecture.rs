//! Holds the sources of the workspace against the house rules.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use architecture_tests::{
    Breach, Source, Tree, clocks, crowded, files, layers, module_files, panics, postponed,
    silent_allows, surroundings, too_long, unsafe_code,
};

/// A breach that is let through: the file, a part of what is said of it, and why.
struct Allowed(&'static str, &'static str, &'static str);

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tree(folder: &str) -> Tree {
    Tree::read(&workspace().join(folder)).unwrap_or_else(|error| panic!("{error}"))
}

/// Fails on each breach that is not allowed, and on each allowance that nothing needs any more.
fn hold(tree: &Tree, rule: fn(&Source) -> Vec<Breach>, allowed: &[Allowed]) {
    assert!(!tree.sources.is_empty(), "no sources were read");
    let breaches: Vec<Breach> = tree.sources.iter().flat_map(rule).collect();
    let lets = |Allowed(path, what, _): &Allowed, breach: &Breach| {
        breach.path == *path && breach.what.contains(what)
    };
    let left: Vec<String> = breaches
        .iter()
        .filter(|breach| !allowed.iter().any(|allowed| lets(allowed, breach)))
        .map(ToString::to_string)
        .collect();
    assert!(left.is_empty(), "\n{}", left.join("\n"));
    for allowed in allowed {
        let Allowed(path, what, why) = allowed;
        let is_used = breaches.iter().any(|breach| lets(allowed, breach));
        assert!(is_used, "nothing in {path} needs the allowance of `{what}` ({why}): remove it");
    }
}

#[test]
fn imports_go_down_only() {
    hold(&tree("bench-sdk/src"), layers, &[]);
}

#[test]
fn only_clock_reads_clocks() {
    hold(&tree("bench-sdk/src"), clocks, &[]);
}

#[test]
fn only_layer_five_reads_its_surroundings_prints_or_exits() {
    let allowed = [
        Allowed("resource/executable.rs", "env::current_exe", "its own file names its compiler"),
        Allowed("resource/program.rs", "env::current_exe", "a test needs an executable"),
        Allowed("resource/program.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("store/reading.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("resource/probe/energy.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("resource/watched.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("launch/callgrind.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("resource/machine/fingerprint.rs", "env::consts", "what it was compiled for"),
        Allowed("resource/machine/course.rs", "env::consts", "what it was compiled for"),
        Allowed("resource/machine/tree.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("launch/parent.rs", "env::current_exe", "a worker is this executable once more"),
        Allowed(
            "launch/worker.rs",
            "`stderr`",
            "the panic hook of a worker, whose standard error \
            the parent captures",
        ),
        Allowed("macros.rs", "`eprintln!`", "expands in the user's `main`, with benches off"),
        Allowed("store/fixture.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("store/lock.rs", "env::temp_dir", "a test needs a folder"),
        Allowed("store/following.rs", "env::temp_dir", "a test needs a folder"),
    ];
    hold(&tree("bench-sdk/src"), surroundings, &allowed);
}

#[test]
fn only_store_writes_files() {
    let allowed = [
        Allowed(
            "resource/program.rs",
            "`OpenOptions`",
            "copies of executables that live as long as a launch",
        ),
        Allowed("resource/watched.rs", "`fs::write`", "tests read files like the kernel's"),
        Allowed("resource/probe/energy.rs", "`fs::write`", "tests read files like the kernel's"),
        Allowed("resource/machine/tuning.rs", "`OpenOptions`", "switches of the kernel are files"),
        Allowed("cli/worktree_tests.rs", "`fs::write`", "tests make a repository of a few files"),
        Allowed("resource/machine/tree.rs", "`fs::write`", "tests read a system of a few files"),
    ];
    hold(&tree("bench-sdk/src"), files, &allowed);
}

#[test]
fn unsafe_code_has_two_homes() {
    hold(&tree("bench-sdk/src"), unsafe_code, &[]);
}

#[test]
fn nothing_panics_on_purpose() {
    for folder in ["bench-sdk/src", "bench-sdk/compat/divan/src", "bench-macros/src"] {
        hold(&tree(folder), panics, &[]);
    }
}

/// Everything that is ours, UI samples included.
const ALL: [&str; 5] =
    ["bench-sdk", "bench-macros/src", "examples", "tests/architecture", "tests/ui"];

#[test]
fn allowances_have_reasons() {
    for folder in ALL {
        hold(&tree(folder), silent_allows, &[]);
    }
}

#[test]
fn nothing_is_put_off() {
    for folder in ALL {
        hold(&tree(folder), postponed, &[]);
    }
}

#[test]
fn files_stay_short() {
    for folder in ALL {
        let tree = tree(folder);
        for breach in tree.sources.iter().flat_map(crowded) {
            println!("{folder}/{breach}: split it soon");
        }
        hold(&tree, too_long, &[]);
    }
}

#[test]
fn module_files_hold_no_logic() {
    for folder in ["bench-sdk/src", "bench-sdk/compat/divan/src", "bench-macros/src"] {
        hold(&tree(folder), module_files, &[]);
    }
}
