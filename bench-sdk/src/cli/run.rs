//! `cargo hub-bench run`: builds the bench binaries and runs them as one run.

use std::ffi::OsString;
use std::process::Stdio;

use super::build::{BuildRequest, build, none_found};
use super::executable::{BenchExecutable, command_for};
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{BuildArguments, BuildVerb};
use crate::clock::utc_now;
use crate::harness::{
    Exit, RUN_ID, SharedOutputs, UsageError, called_from, is_option, results_dir, tell, tell_line,
};
use crate::record::RunRecord;
use crate::resource::{interrupted, watch_interrupts};
use crate::store::RunStore;

const HELP: &str = "\
Builds the bench binaries of the workspace and runs them as one run.

Usage: cargo hub-bench run [CARGO OPTIONS] [FILTER]... [-- OPTIONS OF BENCH BINARIES]

A case runs if its id contains one of the filters. The feature `bench` is turned on in every
selected package that has it. Of cargo's options these are passed on: -p, --exclude, --workspace,
--bench, --features, --all-features, --no-default-features, --profile, --target, --target-dir,
--manifest-path, --jobs, --config, --locked, --offline, --frozen.

What stands behind `--` goes to every bench binary, such as --quick, --save-baseline NAME or
--output-format json; files of --output-format hold the whole run.

The exit code is the first that applies of 101, 1, 4, 3, 5, 2, 6; 0 if none does.
";

const VERB: BuildVerb = BuildVerb { name: "run", own: &[], hands_over: is_option };

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = BuildArguments::parse(arguments, &VERB)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    Ok(ended(build_and_run(arguments)))
}

fn build_and_run(arguments: BuildArguments) -> Result<Exit, Failure> {
    let request = BuildRequest::here(arguments.cargo);
    let executables = build(&request)?;
    let Some(first) = executables.first() else { return Err(none_found(&request)) };
    let mut flags = arguments.flags;
    let strict = flags.iter().any(|flag| flag == "--strict");
    let outputs =
        (executables.len() > 1).then(|| SharedOutputs::take_from(&mut flags)).transpose()?;
    flags.splice(0..0, ["--bench".into()].into_iter().chain(arguments.words));
    let store = RunStore::new(results_dir(&first.package_dir)?);
    let aside = outputs.as_ref().is_some_and(SharedOutputs::is_on_stdout);
    let key = run_id();
    watch_interrupts();
    let mut exit = Exit::Success;
    for executable in &executables {
        let ended = run_one(executable, &flags, &key, aside)?;
        exit = exit.and(ended);
        if interrupted() {
            break;
        }
    }
    let record = store.joined(&key).map_err(|error| Failure::new(error.to_string()))?;
    let (Some(outputs), Some(record)) = (outputs, record) else { return Ok(exit) };
    if exit == Exit::Empty && strict {
        // What a filter leaves out in one bench binary it has found in another.
        exit = Exit::Success;
    }
    Ok(exit.and(close(&store, &record, outputs, executables.len(), aside)))
}

/// The name that the processes of this run have in common: the one that is set, else a new one.
fn run_id() -> String {
    let set = std::env::var(RUN_ID).ok().filter(|id| !id.is_empty());
    set.unwrap_or_else(|| format!("{}-{}", utc_now().folder(), std::process::id()))
}

/// Runs one bench binary; `aside` has its table on standard error.
fn run_one(
    executable: &BenchExecutable,
    flags: &[OsString],
    key: &str,
    aside: bool,
) -> Result<Exit, Failure> {
    let mut command = command_for(executable);
    command.args(flags).env(RUN_ID, key);
    if aside {
        command.stdout(Stdio::from(std::io::stderr()));
    }
    let status = command.status().map_err(|error| {
        Failure::new(format!("failed to start {}: {error}", executable.path.display()))
    })?;
    let exit = status.code().and_then(Exit::from_code);
    if exit.is_none() {
        let BenchExecutable { package, target, .. } = executable;
        tell_line!("error: the bench binary {package}/{target} did not end by itself: {status}");
    }
    Ok(exit.unwrap_or(Exit::NotKept))
}

/// Writes the outputs of the whole run, and says where it is kept.
fn close(
    store: &RunStore,
    record: &RunRecord,
    outputs: SharedOutputs,
    binaries: usize,
    aside: bool,
) -> Exit {
    let folder = store.runs().join(&record.run.id);
    let folder = folder.strip_prefix(called_from()).unwrap_or(&folder).display();
    let cases = record.cases.len();
    let noun = if cases == 1 { "case" } else { "cases" };
    let line =
        format!("{cases} {noun} of {binaries} bench binaries in one run · kept in {folder}\n");
    let exit = if aside {
        tell(format_args!("{line}"));
        Exit::Success
    } else {
        printed(&line)
    };
    match outputs.finish(record) {
        Ok(lines) => {
            tell(format_args!("{lines}"));
            exit
        }
        Err(failures) => {
            for failure in failures {
                tell_line!("error: {failure}");
            }
            Exit::NotKept
        }
    }
}
