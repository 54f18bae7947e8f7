//! Runs other programs and takes the time.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::failure::{Context, Failure, Result};

/// The last part of what a failed program said.
const TAIL_LINES: usize = 20;

/// What a program that succeeded left behind.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) seconds: f64,
    pub(crate) stdout: String,
}

/// Runs to the end; a program that fails is an error with the end of what it said.
pub(crate) fn run(command: &mut Command) -> Result<Finished> {
    run_to(command, &[0])
}

/// The same, where other exit codes than zero are answers too.
pub(crate) fn run_to(command: &mut Command, answers: &[i32]) -> Result<Finished> {
    let started = Instant::now();
    let output =
        command.stdin(Stdio::null()).output().context(|| format!("starting {}", shown(command)))?;
    let seconds = started.elapsed().as_secs_f64();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code().is_some_and(|code| answers.contains(&code)) {
        return Ok(Finished { seconds, stdout });
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "{} failed ({}):\n{}\n{}",
        shown(command),
        output.status,
        tail(&stdout),
        tail(&stderr)
    )))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn tail(text: &str) -> String {
    // Messages for programs say nothing to people.
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('{')).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn output_is_kept_and_failure_is_an_error_with_its_end() {
        let done = run(Command::new("sh").args(["-c", "echo out"])).unwrap();
        assert!(done.stdout == "out\n" && done.seconds > 0.0);
        let failed = run(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(failed.to_string().contains("why"));
        assert!(run_to(Command::new("sh").args(["-c", "exit 3"]), &[0, 3]).is_ok());
        assert!(run(&mut Command::new("no-such-program-anywhere")).is_err());
    }
}
