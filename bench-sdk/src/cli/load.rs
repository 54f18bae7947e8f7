//! `cargo hub-bench load`, `stress` and `spike`: load on an address, or on a load bench.

use std::ffi::OsString;

use super::build::{BuildRequest, build, none_found};
use super::cargo::CargoOptions;
use super::executable::{BenchExecutable, command_for};
use super::failure::{Failure, ended};
use super::list::list_of;
use super::main::printed;
use super::options::{Given, next};
use crate::harness::{
    Exit, LoadArguments, Surroundings, UsageError, configured_target, load_address, load_help,
    load_named, shortened, takes_load_value,
};
use crate::plan::load::Profile;
use crate::resource::watch_interrupts;

/// Carries out `load`.
pub(super) fn load(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    run(Profile::Load, arguments)
}

/// Carries out `stress`.
pub(super) fn stress(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    run(Profile::Stress, arguments)
}

/// Carries out `spike`.
pub(super) fn spike(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    run(Profile::Spike, arguments)
}

fn run(profile: Profile, raw: Vec<OsString>) -> Result<Exit, UsageError> {
    let (cargo, own) = divided(raw)?;
    let arguments = LoadArguments::parse(profile, own.clone())?;
    if arguments.help {
        return Ok(printed(&load_help(profile)));
    }
    let name = profile.name();
    let [target] = arguments.words.as_slice() else {
        let what = match arguments.words.as_slice() {
            [_, second, ..] => format!("what is `{}`?", shortened(second)),
            _ => "what is load to be put on?".to_owned(),
        };
        return Err(UsageError::new(what).help(format!(
            "cargo hub-bench {name} http://127.0.0.1:8080/ or the name of a load bench"
        )));
    };
    let surroundings = Surroundings::read()?;
    if is_address(target) {
        return load_address(target, None, &arguments, &surroundings);
    }
    let meant = configured_target(&surroundings, target);
    if let Some(address) = meant.as_deref().filter(|meant| is_address(meant)) {
        return load_address(address, Some(target), &arguments, &surroundings);
    }
    if target.contains('/') || (target.contains(':') && !target.contains("::")) {
        return Err(UsageError::new(format!(
            "`{}` is neither an address nor the name of a load bench",
            shortened(target)
        ))
        .help(format!("did you mean http://{}?", shortened(target))));
    }
    Ok(ended(of_bench(profile, meant.as_deref().unwrap_or(target), cargo, own)))
}

fn is_address(target: &str) -> bool {
    target.contains("://")
}

/// Cargo's options, and those of the load test.
fn divided(raw: Vec<OsString>) -> Result<(CargoOptions, Vec<OsString>), UsageError> {
    let mut cargo = CargoOptions::default();
    let mut own: Vec<OsString> = Vec::new();
    let mut parser = lexopt::Parser::from_args(raw);
    while let Some(given) = next(&mut parser)? {
        match given {
            Given::Word(word) => own.push(word),
            Given::Short(name @ ('h' | 'q')) => own.push(format!("-{name}").into()),
            Given::Short(name) => {
                if !cargo.short(name, &mut parser)? {
                    own.push(format!("-{name}").into());
                }
            }
            // To a bench binary `--bench` is what cargo says to it, and to cargo a target.
            Given::Long(name) if name == "bench" => {
                cargo.long(&name, &mut parser)?;
            }
            Given::Long(name) => match takes_load_value(&name) {
                Some(true) => {
                    let value = super::cargo::value(&name, &mut parser)?;
                    own.extend([format!("--{name}").into(), value]);
                }
                None if cargo.long(&name, &mut parser)? => {}
                // Of one that nobody knows, whoever reads them says so.
                Some(false) | None => own.push(format!("--{name}").into()),
            },
        }
    }
    Ok((cargo, own))
}

/// Builds the bench binaries, and runs the one that has the load bench.
fn of_bench(
    profile: Profile,
    wanted: &str,
    cargo: CargoOptions,
    own: Vec<OsString>,
) -> Result<Exit, Failure> {
    let request = BuildRequest::here(cargo);
    let executables = build(&request)?;
    if executables.is_empty() {
        return Err(none_found(&request));
    }
    let mut known: Vec<(String, &BenchExecutable)> = Vec::new();
    for executable in &executables {
        known.extend(loads_of(executable)?.into_iter().map(|id| (id, executable)));
    }
    known.sort_by(|one, other| one.0.cmp(&other.0));
    // One that is in several bench binaries is the same.
    known.dedup_by(|one, other| one.0 == other.0);
    let ids: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
    let executable = known[load_named(&ids, wanted, NONE)?].1;
    let mut command = command_for(executable);
    command.arg(format!("--{}", profile.name())).args(own);
    watch_interrupts();
    let status = command.status().map_err(|error| {
        Failure::new(format!("the bench binary {} did not start: {error}", executable.target))
    })?;
    Ok(status.code().and_then(Exit::from_code).unwrap_or(Exit::Broken))
}

/// What helps where no bench binary has any.
const NONE: &str = "no bench binary has any: put #[hub_bench(load(..))] on an async function, or \
                    give an address";

/// Ids of the load benches of a bench binary.
fn loads_of(executable: &BenchExecutable) -> Result<Vec<String>, Failure> {
    let list = list_of(executable, std::iter::empty())?;
    let loads = list["load_benches"].as_array().into_iter().flatten();
    Ok(loads.filter_map(|load| load["id"].as_str().map(str::to_owned)).collect())
}
