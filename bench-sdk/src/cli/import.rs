//! `cargo hub-bench import`: what another tool measured, as a run of ours.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

use super::build::shown;
use super::cargo::text;
use super::failure::{Failure, ended};
use super::import_criterion::criterion_cases;
use super::import_libtest::libtest_cases;
use super::import_record::{is_record, read_record};
use super::imported::run_of;
use super::main::printed;
use super::options::{Given, next, unknown_option};
use super::records::copied;
use crate::harness::{Exit, Surroundings, UsageError, called_from, shortened, tell_line};
use crate::record::{CaseRecord, RunRecord};
use crate::report::escape;
use crate::store::RunStore;

const HELP: &str = "\
Keeps what another tool measured as a run.

Usage: cargo hub-bench import PATH [--baseline NAME]

  PATH             criterion's folder (target/criterion), a file with the bench lines of libtest or
                   with its JSON lines, a run.json of ours, or `-` for lines on standard input
  --baseline NAME  of criterion: which baseline; `new`, or the only one, if not given

When, on what machine and by which build it was measured is not known; the run says so.

Exit codes: 0 kept, 1 it cannot be read or the run not be kept, 2 usage.
";

const NAMES: [&str; 1] = ["baseline"];

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
    path: OsString,
    baseline: Option<String>,
}

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    match parse(arguments)? {
        None => Ok(printed(HELP)),
        Some(arguments) => Ok(ended(import(&arguments))),
    }
}

/// Reads what stands behind the verb; `None` where help is asked for.
fn parse(raw: Vec<OsString>) -> Result<Option<Arguments>, UsageError> {
    let mut parser = lexopt::Parser::from_args(raw);
    let mut arguments = Arguments::default();
    let mut paths = 0;
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Short('h') => return Ok(None),
            Given::Short(name) => return Err(unknown_option("import", &format!("-{name}"), NAMES)),
            Given::Word(path) => {
                arguments.path = path;
                paths += 1;
            }
            Given::Long(name) if name == "help" => return Ok(None),
            Given::Long(name) if name == "baseline" => {
                arguments.baseline = Some(text(&name, &mut parser)?);
            }
            Given::Long(name) => return Err(unknown_option("import", &format!("--{name}"), NAMES)),
        }
    }
    if paths != 1 {
        return Err(UsageError::new(format!("{paths} paths given, and one is needed"))
            .help("cargo hub-bench import PATH"));
    }
    Ok(Some(arguments))
}

fn import(arguments: &Arguments) -> Result<Exit, Failure> {
    let store = RunStore::new(Surroundings::read()?.results_dir);
    if arguments.path == "-" {
        no_baseline(arguments)?;
        let (name, mut bytes) = ("standard input", Vec::new());
        let read = std::io::stdin().read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("failed to read {name}: {error}")))?;
        return keep_lines(&store, name, &text_of(name, bytes)?);
    }
    let path = called_from().join(&arguments.path);
    if path.is_dir() {
        let (cases, baseline) = criterion_cases(&path, arguments.baseline.as_deref())?;
        let source = format!("criterion, baseline {}", escape(&baseline));
        return keep(&store, &run_of(cases, &source), &source);
    }
    no_baseline(arguments)?;
    // A pipe is fine here: who names one wants it to be waited for.
    let bytes = std::fs::read(&path)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(&path))))?;
    let text = text_of(&shown(&path), bytes)?;
    if is_record(&text) {
        keep_record(&store, &path, &text)
    } else {
        keep_lines(&store, &shown(&path), &text)
    }
}

/// The text without the mark that some editors and shells begin it with.
fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{name} is not text in UTF-8")))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn no_baseline(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.baseline {
        Some(_) => Err(Failure::usage("`--baseline` belongs to a folder of criterion")),
        None => Ok(()),
    }
}

fn keep_lines(store: &RunStore, name: &str, lines: &str) -> Result<Exit, Failure> {
    let cases: Vec<CaseRecord> = libtest_cases(lines).map_err(|error| {
        Failure::new(format!("{name}, line {}: {}", error.line, error.what))
            .help("lines are like `test a::b ... bench: 1,234 ns/iter (+/- 56)`, or libtest's JSON")
    })?;
    if cases.is_empty() {
        return Err(Failure::new(format!("there is no benchmark in {name}"))
            .help("criterion's results are a folder: cargo hub-bench import target/criterion"));
    }
    keep(store, &run_of(cases, "libtest"), "libtest")
}

/// Keeps a record of ours, as it is; it must not take the place of another one.
fn keep_record(store: &RunStore, path: &Path, text: &str) -> Result<Exit, Failure> {
    let record = read_record(path, text)?;
    let id = shortened(&record.run.id);
    let saved = store.save_text(&record.run.id, text);
    match saved.map_err(|error| Failure::new(escape(&error.to_string())))? {
        Some(folder) => Ok(kept(store, &record, "a run.json", &folder)),
        None => Err(Failure::new(format!("{}: `{id}` is taken, or no id of a run", shown(path)))
            .help("nothing was changed; `compare` and `export` take the file as it is")),
    }
}

fn keep(store: &RunStore, record: &RunRecord, source: &str) -> Result<Exit, Failure> {
    let folder = store.save(record).map_err(|error| Failure::new(escape(&error.to_string())))?;
    Ok(kept(store, record, source, &folder))
}

/// Says what is kept, and where.
fn kept(store: &RunStore, record: &RunRecord, source: &str, folder: &Path) -> Exit {
    if store.is_copy("latest") {
        tell_line!("{}", copied(store, "latest"));
    }
    let cases = record.cases.len();
    let noun = if cases == 1 { "case" } else { "cases" };
    let place = shown(folder.strip_prefix(called_from()).unwrap_or(folder));
    printed(&format!("{cases} {noun} of {source} · kept in {place}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Arguments>, UsageError> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn one_path_is_needed() {
        let error = |line| read(line).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error("").contains("0 paths given"));
        assert!(error("a b").contains("2 paths given"));
        assert!(error("a --basline x").contains("did you mean `--baseline`?"));
        let asked = read("target/criterion --baseline main").ok().flatten().unwrap_or_default();
        assert_eq!((asked.path, asked.baseline), ("target/criterion".into(), Some("main".into())));
        assert!(read("--help").is_ok_and(|read| read.is_none()));
        assert!(read("-").is_ok_and(|read| read.is_some_and(|read| read.path == "-")));
    }

    #[test]
    fn a_mark_at_the_beginning_is_no_text() {
        let read = |bytes: &[u8]| text_of("x", bytes.to_vec()).map_err(|error| error.to_string());
        assert_eq!(read(b"\xef\xbb\xbftest"), Ok("test".to_owned()));
        assert_eq!(read(b"test"), Ok("test".to_owned()));
        assert_eq!(read(b"\xfft"), Err("error: x is not text in UTF-8".to_owned()));
    }
}
