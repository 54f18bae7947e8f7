//! criterion's command line in the words of the harness.

use std::ffi::OsString;
use std::time::Duration;

use crate::BenchmarkFilter;

/// Options of criterion's that take a value, each with what it is here; `None` has no effect.
const WITH_VALUE: [(&str, Option<&str>); 14] = [
    ("save-baseline", Some("save-baseline")),
    ("baseline", Some("baseline")),
    ("sample-size", Some("sample-count")),
    ("warm-up-time", Some("warmup")),
    ("measurement-time", Some("max-time")),
    ("color", Some("color")),
    ("colour", Some("color")),
    ("format", Some("format")),
    ("output-format", Some("output-format")),
    ("nresamples", None),
    ("noise-threshold", None),
    ("confidence-level", None),
    ("significance-level", None),
    ("plotting-backend", None),
];
/// Options of the harness that take a value.
const OWN_WITH_VALUE: [&str; 22] = [
    "launches",
    "sample-count",
    "min-time",
    "max-time",
    "warmup",
    "target-ci",
    "timeout",
    "seed",
    "preset",
    "columns",
    "output",
    "tag",
    "skip",
    "partition",
    "explain",
    "threshold",
    "minimum-effect",
    "budget",
    "test-threads",
    "save-baseline",
    "baseline",
    "output-format",
];
/// Options of criterion's without a value and without an effect.
const WITHOUT_EFFECT: [&str; 3] = ["noplot", "discard-baseline", "verbose"];
/// Short options, each with the long one it stands for.
const SHORT: [(&str, &str); 7] = [
    ("c", "color"),
    ("v", "verbose"),
    ("n", "noplot"),
    ("s", "save-baseline"),
    ("b", "baseline"),
    ("h", "help"),
    ("V", "version"),
];

/// A command line, understood.
#[derive(Debug)]
pub(crate) struct Translated {
    /// What the harness is given.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) filter: BenchmarkFilter,
    /// How long to keep benches running instead of measuring them.
    pub(crate) profile_time: Option<Duration>,
    /// Options that were given and do nothing.
    pub(crate) ignored: Vec<String>,
}

impl Translated {
    /// Reads arguments, the program's name left out. What the program's own code implies counts
    /// where the command line says nothing of it.
    pub(crate) fn of(
        raw: impl IntoIterator<Item = OsString>,
        implied: &[String],
    ) -> Result<Self, String> {
        let mut reading = Reading::default();
        let mut raw = raw.into_iter();
        while let Some(argument) = raw.next() {
            let text = argument.into_string().map_err(|argument| {
                format!("the argument `{}` is not UTF-8", argument.to_string_lossy())
            })?;
            match text.strip_prefix("--") {
                Some(long) => reading.long(long, &mut raw)?,
                None => match text.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                    Some(short) => reading.short(short, &mut raw)?,
                    None => reading.filters.push(text),
                },
            }
        }
        for pair in implied.chunks(2) {
            if let [option, value] = pair
                && !reading.has(option)
            {
                reading.push_option(option.trim_start_matches("--"), value);
            }
        }
        reading.finish()
    }
}

/// A command line on its way.
#[derive(Debug, Default)]
struct Reading {
    arguments: Vec<String>,
    filters: Vec<String>,
    exact: bool,
    profile_time: Option<Duration>,
    ignored: Vec<String>,
}

impl Reading {
    fn short(
        &mut self,
        short: &str,
        rest: &mut dyn Iterator<Item = OsString>,
    ) -> Result<(), String> {
        if short == "q" {
            self.arguments.push("--quiet".to_owned());
            return Ok(());
        }
        let long = SHORT.iter().find(|(known, _)| *known == short).map(|(_, long)| *long);
        match long {
            Some(long) => self.long(long, rest),
            None => Err(format!("unknown option `-{short}`")),
        }
    }

    fn long(&mut self, long: &str, rest: &mut dyn Iterator<Item = OsString>) -> Result<(), String> {
        let (name, attached) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        if WITHOUT_EFFECT.contains(&name) {
            self.ignored.push(format!("--{name}"));
            return Ok(());
        }
        match name {
            "exact" => self.exact = true,
            "show-output" => self.arguments.push("--nocapture".to_owned()),
            "load-baseline" => {
                return Err("`--load-baseline` measures nothing; records are compared by `cargo \
                            hub-bench compare --baseline A --current B`"
                    .to_owned());
            }
            "baseline-lenient" => {
                return Err(
                    "`--baseline-lenient` is not known; `--baseline NAME` compares".to_owned()
                );
            }
            "profile-time" => {
                let value = value_of(name, attached, rest)?;
                let seconds = value.parse().map(Duration::try_from_secs_f64);
                match seconds {
                    Ok(Ok(time)) if !time.is_zero() => self.profile_time = Some(time),
                    _ => return Err(format!("`--profile-time`: `{value}` is no time in seconds")),
                }
            }
            _ => return self.with_value_or_flag(name, attached, rest),
        }
        Ok(())
    }

