//! `compare`: records only, nothing is measured.

use std::ffi::OsString;
use std::path::Path;

use lexopt::Arg;

use super::failure::{Failure, ended};
use super::main::printed;
use super::options::unknown_option;
use super::records::{Records, load_record, records};
use crate::compare::{BaselineRuns, compare_loads, compare_records};
use crate::harness::{
    ComparisonOutput, Exit, Surroundings, UsageError, known_noise, print, shortened, tell_line,
};
use crate::record::{ComparisonRecord, Rules, RunRecord, parse_ratio};
use crate::report::render_load_comparison;
use crate::store::RunStore;

/// Text of `compare --help`.
const HELP: &str = "\
Compares records of different times; nothing is measured.

Usage: cargo hub-bench compare --baseline A --current B [OPTIONS]

  --baseline A              what to compare with
  --current B               what to judge; of several runs the newest

A and B are ids of runs, `latest`, files (run.json), or folders with runs in them. Of a baseline three
runs or more of the same executable are needed: they tell how much times vary. `gate` runs both sides
in turns and sees more. What `doctor --calibrate` found out about this machine is used where it is of
the same processor.

  --threshold P             exit 3 only for what got slower by more than P, such as 5%
  --minimum-effect P        smallest change of time that matters; 1% if not given
  --output-format FMT       pretty, terse, json, markdown, junit; repeatable
  --output FILE             where the format before it goes
  --verbose                 name what is equivalent, too
  --strict                  exit 5 where something cannot be decided or compared
  --color WHEN              auto, always, never

Two load tests (their ids, `latest-load`, files) stand side by side without a verdict: one run each does
not carry one.

Exit codes: 0 nothing regressed, 1 a record cannot be read or a result not be written, 2 usage,
3 regression, 101 a case of B broke.
";

/// What helps where a side is missing.
const EXAMPLE: &str = "cargo hub-bench compare --baseline A --current B";

/// Options that begin with two dashes, for "did you mean".
const NAMES: [&str; 9] = [
    "baseline",
    "current",
    "threshold",
    "minimum-effect",
    "output-format",
    "output",
    "verbose",
    "strict",
    "color",
];

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    match Arguments::parse(arguments)? {
        None => Ok(print(HELP).map_or(Exit::NotKept, |()| Exit::Success)),
        Some(arguments) => Ok(ended(compare(&arguments))),
    }
}

fn compare(arguments: &Arguments) -> Result<Exit, Failure> {
    let checked = arguments.output.check_files();
    checked.map_err(|error| Failure::new(error.into_parts().0))?;
    let results_dir = Surroundings::read()?.results_dir;
    if let Some(text) = loads(arguments, &results_dir)? {
        return Ok(printed(&text));
    }
    let baseline = records(&arguments.baseline, &results_dir)?;
    let current = records(&arguments.current, &results_dir)?;
    let record = judge(arguments, baseline, current, &RunStore::new(results_dir))?;
    let exit = Exit::of_comparison(&record, arguments.strict);
    match arguments.output.show(&record, exit, None) {
        Ok(()) => Ok(exit),
        Err(error) => {
            tell_line!("{error}");
            Ok(exit.and(Exit::NotKept))
        }
    }
}

/// Two load tests side by side; `None` where neither side is one.
fn loads(arguments: &Arguments, results_dir: &Path) -> Result<Option<String>, Failure> {
    let side = |name: &str| load_record(name, results_dir);
    match (side(&arguments.baseline)?, side(&arguments.current)?) {
        (None, None) => Ok(None),
        (Some(baseline), Some(current)) if arguments.is_plain() => {
            Ok(Some(render_load_comparison(&compare_loads(&baseline, &current), false)))
        }
        (Some(_), Some(_)) => {
            Err(Failure::usage("of two load tests there is a table and no verdict")
                .help("leave out --threshold, --minimum-effect, --strict and --output-format"))
        }
        _ => Err(Failure::usage("a load test and a run of benchmarks have nothing in common")
            .help("name two load tests, or two runs")),
    }
}

/// Compares the newest run of one side with the runs of the other.
fn judge(
    arguments: &Arguments,
    mut baseline: Records,
    mut current: Records,
    store: &RunStore,
) -> Result<ComparisonRecord, Failure> {
    let Some(candidate) = current.runs.pop() else {
        return Err(Failure::usage("`--current` has no run"));
    };
    // A run says nothing about itself.
    let is_other = |run: &RunRecord| run.run.id != candidate.run.id || *run != candidate;
    baseline.runs.retain(is_other);
    if baseline.runs.is_empty() {
        return Err(Failure::usage("`--baseline` and `--current` are the same run")
            .help("the id of another run, or a file or folder that was kept"));
    }
    let runs = BaselineRuns { runs: &baseline.runs, one_executable: baseline.one_executable };
    let (noise, note) = known_noise(store, &candidate);
    let mut record = compare_records(runs, &candidate, arguments.rules, noise.as_ref());
    record.notes.extend(note);
    record.baseline.name.clone_from(&arguments.baseline);
    record.candidate.name.clone_from(&arguments.current);
    Ok(record)
}

