//! Options around baselines.

use std::time::Duration;

use super::usage::{UsageError, shortened};
use super::values::value;
use crate::record::{Mode, Rules, parse_duration, parse_ratio};
use crate::store::BaselineName;

/// Whether, and how, the run becomes a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SaveArguments {
    /// `--save-baseline NAME`
    pub(super) name: Option<BaselineName>,
    /// Adds to the baseline also what another executable measured.
    pub(super) append: bool,
    /// Lets builds without optimisation become one.
    pub(super) allow_unoptimized: bool,
}

impl SaveArguments {
    /// Reads the name.
    pub(super) fn take_name(&mut self, parser: &mut lexopt::Parser) -> Result<(), UsageError> {
        self.name = Some(name_value("save-baseline", parser)?);
        Ok(())
    }

    /// Refuses what cannot be meant.
    pub(super) fn check(&self, mode: Mode) -> Result<(), UsageError> {
        let without_name = |option| belongs(option, "save-baseline");
        match self.name {
            Some(_) if mode == Mode::Test => {
                Err(UsageError::new("`--test` measures nothing that could become a baseline")
                    .help("leave `--test` out, or give `--quick` instead"))
            }
            None if self.append => Err(without_name("append")),
            None if self.allow_unoptimized => Err(without_name("allow-unoptimized")),
            _ => Ok(()),
        }
    }
}

/// Whether, and how, the run is compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ComparisonArguments {
    /// `--baseline NAME`, or `--baseline-lenient NAME`.
    pub(super) baseline: Option<BaselineName>,
    /// Whether that may be missing, and nothing is compared then.
    pub(super) lenient: bool,
    /// `--load-baseline NAME`: what is judged, instead of measuring.
    pub(super) loaded: Option<BaselineName>,
    /// A slowdown beyond this ratio fails.
    pub(super) threshold: Option<f64>,
    /// The smallest change that matters, as a ratio; as in [`Rules`] if not given.
    pub(super) minimum_effect: Option<f64>,
    /// Time for comparing one case; as in [`Rules`] if not given.
    pub(super) budget: Option<Duration>,
    /// Whether executables that do not differ are measured all the same: for checks of the
    /// comparison itself, and not in `--help`.
    pub(super) measure_identical: bool,
}

impl ComparisonArguments {
    /// Reads the option of that name; `false` if it is none of these.
    pub(super) fn take(
        &mut self,
        name: &str,
        parser: &mut lexopt::Parser,
    ) -> Result<bool, UsageError> {
        match name {
            "baseline" | "baseline-lenient" => {
                let lenient = name == "baseline-lenient";
                if self.baseline.is_some() && self.lenient != lenient {
                    return Err(UsageError::new(
                        "`--baseline` and `--baseline-lenient` exclude each other",
                    ));
                }
                self.lenient = lenient;
                self.baseline = Some(name_value(name, parser)?);
            }
            "load-baseline" => self.loaded = Some(name_value(name, parser)?),
            "threshold" => self.threshold = Some(ratio(name, parser)?),
            "minimum-effect" => self.minimum_effect = Some(ratio(name, parser)?),
            "budget" => self.budget = Some(time(name, parser)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Refuses what cannot be meant; `writes` says whether the run is to be kept as anything else.
    pub(super) fn check(&self, writes: Option<&str>) -> Result<(), UsageError> {
        if let (Some(_), Some(option)) = (&self.loaded, writes) {
            return Err(UsageError::new(format!(
                "`--{option}` is for what was measured, and `--load-baseline` measures nothing"
            ))
            .help("cargo hub-bench compare --baseline A --current B has all formats"));
        }
        let given = [
            ("load-baseline", self.loaded.is_some()),
            ("threshold", self.threshold.is_some()),
            ("minimum-effect", self.minimum_effect.is_some()),
            ("budget", self.budget.is_some()),
            ("measure-identical", self.measure_identical),
        ];
        match given.into_iter().find(|(_, given)| *given && self.baseline.is_none()) {
            Some((option, _)) => Err(belongs(option, "baseline")),
            None => Ok(()),
        }
    }

    /// The rules that these options make.
    pub(super) fn rules(&self) -> Rules {
        let usual = Rules::default();
        let budget_ns = |budget: Duration| u64::try_from(budget.as_nanos()).unwrap_or(u64::MAX);
        Rules {
            minimum_effect: self.minimum_effect.unwrap_or(usual.minimum_effect),
            threshold: self.threshold,
            budget_ns: self.budget.map_or(usual.budget_ns, budget_ns),
            ..usual
        }
    }
}

/// The name of a baseline, as the user wrote it.
pub(crate) fn baseline_name(text: &std::ffi::OsStr) -> Result<BaselineName, UsageError> {
    BaselineName::from_os(text).map_err(|accepted| {
        let shown = shortened(&text.to_string_lossy());
        UsageError::new(format!("`{shown}` is not a name for a baseline")).help(accepted)
    })
}

fn name_value(option: &str, parser: &mut lexopt::Parser) -> Result<BaselineName, UsageError> {
    let name = parser.value().map_err(|_| UsageError::new(format!("`--{option}` needs a name")))?;
    baseline_name(&name)
}

fn ratio(option: &str, parser: &mut lexopt::Parser) -> Result<f64, UsageError> {
    parse_ratio(&value(parser, option)?)
        .map_err(|error| UsageError::new(format!("`--{option}`: {error}")))
}

fn time(option: &str, parser: &mut lexopt::Parser) -> Result<Duration, UsageError> {
    let text = value(parser, option)?;
    match parse_duration(&text) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) => Err(UsageError::new(format!("`--{option}`: it takes some time"))),
        Err(error) => Err(UsageError::new(format!("`--{option}`: {error}"))),
    }
}

fn belongs(option: &str, to: &str) -> UsageError {
    UsageError::new(format!("`--{option}` belongs to `--{to} NAME`"))
}

#[cfg(test)]
mod tests {
    use super::super::arguments::Arguments;
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(line.split_whitespace().map(Into::into))
    }

