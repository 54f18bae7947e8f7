//! The verb itself: asks, shows, asks again.

use std::ffi::OsString;
use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use super::changes::{carry_out, changes, listed};
use super::manifest::Source;
use crate::cli::cargo::CargoOptions;
use crate::cli::failure::{Failure, ended};
use crate::cli::git::Repository;
use crate::cli::main::printed;
use crate::cli::metadata::{Metadata, Package};
use crate::cli::options::{Given, next, unknown_option};
use crate::harness::{Exit, UsageError, called_from, tell_line};

const HELP: &str = "\
Makes a crate ready for benches: the lines of its Cargo.toml, a bench target and a test target of
one line each, and a workflow for continuous integration. Shows everything first, and asks.

Usage: cargo hub-bench init [OPTIONS]

  -p, --package NAME   the package, where the folder has several
      --path DIR       the folder of bench-sdk; by default the one this command was built from
      --git URL        the repository of bench-sdk, instead
      --no-workflow    no workflow
      --yes            write without asking
";

const OPTIONS: [&str; 5] = ["package", "path", "git", "no-workflow", "yes"];

/// What was asked for.
#[derive(Debug, Default)]
struct Arguments {
    package: Option<String>,
    source: Option<Source>,
    no_workflow: bool,
    yes: bool,
}

/// Carries out the verb.
pub(in crate::cli) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    match Arguments::parse(arguments)? {
        None => Ok(printed(HELP)),
        Some(arguments) => Ok(ended(init(&arguments))),
    }
}

impl Arguments {
    /// Reads arguments; `None` where help is wanted.
    fn parse(raw: Vec<OsString>) -> Result<Option<Self>, UsageError> {
        let mut parser = lexopt::Parser::from_args(raw);
        let mut arguments = Self::default();
        while let Some(given) = next(&mut parser)? {
            match given {
                Given::Short('h') => return Ok(None),
                Given::Short('p') => {
                    arguments.package = Some(crate::cli::cargo::text("package", &mut parser)?);
                }
                Given::Short(other) => {
                    return Err(unknown_option("init", &format!("-{other}"), OPTIONS));
                }
                Given::Word(word) => {
                    let word = crate::harness::shortened(&word.to_string_lossy());
                    return Err(UsageError::new(format!("unexpected argument `{word}`"))
                        .help("a package is named with -p"));
                }
                Given::Long(name) => match name.as_str() {
                    "help" => return Ok(None),
                    "no-workflow" => arguments.no_workflow = true,
                    "yes" => arguments.yes = true,
                    "package" | "path" | "git" => {
                        let text = crate::cli::cargo::text(&name, &mut parser)?;
                        match name.as_str() {
                            "package" => arguments.package = Some(text),
                            "path" => arguments.source = Some(Source::Path(text)),
                            _ => arguments.source = Some(Source::Git(text)),
                        }
                    }
                    _ => return Err(unknown_option("init", &format!("--{name}"), OPTIONS)),
                },
            }
        }
        Ok(Some(arguments))
    }
}

fn init(arguments: &Arguments) -> Result<Exit, Failure> {
    let options = CargoOptions::default();
    let metadata = Metadata::read(&called_from(), &options)?;
    let package = chosen(&metadata, arguments.package.as_deref())?;
    let Some(library) = package.library() else {
        return Err(Failure::usage(format!(
            "the package `{}` has no library: bench targets see nothing of a binary",
            package.name
        ))
        .help("move the code into src/lib.rs and call it from src/main.rs"));
    };
    let source = source(arguments)?;
    let repository = Repository::around(package.folder()).map(|repository| repository.top);
    let with_workflow = !arguments.no_workflow && repository.is_ok();
    let folder = repository.unwrap_or_else(|_| package.folder().to_owned());
    let with_workflow = with_workflow && source.is_within(&folder);
    if !with_workflow && !arguments.no_workflow {
        tell_line!(
            "note: no workflow is written: it needs a repository, and --git URL where bench-sdk is \
             outside of it"
        );
    }
    let changes = changes((package, &library), &folder, &source, with_workflow)?;
    if changes.is_empty() {
        return Ok(printed("everything is there already\n"));
    }
    let shown = printed(&listed(&changes));
    if shown != Exit::Success {
        return Ok(shown);
    }
    if !arguments.yes && !agreed()? {
        return Ok(printed("nothing was written\n"));
    }
    carry_out(&changes)?;
    Ok(printed(
        "written. Put #[bench_sdk::hub_bench] on a function of the library, then:\n\
         \x20 cargo bench --features bench     measures in full\n\
         \x20 cargo test --features bench      measures briefly, beside the tests\n",
    ))
}

/// The package that was named, or the only one.
fn chosen<'m>(metadata: &'m Metadata, name: Option<&str>) -> Result<&'m Package, Failure> {
    let known = || {
        let names: Vec<&str> =
            metadata.packages.iter().map(|package| package.name.as_str()).collect();
        names.join(", ")
    };
    let Some(name) = name else {
        // In a member's folder that is the one; else there must be no other.
        let here = called_from().join("Cargo.toml");
        let at = metadata.packages.iter().find(|package| package.manifest_path == here);
        return match (at, metadata.packages.as_slice()) {
            (Some(package), _) | (None, [package]) => Ok(package),
            _ => Err(Failure::usage("there are several packages here")
                .detail(format!("known: {}", known()))
                .help("name one: -p NAME")),
        };
    };
    metadata.packages.iter().find(|package| package.name == name).ok_or_else(|| {
        Failure::usage(format!("no package is called `{}`", crate::harness::shortened(name)))
            .detail(format!("known: {}", known()))
    })
}

/// Where bench-sdk comes from: what was said, else where this command was built.
fn source(arguments: &Arguments) -> Result<Source, Failure> {
    match &arguments.source {
        Some(Source::Path(path)) => Ok(Source::Path(absolute(path)?)),
        Some(git) => Ok(git.clone()),
        None => {
            let built_from = env!("CARGO_MANIFEST_DIR");
            if Path::new(built_from).join("Cargo.toml").is_file() {
                return Ok(Source::Path(built_from.to_owned()));
            }
            Err(Failure::usage("where bench-sdk comes from is not known")
                .help("say so: --git URL or --path DIR"))
        }
    }
}

fn absolute(path: &str) -> Result<String, Failure> {
    let folder: PathBuf = called_from().join(path);
    if folder.join("Cargo.toml").is_file() {
        return Ok(folder.display().to_string());
    }
    let shown = crate::harness::shortened(path);
    Err(Failure::usage(format!("there is no Cargo.toml in {shown}")))
}

/// Whether the user agrees.
fn agreed() -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::usage("nobody is there to agree").help("write without asking: --yes"));
    }
    let failed = |error: std::io::Error| Failure::new(format!("failed to ask: {error}"));
    stdout().write_all(b"write this? [y/N] ").and_then(|()| stdout().flush()).map_err(failed)?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Arguments>, UsageError> {
        Arguments::parse(line.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn options_are_read() {
        let read = parse("-p demo --git https://x --yes --no-workflow").ok().flatten();
        let read = read.unwrap_or_default();
        assert_eq!(read.package.as_deref(), Some("demo"));
        assert_eq!(read.source, Some(Source::Git("https://x".to_owned())));
        assert!(read.yes && read.no_workflow && parse("--help").is_ok_and(|read| read.is_none()));
        let error = |line| parse(line).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error("--pakage x").contains("did you mean `--package`?"));
        assert!(error("demo").contains("named with -p"));
    }
}
