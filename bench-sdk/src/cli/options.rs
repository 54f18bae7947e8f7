//! What the command lines of verbs have in common.

use std::ffi::OsString;

use lexopt::Arg;

use super::cargo::CargoOptions;
use crate::harness::{UsageError, is_option, shortened};
use crate::plan::nearest;

/// Arguments of a verb that builds and starts bench binaries.
#[derive(Debug, Default)]
pub(super) struct BuildArguments {
    /// `--help`
    pub(super) help: bool,
    pub(super) cargo: CargoOptions,
    /// Options that only this verb has, in the order given.
    pub(super) own: Vec<(&'static str, String)>,
    /// What stands alone: filters, or whatever the verb takes it for.
    pub(super) words: Vec<OsString>,
    /// What stands behind `--`: flags of bench binaries.
    pub(super) flags: Vec<OsString>,
}

/// A verb that builds and starts bench binaries.
pub(super) struct BuildVerb {
    pub(super) name: &'static str,
    /// Its own options, all with a value.
    pub(super) own: &'static [&'static str],
    /// Whether bench binaries do something for it with the option of that name, behind `--`.
    pub(super) hands_over: fn(&str) -> bool,
}

impl BuildArguments {
    /// Reads the arguments of that verb.
    pub(super) fn parse(mut raw: Vec<OsString>, verb: &BuildVerb) -> Result<Self, UsageError> {
        let unknown = |option: &str| {
            let known = verb.own.iter().copied().chain(CargoOptions::names());
            verb.unknown_option(option, known)
        };
        let mut arguments = Self::default();
        if let Some(at) = raw.iter().position(|word| word == "--") {
            arguments.flags = raw.split_off(at).into_iter().skip(1).collect();
        }
        let mut parser = lexopt::Parser::from_args(raw);
        while let Some(argument) = next(&mut parser)? {
            match argument {
                Given::Word(word) => arguments.words.push(word),
                Given::Long(name) if name == "help" => arguments.help = true,
                Given::Short('h') => arguments.help = true,
                Given::Short(name) => {
                    if !arguments.cargo.short(name, &mut parser)? {
                        return Err(unknown(&format!("-{name}")));
                    }
                }
                Given::Long(name) => {
                    if let Some(known) = verb.own.iter().find(|known| **known == name) {
                        let value = super::cargo::text(known, &mut parser)?;
                        arguments.own.push((known, value));
                    } else if !arguments.cargo.long(&name, &mut parser)? {
                        return Err(unknown(&format!("--{name}")));
                    }
                }
            }
        }
        Ok(arguments)
    }

    /// The value that was given last for an option of the verb's own.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.own.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// One argument, free of the parser.
pub(super) enum Given {
    Short(char),
    Long(String),
    Word(OsString),
}

/// The next argument.
pub(super) fn next(parser: &mut lexopt::Parser) -> Result<Option<Given>, UsageError> {
    let argument = parser.next().map_err(|error| UsageError::new(error.to_string()))?;
    Ok(argument.map(|argument| match argument {
        Arg::Short(name) => Given::Short(name),
        Arg::Long(name) => Given::Long(name.to_owned()),
        Arg::Value(word) => Given::Word(word),
    }))
}

impl BuildVerb {
    /// An option that the verb does not have, unless bench binaries have it.
    fn unknown_option(
        &self,
        option: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> UsageError {
        let name = option.trim_start_matches('-');
        if !(self.hands_over)(name) {
            return unknown_option(self.name, option, known);
        }
        UsageError::new(format!("unknown option `{}`", shortened(option)))
            .help(format!("options of bench binaries stand behind `--`:  -- --{name}"))
    }
}

/// An option that the verb does not have; `known` are those that it has, without dashes.
pub(super) fn unknown_option<'a>(
    verb: &str,
    option: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> UsageError {
    let name = option.trim_start_matches('-');
    let shown = shortened(option);
    // Who has seen it at bench binaries looks for it here.
    let error = UsageError::new(if is_option(name) {
        format!("`{shown}` is no option of `{verb}`")
    } else {
        format!("unknown option `{shown}`")
    });
    match nearest_option(name, known.into_iter().chain(["help"])) {
        Some(near) => error.help(format!("did you mean `--{near}`?")),
        None => error.help(format!("see cargo hub-bench {verb} --help")),
    }
}

/// The option that is most likely meant; what a form is called differs from verb to verb.
pub(super) fn nearest_option<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let other = match name {
        "format" => "output-format",
        "output-format" => "format",
        _ => "",
    };
    known.iter().find(|known| **known == other).copied().or_else(|| nearest(name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERB: BuildVerb =
        BuildVerb { name: "list", own: &["format"], hands_over: |name| name == "launches" };

    fn parse(line: &str) -> Result<BuildArguments, UsageError> {
        BuildArguments::parse(line.split_whitespace().map(Into::into).collect(), &VERB)
    }

    #[test]
    fn arguments_go_to_whom_they_are_meant_for() {
        let read = parse("-p a swarm --format json -- --quick -- x").unwrap_or_default();
        assert_eq!(read.cargo.packages, ["a"]);
        assert_eq!(read.words, ["swarm"]);
        assert_eq!(read.flags, ["--quick", "--", "x"]);
        assert_eq!(read.value("format"), Some("json"));
        assert!(parse("-h").is_ok_and(|read| read.help));
    }

    #[test]
    fn unknown_options_name_the_nearest() {
        let error = |line| parse(line).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error("--pakage a").contains("did you mean `--package`?"));
        assert!(error("--fromat a").contains("did you mean `--format`?"));
        assert!(error("--launches 3").contains("stand behind `--`:  -- --launches"));
        assert!(error("-x").contains("see cargo hub-bench list --help"));
        assert!(error("--format").contains("`--format` needs a value"));
    }

    #[test]
    fn only_what_a_verb_hands_over_is_sent_behind_the_dashes() {
        let error = |line| parse(line).err().map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(
            error("--quick"),
            "error: `--quick` is no option of `list`\n  help: see cargo hub-bench list --help"
        );
        assert!(error("--output-format json").contains("did you mean `--format`?"));
        let known = ["output-format", "output"];
        assert_eq!(nearest_option("format", known), Some("output-format"));
        assert_eq!(nearest_option("outptu", known), Some("output"));
    }
}
