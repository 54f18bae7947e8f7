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

impl BuildArguments {
    /// Reads the arguments of a verb whose own options are these, all with a value.
    pub(super) fn parse(mut raw: Vec<OsString>, own: &[&'static str]) -> Result<Self, UsageError> {
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
                        return Err(unknown_option(&format!("-{name}"), []));
                    }
                }
                Given::Long(name) => {
                    if let Some(known) = own.iter().find(|known| **known == name) {
                        let value = super::cargo::text(known, &mut parser)?;
                        arguments.own.push((known, value));
                    } else if !arguments.cargo.long(&name, &mut parser)? {
                        let known = own.iter().copied().chain(CargoOptions::names());
                        return Err(unknown_option(&format!("--{name}"), known));
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

/// An option that the verb does not have; `known` are those that it has, without dashes.
pub(super) fn unknown_option<'a>(
    option: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> UsageError {
    let name = option.trim_start_matches('-');
    let error = UsageError::new(format!("unknown option `{}`", shortened(option)));
    if is_option(name) {
        return error.help(format!("options of bench binaries stand behind `--`:  -- --{name}"));
    }
    match nearest(name, known.into_iter().chain(["help"])) {
        Some(near) => error.help(format!("did you mean `--{near}`?")),
        None => error.help("see --help"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<BuildArguments, UsageError> {
        BuildArguments::parse(line.split_whitespace().map(Into::into).collect(), &["format"])
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
        assert!(error("-x").contains("see --help"));
        assert!(error("--format").contains("`--format` needs a value"));
    }
}
