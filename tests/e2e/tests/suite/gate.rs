//! `cargo hub-bench gate` between revisions, and `--baseline` of bench binaries, as users of a
//! repository with five benches type them.
//!
//! All tests share one scratch repository and one folder of results, kept from one test run to the
//! next, so that the SDK is built once for each side.

use std::fs;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use e2e_tests::{Outcome, clean, finish, fixtures_dir, hub_bench, measured, target_dir};
use serde_json::Value;

const MANIFEST: &str = r#"
[workspace]

[package]
name = "scratch"
version = "0.0.0"
edition = "2024"

[features]
bench = ["bench-sdk/bench"]

[dependencies]
bench-sdk = { path = "SDK" }

[lib]
bench = false

[[bench]]
name = "all"
harness = false
required-features = ["bench"]

# What is measured is this crate with the SDK, and all of it is built for three folders.
[profile.bench.package."*"]
opt-level = 0

[profile.bench.package.bench-sdk]
opt-level = 3
"#;

const LIBRARY: &str = "
const ONE: u64 = 1000;
const TWO: u64 = 700;
const THREE: u64 = 1500;
const FOUR: u64 = 400;
const FIVE: u64 = 1200;

// Each step waits for the one before it, and no compiler knows a shorter way: the time is that of so
// many shifts.
fn chain(amount: u64) -> u64 {
    let mut value = std::hint::black_box(1_u64);
    for step in 0..std::hint::black_box(amount) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
        value = value.wrapping_add(step);
    }
    value
}

pub fn one() -> u64 { chain(ONE) }
pub fn two() -> u64 { chain(TWO) }
pub fn three() -> u64 { chain(THREE) }
pub fn four() -> u64 { chain(FOUR) }
pub fn five() -> u64 { chain(FIVE) }
";

const BENCHES: &str = "
use bench_sdk::hub_bench;

#[hub_bench]
fn one() -> u64 { scratch::one() }
#[hub_bench]
fn two() -> u64 { scratch::two() }
#[hub_bench]
fn three() -> u64 { scratch::three() }
#[hub_bench]
fn four() -> u64 { scratch::four() }
#[hub_bench]
fn five() -> u64 { scratch::five() }

bench_sdk::main!(link = []);
";

const THREE: &str = "all::three";

/// The repository, used by one test at a time.
struct Scratch {
    repository: PathBuf,
    results: PathBuf,
    _turn: MutexGuard<'static, ()>,
    _lock: fs::File,
}

impl Scratch {
    /// The repository with one commit checked out, which is the same in every test run.
    fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        // A test that failed leaves nothing that the next one relies on.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = target_dir().join("gate-scratch");
        let repository = folder.join("repository");
        fs::create_dir_all(&repository).unwrap();
        let lock = fs::File::create(folder.join("lock")).unwrap();
        // SAFETY: the descriptor is open; held until it is closed, against tests in other processes.
        let locked = unsafe { libc::flock(lock.as_raw_fd(), libc::LOCK_EX) };
        assert_eq!(locked, 0, "{}", std::io::Error::last_os_error());
        let results = folder.join("results");
        let scratch = Self { repository, results, _turn: turn, _lock: lock };
        for of_other_tests in ["runs", "baselines"] {
            match fs::remove_dir_all(scratch.results.join(of_other_tests)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
                _ => {}
            }
        }
        if !scratch.repository.join(".git").is_dir() {
            scratch.git(&["init", "-q"]);
        }
        scratch.check_out_base();
        scratch
    }

    fn check_out_base(&self) {
        let sdk = fixtures_dir().join("../../bench-sdk").canonicalize().unwrap();
        self.put("Cargo.toml", &MANIFEST.replace("SDK", sdk.to_str().unwrap()));
        self.put("src/lib.rs", LIBRARY);
        self.put("benches/all.rs", BENCHES);
        if !self.repository.join("Cargo.lock").is_file() {
            fs::copy(fixtures_dir().join("Cargo.lock"), self.repository.join("Cargo.lock"))
                .unwrap();
        }
        // Takes out of the lock file what is not needed here.
        let mut metadata =
            self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        finish(metadata.args(["metadata", "--format-version", "1"])).expect_code(0);
        self.git(&["add", "-A"]);
        let tree = self.git(&["write-tree"]);
        let base = self.git(&["commit-tree", &tree, "-m", "base"]);
        self.git(&["checkout", "-q", "-f", "-B", "variant", &base]);
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.repository.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What does not change is not built again.
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }

    fn edit(&self, what: &str, by: &str) {
        let path = self.repository.join("src/lib.rs");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(what), "no `{what}` in {text}");
        fs::write(path, text.replace(what, by)).unwrap();
    }

    fn commit(&self) {
        self.git(&["commit", "-q", "-a", "-m", "variant"]);
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        clean(&mut command);
        command.current_dir(&self.repository).env("HUB_BENCH_DIR", &self.results);
        command.env("CARGO_TARGET_DIR", self.results.join("plain"));
        command.stdin(Stdio::null());
        command
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        let mut command = self.command("git");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@b.c");
            command.env(format!("GIT_{who}_DATE"), "2026-01-01T00:00:00Z");
        }
        let outcome = finish(command.args(arguments));
        outcome.expect_code(0);
        outcome.stdout.trim().to_owned()
    }

    fn gate_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(hub_bench());
        command.args(["hub-bench", "gate", "--budget", "20s"]).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `gate`, which must leave the repository as it is.
    #[track_caller]
    fn gate(&self, arguments: &[&str]) -> Outcome {
        let before = self.state();
        let outcome = finish(&mut self.gate_command(arguments));
        assert_eq!(self.state(), before, "{outcome}");
        outcome
    }

    /// `gate` that ends with that code, and its record.
    #[track_caller]
    fn record(&self, arguments: &[&str], code: i32) -> (Value, Outcome) {
        let outcome = self.gate(&[&["--output-format", "json"], arguments].concat());
        outcome.expect_code(code);
        let record = serde_json::from_str(&outcome.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{outcome}"));
        crate::schema::validate_comparison(&record);
        (record, outcome)
    }

    /// What git shows of the working tree, of the index and of what is checked out.
    fn state(&self) -> [String; 4] {
        [
            self.git(&["status", "--porcelain"]),
            self.git(&["ls-files", "-s"]),
            self.git(&["diff"]),
            self.git(&["log", "-1", "--format=%H %D"]),
        ]
    }

    /// A bench binary through `cargo bench`, as users of other benchmark crates type it.
    fn cargo_bench(&self, flags: &[&str]) -> Outcome {
        let mut command = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["bench", "--features", "bench", "--bench", "all", "--"]).args(flags);
        finish(&mut command)
    }
}

