//! `cargo hub-bench export`: a run in a form that other tools read.

use std::ffi::OsString;
use std::path::PathBuf;

use super::build::shown;
use super::cargo::{text, value};
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::records::records;
use crate::harness::{
    CRITERION_BASELINE, Exit, Surroundings, UsageError, called_from, shortened, write_output,
    write_tree,
};
use crate::plan::nearest;
use crate::record::RunRecord;
use crate::report::{Format, ReportError, render, render_criterion};

const HELP: &str = "\
Writes a run in a form that other tools read.

Usage: cargo hub-bench export [--run RUN] --format FMT [--output FILE]

  --run RUN        id of a run, `latest`, a baseline, a file (run.json), or a folder with runs in it,
                   of which the newest is taken; the latest run if not given
  --format FMT     pretty, terse, json, jsonl, csv, markdown, junit, bencher, libtest-json, github,
                   github-bigger, bmf, openmetrics, criterion
  --output FILE    where it goes; standard output if not given. criterion is a folder tree and
                   needs one: --output target/criterion
  --baseline NAME  of criterion: what the run is called in the tree; `new` if not given

Exit codes: 0 written, 1 the run cannot be read or the file not be written, 2 usage.
";

/// Options that begin with two dashes.
const NAMES: [&str; 4] = ["run", "format", "output", "baseline"];

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    run: String,
    format: Format,
    output: Option<PathBuf>,
    baseline: String,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    match parse(arguments)? {
        None => Ok(printed(HELP)),
        Some(arguments) => Ok(ended(export(&arguments))),
    }
}

/// Reads what stands behind the verb; `None` where help is asked for.
fn parse(raw: Vec<OsString>) -> Result<Option<Arguments>, UsageError> {
    let mut parser = lexopt::Parser::from_args(raw);
    let (mut run, mut format, mut output, mut baseline) = ("latest".to_owned(), None, None, None);
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Short('h') => return Ok(None),
            Given::Short(name) => return Err(unknown_option(&format!("-{name}"), NAMES)),
            Given::Word(word) => {
                let shown = shortened(&word.to_string_lossy());
                return Err(UsageError::new(format!("what is `{shown}`?"))
                    .help("cargo hub-bench export --run RUN --format FMT"));
            }
            Given::Long(name) => match name.as_str() {
                "help" => return Ok(None),
                "run" => run = text(&name, &mut parser)?,
                "format" => format = Some(format_of(&text(&name, &mut parser)?)?),
                "output" => output = Some(PathBuf::from(value(&name, &mut parser)?)),
                "baseline" => baseline = Some(text(&name, &mut parser)?),
                _ => return Err(unknown_option(&format!("--{name}"), NAMES)),
            },
        }
    }
    let format = format.ok_or_else(|| {
        UsageError::new("`--format` is missing").help(format!("one of {}", known().join(", ")))
    })?;
    if format.is_folder() && output.is_none() {
        let name = format.name();
        return Err(UsageError::new(format!("`{name}` is a folder tree and needs `--output DIR`"))
            .help(format!("--format {name} --output target/{name}")));
    }
    if baseline.is_some() && format != Format::Criterion {
        return Err(UsageError::new("`--baseline` belongs to `--format criterion`"));
    }
    let baseline = baseline.unwrap_or_else(|| CRITERION_BASELINE.to_owned());
    Ok(Some(Arguments { run, format, output, baseline }))
}

fn format_of(name: &str) -> Result<Format, UsageError> {
    Format::from_name(name).ok_or_else(|| {
        let error = UsageError::new(format!("`--format`: unknown format `{}`", shortened(name)));
        match nearest(name, known()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("known: {}", known().join(", "))),
        }
    })
}

fn known() -> Vec<&'static str> {
    Format::names().collect()
}

fn export(arguments: &Arguments) -> Result<Exit, Failure> {
    let results_dir = Surroundings::read()?.results_dir;
    let record = records(&arguments.run, &results_dir)?.runs.pop();
    let record = record
        .ok_or_else(|| Failure::usage(format!("`{}` has no run", shortened(&arguments.run))))?;
    let output = arguments.output.as_ref().map(|path| called_from().join(path));
    if arguments.format == Format::Criterion {
        let folder = output.unwrap_or_else(called_from);
        return tree(&record, &arguments.baseline, &folder);
    }
    let text = render(arguments.format, &record).map_err(|error| unrendered(&error))?;
    match output {
        None => Ok(printed(&text)),
        Some(path) => {
            write_output(&path, &text).map_err(|error| Failure::new(error.into_parts().0))?;
            let name = arguments.format.name();
            eprintln!("{name} of run {} in {}", shortened(&record.run.id), shown(&path));
            Ok(Exit::Success)
        }
    }
}

fn tree(record: &RunRecord, baseline: &str, folder: &std::path::Path) -> Result<Exit, Failure> {
    let files = render_criterion(record, baseline).map_err(|error| {
        Failure::usage(format!("`--baseline {}`: {error}", shortened(baseline)))
    })?;
    if files.is_empty() {
        let error = format!("run {} has no case with a time", shortened(&record.run.id));
        return Err(Failure::new(error).help("what was only run once has no scatter to tell of"));
    }
    write_tree(folder, &files).map_err(|error| {
        Failure::new(format!("failed to write below {}: {error}", shown(folder)))
    })?;
    let run = shortened(&record.run.id);
    eprintln!("{} files of run {run} in {}", files.len(), shown(folder));
    Ok(Exit::Success)
}

fn unrendered(error: &ReportError) -> Failure {
    Failure::new(format!("the run cannot be written in that form: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Arguments>, UsageError> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    fn error(line: &str) -> String {
        read(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_latest_run_goes_to_standard_output() {
        let read = read("--format csv").ok().flatten();
        assert_eq!(
            read,
            Some(Arguments {
                run: "latest".to_owned(),
                format: Format::Csv,
                output: None,
                baseline: "new".to_owned()
            })
        );
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--format cvs").contains("did you mean `csv`?"));
        assert!(error("").contains("`--format` is missing"));
        assert!(error("--format criterion").contains("needs `--output DIR`"));
        assert!(error("--format csv --baseline x").contains("belongs to `--format criterion`"));
        assert!(error("--fromat csv").contains("did you mean `--format`?"));
        assert!(error("latest").contains("what is `latest`?"));
        assert!(read("-h").is_ok_and(|read| read.is_none()));
    }

    #[test]
    fn the_help_names_every_format() {
        let words: Vec<&str> = HELP.split([' ', ',', '\n']).collect();
        for name in known() {
            assert!(words.contains(&name), "{name}");
        }
    }
}
