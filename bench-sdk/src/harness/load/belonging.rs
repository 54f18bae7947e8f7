//! Options that another of the three commands has, or none of them beside this one.

use super::super::usage::UsageError;
use super::arguments::LoadArguments;
use crate::plan::load::Profile;

/// Refuses what the command would not look at: who gives an option expects it to count.
pub(super) fn check(arguments: &LoadArguments) -> Result<(), UsageError> {
    let profile = arguments.profile;
    let name = profile.name();
    if let Some((option, whose)) = of_others(arguments) {
        let error = UsageError::new(format!("`--{option}` is no option of `{name}`"));
        return Err(
            error.help(format!("it belongs to {whose}; `{name} --help` lists what there is"))
        );
    }
    if profile == Profile::Load {
        return Ok(());
    }
    let Some(option) = of_a_course(arguments) else { return Ok(()) };
    let what = match profile {
        Profile::Stress => "searches for the rate by itself",
        _ => "has a course of its own",
    };
    Err(UsageError::new(format!("`{name}` {what}, which `--{option}` would change"))
        .help(format!("for a course of your own: load --{option} ..")))
}

/// The first option given that belongs to other commands, and to which.
fn of_others(arguments: &LoadArguments) -> Option<(&'static str, &'static str)> {
    let given = &arguments.of_profile;
    let own = |profiles: &[Profile]| profiles.contains(&arguments.profile);
    let all = [
        (given.spike_rate.is_some(), "spike-rate", own(&[Profile::Spike]), "`spike`"),
        (given.spike_duration.is_some(), "spike-duration", own(&[Profile::Spike]), "`spike`"),
        (given.concurrency.is_some(), "concurrency", !own(&[Profile::Stress]), "`load`"),
        (given.duration.is_some(), "duration", !own(&[Profile::Spike]), "`load` and `stress`"),
    ];
    let foreign = all.into_iter().find(|(is_given, _, is_own, _)| *is_given && !is_own);
    foreign.map(|(_, option, _, whose)| (option, whose))
}

/// The first option given that says when iterations start.
fn of_a_course(arguments: &LoadArguments) -> Option<&'static str> {
    let given = &arguments.scenario;
    let all = [
        (given.executor.is_some(), "executor"),
        (given.vus.is_some(), "vus"),
        (given.iterations.is_some(), "iterations"),
        (given.stages.is_some(), "stage"),
        (given.start_vus.is_some(), "start-vus"),
        (given.start_rate.is_some(), "start-rate"),
        (given.max_duration.is_some(), "max-duration"),
    ];
    all.into_iter().find(|(is_given, _)| *is_given).map(|(_, option)| option)
}
