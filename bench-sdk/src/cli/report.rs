//! `cargo hub-bench report`: the runs that are kept, as one HTML file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::build::shown;
use super::cargo::{text, value};
use super::failure::{Failure, ended};
use super::gathered::gather;
use super::main::printed;
use super::options::{Given, next, unknown_option};
use crate::harness::{
    Exit, UsageError, baseline_name, called_from, plural, results_dir, shortened,
};
use crate::record::units;
use crate::report::{Dashboard, escape, render_dashboard};
use crate::store::{BaselineName, write_atomically};

const HELP: &str = "\
Makes one HTML file of the runs that are kept: figures over time, tables, comparisons, environments.
It needs no network and no server.

Usage: cargo hub-bench report [OPTIONS]

  --output FILE     where it goes; report.html in the results folder if not given
  --open            open it in the browser
  --runs N          take the newest N runs; 200 if not given
  --baseline NAME   hold figures against that baseline, not against the run before

A run that cannot be read, or that ran each case only once, is named in the page as left out.

Exit codes: 0 the file is there, 1 it could not be made, 2 usage.
";

/// Options of the verb, for "did you mean".
const NAMES: [&str; 4] = ["output", "open", "runs", "baseline"];
/// Runs that are taken unless the user says how many: what a page of 1,000 benchmarks has room for.
const RUNS: usize = 200;

/// What the command line asks for.
#[derive(Debug)]
struct Arguments {
    help: bool,
    output: Option<PathBuf>,
    open: bool,
    runs: usize,
    baseline: Option<BaselineName>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = parse(arguments)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    Ok(ended(report(&arguments)))
}

fn parse(raw: Vec<OsString>) -> Result<Arguments, UsageError> {
    let mut parser = lexopt::Parser::from_args(raw);
    let mut read = Arguments { help: false, output: None, open: false, runs: RUNS, baseline: None };
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Short('h') => read.help = true,
            Given::Short(name) => return Err(unknown_option(&format!("-{name}"), NAMES)),
            Given::Word(word) => {
                let word = shortened(&word.to_string_lossy());
                return Err(UsageError::new(format!("what is `{word}`?"))
                    .help("cargo hub-bench report --output FILE"));
            }
            Given::Long(name) => match name.as_str() {
                "help" => read.help = true,
                "open" => read.open = true,
                "output" => read.output = Some(value(&name, &mut parser)?.into()),
                "runs" => read.runs = count(&text(&name, &mut parser)?)?,
                "baseline" => read.baseline = Some(baseline_name(&value(&name, &mut parser)?)?),
                _ => return Err(unknown_option(&format!("--{name}"), NAMES)),
            },
        }
    }
    Ok(read)
}

/// A number of runs, at least one.
fn count(text: &str) -> Result<usize, UsageError> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
        UsageError::new(format!("`--runs`: `{}` is not a number of runs", shortened(text)))
    })
}

fn report(arguments: &Arguments) -> Result<Exit, Failure> {
    let here = called_from();
    let results_dir = results_dir(&here)?;
    let dashboard = gather(&results_dir, arguments.runs, arguments.baseline.as_ref())?;
    let page = render_dashboard(&dashboard)
        .map_err(|error| Failure::new(format!("failed to make the report: {error}")))?;
    let file = match &arguments.output {
        Some(file) => here.join(file),
        None => results_dir.join("report.html"),
    };
    write_atomically(&file, page.as_bytes())
        .map_err(|error| Failure::new(format!("failed to write {}: {error}", shown(&file))))?;
    tell_left_out(&dashboard);
    let place = file.strip_prefix(&here).unwrap_or(&file);
    let exit = printed(&format!(
        "{} of {} in {} ({})\n",
        plural(dashboard.cases(), "benchmark"),
        plural(dashboard.runs(), "run"),
        escape(&place.display().to_string()),
        units::bytes(page.len() as f64)
    ));
    if arguments.open { open(&file).map(|()| exit) } else { Ok(exit) }
}

/// Names what the page does not show.
fn tell_left_out(dashboard: &Dashboard) {
    for left_out in dashboard.left_out() {
        let (name, reason) = (shortened(&left_out.name), escape(&left_out.reason));
        eprintln!("left out: {name}: {reason}");
    }
}

/// Has the system open the file with what it opens such files with.
fn open(file: &Path) -> Result<(), Failure> {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(file).stdin(Stdio::null()).stdout(Stdio::null());
    // It is not waited for: some browsers stay until they are closed.
    command.stderr(Stdio::null()).spawn().map(drop).map_err(|error| {
        Failure::new(format!("the report is made, but `{program}` could not open it: {error}"))
            .help(format!("open {} in a browser", shown(file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, UsageError> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    fn error(line: &str) -> String {
        read(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn options_are_read() {
        let given = read("--output x.html --open --runs 7 --baseline main");
        assert!(given.is_ok_and(|given| {
            given.output == Some(PathBuf::from("x.html"))
                && given.open
                && given.runs == 7
                && given.baseline.is_some_and(|name| name.as_str() == "main")
        }));
        assert!(read("").is_ok_and(|given| given.runs == RUNS && !given.open && !given.help));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--outptu x").contains("did you mean `--output`?"));
        assert!(error("--runs 0").contains("`0` is not a number of runs"));
        assert!(error("--runs many").contains("`--runs`"));
        assert!(error("--baseline ../up").contains("not a name for a baseline"));
        assert!(error("file").contains("what is `file`?"));
        assert!(error("--output").contains("needs a value"));
    }
}
