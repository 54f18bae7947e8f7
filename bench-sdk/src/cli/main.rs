//! From the command line to a verb.

use std::ffi::OsString;
use std::process::ExitCode;

use super::verb::{Verb, help, lines};
use crate::harness::{Exit, UsageError, print, tell_line};
use crate::plan::nearest;
use crate::runner::{is_worker, serve_and_exit};

/// Runs `cargo hub-bench`; or one of its kernels, where it was started to be compared with itself.
pub fn main() -> ExitCode {
    if is_worker() {
        serve_and_exit(&super::kernels::catalog());
    }
    let exit = run(std::env::args_os().skip(1).collect()).unwrap_or_else(|error| {
        tell_line!("{error}");
        Exit::Usage
    });
    ExitCode::from(exit.code())
}

fn run(mut arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    // Cargo calls `cargo-hub-bench hub-bench VERB ..`.
    if arguments.first().is_some_and(|first| first == "hub-bench") {
        arguments.remove(0);
    }
    if arguments.is_empty() {
        let error = lines().fold(UsageError::new("say what to do"), UsageError::detail);
        return Err(error.help("`cargo hub-bench VERB --help` tells more"));
    }
    let first = arguments.remove(0);
    let word = first.to_string_lossy();
    match word.as_ref() {
        "--help" | "-h" | "help" => return Ok(printed(&help())),
        "--version" => {
            return Ok(printed(concat!("cargo-hub-bench ", env!("CARGO_PKG_VERSION"), "\n")));
        }
        _ => {}
    }
    match Verb::from_name(&word) {
        Some(verb) => (verb.run)(arguments),
        None => Err(unknown_verb(&word)),
    }
}

/// Prints on standard output; what to end with.
pub(super) fn printed(text: &str) -> Exit {
    match print(text) {
        Ok(()) => Exit::Success,
        Err(error) => {
            tell_line!("error: failed to print: {error}");
            Exit::NotKept
        }
    }
}

fn unknown_verb(word: &str) -> UsageError {
    let help = nearest(word, Verb::ALL.iter().map(|verb| verb.name)).map_or_else(
        || "see cargo hub-bench --help".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    UsageError::new(format!("unknown verb `{}`", crate::harness::shortened(word))).help(help)
}
