//! `cargo hub-bench export`: a run or a load test in a form that other tools read.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::build::shown;
use super::cargo::{text, value};
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::records::{load_record, records};
use crate::harness::{
    CRITERION_BASELINE, Exit, Surroundings, UsageError, called_from, means_stdout, shortened,
    tell_line, write_output, write_tree,
};
use crate::plan::nearest;
use crate::record::RunRecord;
use crate::record::load::LoadRecord;
use crate::report::{Format, LoadFormat, ReportError, render, render_criterion, render_load};
use crate::store::RunStore;

const HELP: &str = "\
Writes a run or a load test in a form that other tools read.

Usage: cargo hub-bench export [--run RUN] --format FMT [--output FILE]

  --run RUN        id of a run, `latest`, a baseline, a file (run.json), or a folder with runs in it,
                   of which the newest is taken; the latest run if not given. Of a load test its id,
                   `latest-load`, its file (load.json) or folder
  --format FMT     pretty, terse, json, jsonl, csv, markdown, junit, bencher, libtest-json, github,
                   github-bigger, bmf, openmetrics, criterion; of load tests also csv-timeline and
                   k6-summary, but not libtest-json and criterion. --output-format is the same
  --output FILE    where it goes; standard output if not given, or `-`. criterion is a folder tree
                   and needs one: --output target/criterion
  --baseline NAME  of criterion: what the run is called in the tree; `new` if not given

Exit codes: 0 written, 1 the run cannot be read or the file not be written, 2 usage.
";

/// Options that begin with two dashes.
const NAMES: [&str; 5] = ["run", "format", "output-format", "output", "baseline"];

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    run: String,
    /// A name that runs, load tests or both know.
    format: &'static str,
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
            Given::Short(name) => return Err(unknown_option("export", &format!("-{name}"), NAMES)),
            Given::Word(word) => {
                let shown = shortened(&word.to_string_lossy());
                return Err(UsageError::new(format!("what is `{shown}`?"))
                    .help("cargo hub-bench export --run RUN --format FMT"));
            }
            Given::Long(name) => match name.as_str() {
                "help" => return Ok(None),
                "run" => run = text(&name, &mut parser)?,
                // Bench binaries call it so.
                "format" | "output-format" => {
                    let asked = format_of(&name, &text(&name, &mut parser)?)?;
                    if let Some(other) = format.replace(asked) {
                        return Err(two_formats(other, asked));
                    }
                }
                "output" => {
                    let path = PathBuf::from(value(&name, &mut parser)?);
                    output = (!means_stdout(&path)).then_some(path);
                }
                "baseline" => baseline = Some(text(&name, &mut parser)?),
                _ => return Err(unknown_option("export", &format!("--{name}"), NAMES)),
            },
        }
    }
    let format = format.ok_or_else(|| {
        UsageError::new("`--format` is missing").help(format!("one of {}", known().join(", ")))
    })?;
    if is_folder(format) && output.is_none() {
        let name = format;
        return Err(UsageError::new(format!("`{name}` is a folder tree and needs `--output DIR`"))
            .help(format!("--format {name} --output target/{name}")));
    }
    if baseline.is_some() && !is_folder(format) {
        return Err(UsageError::new("`--baseline` belongs to `--format criterion`"));
    }
    let baseline = baseline.unwrap_or_else(|| CRITERION_BASELINE.to_owned());
    Ok(Some(Arguments { run, format, output, baseline }))
}

fn is_folder(format: &str) -> bool {
    Format::from_name(format).is_some_and(Format::is_folder)
}

fn two_formats(one: &str, other: &str) -> UsageError {
    UsageError::new(format!("two formats are given, `{one}` and `{other}`, and one is written"))
        .help("call it once for each")
}

fn format_of(option: &str, name: &str) -> Result<&'static str, UsageError> {
    known().into_iter().find(|known| *known == name).ok_or_else(|| {
        let error = UsageError::new(format!("`--{option}`: unknown format `{}`", shortened(name)));
        match nearest(name, known()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("known: {}", known().join(", "))),
        }
    })
}

/// Names of all formats, those that only load tests have at the end.
fn known() -> Vec<&'static str> {
    let of_loads = LoadFormat::names().filter(|name| Format::from_name(name).is_none());
    Format::names().chain(of_loads).collect()
}

