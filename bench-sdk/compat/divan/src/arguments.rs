//! Divan's options and variables, told apart from those that every bench binary has.

use std::ffi::OsString;
use std::iter::Peekable;

use bench_sdk::record::{Settings, parse_duration};

use crate::__private::set;

/// What was given.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// Sampling and throughput.
    pub(crate) settings: Settings,
    /// Numbers of threads.
    pub(crate) threads: Option<Vec<usize>>,
    /// What has no meaning here, as it was written.
    pub(crate) without_effect: Vec<String>,
    /// Whether the run is to list, to test or to measure, as far as that was said.
    pub(crate) mode: Mode,
    /// Everything else.
    pub(crate) rest: Vec<OsString>,
}

/// The flags that decide what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one field for each flag that exists")]
pub(crate) struct Mode {
    pub(crate) list: bool,
    pub(crate) test: bool,
    pub(crate) bench: bool,
    pub(crate) quick: bool,
}

/// Options of divan's with a value.
const OPTIONS: [&str; 14] = [
    "sort",
    "sortr",
    "timer",
    "sample-count",
    "sample-size",
    "threads",
    "min-time",
    "max-time",
    "skip-ext-time",
    "items-count",
    "bytes-count",
    "bytes-format",
    "chars-count",
    "cycles-count",
];

impl Given {
    /// Reads variables, then arguments, which are stronger.
    pub(crate) fn read(
        arguments: impl IntoIterator<Item = OsString>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut given = Self::default();
        for name in OPTIONS {
            let variable_name = format!("DIVAN_{}", name.replace('-', "_").to_uppercase());
            if let Some(value) = variable(&variable_name).filter(|value| !value.is_empty()) {
                given.set(name, &variable_name, &value)?;
            }
        }
        given.read_arguments(arguments)?;
        Ok(given)
    }