    fn with_value_or_flag(
        &mut self,
        name: &str,
        attached: Option<String>,
        rest: &mut dyn Iterator<Item = OsString>,
    ) -> Result<(), String> {
        let theirs = WITH_VALUE.iter().find(|(known, _)| *known == name);
        if theirs.is_none() && !OWN_WITH_VALUE.contains(&name) {
            let value = attached.map_or_else(String::new, |value| format!("={value}"));
            self.arguments.push(format!("--{name}{value}"));
            return Ok(());
        }
        let value = value_of(name, attached, rest)?;
        match theirs {
            Some((_, None)) => self.ignored.push(format!("--{name}")),
            // criterion's own format is what people read.
            Some((_, Some("output-format"))) if value == "criterion" => {}
            Some((_, Some(ours))) => self.push_option(ours, &value),
            None => self.push_option(name, &value),
        }
        Ok(())
    }

    fn push_option(&mut self, name: &str, value: &str) {
        self.arguments.push(format!("--{name}={value}"));
    }

    fn has(&self, option: &str) -> bool {
        let is_it = |given: &String| given == option || given.starts_with(&format!("{option}="));
        self.arguments.iter().any(is_it)
    }

    fn finish(mut self) -> Result<Translated, String> {
        if self.has("--list") && !self.has("--format") {
            self.push_option("format", "terse");
        }
        // Without cargo's `--bench` it is `cargo test` that asks whether everything runs.
        let measures = ["--bench", "--test", "--list", "--help", "--version"];
        if !measures.iter().any(|option| self.has(option)) {
            self.arguments.push("--test".to_owned());
        }
        let filter = match self.filters.as_slice() {
            [] => BenchmarkFilter::AcceptAll,
            [one] => BenchmarkFilter::new(one, self.exact)?,
            several if self.exact => {
                return Err(format!("`--exact` takes one name, and there are {}", several.len()));
            }
            several => {
                let any: Vec<String> = several.iter().map(|one| format!("(?:{one})")).collect();
                BenchmarkFilter::new(&any.join("|"), false)?
            }
        };
        let arguments = self.arguments.into_iter().map(OsString::from).collect();
        let Self { profile_time, ignored, .. } = self;
        Ok(Translated { arguments, filter, profile_time, ignored })
    }
}

/// The value of an option: attached to it, or the next argument.
fn value_of(
    name: &str,
    attached: Option<String>,
    rest: &mut dyn Iterator<Item = OsString>,
) -> Result<String, String> {
    let next = || rest.next().and_then(|value| value.into_string().ok());
    attached.or_else(next).ok_or_else(|| format!("`--{name}` needs a value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(line: &str) -> Result<(String, Translated), String> {
        let raw = line.split_whitespace().map(OsString::from);
        let translated = Translated::of(raw, &[])?;
        let words: Vec<_> = translated.arguments.iter().map(|a| a.to_string_lossy()).collect();
        Ok((words.join(" "), translated))
    }

    fn words(line: &str) -> String {
        translated(line).map_or_else(|error| error, |(words, _)| words)
    }

    #[test]
    fn options_are_called_as_here() {
        assert_eq!(words("--bench --sample-size 20"), "--bench --sample-count=20");
        assert_eq!(words("--bench --measurement-time=3"), "--bench --max-time=3");
        assert_eq!(
            words("--bench -s main --warm-up-time 1"),
            "--bench --save-baseline=main --warmup=1"
        );
        assert_eq!(words("--bench --output-format criterion"), "--bench");
        assert_eq!(words("--bench --output-format bencher"), "--bench --output-format=bencher");
        assert_eq!(words("--list"), "--list --format=terse");
        assert_eq!(
            words("--bench --launches 3 --threshold=5%"),
            "--bench --launches=3 --threshold=5%"
        );
    }

    #[test]
    fn without_cargos_word_everything_runs_once() {
        assert_eq!(words(""), "--test");
        assert_eq!(words("--quiet"), "--quiet --test");
    }

    #[test]
    fn what_does_nothing_is_told() {
        let line = "--bench --noplot -v --nresamples 5 --noise-threshold=0.1";
        let ignored = translated(line).map(|(_, translated)| translated.ignored);
        let expected = ["--noplot", "--verbose", "--nresamples", "--noise-threshold"];
        assert_eq!(ignored, Ok(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn positional_arguments_filter() {
        let takes = |line, id| translated(line).is_ok_and(|(_, read)| read.filter.takes(id));
        assert!(takes("--bench sort", "group/sort/1") && !takes("--bench sort", "group/map"));
        assert!(takes("a b --bench", "b") && takes("--bench --exact a", "a"));
        assert!(!takes("--bench --exact a", "ab"));
        // A value is no filter.
        assert!(takes("--bench --launches 3", "anything"));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(words("--sample-size").contains("needs a value"));
        assert!(words("-x").contains("unknown option `-x`"));
        assert!(words("--bench (").contains("no regular expression"));
        assert!(words("--exact a b").contains("one name"));
        assert!(words("--profile-time soon").contains("no time in seconds"));
        assert!(words("--load-baseline x").contains("compare --baseline A"));
    }

    #[test]
    fn the_command_line_is_stronger_than_the_program() {
        let implied = ["--save-baseline".to_owned(), "main".to_owned()];
        let with = |line: &str| {
            let raw = line.split_whitespace().map(OsString::from);
            Translated::of(raw, &implied).map(|read| read.arguments).unwrap_or_default()
        };
        assert_eq!(with("--bench"), ["--bench", "--save-baseline=main"]);
        assert_eq!(with("--bench -s own"), ["--bench", "--save-baseline=own"]);
    }
}