fn export(arguments: &Arguments) -> Result<Exit, Failure> {
    let results_dir = Surroundings::read()?.results_dir;
    if let Some(record) = load_record(&arguments.run, &results_dir)? {
        return export_load(arguments, &record);
    }
    let format = Format::from_name(arguments.format).ok_or_else(|| {
        Failure::usage(format!("`{}` is a form of load tests", arguments.format))
            .help("name one: --run latest-load")
    })?;
    let record = records(&arguments.run, &results_dir)?.runs.pop();
    let record = record
        .ok_or_else(|| Failure::usage(format!("`{}` has no run", shortened(&arguments.run))))?;
    let output = arguments.output.as_ref().map(|path| called_from().join(path));
    if format == Format::Criterion {
        let folder = output.unwrap_or_else(called_from);
        return tree(&record, &arguments.baseline, &folder, &RunStore::new(results_dir));
    }
    let text = render(format, &record).map_err(|error| unrendered(&error))?;
    put(&text, output, &format!("{} of run {}", arguments.format, shortened(&record.run.id)))
}

fn export_load(arguments: &Arguments, record: &LoadRecord) -> Result<Exit, Failure> {
    let format = LoadFormat::from_name(arguments.format).ok_or_else(|| {
        Failure::usage(format!("a load test has no form `{}`", arguments.format))
            .help(format!("one of {}", LoadFormat::names().collect::<Vec<_>>().join(", ")))
    })?;
    let text = render_load(format, record).map_err(|error| unrendered(&error))?;
    let output = arguments.output.as_ref().map(|path| called_from().join(path));
    put(&text, output, &format!("{} of load test {}", arguments.format, shortened(&record.run.id)))
}

/// Writes the text where it is wanted; says what is in a file.
fn put(text: &str, output: Option<PathBuf>, what: &str) -> Result<Exit, Failure> {
    let Some(path) = output else { return Ok(printed(text)) };
    write_output(&path, text).map_err(|error| Failure::new(error.into_parts().0))?;
    tell_line!("{what} in {}", shown(&path));
    Ok(Exit::Success)
}

fn tree(
    record: &RunRecord,
    baseline: &str,
    folder: &Path,
    store: &RunStore,
) -> Result<Exit, Failure> {
    let files = render_criterion(record, baseline).map_err(|error| {
        Failure::usage(format!("`--baseline {}`: {error}", shortened(baseline)))
    })?;
    if files.is_empty() {
        let error = format!("run {} has no case with a time", shortened(&record.run.id));
        let reason = "what was only run once has no scatter to tell of";
        return Err(Failure::new(error).help(match newest_timed(store) {
            Some(id) => format!("{reason}; the newest run that has times: --run {id}"),
            None => format!("{reason}, and no other run that is kept has times either"),
        }));
    }
    write_tree(folder, &files).map_err(|error| {
        Failure::new(format!("failed to write below {}: {error}", shown(folder)))
    })?;
    let run = shortened(&record.run.id);
    tell_line!("{} files of run {run} in {}", files.len(), shown(folder));
    Ok(Exit::Success)
}

/// The newest run that is kept and has a case with a time. What cannot be read is none.
fn newest_timed(store: &RunStore) -> Option<String> {
    let has_times = |id: &str| {
        let record = store.load(Some(id)).ok().flatten();
        let files = record.map(|record| render_criterion(&record, CRITERION_BASELINE));
        matches!(files, Some(Ok(files)) if !files.is_empty())
    };
    store.ids().into_iter().rev().find(|id| has_times(id))
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
                format: "csv",
                output: None,
                baseline: "new".to_owned()
            })
        );
    }

    #[test]
    fn the_form_may_be_called_as_bench_binaries_call_it() {
        assert_eq!(read("--output-format csv"), read("--format csv"));
    }

    #[test]
    fn standard_output_has_names() {
        let output = |line: &str| read(line).ok().flatten().map(|read| read.output);
        assert_eq!(output("--format csv --output -"), Some(None));
        assert_eq!(output("--format csv --output /dev/stdout"), Some(None));
        assert_eq!(output("--format csv --output ./-"), Some(Some(PathBuf::from("./-"))));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--format cvs").contains("did you mean `csv`?"));
        assert!(error("").contains("`--format` is missing"));
        assert!(error("--format csv --output-format json").contains("two formats are given"));
        assert!(error("--output-format cvs").contains("`--output-format`: unknown format `cvs`"));
        assert!(error("--format csv --quick").contains("`--quick` is no option of `export`"));
        assert!(error("--format criterion").contains("needs `--output DIR`"));
        assert!(error("--format csv --baseline x").contains("belongs to `--format criterion`"));
        assert!(error("--fromat csv").contains("did you mean `--format`?"));
        assert!(error("latest").contains("what is `latest`?"));
        assert!(error("--format criterion --output -").contains("needs `--output DIR`"));
        assert!(read("-h").is_ok_and(|read| read.is_none()));
    }

    #[test]
    fn the_help_names_every_format() {
        let words: Vec<&str> = HELP.split([' ', ',', ';', '\n']).collect();
        for name in known() {
            assert!(words.contains(&name), "{name}");
        }
    }
}
