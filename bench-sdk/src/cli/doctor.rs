//! `cargo hub-bench doctor`: what about this machine disturbs measurements.

use std::ffi::OsString;
use std::time::Duration;

use super::diagnosis::{points, render};
use super::drift::Check;
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::tuned::tuned;
use crate::clock::{Stopwatch, calibrate, utc_now};
use crate::harness::{Exit, UsageError, called_from, results_dir};
use crate::launch::find_callgrind;
use crate::record::Environment;
use crate::resource::{Course, environment, switches};
use crate::runner::clock_record;
use crate::store::workspace_of;

const HELP: &str = "\
Says what about this machine disturbs measurements, why it matters, and what to do.

Usage: cargo hub-bench doctor [--apply [-- COMMAND..]]

  --apply   keep clocks steady (governor `performance`, turbo off) while COMMAND runs, or until
            Enter or Ctrl-C; then put everything back. Needs root; where it may not, it prints the
            commands. A doctor that is killed by SIGKILL puts nothing back

What has changed since the last check is named; checks are kept in doctor.json of the results
folder.
";

/// How long a processor is kept busy to see whether a hypervisor or a quota takes it away.
const BUSY: Duration = Duration::from_millis(700);

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    help: bool,
    apply: bool,
    command: Vec<OsString>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = parse(arguments)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    let examined = if arguments.command.is_empty() { ended(examine()) } else { Exit::Success };
    if !arguments.apply {
        return Ok(examined);
    }
    Ok(examined.and(ended(tuned(&arguments.command))))
}

fn parse(mut raw: Vec<OsString>) -> Result<Arguments, UsageError> {
    let mut arguments = Arguments::default();
    if let Some(at) = raw.iter().position(|word| word == "--") {
        arguments.command = raw.split_off(at).into_iter().skip(1).collect();
    }
    let mut parser = lexopt::Parser::from_args(raw);
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Short('h') => arguments.help = true,
            Given::Long(name) if name == "help" => arguments.help = true,
            Given::Long(name) if name == "apply" => arguments.apply = true,
            Given::Long(name) => return Err(unknown_option(&format!("--{name}"), ["apply"])),
            Given::Short(name) => return Err(unknown_option(&format!("-{name}"), ["apply"])),
            Given::Word(word) => {
                let word = crate::harness::shortened(&word.to_string_lossy());
                return Err(UsageError::new(format!("`{word}` is not understood"))
                    .help("a command stands behind `--`:  doctor --apply -- COMMAND"));
            }
        }
    }
    if !arguments.apply && !arguments.command.is_empty() {
        return Err(UsageError::new("a command needs `--apply`")
            .help("cargo hub-bench doctor --apply -- COMMAND"));
    }
    Ok(arguments)
}

fn examine() -> Result<Exit, Failure> {
    let environment = look();
    let points = points(&environment, find_callgrind());
    let can_be_set = switches().len();
    let exit = printed(&render(&environment, &points, can_be_set));
    Ok(exit.and(compare(&environment)?))
}

/// The machine as it is, and what it does to a process that keeps a processor busy.
fn look() -> Environment {
    let clock = clock_record(&calibrate());
    let mut environment = environment(None, Some(clock), false);
    let course = Course::start(&mut environment);
    let watch = Stopwatch::start();
    while watch.elapsed() < BUSY {
        std::hint::black_box(());
    }
    course.finish(&mut environment);
    environment
}

/// Tells what has changed since the last check, and keeps this one.
fn compare(environment: &Environment) -> Result<Exit, Failure> {
    let here = called_from();
    if !workspace_of(&here).join("Cargo.toml").is_file() {
        // There is no folder of results to keep it in.
        return Ok(Exit::Success);
    }
    let file = results_dir(&here)?.join("doctor.json");
    let check = Check::new(environment, utc_now().rfc3339());
    let mut text = String::new();
    match Check::read(&file) {
        Ok(None) => {}
        Ok(Some(before)) => {
            let changes = check.changes(&before);
            if !changes.is_empty() {
                let since = crate::harness::shortened(before.checked_at());
                text = format!("\nchanged since {since}\n");
                for change in changes {
                    text.extend(["  ", &change, "\n"]);
                }
            }
        }
        Err(why) => text = format!("\nnot compared with the last check: {why}\n"),
    }
    let exit = printed(&text);
    check.write(&file)?;
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, String> {
        let words = line.split_whitespace().map(OsString::from).collect();
        parse(words).map_err(|error| error.to_string())
    }

    #[test]
    fn arguments_are_read() {
        let applied = Arguments {
            apply: true,
            command: vec!["make".into(), "--apply".into()],
            ..Arguments::default()
        };
        assert_eq!(read("--apply -- make --apply"), Ok(applied));
        assert!(read("-- make").is_err_and(|error| error.contains("needs `--apply`")));
        assert!(read("make").is_err_and(|error| error.contains("behind `--`")));
        assert!(read("--aply").is_err_and(|error| error.contains("did you mean `--apply`?")));
    }
}
