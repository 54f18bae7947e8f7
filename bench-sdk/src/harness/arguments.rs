//! Reads the command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::Arg;

use super::baseline_arguments::{ComparisonArguments, SaveArguments};
use super::outputs::Output;
use super::usage::{UsageError, shortened};
use super::values::{
    color, columns, list_format_of, number, output_format, partition, text, time, value,
};
use crate::plan::{Ignored, SETTING_NAMES, Selection, set_by_name};
use crate::record::{Mode, Settings};
use crate::report::{Columns, ListFormat};

/// What the command line asks for.
#[expect(clippy::struct_excessive_bools, reason = "one field for each flag that exists")]
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) action: Action,
    pub(super) mode: Option<Mode>,
    pub(super) bench: bool,
    pub(super) selection: Selection,
    pub(super) settings: Settings,
    pub(super) seed: Option<u64>,
    pub(super) preset: Option<String>,
    pub(super) profile_time: Option<Duration>,
    pub(super) outputs: Vec<Output>,
    pub(super) columns: Option<Columns>,
    pub(super) color: Option<bool>,
    pub(super) quiet: bool,
    pub(super) plots: bool,
    pub(super) nocapture: bool,
    pub(super) fail_fast: bool,
    pub(super) strict: bool,
    pub(super) saving: SaveArguments,
    pub(super) comparison: ComparisonArguments,
    pub(super) translated: Option<Translated>,
}

/// What a front-end has made of the options of another tool.
#[derive(Debug)]
pub(super) struct Translated {
    /// Whose options they are.
    pub(super) source: &'static str,
    /// Stronger than all others: they were judged against the rest of the command line already.
    pub(super) settings: Settings,
    /// Numbers of threads for all benchmarks.
    pub(super) threads: Option<Vec<usize>>,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Action {
    /// Measure.
    #[default]
    Run,
    /// List cases.
    List(ListFormat),
    /// Tell where the settings of a case come from.
    Explain(String),
    /// Print the usage.
    Help,
    /// Print the version.
    Version,
}

impl Arguments {
    /// How thoroughly to measure: as told, else as cargo's `--bench` implies.
    pub(super) fn mode(&self) -> Mode {
        let implied = if self.bench { Mode::Full } else { Mode::Quick };
        self.mode.unwrap_or(implied)
    }

    /// Reads arguments, the program's name left out.
    pub(super) fn parse(raw: impl IntoIterator<Item = OsString>) -> Result<Self, UsageError> {
        let mut parser = lexopt::Parser::from_args(raw);
        let mut arguments = Self::default();
        let mut list_format = None;
        while let Some(argument) = parser.next().map_err(|e| UsageError::new(e.to_string()))? {
            match argument {
                Arg::Value(filter) => arguments.selection.filters.push(text("filter", filter)?),
                Arg::Short('q') => arguments.quiet = true,
                Arg::Short('h') => arguments.action = Action::Help,
                Arg::Short(other) => {
                    let message = format!("unknown option `-{}`", shortened(&other.to_string()));
                    return Err(UsageError::new(message).help("see --help"));
                }
                Arg::Long(name) => {
                    let name = name.to_owned();
                    if name == "format" {
                        list_format = Some(list_format_of(&value(&mut parser, &name)?)?);
                    } else {
                        arguments.long(&name, &mut parser)?;
                    }
                }
            }
        }
        match (&mut arguments.action, list_format) {
            (Action::List(format), Some(asked)) => *format = asked,
            (_, Some(_)) => return Err(UsageError::new("`--format` belongs to `--list`")),
            _ => {}
        }
        arguments.saving.check(arguments.mode())?;
        let writes = if arguments.saving.name.is_some() {
            Some("save-baseline")
        } else {
            (!arguments.outputs.is_empty()).then_some("output-format")
        };
        arguments.comparison.check(writes)?;
        Ok(arguments)
    }

