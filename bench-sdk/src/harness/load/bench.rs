//! Load on a load bench of this executable.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use super::super::environment::Surroundings;
use super::super::execute::Target;
use super::super::exit::Exit;
use super::super::usage::{UsageError, shortened};
use super::arguments::LoadArguments;
use super::carry_out::{Aim, carry_out};
use super::http::load_address;
use super::named::{self, named};
use super::planned::{entry, planned};
use super::usage::help;
use crate::harness::tell_line;
use crate::load_bench::BenchTarget;
use crate::plan::load::{LoadLayer, Profile};
use crate::registry::{LoadEntrant, load_benches};
use crate::report::escape;

/// The command that the arguments of a bench binary hold, and its own arguments: `--load NAME ..`.
pub(crate) fn load_wanted(arguments: &[OsString]) -> Option<(Profile, Vec<OsString>)> {
    let profiles = [Profile::Load, Profile::Stress, Profile::Spike];
    let profile_of = |word: &OsStr| {
        let name = word.to_str()?.strip_prefix("--")?;
        profiles.into_iter().find(|profile| profile.name() == name)
    };
    let (at, profile) = arguments
        .iter()
        .take_while(|word| *word != "--")
        .enumerate()
        .find_map(|(at, word)| Some((at, profile_of(word)?)))?;
    let mut rest = arguments.to_vec();
    rest.remove(at);
    Some((profile, rest))
}

/// Runs the load bench that the arguments name.
pub(crate) fn main_of_load(target: &Target, profile: Profile, arguments: Vec<OsString>) -> Exit {
    run(target, profile, arguments).unwrap_or_else(|error| {
        tell_line!("{error}");
        Exit::Usage
    })
}

fn run(target: &Target, profile: Profile, arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = LoadArguments::parse(profile, arguments)?;
    if arguments.help {
        print!("{}", help(profile));
        return Ok(Exit::Success);
    }
    let surroundings = Surroundings::read()?;
    let known = load_benches(target.link);
    let [name] = arguments.words.as_slice() else {
        return Err(
            UsageError::new("one load bench is to be named").help(named::known(&ids(&known), NONE))
        );
    };
    // An entry of the configuration may name the bench, or the address, that it is about.
    let configured = entry(&surroundings, name);
    let wanted = configured.and_then(|entry| entry.target.as_deref()).unwrap_or(name);
    if wanted.contains("://") {
        let of = configured.map(|_| name.as_str());
        return load_address(wanted, of, &arguments, &surroundings);
    }
    if let Some(option) = arguments.http.first_given() {
        return Err(UsageError::new(format!(
            "`{option}` is for addresses: a load bench makes its requests itself"
        )));
    }
    let entrant = find(&known, wanted)?;
    let id = entrant.id.to_string();
    let attribute = LoadLayer {
        source: "attribute".to_owned(),
        options: (entrant.registration.options)(),
        ..LoadLayer::default()
    };
    let planned = planned(&id, &arguments, configured, Some(attribute))?;
    if let Some(exec) = planned.plan.scenarios.iter().find_map(|one| one.exec.as_deref())
        && find(&known, exec)?.id != entrant.id
    {
        return Err(UsageError::new(format!(
            "a scenario runs `{}`, and a load test is of one load bench",
            shortened(exec)
        ))
        .help("give each its own load test"));
    }
    let bench = match BenchTarget::start((entrant.registration.bench)()) {
        Ok(bench) => Arc::new(bench),
        Err(why) => {
            tell_line!("error: {}: {}", escape(&id), escape(&why));
            return Ok(Exit::Broken);
        }
    };
    let aim = Aim {
        target: Arc::clone(&bench),
        named: id.clone(),
        shares_process: true,
        optimized: target.optimized,
    };
    let exit = carry_out(aim, planned, &arguments, &surroundings)?;
    match bench.finish() {
        Ok(()) => Ok(exit),
        Err(why) => {
            tell_line!("error: {}: {}", escape(&id), escape(&why));
            Ok(exit.and(Exit::Broken))
        }
    }
}

/// What helps where there is nothing.
const NONE: &str = "this executable has none: put #[hub_bench(load(..))] on an async function";

fn find<'a>(known: &'a [LoadEntrant], wanted: &str) -> Result<&'a LoadEntrant, UsageError> {
    named(&ids(known), wanted, NONE).map(|at| &known[at])
}

fn ids(known: &[LoadEntrant]) -> Vec<&str> {
    known.iter().map(|load| load.id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_command_is_found_among_other_arguments() {
        let (profile, rest) = load_wanted(&words("--stress create --rate 5 --bench")).expect("is");
        assert_eq!((profile, rest), (Profile::Stress, words("create --rate 5 --bench")));
        assert_eq!(load_wanted(&words("create -- --load")), None);
        assert_eq!(load_wanted(&words("load")), None);
    }
}
