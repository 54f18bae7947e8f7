//! The command line of `gate`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::Arg;

use super::cargo::CargoOptions;
use super::options::nearest_option;
use crate::harness::{ComparisonOutput, UsageError, shortened};
use crate::record::{Rules, parse_duration, parse_ratio};

/// Text of `gate --help`.
pub(super) const HELP: &str = "\
Compares the working tree with a revision or a saved baseline, both run in turns.

Usage: cargo hub-bench gate REV|NAME [OPTIONS] [CARGO OPTIONS] [-- FILTER..]

  REV                       is built in a tree of its own; yours is not touched
  NAME                      of a saved baseline
  --rev REV                 a revision, where a baseline has the same name
  --baseline NAME           a baseline, where a revision has the same name
  --executables OLD NEW     compares two bench binaries as they are

  --threshold P             exit 3 only for what got slower by more than P, such as 5%
  --minimum-effect P        smallest change of time that matters; 1% if not given
  --budget TIME             most time for one case; 10s if not given
  --instructions            count instructions too, under Callgrind
  --output-format FMT       pretty, terse, json, markdown, junit; repeatable
  --output FILE             where the format before it goes
  --verbose                 name what is equivalent, too
  --timeout TIME            deadline of a batch, and of setting up; 60s if not given
  --seed N                  seed of every random choice
  --strict                  exit 5 where something cannot be decided
  --color WHEN              auto, always, never
  --nocapture               let benches print

Cargo's options (-p, --bench, --features, --profile, ..) select what is built. Behind `--` stand
filters as bench binaries take them: texts, --exact, --skip TEXT, --tag TAG.
Exit codes: 0 nothing regressed, 1 not done or not kept, 2 usage, 3 regression, 101 a case broke.
";

/// What is compared against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// A revision or a baseline, whatever there is.
    Either(String),
    Revision(String),
    Baseline(String),
    /// Two executables.
    Executables(PathBuf, PathBuf),
}

/// What the command line asks for.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one field for each flag that exists")]
pub(super) struct GateArguments {
    pub(super) against: Against,
    pub(super) rules: Rules,
    pub(super) cargo: CargoOptions,
    /// For the executables, which list what is selected.
    pub(super) filters: Vec<OsString>,
    pub(super) output: ComparisonOutput,
    pub(super) seed: Option<u64>,
    pub(super) timeout: Duration,
    pub(super) instructions: bool,
    pub(super) strict: bool,
    pub(super) nocapture: bool,
    pub(super) measure_identical: bool,
}

/// Options of our own, for "did you mean".
const NAMES: [&str; 15] = [
    "rev",
    "baseline",
    "executables",
    "threshold",
    "minimum-effect",
    "budget",
    "instructions",
    "output-format",
    "output",
    "verbose",
    "timeout",
    "seed",
    "strict",
    "color",
    "nocapture",
];