/// Ids of the cases whose time got that verdict.
fn with_verdict<'a>(record: &'a Value, verdict: &str) -> Vec<&'a str> {
    let comparisons = record["comparisons"].as_array().unwrap();
    let times = comparisons.iter().filter(|found| found["metric"] == "time");
    times.filter(|found| found["verdict"] == verdict).filter_map(|f| f["id"].as_str()).collect()
}

#[test]
fn an_unchanged_tree_is_equivalent() {
    let scratch = Scratch::new();
    let (record, outcome) = scratch.record(&["HEAD"], 0);
    assert_eq!(with_verdict(&record, "equivalent").len(), 5, "{outcome}");
    assert_eq!(record["candidate"]["dirty"], false);
    let trees = scratch.git(&["worktree", "list"]);
    let own = scratch.results.join("gate");
    let strange = |line: &&str| {
        let path = Path::new(line.split_whitespace().next().unwrap_or_default());
        path != scratch.repository && !path.starts_with(&own)
    };
    assert_eq!(trees.lines().filter(strange).count(), 0, "{trees}");
    scratch.gate(&["HEAD"]).expect_code(0).expect_stdout(&["5 equivalent"]);
}

#[test]
fn three_per_cent_more_work_in_one_bench_is_named_alone() {
    measured(|| {
        let scratch = Scratch::new();
        scratch.edit("THREE: u64 = 1500", "THREE: u64 = 1545");
        scratch.commit();
        let (record, outcome) = scratch.record(&["HEAD~1", "--threshold", "1%"], 3);
        assert_eq!(with_verdict(&record, "regressed"), [THREE], "{outcome}");
        assert_eq!(with_verdict(&record, "improved"), [""; 0], "{outcome}");
        outcome.expect_stderr(&[THREE]);
        let comparisons = record["comparisons"].as_array().unwrap();
        let found = comparisons.iter().find(|f| f["id"] == THREE && f["metric"] == "time").unwrap();
        let estimate = found["ratio"]["estimate"].as_f64().unwrap();
        assert!((1.02..1.04).contains(&estimate), "{found:#}");
    });
}

#[test]
fn an_inert_edit_stays_quiet() {
    measured(|| {
        let scratch = Scratch::new();
        scratch.edit("value", "renamed");
        scratch.edit("pub fn one", "pub fn unused() -> u64 { 6 }\npub fn one");
        scratch.commit();
        // Once as it comes, which sees that the code is the same, and once measured all the same.
        for more in [&[][..], &["--measure-identical"]] {
            let arguments = [&["HEAD~1", "--threshold", "1%"], more].concat();
            let (record, outcome) = scratch.record(&arguments, 0);
            let changed = ["regressed", "improved"].map(|verdict| with_verdict(&record, verdict));
            assert_eq!(changed.concat(), [""; 0], "{outcome}");
        }
    });
}