/// What the command line asks for.
#[derive(Debug)]
struct Arguments {
    baseline: String,
    current: String,
    rules: Rules,
    output: ComparisonOutput,
    strict: bool,
}

impl Arguments {
    /// Whether nothing is asked for that takes a verdict.
    fn is_plain(&self) -> bool {
        self.rules == Rules::default() && !self.strict && !self.output.has_formats()
    }

    /// Reads what stands behind the verb; `None` where help is asked for.
    fn parse(raw: Vec<OsString>) -> Result<Option<Self>, UsageError> {
        let mut parser = lexopt::Parser::from_args(raw);
        let (mut baseline, mut current) = (None, None);
        let mut rules = Rules::default();
        let mut output = ComparisonOutput::default();
        let mut strict = false;
        while let Some(argument) = parser.next().map_err(|e| UsageError::new(e.to_string()))? {
            let name = match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Long(name) => name.to_owned(),
                Arg::Short(letter) => {
                    return Err(unknown_option("compare", &format!("-{letter}"), NAMES));
                }
                Arg::Value(value) => {
                    let shown = shortened(&value.to_string_lossy());
                    return Err(UsageError::new(format!("what is `{shown}`?")).help(EXAMPLE));
                }
            };
            match name.as_str() {
                "baseline" => baseline = Some(value(&name, &mut parser)?),
                "current" => current = Some(value(&name, &mut parser)?),
                "threshold" => rules.threshold = Some(ratio(&name, &mut parser)?),
                "minimum-effect" => rules.minimum_effect = ratio(&name, &mut parser)?,
                "strict" => strict = true,
                _ if output.long(&name, &mut parser)? => {}
                _ => return Err(unknown_option("compare", &format!("--{name}"), NAMES)),
            }
        }
        output.check()?;
        let missing = |name: &str| UsageError::new(format!("`--{name}` is missing")).help(EXAMPLE);
        Ok(Some(Self {
            baseline: baseline.ok_or_else(|| missing("baseline"))?,
            current: current.ok_or_else(|| missing("current"))?,
            rules,
            output,
            strict,
        }))
    }
}

fn value(name: &str, parser: &mut lexopt::Parser) -> Result<String, UsageError> {
    let raw = parser.value().map_err(|_| {
        let error = UsageError::new(format!("`--{name}` needs a value"));
        if matches!(name, "baseline" | "current") { error.help(EXAMPLE) } else { error }
    })?;
    raw.into_string().map_err(|raw| {
        let shown = shortened(&raw.to_string_lossy());
        UsageError::new(format!("value of --{name} `{shown}` is not valid UTF-8"))
    })
}

fn ratio(name: &str, parser: &mut lexopt::Parser) -> Result<f64, UsageError> {
    parse_ratio(&value(name, parser)?)
        .map_err(|error| UsageError::new(format!("`--{name}`: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Arguments>, UsageError> {
        Arguments::parse(line.split_whitespace().map(OsString::from).collect())
    }

    fn error(line: &str) -> String {
        parse(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn both_sides_and_the_rules_are_read() {
        let read = parse("--baseline a --current=b --threshold 5% --minimum-effect 2% --strict");
        assert!(read.ok().flatten().is_some_and(|read| {
            (read.baseline.as_str(), read.current.as_str()) == ("a", "b")
                && read.rules.threshold == Some(0.05)
                && read.rules.minimum_effect.to_bits() == 0.02_f64.to_bits()
                && read.strict
        }));
        assert!(parse("--help").is_ok_and(|read| read.is_none()));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--current b").contains("`--baseline` is missing"));
        assert!(error("--baseline a").contains("`--current` is missing"));
        assert!(error("--baselin a").contains("did you mean `--baseline`?"));
        let bare = error("--baseline");
        assert!(bare.contains("needs a value") && bare.contains(EXAMPLE), "{bare}");
        assert!(error("").contains(EXAMPLE));
        assert!(error("--format json").contains("did you mean `--output-format`?"));
        assert!(error("--quick").contains("`--quick` is no option of `compare`"));
        assert!(error("a b").contains("what is `a`?"));
        assert!(error("--baseline a --current b --threshold much").contains("`--threshold`"));
        assert!(error("--output-format jsno").contains("did you mean `json`?"));
        assert!(error("-x").contains("unknown option `-x`"));
    }
}