impl GateArguments {
    /// Reads what stands behind the verb; `None` where help is asked for.
    pub(super) fn parse(raw: Vec<OsString>) -> Result<Option<Self>, UsageError> {
        let mut raw = raw.into_iter();
        let own: Vec<OsString> = raw.by_ref().take_while(|word| word != "--").collect();
        let mut parser = lexopt::Parser::from_args(own);
        let mut against = None;
        let mut arguments = Self::new(raw.collect());
        while let Some(argument) = parser.next().map_err(|e| UsageError::new(e.to_string()))? {
            let more = match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Value(name) => Some(Against::Either(utf8("REV", name)?)),
                Arg::Short(letter) => {
                    if !arguments.cargo.short(letter, &mut parser)? {
                        return Err(UsageError::new(format!("unknown option `-{letter}`")));
                    }
                    None
                }
                Arg::Long(name) => {
                    let name = name.to_owned();
                    arguments.long(&name, &mut parser)?
                }
            };
            if more.is_some() && std::mem::replace(&mut against, more).is_some() {
                return Err(UsageError::new("there is more than one thing to compare with")
                    .help("filters stand behind `--`"));
            }
        }
        arguments.against = against.ok_or_else(|| {
            UsageError::new("say what to compare with: a revision or the name of a baseline")
                .help("cargo hub-bench gate HEAD~1")
        })?;
        Ok(Some(arguments))
    }

    fn new(filters: Vec<OsString>) -> Self {
        Self {
            against: Against::Either(String::new()),
            rules: Rules::default(),
            cargo: CargoOptions::default(),
            filters,
            output: ComparisonOutput::default(),
            seed: None,
            timeout: Duration::from_secs(60),
            instructions: false,
            strict: false,
            nocapture: false,
            measure_identical: false,
        }
    }

    /// One option that begins with two dashes; what to compare with, if it says that.
    fn long(
        &mut self,
        name: &str,
        parser: &mut lexopt::Parser,
    ) -> Result<Option<Against>, UsageError> {
        match name {
            "rev" => return Ok(Some(Against::Revision(value(name, parser)?))),
            "baseline" => return Ok(Some(Against::Baseline(value(name, parser)?))),
            "executables" => {
                let mut path = || parser.value().map_err(|_| needs(name, "two paths"));
                let (old, new) = (path()?, path()?);
                return Ok(Some(Against::Executables(old.into(), new.into())));
            }
            "threshold" => self.rules.threshold = Some(ratio(name, parser)?),
            "minimum-effect" => self.rules.minimum_effect = ratio(name, parser)?,
            "budget" => self.rules.budget_ns = time(name, parser)?.as_nanos() as u64,
            "timeout" => self.timeout = time(name, parser)?,
            "seed" => {
                let text = value(name, parser)?;
                self.seed = Some(text.parse().map_err(|_| {
                    UsageError::new(format!("`--seed`: `{}` is no number", shortened(&text)))
                })?);
            }
            "instructions" => self.instructions = true,
            "strict" => self.strict = true,
            "nocapture" => self.nocapture = true,
            "measure-identical" => self.measure_identical = true,
            _ if self.output.long(name, parser)? || self.cargo.long(name, parser)? => {}
            _ => return Err(unknown(name)),
        }
        Ok(None)
    }
}

fn unknown(name: &str) -> UsageError {
    let help = nearest_option(name, NAMES.into_iter().chain(CargoOptions::names())).map_or_else(
        || "see cargo hub-bench gate --help".to_owned(),
        |near| format!("did you mean `--{near}`?"),
    );
    UsageError::new(format!("unknown option `--{}`", shortened(name))).help(help)
}

fn needs(name: &str, what: &str) -> UsageError {
    UsageError::new(format!("`--{name}` needs {what}"))
}

fn value(name: &str, parser: &mut lexopt::Parser) -> Result<String, UsageError> {
    utf8(&format!("value of --{name}"), parser.value().map_err(|_| needs(name, "a value"))?)
}

fn utf8(what: &str, raw: OsString) -> Result<String, UsageError> {
    raw.into_string().map_err(|raw| {
        UsageError::new(format!(
            "{what} `{}` is not valid UTF-8",
            shortened(&raw.to_string_lossy())
        ))
    })
}

fn ratio(name: &str, parser: &mut lexopt::Parser) -> Result<f64, UsageError> {
    parse_ratio(&value(name, parser)?)
        .map_err(|error| UsageError::new(format!("`--{name}`: {error}")))
}

fn time(name: &str, parser: &mut lexopt::Parser) -> Result<Duration, UsageError> {
    parse_duration(&value(name, parser)?)
        .map_err(|error| UsageError::new(format!("`--{name}`: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<GateArguments>, UsageError> {
        GateArguments::parse(line.split_whitespace().map(OsString::from).collect())
    }

    fn error(line: &str) -> String {
        parse(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_revision_cargo_options_and_filters_are_told_apart() {
        let read = parse("HEAD~1 --threshold 5% -p hub --bench all -- queue --exact");
        let read = read.ok().flatten();
        assert!(read.as_ref().is_some_and(|read| {
            read.against == Against::Either("HEAD~1".to_owned())
                && read.rules.threshold == Some(0.05)
                && read.cargo.packages == ["hub"]
                && read.filters == ["queue", "--exact"]
        }));
        let two = parse("--executables a b").ok().flatten();
        assert!(two.is_some_and(|two| two.against == Against::Executables("a".into(), "b".into())));
        assert!(parse("main --help").is_ok_and(|read| read.is_none()));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("").contains("say what to compare with"));
        assert!(error("a b").contains("behind `--`"));
        assert!(error("a --treshold 5%").contains("did you mean `--threshold`?"));
        assert!(error("a --threshold much").contains("`--threshold`"));
        assert!(error("a --budget").contains("needs a value"));
        assert!(error("--executables a").contains("two paths"));
    }
}
