//! `cargo hub-bench doctor`: what about this machine disturbs measurements.

use std::ffi::OsString;
use std::time::Duration;

use super::calibrate::{USUAL, calibrate};
use super::diagnosis::{points, render};
use super::drift::Check;
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::tuned::tuned;
use crate::clock::{Stopwatch, calibrate as calibrate_clock, utc_now};
use crate::harness::{Exit, UsageError, called_from, results_dir};
use crate::launch::find_callgrind;
use crate::record::{Environment, parse_duration};
use crate::resource::{Course, environment, switches};
use crate::runner::clock_record;
use crate::store::workspace_of;

const HELP: &str = "\
Says what about this machine disturbs measurements, why it matters, and what to do.

Usage: cargo hub-bench doctor [--calibrate [--budget TIME]]
       cargo hub-bench doctor --apply [-- COMMAND..]

  --calibrate
            compare kernels of this command with themselves: how often that gives a false alarm,
            what change a budget shows, and how much times vary from run to run. Kept in noise.json
            of the results folder, for comparisons of records
  --budget TIME
            time for that, such as 30s or 5min; 60 s if not given. Three rounds of all kernels are
            made whatever it says
  --apply   keep clocks steady (governor `performance`, turbo off) while COMMAND runs, or until
            Enter or Ctrl-C; then put everything back. Needs root; where it may not, it prints the
            commands. A doctor that is killed by SIGKILL puts nothing back

What has changed since the last check is named; checks are kept in doctor.json of the results
folder.
";

/// Options that begin with two dashes, for "did you mean".
const NAMES: [&str; 3] = ["apply", "calibrate", "budget"];

/// How long a processor is kept busy to see whether a hypervisor or a quota takes it away.
const BUSY: Duration = Duration::from_millis(700);

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    help: bool,
    apply: bool,
    calibrate: bool,
    /// Time for calibrating, where it is given.
    budget: Option<Duration>,
    command: Vec<OsString>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = parse(arguments)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    let examined = if arguments.command.is_empty() { ended(examine()) } else { Exit::Success };
    if arguments.calibrate {
        let budget = arguments.budget.unwrap_or(USUAL);
        return Ok(examined.and(printed("\n")).and(ended(calibrate(budget))));
    }
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
            Given::Long(name) if name == "calibrate" => arguments.calibrate = true,
            Given::Long(name) if name == "budget" => {
                let value = super::cargo::text("budget", &mut parser)?;
                let budget = parse_duration(&value)
                    .map_err(|error| UsageError::new(format!("`--budget`: {error}")))?;
                arguments.budget = Some(budget);
            }
            Given::Long(name) => return Err(unknown_option("doctor", &format!("--{name}"), NAMES)),
            Given::Short(name) => return Err(unknown_option("doctor", &format!("-{name}"), NAMES)),
            Given::Word(word) => {
                let word = crate::harness::shortened(&word.to_string_lossy());
                return Err(UsageError::new(format!("`{word}` is not understood"))
                    .help("a command stands behind `--`:  doctor --apply -- COMMAND"));
            }
        }
    }
    if arguments.budget.is_some() && !arguments.calibrate {
        return Err(UsageError::new("`--budget` is the time for `--calibrate`")
            .help("cargo hub-bench doctor --calibrate --budget 2min"));
    }
    if arguments.apply && arguments.calibrate {
        return Err(UsageError::new("`--apply` and `--calibrate` do not go together")
            .help("cargo hub-bench doctor --apply -- cargo hub-bench doctor --calibrate"));
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
    let clock = clock_record(&calibrate_clock());
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
        assert!(
            read("--calibrate --budget 2s").is_ok_and(|read| {
                read.calibrate && read.budget == Some(Duration::from_secs(2))
            })
        );
        assert!(read("--budget 2s").is_err_and(|error| error.contains("for `--calibrate`")));
        assert!(read("--calibrate --budget soon").is_err_and(|error| error.contains("`--budget`")));
        assert!(read("--calibrate --apply").is_err_and(|error| error.contains("together")));
        assert!(read("--aply").is_err_and(|error| error.contains("did you mean `--apply`?")));
    }
}
