//! Forms that compile, with benchmarks on and off, and misuses with what is said about them.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p ui-tests`, then read the
//! difference.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn misuses_are_explained() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

#[test]
fn forms_compile_while_benchmarks_are_on() {
    trybuild::TestCases::new().pass("pass/*.rs");
}

/// Features unify inside a workspace, so the package for this stands outside of it.
#[test]
fn forms_compile_without_a_warning_while_benchmarks_are_off() {
    let package = throw_away_package("off", "2024");
    cargo(&package, &["check", "--bins", "--keep-going"]);
    let tree =
        cargo(&package, &["tree", "--edges", "normal", "--prefix", "none", "-p", "bench-sdk"]);
    let crates = tree.lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(crates, 2, "more than bench-sdk and bench-macros:\n{tree}");
}

/// Denied lints include clippy's, which trybuild does not run; and another edition for once.
#[test]
fn forms_pass_clippy_while_benchmarks_are_on() {
    if !Command::new("cargo").args(["clippy", "--version"]).output().unwrap().status.success() {
        println!("skipped: clippy is not installed");
        return;
    }
    let package = throw_away_package("on", "2021");
    cargo(&package, &["clippy", "--bins", "--features", "bench", "--keep-going"]);
}

/// A package with every passing file as a binary.
fn throw_away_package(name: &str, edition: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&package).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"throw-away\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n\n\
         [workspace]\n\n\
         [features]\nbench = [\"bench-sdk/bench\"]\n\n\
         [dependencies]\nbench-sdk = {{ path = '{HERE}/../../bench-sdk' }}\n"
    );
    for file in passing_files() {
        let name = file.file_stem().unwrap().to_string_lossy();
        let path = file.display();
        write!(manifest, "\n[[bin]]\nname = \"{name}\"\npath = '{path}'\n").unwrap();
    }
    std::fs::write(package.join("Cargo.toml"), manifest).unwrap();
    // The versions that the workspace has been tested with; they are also there without a network.
    std::fs::copy(Path::new(HERE).join("../../Cargo.lock"), package.join("Cargo.lock")).unwrap();
    package
}

fn passing_files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(HERE).join("pass")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Runs cargo in the package, with a target directory of its own, and returns what it printed.
fn cargo(package: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let command = arguments.join(" ");
    assert!(output.status.success(), "`cargo {command}` failed\n{stdout}\n{stderr}");
    stdout.into_owned()
}
