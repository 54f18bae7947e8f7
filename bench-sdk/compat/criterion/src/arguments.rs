//! criterion's command line in the words of the harness.

use std::ffi::OsString;
use std::time::Duration;

use crate::BenchmarkFilter;

/// Options of criterion's that take a value, each with what it is here; `None` has no effect.
const WITH_VALUE: [(&str, Option<&str>); 16] = [
    ("save-baseline", Some("save-baseline")),
    ("baseline", Some("baseline")),
    ("baseline-lenient", Some("baseline-lenient")),
    ("load-baseline", Some("load-baseline")),
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
/// What is done with baselines: what the program asks for of it counts where none of these is given.
const WITH_BASELINES: [&str; 4] =
    ["--save-baseline", "--baseline", "--baseline-lenient", "--load-baseline"];
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
const SHORT: [(char, &str); 8] = [
    ('c', "color"),
    ('v', "verbose"),
    ('n', "noplot"),
    ('q', "quiet"),
    ('s', "save-baseline"),
    ('b', "baseline"),
    ('h', "help"),
    ('V', "version"),
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
        implied: Option<&[String; 2]>,
    ) -> Result<Self, String> {
        let mut reading = Reading::default();
        let mut raw = raw.into_iter();
        while let Some(argument) = raw.next() {
            let text = utf8(argument)?;
            match text.strip_prefix("--") {
                // What follows are filters, whatever they look like.
                Some("") => {
                    reading.filters.extend(raw.map(utf8).collect::<Result<Vec<_>, _>>()?);
                    break;
                }
                Some(long) => reading.long(long, &mut raw)?,
                None => match text.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                    Some(short) => reading.short(short, &mut raw)?,
                    None => reading.filters.push(text),
                },
            }
        }
        // The program asks for baselines only; of several wishes the last one counts.
        let is_given = WITH_BASELINES.iter().any(|option| reading.has(option));
        if let Some([option, value]) = implied.filter(|_| !is_given) {
            reading.push_option(option.trim_start_matches("--"), value);
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
    /// Whether the last format was `criterion`.
    says_criterion: bool,
}

impl Reading {
    /// Letters behind one dash: flags, and at last an option whose value may stand behind it.
    fn short(
        &mut self,
        letters: &str,
        rest: &mut dyn Iterator<Item = OsString>,
    ) -> Result<(), String> {
        for (at, letter) in letters.char_indices() {
            let long = SHORT.iter().find(|(known, _)| *known == letter).map(|(_, long)| *long);
            let long = long.ok_or_else(|| format!("unknown option `-{letter}`"))?;
            let attached = &letters[at + letter.len_utf8()..];
            if !attached.is_empty() && WITH_VALUE.iter().any(|(known, _)| *known == long) {
                let value = attached.strip_prefix('=').unwrap_or(attached);
                return self.long(&format!("{long}={value}"), rest);
            }
            self.long(long, rest)?;
        }
        Ok(())
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
            // criterion's own format is what people read; with a place behind it, it is the tree.
            Some((_, Some("output-format"))) if value == "criterion" => self.says_criterion = true,
            Some((_, Some(ours))) => {
                self.says_criterion &= *ours != "output-format";
                self.push_option(ours, &value);
            }
            None => {
                if name == "output" && std::mem::take(&mut self.says_criterion) {
                    self.push_option("output-format", "criterion");
                }
                self.push_option(name, &value);
            }
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
    match attached {
        Some(value) => Ok(value),
        None => utf8(rest.next().ok_or_else(|| format!("`--{name}` needs a value"))?),
    }
}

fn utf8(argument: OsString) -> Result<String, String> {
    argument
        .into_string()
        .map_err(|argument| format!("the argument `{}` is not UTF-8", argument.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(line: &str) -> Result<(String, Translated), String> {
        let raw = line.split_whitespace().map(OsString::from);
        let translated = Translated::of(raw, None)?;
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
        assert_eq!(
            words("--bench --output-format criterion --output tree"),
            "--bench --output-format=criterion --output=tree"
        );
        assert_eq!(
            words("--output-format criterion --output-format json --output f --bench"),
            "--output-format=json --output=f --bench"
        );
        assert_eq!(words("--list"), "--list --format=terse");
        assert_eq!(
            words("--bench --launches 3 --threshold=5%"),
            "--bench --launches=3 --threshold=5%"
        );
    }

    #[test]
    fn baselines_are_loaded_and_may_be_missing() {
        assert_eq!(
            words("--bench --load-baseline new --baseline old"),
            "--bench --load-baseline=new --baseline=old"
        );
        assert_eq!(words("--bench --baseline-lenient=old"), "--bench --baseline-lenient=old");
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
        // Behind two dashes all are filters.
        assert!(takes("--bench -- -b", "a-b") && !takes("--bench -- --test", "a"));
        // A value is no filter.
        assert!(takes("--bench --launches 3", "anything"));
    }

    #[test]
    fn letters_stand_alone_together_or_before_their_value() {
        assert_eq!(words("--bench -bmain -q"), "--bench --baseline=main --quiet");
        assert_eq!(words("--bench -qs=main"), "--bench --quiet --save-baseline=main");
        assert_eq!(words("--bench -nv -c never"), "--bench --color=never");
        assert_eq!(words("-qx"), "unknown option `-x`");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let wrong = || OsString::from_vec(vec![b'a', 0xff]);
        for before in [None, Some("--baseline"), Some("--")] {
            let raw = before.map(OsString::from).into_iter().chain([wrong()]);
            let error = Translated::of(raw, None).err().unwrap_or_default();
            assert!(error.contains("is not UTF-8"), "{before:?}: {error}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert!(words("--sample-size").contains("needs a value"));
        assert!(words("-x").contains("unknown option `-x`"));
        assert!(words("--bench (").contains("no regular expression"));
        assert!(words("--exact a b").contains("one name"));
        assert!(words("--profile-time soon").contains("no time in seconds"));
    }

    #[test]
    fn the_command_line_is_stronger_than_the_program() {
        let implied = ["--save-baseline".to_owned(), "main".to_owned()];
        let with = |line: &str| {
            let raw = line.split_whitespace().map(OsString::from);
            Translated::of(raw, Some(&implied)).map(|read| read.arguments).unwrap_or_default()
        };
        assert_eq!(with("--bench"), ["--bench", "--save-baseline=main"]);
        assert_eq!(with("--bench -s own"), ["--bench", "--save-baseline=own"]);
        assert_eq!(with("--bench -b old"), ["--bench", "--baseline=old"]);
    }
}