#[test]
fn what_got_faster_is_said_and_passes() {
    measured(|| {
        let scratch = Scratch::new();
        scratch.edit("THREE: u64 = 1500", "THREE: u64 = 1350");
        scratch.commit();
        let (record, outcome) = scratch.record(&["HEAD~1", "--threshold", "1%"], 0);
        assert_eq!(with_verdict(&record, "improved"), [THREE], "{outcome}");
        assert_eq!(with_verdict(&record, "regressed"), [""; 0], "{outcome}");
        outcome.expect_stderr(&["improved", THREE]);
    });
}

#[test]
fn what_is_not_committed_is_the_candidate() {
    measured(|| {
        let scratch = Scratch::new();
        scratch.edit("THREE: u64 = 1500", "THREE: u64 = 1650");
        // The index holds something else again.
        scratch.git(&["add", "src/lib.rs"]);
        scratch.edit("ONE: u64 = 1000", "ONE: u64 = 1100");
        let (record, outcome) = scratch.record(&["HEAD", "--", "one", "three", "five"], 3);
        assert_eq!(with_verdict(&record, "regressed"), ["all::one", THREE], "{outcome}");
        assert_eq!(
            record["comparisons"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|c| c["metric"] == "time")
                .count(),
            3
        );
        assert_eq!(record["candidate"]["dirty"], true);
    });
}

#[test]
fn two_gates_of_one_tree_end_well() {
    let scratch = Scratch::new();
    let before = scratch.state();
    let start = || scratch.gate_command(&["HEAD"]).spawn().unwrap();
    let both = [start(), start()];
    let outcomes = both.map(|child| Outcome::from(child.wait_with_output().unwrap()));
    for outcome in &outcomes {
        outcome.expect_code(0).expect_stdout(&["5 equivalent"]);
    }
    let waited = outcomes.iter().filter(|o| o.stderr.contains("waiting for another gate")).count();
    assert_eq!(waited, 1, "{}\n{}", outcomes[0], outcomes[1]);
    assert_eq!(scratch.state(), before);
}

#[test]
fn a_saved_baseline_is_compared_as_in_other_benchmark_crates() {
    measured(|| {
        let scratch = Scratch::new();
        scratch.cargo_bench(&["--quick", "--save-baseline", "master"]).expect_code(0);
        let against = ["--quick", "--baseline", "master", "--threshold", "5%"];
        let same = scratch.cargo_bench(&against);
        same.expect_code(0).expect_stdout(&["5 equivalent"]);
        scratch.edit("THREE: u64 = 1500", "THREE: u64 = 1650");
        let slower = scratch.cargo_bench(&against);
        slower.expect_code(3).expect_stdout(&["REGRESSED", THREE]);
        let latest = scratch.results.join("runs/latest/comparison.json");
        let record: Value = serde_json::from_str(&fs::read_to_string(latest).unwrap()).unwrap();
        crate::schema::validate_comparison(&record);
        assert_eq!(record["method"], "paired");
        // Two builds without the alignment of a gate may differ elsewhere too, in where code lies.
        assert!(with_verdict(&record, "regressed").contains(&THREE), "{slower}");
        let gate = scratch.gate(&["--baseline", "master", "--threshold", "5%"]);
        gate.expect_code(3).expect_stdout(&[THREE]);
        scratch.check_out_base();
    });
}

/// The commands of the workflow that `init` writes run as they stand, but for the one that installs
/// `cargo hub-bench`, which is here already, and for GitHub's own command, which is only listened to.
#[test]
fn the_workflow_runs_as_it_stands() {
    let scratch = Scratch::new();
    scratch.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    scratch.edit("fn chain", "pub fn unused() {}\nfn chain");
    scratch.commit();
    let tools = scratch.results.join("tools");
    fs::create_dir_all(&tools).unwrap();
    let _ = fs::remove_file(tools.join("cargo-hub-bench"));
    std::os::unix::fs::symlink(hub_bench(), tools.join("cargo-hub-bench")).unwrap();
    fs::write(tools.join("gh"), "#!/bin/sh\necho \"$@\"\n").unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(tools.join("gh"), executable).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let workflow = include_str!("../../../../bench-sdk/src/cli/init/workflow.yml");
    let commands = workflow.lines().filter_map(|line| line.trim().strip_prefix("run: "));
    let mut said = String::new();
    for line in commands.filter(|line| !line.starts_with("cargo install")) {
        let line = line.replace("${{ github.event.number }}", "7");
        assert!(!line.contains("${{"), "{line}");
        let mut shell = scratch.command("bash");
        shell.args(["-e", "-c", &line]).env("PATH", &path).env("GITHUB_BASE_REF", "main");
        let outcome = finish(&mut shell);
        outcome.expect_code(0);
        said += &outcome.stdout;
    }
    assert!(said.contains("pr comment 7 --body-file gate.md"), "{said}");
    let read = |name: &str| {
        let path = scratch.repository.join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_file(path).unwrap();
        text
    };
    assert_eq!(read("bench.txt").lines().filter(|line| line.contains("ns/iter")).count(), 5);
    assert!(read("gate.md").contains("equivalent"));
    assert!(read("dashboard.html").contains("<html"));
}
