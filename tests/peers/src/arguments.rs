//! The command line.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::effort::Effort;
use crate::failure::{Context, Failure, Result};
use crate::ground::Ground;
use crate::study::{Page, Study};

/// What `--help` prints.
pub(crate) const USAGE: &str = "\
usage: peers overhead [options]      what the SDK costs, beside criterion and divan
       peers resources [options]     what measuring other resources than time costs
       peers gate [options]          whether the gate keeps its promises, beside peers
       peers load [options]          what load costs the generator, beside wrk, oha and goose
       peers aa|power|verdict-time|coverage [options]
                                     the same, only that study
       peers render [--out DIR]      write the summaries anew from the raw data

  --only STUDY      of overhead: build, list, suite, spread or floor;
                    of resources: probes or alloc;
                    of gate: aa, power, verdict-time or coverage;
                    of load: load-speed, load-stall, load-arrivals or
                    load-course
  --budget MINUTES  scales the repetitions; by default 35 for overhead, 9 for
                    resources, 30 for gate, 29 for load
  --more            aa and power add to what they found before instead of beginning anew
  --quick           smoke run: proves that the studies work, says nothing about the SDK
  --seed N          seed of the random orders
  --out DIR         where the results go; docs/studies, or DIR of --work with --quick
  --work DIR        where crates are generated and built; a temporary folder if not given";

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Carry out the studies of that page, and report.
    Measure(Page),
    /// Report what was measured before.
    Render,
    /// Use half of a core until the process that started this one ends.
    Spin,
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
    /// Whether studies that can do so add to their earlier data.
    pub(crate) more: bool,
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
            effort: Effort::full(Page::Overhead.full_minutes()),
            seed: crate::chance::fresh_seed(),
            more: false,
            out: None,
            work: std::env::temp_dir().join("bench-sdk-peers"),
            command: "cargo run -p peers --release --".to_owned(),
        };
        let mut action = None;
        let mut length = Length::Full;
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(word) if action.is_none() => {
                    let word = word.string()?;
                    if let Some((page, study)) = Page::of_command(&word) {
                        arguments.only = Some(study);
                        action = Some(Action::Measure(page));
                    } else {
                        action = Some(verb(&word)?);
                    }
                }
                Arg::Short('h') | Arg::Long("help") => action = Some(Action::Help),
                Arg::Long(name) => {
                    let name = name.to_owned();
                    arguments.option(&name, &mut parser, &mut length)?;
                }
                other => return Err(other.unexpected().into()),
            }
        }
        arguments.action = action.context(|| "say what to do".to_owned())?;
        if let Action::Measure(page) = arguments.action {
            arguments.effort = length.on(page)?;
            arguments.command = arguments.repeatable(page)?;
        }
        Ok(arguments)
    }

    fn option(&mut self, name: &str, parser: &mut Parser, length: &mut Length) -> Result<()> {
        match name {
            "more" => self.more = true,
            "quick" => *length = Length::Quick,
            "only" => self.only = Some(Study::from_name(&text(parser)?)?),
            "budget" => *length = Length::Minutes(parser.value()?.parse()?),
            "seed" => self.seed = parser.value()?.parse()?,
            "out" => self.out = Some(parser.value()?.into()),
            "work" => self.work = parser.value()?.into(),
            _ => return Err(Failure::new(format!("unknown option `--{name}`"))),
        }
        Ok(())
    }

    fn repeatable(&self, page: Page) -> Result<String> {
        // Writing to a string cannot fail.
        let mut command = format!("{} {}", self.command, page.name());
        if self.effort.is_quick() {
            command.push_str(" --quick");
        } else if let Some(minutes) = self.effort.own_minutes() {
            let _ = write!(command, " --budget {minutes}");
        }
        if self.more {
            command.push_str(" --more");
        }
        if let Some(study) = self.only {
            let name = study.name();
            if !page.studies().contains(&study) {
                return Err(Failure::new(format!("`{name}` is no study of `{}`", page.name())));
            }
            let _ = write!(command, " --only {name}");
        }
        let _ = write!(command, " --seed {}", self.seed);
        Ok(command)
    }

    /// The studies to carry out, in order.
    pub(crate) fn studies(&self, page: Page) -> Vec<Study> {
        self.only.map_or_else(|| page.studies().to_vec(), |study| vec![study])
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

/// How long it may take, before it is known what is asked for.
#[derive(Clone, Copy, Debug)]
enum Length {
    Full,
    Quick,
    Minutes(f64),
}

impl Length {
    fn on(self, page: Page) -> Result<Effort> {
        let full = page.full_minutes();
        match self {
            Self::Full => Ok(Effort::full(full)),
            Self::Quick => Ok(Effort::quick(full)),
            Self::Minutes(minutes) => Effort::of_minutes(minutes, full),
        }
    }
}

fn verb(word: &str) -> Result<Action> {
    let page = Page::ALL.into_iter().find(|page| page.name() == word);
    match (word, page) {
        (_, Some(page)) => Ok(Action::Measure(page)),
        ("render", None) => Ok(Action::Render),
        ("spin", None) => Ok(Action::Spin),
        ("help", None) => Ok(Action::Help),
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
        let error = parse("resources --only spread").unwrap_err().to_string();
        assert_eq!(error, "`spread` is no study of `resources`");
    }

    #[test]
    fn studies_of_the_gate_are_commands() {
        let read = parse("verdict-time --budget 5 --seed 1").unwrap();
        assert_eq!(read.action, Action::Measure(Page::Gate));
        assert_eq!(read.studies(Page::Gate), [Study::VerdictTime]);
        let repeated = "gate --budget 5 --only verdict-time --seed 1";
        assert!(read.command.ends_with(repeated), "{}", read.command);
        assert!(parse("alloc").is_err());
    }

    #[test]
    fn each_page_has_a_length_of_its_own() {
        let read = parse("--budget 9 resources --seed 1").unwrap();
        assert_eq!(read.action, Action::Measure(Page::Resources));
        assert_eq!(read.studies(Page::Resources), [Study::Probes, Study::Alloc]);
        assert_eq!(read.command, "cargo run -p peers --release -- resources --seed 1");
    }
}
