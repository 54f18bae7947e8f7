//! `cargo hub-bench report`: the runs that are kept, as one HTML file.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::build::shown;
use super::cargo::{text, value};
use super::failure::{Failure, ended};
use super::gathered::{gather, gather_any};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::serve::{ServeAddress, Served, serve};
use crate::harness::{
    Exit, UsageError, baseline_name, called_from, means_stdout, plural, results_dir, shortened,
    tell, tell_line,
};
use crate::record::units;
use crate::report::{Dashboard, PagePlace, escape, render_dashboard};
use crate::store::{BaselineName, RunStore, replace};

const HELP: &str = "\
Makes one HTML file of the runs that are kept: figures over time, tables, comparisons, environments.
It needs no network and no server; with --serve it shows the run that goes on, too.

Usage: cargo hub-bench report [OPTIONS]

  --output FILE     where it goes; report.html in the results folder if not given, standard output
                    if `-`
  --open            open it in the browser
  --runs N          take the newest N runs; 200 if not given
  --baseline NAME   hold figures against that baseline, not against the run before
  --serve ADDR      serve the page on this machine, gathered anew each time it is loaded, with the run
                    that goes on; 127.0.0.1:8040, or a port. Ctrl-C ends it

A run that cannot be read, or that ran each case only once, is named in the page as left out.

Served are / (the page), /events (server-sent events) and /runs/ID/run.json.

Exit codes: 0 the file is there, 1 it could not be made, 2 usage.
";

/// Options of the verb, for "did you mean".
const NAMES: [&str; 5] = ["output", "open", "runs", "baseline", "serve"];
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
    serve: Option<ServeAddress>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = parse(arguments)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    Ok(ended(match arguments.serve {
        Some(address) => serve_report(&arguments, address),
        None => report(&arguments),
    }))
}

fn parse(raw: Vec<OsString>) -> Result<Arguments, UsageError> {
    let mut parser = lexopt::Parser::from_args(raw);
    let mut read = Arguments {
        help: false,
        output: None,
        open: false,
        runs: RUNS,
        baseline: None,
        serve: None,
    };
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Short('h') => read.help = true,
            Given::Short(name) => return Err(unknown_option("report", &format!("-{name}"), NAMES)),
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
                "serve" => {
                    let address = text(&name, &mut parser);
                    let address = address.map_err(|error| {
                        error.help("cargo hub-bench report --serve 127.0.0.1:8040")
                    })?;
                    read.serve = Some(ServeAddress::parse(&address)?);
                }
                _ => return Err(unknown_option("report", &format!("--{name}"), NAMES)),
            },
        }
    }
    if read.serve.is_some() && read.output.is_some() {
        return Err(UsageError::new("`--serve` writes no file, so there is none for `--output`")
            .help("give one of the two"));
    }
    if read.open && read.output.as_deref().is_some_and(means_stdout) {
        return Err(UsageError::new("`--open` needs a file, and standard output is none")
            .help("--output FILE, or leave out one of the two"));
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
    let page = render_dashboard(&dashboard, PagePlace::File)
        .map_err(|error| Failure::new(format!("failed to make the report: {error}")))?;
    if arguments.output.as_deref().is_some_and(means_stdout) {
        let exit = printed(&page);
        tell_left_out(&dashboard);
        if exit == Exit::Success {
            tell(format_args!("{}", summary(&dashboard, "on standard output", page.len())));
        }
        return Ok(exit);
    }
    let file = match &arguments.output {
        Some(file) => here.join(file),
        None => results_dir.join("report.html"),
    };
    replace(&file, page.as_bytes())
        .map_err(|error| Failure::new(format!("failed to write {}: {error}", shown(&file))))?;
    tell_left_out(&dashboard);
    let place = file.strip_prefix(&here).unwrap_or(&file);
    let place = format!("in {}", escape(&place.display().to_string()));
    let exit = printed(&summary(&dashboard, &place, page.len()));
    if arguments.open { open(file.as_os_str()).map(|()| exit) } else { Ok(exit) }
}

/// What a page of so many bytes holds, and where it is.
fn summary(dashboard: &Dashboard, place: &str, bytes: usize) -> String {
    let loads = match dashboard.load_tests() {
        0 => String::new(),
        loads => format!(" and {}", plural(loads, "load test")),
    };
    format!(
        "{} of {}{loads} {place} ({})\n",
        plural(dashboard.cases(), "benchmark"),
        plural(dashboard.runs(), "run"),
        units::bytes(bytes as f64)
    )
}

/// Serves the page until the process is ended.
fn serve_report(arguments: &Arguments, address: ServeAddress) -> Result<Exit, Failure> {
    let results_dir = results_dir(&called_from())?;
    let (runs, baseline) = (arguments.runs, arguments.baseline.clone());
    // A baseline that is not there is better known now than in the browser.
    if baseline.is_some() {
        gather_any(&results_dir, 1, baseline.as_ref())?;
    }
    let store = RunStore::new(results_dir.clone());
    // Two at once would need the memory of two.
    let turn = Mutex::new(());
    let page = move || {
        let _turn = turn.lock();
        let dashboard = gather_any(&results_dir, runs, baseline.as_ref());
        let dashboard = dashboard.map_err(|failure| failure.to_string())?;
        render_dashboard(&dashboard, PagePlace::Served).map_err(|error| error.to_string())
    };
    let wants_open = arguments.open;
    let ready = |own: SocketAddr| {
        let url = format!("http://{own}/");
        printed(&format!("serving {url}, Ctrl-C ends it\n"));
        if wants_open && let Err(failure) = open(OsStr::new(&url)) {
            failure.tell();
        }
        Ok(())
    };
    serve(address, Served { store, page }, ready).map_err(|error| {
        Failure::new(format!("failed to serve at {}: {error}", address.shown()))
            .help("another port: --serve 127.0.0.1:0 takes one that is free")
    })?;
    Ok(Exit::Success)
}

/// Names what the page does not show.
fn tell_left_out(dashboard: &Dashboard) {
    for left_out in dashboard.left_out() {
        let (name, reason) = (shortened(&left_out.name), escape(&left_out.reason));
        tell_line!("left out: {name}: {reason}");
    }
}

/// Has the system open a file or an address with what it opens such things with.
fn open(what: &OsStr) -> Result<(), Failure> {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(what).stdin(Stdio::null()).stdout(Stdio::null());
    // It is not waited for: some browsers stay until they are closed.
    command.stderr(Stdio::null()).spawn().map(drop).map_err(|error| {
        Failure::new(format!("the report is made, but `{program}` could not open it: {error}"))
            .help(format!("open {} in a browser", shown(Path::new(what))))
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
        assert!(error("--serve").contains("help: cargo hub-bench report --serve 127.0.0.1:8040"));
        assert!(error("--quick").contains("`--quick` is no option of `report`"));
        assert!(error("--serve 0.0.0.0:80").contains("to other machines"));
        assert!(error("--serve 8040 --output x").contains("writes no file"));
        assert!(error("--output - --open").contains("standard output is none"));
    }
}
