//! Starts executables and gathers what they say.

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

/// Arguments of a run that takes next to no time.
pub const QUICK: [&str; 6] = ["--sample-count", "3", "--max-time", "20ms", "--launches", "1"];

/// How a process ended and what it printed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Fails the test unless the process ended with that code.
    #[track_caller]
    pub fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Fails the test unless all of these stand in standard output, wherever its lines are broken
    /// and however its columns are set.
    #[track_caller]
    pub fn expect_stdout(&self, texts: &[&str]) -> &Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let stdout = words(&self.stdout);
        for text in texts {
            assert!(stdout.contains(&words(text)), "`{text}` is not in stdout\n{self}");
        }
        self
    }

    /// Fails the test unless all of these stand in standard error.
    #[track_caller]
    pub fn expect_stderr(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is not in stderr\n{self}");
        }
        self
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, signal, stdout, stderr } = self;
        write!(f, "exit {code:?} signal {signal:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Takes away what the test run around us has put into the environment.
pub fn clean(command: &mut Command) {
    const OURS: [&str; 12] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_TARGET_DIR",
        "CARGO_TARGET_TMPDIR",
        "HUB_BENCH_",
        "NEXTEST",
        "RUST_BACKTRACE",
        "RUST_TEST",
        "NO_COLOR",
        "TERM",
    ];
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if OURS.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}

/// An executable that keeps its results in that folder, and works there too.
pub fn bench_command(executable: &Path, results: &Path) -> Command {
    let mut command = Command::new(executable);
    clean(&mut command);
    command.env("HUB_BENCH_DIR", results).stdin(std::process::Stdio::null());
    if results.is_dir() {
        command.current_dir(results);
    }
    command
}

/// Runs a bench binary to its end.
pub fn run<A: AsRef<OsStr>>(
    executable: &Path,
    results: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Outcome {
    finish(bench_command(executable, results).args(arguments))
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Outcome {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")).into()
}
