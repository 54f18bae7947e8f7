//! `cargo hub-bench init`: a crate that knows nothing of benches is made ready, and its bench runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use e2e_tests::{Outcome, Results, clean, finish, fixtures_dir, hub_bench, target_dir};

const MANIFEST: &str = "# kept\n[package]\nname = \"my-app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
const LIBRARY: &str = "pub fn double(n: u64) -> u64 { n * 2 }\n";
const ANNOTATED: &str =
    "#[bench_sdk::hub_bench(args = [1, 2])]\npub fn double(n: u64) -> u64 { n * 2 }\n";

/// A fresh repository with that crate.
fn repository(library: Option<&str>) -> Results {
    let results = Results::new();
    let folder = results.path();
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), MANIFEST).unwrap();
    match library {
        Some(library) => fs::write(folder.join("src/lib.rs"), library).unwrap(),
        None => fs::write(folder.join("src/main.rs"), "fn main() {}\n").unwrap(),
    }
    let mut git = Command::new("git");
    finish(git.args(["init", "--quiet"]).current_dir(folder)).expect_code(0);
    results
}

fn init(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(hub_bench());
    clean(&mut command);
    command.args(["hub-bench", "init"]).args(arguments).current_dir(folder);
    finish(command.stdin(Stdio::null()))
}

fn sdk() -> PathBuf {
    fixtures_dir().join("../../bench-sdk").canonicalize().unwrap()
}

#[test]
fn a_crate_is_made_ready_and_its_bench_runs() {
    let repository = repository(Some(LIBRARY));
    let (folder, sdk) = (repository.path(), sdk());
    let source = ["--path", sdk.to_str().unwrap(), "--yes"];
    let outcome = init(folder, &source);
    outcome.expect_code(0).expect_stdout(&[
        "change",
        "+ [lib]",
        "new",
        "benches/hub.rs",
        "written",
    ]);
    outcome.expect_stderr(&["no workflow is written"]);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.starts_with("# kept\n[package]\n"), "{manifest}");
    init(folder, &source).expect_code(0).expect_stdout(&["everything is there already"]);
    fs::write(folder.join("src/lib.rs"), ANNOTATED).unwrap();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    clean(&mut cargo);
    cargo.args(["test", "--features", "bench"]).current_dir(folder);
    cargo.env("CARGO_TARGET_DIR", target_dir().join("init"));
    cargo.env("HUB_BENCH_DIR", folder.join("results"));
    finish(&mut cargo).expect_code(0).expect_stdout(&["double", "[1]", "[2]", "2 measured"]);
}

#[test]
fn the_workflow_installs_from_where_the_crate_depends_on() {
    let repository = repository(Some(LIBRARY));
    let folder = repository.path();
    init(folder, &["--git", "https://example.org/it's", "--yes"]).expect_code(0);
    let path = folder.join(".github/workflows/benchmarks.yml");
    let workflow = fs::read_to_string(path).unwrap();
    let line = "run: cargo install --git 'https://example.org/it'\\''s' --features cli";
    assert!(workflow.contains(line), "{workflow}");
}

#[test]
fn nothing_is_written_without_consent_or_sense() {
    let repository_of_library = repository(Some(LIBRARY));
    let folder = repository_of_library.path();
    let sdk = sdk();
    let path = ["--path", sdk.to_str().unwrap()];
    init(folder, &path).expect_code(2).expect_stderr(&["nobody is there", "--yes"]);
    assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), MANIFEST);
    assert!(!folder.join("benches").exists());
    init(folder, &["--path", "nowhere", "--yes"]).expect_code(2).expect_stderr(&["no Cargo.toml"]);
    init(folder, &["-p", "other", "--yes"]).expect_code(2).expect_stderr(&["known: my-app"]);
    let binary = repository(None);
    let refused = init(binary.path(), &["--path", sdk.to_str().unwrap(), "--yes"]);
    refused.expect_code(2).expect_stderr(&["has no library", "src/lib.rs"]);
}

#[test]
fn the_library_is_linked_by_its_own_name() {
    let repository = repository(Some(LIBRARY));
    let folder = repository.path();
    let named = format!("{MANIFEST}\n[lib]\nname = \"other_name\"\n").replace('\n', "\r\n");
    fs::write(folder.join("Cargo.toml"), named).unwrap();
    init(folder, &["--git", "https://example.org/x", "--yes", "--no-workflow"]).expect_code(0);
    let main = fs::read_to_string(folder.join("benches/hub.rs")).unwrap();
    assert_eq!(main, "bench_sdk::main!(link = [other_name]);\n");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert_eq!(manifest.matches('\n').count(), manifest.matches("\r\n").count(), "{manifest:?}");
}

#[test]
fn what_is_there_already_is_not_made_a_target() {
    let repository = repository(Some(LIBRARY));
    let folder = repository.path();
    fs::create_dir(folder.join("benches")).unwrap();
    fs::write(folder.join("benches/hub.rs"), "fn main() {}\n").unwrap();
    let source = ["--git", "https://example.org/x", "--yes"];
    init(folder, &source).expect_code(2).expect_stderr(&["something else already", "rename it"]);
    assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), MANIFEST);
    assert!(!folder.join("tests").exists() && !folder.join(".github").exists());
}

#[test]
fn where_a_file_cannot_be_written_the_manifest_stays() {
    let repository = repository(Some(LIBRARY));
    let folder = repository.path();
    // A file stands where a folder is wanted.
    fs::write(folder.join("tests"), "").unwrap();
    let outcome = init(folder, &["--git", "https://example.org/x", "--yes"]);
    outcome.expect_code(1).expect_stderr(&["failed to"]);
    assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), MANIFEST);
}

#[test]
fn a_member_of_a_workspace_is_named() {
    let repository = repository(Some(LIBRARY));
    let folder = repository.path();
    fs::write(folder.join("Cargo.toml"), "[workspace]\nmembers = [\"a\", \"b\"]\n").unwrap();
    for name in ["a", "b"] {
        fs::create_dir_all(folder.join(name).join("src")).unwrap();
        fs::write(folder.join(name).join("src/lib.rs"), "").unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\n");
        fs::write(folder.join(name).join("Cargo.toml"), manifest).unwrap();
    }
    let source = ["--git", "https://example.org/x", "--yes"];
    init(folder, &source).expect_code(2).expect_stderr(&["several packages", "known: a, b"]);
    init(folder, &[&source[..], &["-p", "b"]].concat()).expect_code(0);
    assert!(folder.join("b/benches/hub.rs").exists() && !folder.join("a/benches").exists());
    let root = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(!root.contains("bench-sdk"), "{root}");
}