    /// One option that begins with two dashes.
    fn long(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<(), UsageError> {
        if self.flag(name)? {
            return match parser.optional_value() {
                None => Ok(()),
                Some(_) => Err(UsageError::new(format!("`--{name}` takes no value"))),
            };
        }
        let setting = name.replace('-', "_");
        if SETTING_NAMES.contains(&setting.as_str()) {
            let text = value(parser, name)?;
            return set_by_name(&mut self.settings, &setting, &text).map_err(|error| {
                UsageError::new(error.replacen(&setting, &format!("--{name}"), 1))
            });
        }
        match name {
            "skip" => self.selection.skips.push(value(parser, name)?),
            "tag" => self.selection.tags.push(value(parser, name)?),
            "partition" => self.selection.partition = Some(partition(&value(parser, name)?)?),
            "explain" => self.action = Action::Explain(value(parser, name)?),
            "seed" => self.seed = Some(number(name, &value(parser, name)?)?),
            "preset" => self.preset = Some(value(parser, name)?),
            "profile-time" => self.profile_time = Some(time(name, &value(parser, name)?)?),
            "columns" => self.columns = Some(columns(&value(parser, name)?)?),
            "color" => self.color = color(&value(parser, name)?)?,
            "test-threads" => {
                number(name, &value(parser, name)?)?;
            }
            "output-format" => self
                .outputs
                .push(Output { format: output_format(&value(parser, name)?)?, file: None }),
            "output" => self.output_file(parser)?,
            "save-baseline" => self.saving.take_name(parser)?,
            _ if self.comparison.take(name, parser)? => {}
            _ => return Err(UsageError::unknown_option(&format!("--{name}"))),
        }
        Ok(())
    }

    /// Options without a value; `false` if it is none of them.
    fn flag(&mut self, name: &str) -> Result<bool, UsageError> {
        match name {
            "exact" => self.selection.exact = true,
            "ignored" => self.selection.ignored = Ignored::Only,
            "include-ignored" => self.selection.ignored = Ignored::Include,
            "list" => self.action = Action::List(ListFormat::Pretty),
            "bench" => self.bench = true,
            "quick" => self.set_mode(Mode::Quick)?,
            "test" => self.set_mode(Mode::Test)?,
            "no-probes" => self.settings.probes = Some(false),
            "instructions" => self.settings.instructions = Some(true),
            "skip-ext-time" => self.settings.skip_ext_time = Some(true),
            "quiet" => self.quiet = true,
            "plots" => self.plots = true,
            "nocapture" | "no-capture" => self.nocapture = true,
            "fail-fast" => self.fail_fast = true,
            "strict" => self.strict = true,
            "append" => self.saving.append = true,
            "allow-unoptimized" => self.saving.allow_unoptimized = true,
            "measure-identical" => self.comparison.measure_identical = true,
            "shuffle" => {}
            "version" => self.action = Action::Version,
            "help" => self.action = Action::Help,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set_mode(&mut self, mode: Mode) -> Result<(), UsageError> {
        match self.mode.replace(mode) {
            Some(before) if before != mode => {
                Err(UsageError::new("`--quick` and `--test` exclude each other"))
            }
            _ => Ok(()),
        }
    }

    /// `--output FILE`: belongs to the format before it.
    fn output_file(&mut self, parser: &mut lexopt::Parser) -> Result<(), UsageError> {
        let path = parser.value().map_err(|e| UsageError::new(e.to_string()))?;
        match self.outputs.last_mut() {
            Some(Output { file: file @ None, .. }) => *file = Some(PathBuf::from(path)),
            _ => {
                return Err(UsageError::new("`--output` needs an `--output-format` before it"));
            }
        }
        Ok(())
    }
}

/// Whether a bench binary would take these arguments.
#[cfg(feature = "cli")]
pub(crate) fn check_filters(raw: &[OsString]) -> Result<(), UsageError> {
    Arguments::parse(raw.iter().cloned()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(line.split_whitespace().map(OsString::from))
    }

    fn error(line: &str) -> String {
        parse(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_cargo_and_libtest_give_is_understood() {
        let line = "swarm --bench --exact --skip slow --test-threads=4 --nocapture";
        let read = parse(line).unwrap_or_default();
        assert_eq!(read.mode(), Mode::Full);
        assert!(read.selection.exact && read.nocapture);
        assert_eq!(read.selection.skips, ["slow"]);
        assert_eq!(parse("").unwrap_or_default().mode(), Mode::Quick);
        assert_eq!(parse("--bench --quick").unwrap_or_default().mode(), Mode::Quick);
        assert_eq!(parse("--bench --test").unwrap_or_default().mode(), Mode::Test);
    }

    #[test]
    fn instructions_are_counted_where_asked_for() {
        let asked = |line| parse(line).unwrap_or_default().settings.instructions;
        assert_eq!((asked(""), asked("--instructions")), (None, Some(true)));
    }

    #[test]
    fn outputs_pair_with_the_format_before_them() {
        let read = parse("--output-format json --output r.json --output-format terse");
        let outputs = read.unwrap_or_default().outputs;
        assert_eq!(outputs[0].file.as_deref(), Some(std::path::Path::new("r.json")));
        assert_eq!(outputs[1].file, None);
        assert!(error("--output x").contains("--output-format"));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--sample-cout 3").contains("did you mean `--sample-count`?"));
        assert!(error("--launches 0").contains("`--launches`: `0` is not a whole number"));
        assert!(error("--max-time soon").contains("not a length of time"));
        assert!(error("--launches").contains("needs a value"));
        assert!(error("--exact=yes").contains("takes no value"));
        assert!(error("--partition 4/3").contains("K/N"));
        assert!(error("--output-format jsno").contains("did you mean `json`?"));
        assert!(error("--columns time,thruput").contains("unknown column `thruput`"));
        assert!(error("--columns ,").contains("no column is named"));
        assert!(error("--format json").contains("belongs to `--list`"));
        assert!(error("--save-baseline ../up").contains("ASCII letters"));
        assert!(error("-x").contains("unknown option"));
    }

    #[cfg(unix)]
    #[test]
    fn arguments_that_are_not_text_are_refused() {
        use std::os::unix::ffi::OsStringExt;
        let raw = OsString::from_vec(vec![b'a', 0xff]);
        assert!(Arguments::parse([raw]).is_err_and(|e| e.message.contains("UTF-8")));
    }
}
