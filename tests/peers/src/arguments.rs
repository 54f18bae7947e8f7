//! The command line.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::effort::{Effort, FULL_MINUTES};
use crate::failure::{Context, Failure, Result};
use crate::ground::Ground;
use crate::study::Study;

/// What `--help` prints.
pub(crate) const USAGE: &str = "\
usage: peers overhead [options]      carry out the studies
       peers render [--out DIR]      write the summary anew from the raw data

  --only STUDY      one of build, list, suite, spread, floor
  --budget MINUTES  scales the repetitions; 35 if not given
  --quick           smoke run: proves that the studies work, says nothing about the SDK
  --seed N          seed of the random orders
  --out DIR         where the results go; docs/studies, or DIR of --work with --quick
  --work DIR        where crates are generated and built; a temporary folder if not given";

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Measure and report.
    Overhead,
    /// Report what was measured before.
    Render,
    /// Print the usage.
    Help,
}

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) action: Action,
    pub(crate) only: Option<Study>,
    pub(crate) effort: Effort,
    pub(crate) seed: u64,
    pub(crate) out: Option<PathBuf>,
    pub(crate) work: PathBuf,
    /// The command, as a reader would repeat it: folders are left out.
    pub(crate) command: String,
}

impl Arguments {
    /// Reads arguments, the program's name left out.
    pub(crate) fn parse(raw: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut parser = Parser::from_args(raw);
        let mut arguments = Self {
            action: Action::Help,
            only: None,
            effort: Effort::full(),
            seed: crate::chance::fresh_seed(),
            out: None,
            work: std::env::temp_dir().join("bench-sdk-peers"),
            command: "cargo run -p peers --release --".to_owned(),
        };
        let mut action = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(word) if action.is_none() => {
                    action = Some(verb(&word.string()?)?);
                }
                Arg::Short('h') | Arg::Long("help") => action = Some(Action::Help),
                Arg::Long(name) => {
                    let name = name.to_owned();
                    arguments.option(&name, &mut parser)?;
                }
                other => return Err(other.unexpected().into()),
            }
        }
        arguments.action = action.context(|| "say what to do".to_owned())?;
        arguments.command = arguments.repeatable();
        Ok(arguments)
    }

    fn option(&mut self, name: &str, parser: &mut Parser) -> Result<()> {
        match name {
            "quick" => self.effort = Effort::quick(),
            "only" => self.only = Some(Study::from_name(&text(parser)?)?),
            "budget" => {
                let minutes: f64 = parser.value()?.parse()?;
                self.effort = Effort::of_minutes(minutes)?;
            }
            "seed" => self.seed = parser.value()?.parse()?,
            "out" => self.out = Some(parser.value()?.into()),
            "work" => self.work = parser.value()?.into(),
            _ => return Err(Failure::new(format!("unknown option `--{name}`"))),
        }
        Ok(())
    }

    fn repeatable(&self) -> String {
        // Writing to a string cannot fail.
        let mut command = format!("{} overhead", self.command);
        if self.effort.is_quick() {
            command.push_str(" --quick");
        } else if (self.effort.minutes() - FULL_MINUTES).abs() > f64::EPSILON {
            let _ = write!(command, " --budget {}", self.effort.minutes());
        }
        if let Some(study) = self.only {
            let _ = write!(command, " --only {}", study.name());
        }
        let _ = write!(command, " --seed {}", self.seed);
        command
    }

    /// Where the results go: a smoke run never replaces results.
    pub(crate) fn results_folder(&self, ground: &Ground) -> PathBuf {
        match &self.out {
            Some(out) => out.clone(),
            None if self.effort.is_quick() => ground.work.join("quick"),
            None => ground.root.join("docs/studies"),
        }
    }
}

fn verb(word: &str) -> Result<Action> {
    match word {
        "overhead" => Ok(Action::Overhead),
        "render" => Ok(Action::Render),
        "help" => Ok(Action::Help),
        _ => Err(Failure::new(format!("unknown command `{word}`"))),
    }
}

fn text(parser: &mut Parser) -> Result<String> {
    Ok(parser.value()?.string()?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn parse(line: &str) -> Result<Arguments> {
        Arguments::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_are_read_and_the_command_can_be_repeated() {
        let line = "overhead --only spread --budget 7 --seed 3 --out results";
        let read = parse(line).unwrap();
        assert_eq!((read.only, read.seed), (Some(Study::Spread), 3));
        assert_eq!(read.out, Some(PathBuf::from("results")));
        assert_eq!(
            read.command,
            "cargo run -p peers --release -- overhead --budget 7 --only spread --seed 3"
        );
    }

    #[test]
    fn mistakes_are_refused() {
        for line in ["", "overheat", "overhead --only none", "overhead --budget 0", "overhead -x"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