    fn read_arguments(
        &mut self,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<(), String> {
        let mut threads = Vec::new();
        let mut arguments = arguments.into_iter().peekable();
        while let Some(argument) = arguments.next() {
            let Some(long) = argument.to_str().and_then(|text| text.strip_prefix("--")) else {
                self.rest.push(argument);
                continue;
            };
            if long.is_empty() {
                // What follows are filters, whatever they look like.
                self.rest.push(argument);
                self.rest.extend(arguments);
                break;
            }
            let (name, inline) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let Some(name) = OPTIONS.into_iter().find(|option| *option == name) else {
                self.flag(argument);
                continue;
            };
            let written = format!("--{name}");
            let value = match inline {
                Some(value) => value,
                None => value_behind(name, &mut arguments)?,
            };
            self.set(name, &written, &value)?;
            if name == "threads" {
                threads.extend(self.threads.take().unwrap_or_default());
                self.threads = Some(threads.clone());
            }
        }
        Ok(())
    }

    /// A flag that decides what is done or that means nothing, or something that is not divan's.
    fn flag(&mut self, argument: OsString) {
        match argument.to_str() {
            Some("--list") => self.mode.list = true,
            Some("--test") => self.mode.test = true,
            Some("--bench") => self.mode.bench = true,
            // It always shows what went wrong.
            Some("--show-output") => {}
            other => {
                self.mode.quick |= other == Some("--quick");
                self.rest.push(argument);
            }
        }
    }

    /// Sets an option from its text; `written` is what the user wrote it as.
    fn set(&mut self, name: &'static str, written: &str, text: &str) -> Result<(), String> {
        let refused = |what: &str| format!("`{written}`: `{text}` is {what}");
        let not_whole = || refused("not a whole number of at least 1");
        let number = || text.parse::<u32>().ok().filter(|n| *n > 0).ok_or_else(not_whole);
        let amount = || text.parse::<u64>().map_err(|_| refused("not a whole number"));
        let time = || parse_duration(text).map_err(|error| format!("`{written}`: {error}"));
        let settings = &mut self.settings;
        match name {
            "sample-count" => settings.sample_count = Some(number()?),
            "sample-size" => settings.sample_size = Some(number()?),
            "min-time" => settings.min_time = Some(time()?),
            "max-time" => settings.max_time = Some(time()?),
            "skip-ext-time" => {
                let skip = text.parse().map_err(|_| refused("neither true nor false"))?;
                settings.skip_ext_time = Some(skip);
            }
            "items-count" => set::items_count(settings, amount()?),
            "bytes-count" => set::bytes_count(settings, amount()?),
            "chars-count" => set::chars_count(settings, amount()?),
            "cycles-count" => set::cycles_count(settings, amount()?),
            "threads" => {
                let counts = text.split(',').map(|count| count.trim().parse());
                let counts: Result<Vec<usize>, _> = counts.collect();
                self.threads = Some(counts.map_err(|_| refused("no list of whole numbers"))?);
            }
            _ => {
                let accepted: &[&str] = match name {
                    "timer" => &["os", "tsc"],
                    "bytes-format" => &["decimal", "binary"],
                    _ => &["kind", "name", "location"],
                };
                if !accepted.contains(&text) {
                    return Err(refused(&format!("none of {}", accepted.join(", "))));
                }
                if !self.without_effect.iter().any(|known| known == written) {
                    self.without_effect.push(written.to_owned());
                }
            }
        }
        Ok(())
    }
}

/// The argument behind an option; one of them does without.
fn value_behind(
    name: &str,
    arguments: &mut Peekable<impl Iterator<Item = OsString>>,
) -> Result<String, String> {
    if name == "skip-ext-time" {
        let told = arguments.next_if(|next| next == "true" || next == "false");
        return Ok(told.map_or_else(|| "true".to_owned(), |told| told.to_string_lossy().into()));
    }
    let value = arguments.next().and_then(|value| value.into_string().ok());
    value.ok_or_else(|| format!("`--{name}` needs a value"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bench_sdk::record::CounterKind;

    use super::*;

    fn read(line: &str, variables: &[(&str, &str)]) -> Result<Given, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Given::read(line.split_whitespace().map(OsString::from), variable)
    }

    fn given(line: &str, variables: &[(&str, &str)]) -> Given {
        read(line, variables).unwrap_or_default()
    }

    #[test]
    fn options_of_divan_are_taken_out_and_others_stay() {
        let given = given(
            "sort --bench --sample-count 5 --sample-size=7 --min-time 0.5 --max-time 2s --skip x \
             --skip-ext-time --baseline main --items-count 3 --show-output --nocapture",
            &[],
        );
        assert_eq!(given.rest, ["sort", "--skip", "x", "--baseline", "main", "--nocapture"]);
        assert_eq!(given.mode, Mode { bench: true, ..Mode::default() });
        let settings = &given.settings;
        assert_eq!((settings.sample_count, settings.sample_size), (Some(5), Some(7)));
        assert_eq!(settings.min_time, Some(Duration::from_millis(500)));
        assert_eq!(settings.max_time, Some(Duration::from_secs(2)));
        assert_eq!(settings.skip_ext_time, Some(true));
        assert_eq!(settings.counters.len(), 1);
        assert_eq!(settings.counters[0].kind, CounterKind::Items);
    }

    #[test]
    fn variables_are_weaker_than_arguments() {
        let variables = [
            ("DIVAN_SAMPLE_COUNT", "9"),
            ("DIVAN_THREADS", "1,2"),
            ("DIVAN_SKIP_EXT_TIME", "false"),
            ("DIVAN_MAX_TIME", ""),
        ];
        let from_variables = given("", &variables);
        assert_eq!(from_variables.settings.sample_count, Some(9));
        assert_eq!(from_variables.settings.skip_ext_time, Some(false));
        assert_eq!(from_variables.settings.max_time, None);
        assert_eq!(from_variables.threads, Some(vec![1, 2]));
        let both = given("--sample-count 3 --threads 4,0 --threads 8", &variables);
        assert_eq!((both.settings.sample_count, both.threads), (Some(3), Some(vec![4, 0, 8])));
    }

    #[test]
    fn the_value_of_skip_ext_time_may_be_left_out() {
        for (line, skip, rest) in [
            ("--skip-ext-time", true, 0),
            ("--skip-ext-time false", false, 0),
            ("--skip-ext-time=false", false, 0),
            ("--skip-ext-time filter", true, 1),
        ] {
            let given = given(line, &[]);
            assert_eq!((given.settings.skip_ext_time, given.rest.len()), (Some(skip), rest));
        }
    }

    #[test]
    fn what_means_nothing_is_noted_once() {
        let given =
            given("--sort name --sort kind --timer tsc", &[("DIVAN_BYTES_FORMAT", "binary")]);
        assert_eq!(given.without_effect, ["DIVAN_BYTES_FORMAT", "--sort", "--timer"]);
        assert!(given.rest.is_empty());
    }

    #[test]
    fn mistakes_are_named_as_they_were_written() {
        let error = |line, variables: &[_]| read(line, variables).err().unwrap_or_default();
        assert!(error("--sample-count 0", &[]).starts_with("`--sample-count`: `0` is not"));
        assert!(error("--threads 1,x", &[]).contains("no list of whole numbers"));
        assert!(error("--sort size", &[]).contains("none of kind, name, location"));
        assert!(error("--threads", &[]).contains("needs a value"));
        assert!(error("", &[("DIVAN_MIN_TIME", "soon")]).starts_with("`DIVAN_MIN_TIME`"));
    }

    #[test]
    fn what_stands_behind_two_dashes_is_left_alone() {
        assert_eq!(given("-- --sort", &[]).rest, ["--", "--sort"]);
    }
}