    fn error(line: &str) -> String {
        parse(line).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn options_of_saving_are_read() {
        let read = parse("--save-baseline main --append --allow-unoptimized").unwrap_or_default();
        assert_eq!(read.saving.name.as_ref().map(BaselineName::as_str), Some("main"));
        assert!(read.saving.append && read.saving.allow_unoptimized);
        assert_eq!(parse("").unwrap_or_default().saving, SaveArguments::default());
    }

    #[test]
    fn a_baseline_may_be_missing_or_be_judged_itself() {
        let lenient =
            parse("--baseline-lenient main --threshold 5%").unwrap_or_default().comparison;
        assert!(lenient.lenient && lenient.baseline.is_some());
        let loaded = parse("--load-baseline b --baseline a").unwrap_or_default().comparison;
        assert_eq!(loaded.loaded.as_ref().map(BaselineName::as_str), Some("b"));
        assert!(error("--load-baseline b").contains("belongs to `--baseline NAME`"));
        assert!(error("--baseline a --baseline-lenient a").contains("exclude each other"));
        let writes = error("--load-baseline b --baseline a --output-format json");
        assert!(writes.contains("`--output-format` is for what was measured"), "{writes}");
        let saves = error("--load-baseline b --baseline a --save-baseline c");
        assert!(saves.contains("`--save-baseline` is for"), "{saves}");
    }

    #[test]
    fn options_of_comparing_become_rules() {
        let line = "--baseline main --threshold 5% --minimum-effect 0.02 --budget 3s";
        let read = parse(line).unwrap_or_default().comparison;
        assert_eq!(read.baseline.as_ref().map(BaselineName::as_str), Some("main"));
        let rules = read.rules();
        assert_eq!((rules.threshold, rules.minimum_effect), (Some(0.05), 0.02));
        assert_eq!(rules.budget_ns, 3_000_000_000);
        assert_eq!(ComparisonArguments::default().rules(), Rules::default());
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("--append").contains("belongs to `--save-baseline NAME`"));
        assert!(error("--threshold 5%").contains("belongs to `--baseline NAME`"));
        assert!(error("--measure-identical").contains("belongs to `--baseline NAME`"));
        assert!(error("--baseline a --threshold 5x").contains("not a ratio"));
        assert!(error("--baseline a --budget soon").contains("not a length of time"));
        assert!(error("--baseline a --budget 0").contains("takes some time"));
        assert!(error("--save-baseline").contains("needs a name"));
        assert!(error("--save-baseline a --test").contains("--quick"));
        let long = error(&format!("--baseline {}", "x".repeat(10_000)));
        assert!(long.len() < 400 && long.contains("1 to 64"));
        let hostile = error("--save-baseline \u{1b}[31m../up");
        assert!(!hostile.contains('\u{1b}') && hostile.contains("../up"));
    }
}
