//! `cargo hub-bench merge`: shards or partitions into one run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::build::shown;
use super::cargo::value;
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::shards::{Shard, merge};
use crate::harness::{Exit, UsageError, called_from, results_dir, shortened, tell_line};
use crate::plan::nearest;
use crate::record::{RunRecord, indented_json};
use crate::runner::{HeaderParts, new_header};
use crate::store::{RunStore, read_run, replace};

const HELP: &str = "\
Makes one run of the parts that several machines or processes measured.

Usage: cargo hub-bench merge RUN RUN.. [--output FILE]

  RUN             a run's name, its folder, its run.json, or `latest`
  --output FILE   write the run there instead of keeping it with the others

Parts are of one build and have no case in common. Where they come from `--partition K/N`, all N
have to be there. Growth over arguments is fitted anew over all cases.
";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
    help: bool,
    runs: Vec<PathBuf>,
    output: Option<PathBuf>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = parse(arguments)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    if arguments.runs.len() < 2 {
        return Err(UsageError::new(format!("{} of at least 2 runs given", arguments.runs.len()))
            .help("cargo hub-bench merge RUN RUN.."));
    }
    Ok(ended(merge_all(&arguments)))
}

fn parse(raw: Vec<OsString>) -> Result<Arguments, UsageError> {
    let mut parser = lexopt::Parser::from_args(raw);
    let mut arguments = Arguments::default();
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Word(run) => arguments.runs.push(run.into()),
            Given::Short('h') => arguments.help = true,
            Given::Long(name) if name == "help" => arguments.help = true,
            Given::Long(name) if name == "output" => {
                arguments.output = Some(value(&name, &mut parser)?.into());
            }
            Given::Short(name) => {
                return Err(unknown_option("merge", &format!("-{name}"), ["output"]));
            }
            Given::Long(name) => {
                return Err(unknown_option("merge", &format!("--{name}"), ["output"]));
            }
        }
    }
    Ok(arguments)
}

fn merge_all(arguments: &Arguments) -> Result<Exit, Failure> {
    let here = called_from();
    let store = RunStore::new(results_dir(&here)?);
    let shards = arguments.runs.iter().map(|run| shard(&store, run));
    let shards: Vec<Shard> = shards.collect::<Result<_, _>>()?;
    let parts = shards.len();
    let mut record = merge(shards)?;
    record.run.id = new_id(&record);
    let place = match &arguments.output {
        Some(file) => {
            let file = here.join(file);
            write(&file, &record)?;
            file
        }
        None => store.save(&record).map_err(|error| Failure::new(error.to_string()))?,
    };
    for note in &record.run.notes {
        tell_line!("note: {}", crate::report::escape(&note.text));
    }
    let cases = record.cases.len();
    let noun = if cases == 1 { "case" } else { "cases" };
    let place = place.strip_prefix(&here).unwrap_or(&place).display();
    Ok(printed(&format!("{cases} {noun} of {parts} runs · in {place}\n")))
}

/// Reads a run that is given by its name or its place.
fn shard(store: &RunStore, run: &Path) -> Result<Shard, Failure> {
    let file = [run.to_owned(), run.join("run.json"), store.runs().join(run).join("run.json")]
        .into_iter()
        .find(|file| file.is_file());
    let file = file.ok_or_else(|| unknown(store, run))?;
    let record = read_run(&file).map_err(|error| Failure::new(error.to_string()))?;
    Ok(Shard { name: shown(run), record })
}

fn unknown(store: &RunStore, run: &Path) -> Failure {
    let error = Failure::usage(format!("there is no run `{}`", shown(run)));
    let entries = std::fs::read_dir(store.runs()).map(|entries| entries.flatten().collect());
    let entries: Vec<std::fs::DirEntry> = entries.unwrap_or_default();
    let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    if let Some(near) = nearest(&run.to_string_lossy(), names.iter().map(String::as_str)) {
        return error.help(format!("did you mean `{}`?", shortened(near)));
    }
    error.help(match names.iter().rev().find(|name| *name != "latest") {
        Some(last) => format!("the last of {} is `{}`", store.shown(), shortened(last)),
        None => format!("{} has no runs", store.shown()),
    })
}

/// A name that no other run has.
fn new_id(record: &RunRecord) -> String {
    let run = &record.run;
    let parts = HeaderParts {
        mode: run.mode,
        seed: Some(run.seed),
        launches: run.launches,
        optimized: run.optimized,
        package: String::new(),
        target: String::new(),
        partition: None,
    };
    new_header(parts).id
}

fn write(file: &Path, record: &RunRecord) -> Result<(), Failure> {
    let failed = |error: String| Failure::new(format!("failed to write {}: {error}", shown(file)));
    let text = indented_json(record).map_err(|error| failed(error.to_string()))?;
    replace(file, text.as_bytes()).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        let read = parse(["a", "--output", "x", "b"].map(OsString::from).to_vec());
        let read = read.unwrap_or_default();
        assert_eq!(read.runs, [PathBuf::from("a"), PathBuf::from("b")]);
        assert_eq!(read.output, Some(PathBuf::from("x")));
        let wrong = parse(vec!["--outptu".into()]).err().map(|error| error.to_string());
        assert!(wrong.is_some_and(|error| error.contains("did you mean `--output`?")));
        assert!(run(vec!["a".into()]).is_err_and(|e| e.to_string().contains("1 of at least 2")));
    }
}
