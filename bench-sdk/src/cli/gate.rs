//! `gate`: is the working tree slower than another revision, or than a baseline?

use std::ffi::OsString;

use super::failure::{Failure, ended};
use super::gate_arguments::{GateArguments, HELP};
use super::pairs::Paired;
use super::sides::Sides;
use crate::harness::{
    Comparing, Exit, Surroundings, UsageError, check_filters, print, tell_line, write_progress,
};
use crate::record::{CaseId, ComparisonRecord};
use crate::report::Fanout;
use crate::resource::watch_interrupts;
use crate::runner::{fresh_seed, new_id};
use crate::store::RunStore;

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    match GateArguments::parse(arguments)? {
        None => Ok(print(HELP).map_or(Exit::NotKept, |()| Exit::Success)),
        Some(arguments) => Ok(ended(gate(&arguments))),
    }
}

fn gate(arguments: &GateArguments) -> Result<Exit, Failure> {
    // Bench binaries would refuse them as well, but only after they were built.
    check_filters(&arguments.filters)?;
    let surroundings = Surroundings::read()?;
    let sides = Sides::prepare(arguments, &surroundings.results_dir)?;
    arguments.output.check()?;
    arguments.output.check_files().map_err(|error| Failure::new(error.into_parts().0))?;
    let (paired, alone) = cases(&sides, arguments)?;
    let mut reporters = Fanout::new();
    arguments.output.follow(&mut reporters);
    let store = RunStore::new(surroundings.results_dir.clone());
    // Two processes that measure at once would measure each other.
    let lock = store.measuring_lock(|| {
        tell_line!("waiting for another run that measures with {}", store.shown());
    });
    let _lock = lock.map_err(|error| Failure::new(error.to_string()))?;
    write_progress(&store, &mut reporters);
    watch_interrupts();
    let comparing = Comparing {
        baseline: sides.baseline.clone(),
        candidate: sides.candidate.clone(),
        cases: paired.cases,
        only_in_baseline: [paired.only_in_baseline, alone.0].concat(),
        only_in_candidate: [paired.only_in_candidate, alone.1].concat(),
        rules: arguments.rules,
        seed: arguments.seed.unwrap_or_else(fresh_seed),
        measure_identical: arguments.measure_identical,
        instructions: arguments.instructions,
        nocapture: arguments.nocapture,
        notes: Vec::new(),
        scratch: store.scratch().map_err(|error| Failure::new(error.to_string()))?,
    };
    if comparing.cases.is_empty() && comparing.only_in_candidate.is_empty() {
        tell_line!("gate: 0 cases selected");
        return Ok(if arguments.strict { Exit::Empty } else { Exit::Success });
    }
    let (record, failed) = comparing.carry_out(&mut reporters);
    Ok(finish(arguments, &store, &record, failed.as_deref(), &mut reporters))
}

/// Keeps the comparison and shows it.
fn finish(
    arguments: &GateArguments,
    store: &RunStore,
    record: &ComparisonRecord,
    failed: Option<&str>,
    reporters: &mut Fanout,
) -> Exit {
    let kept = store.save_comparison(&new_id(), record);
    let folder = kept.as_ref().ok().map(|path| path.display().to_string());
    crate::harness::announce(record, folder.clone(), reporters);
    let exit = Exit::of_comparison(record, arguments.strict);
    let shown = arguments.output.show(record, exit, folder.as_deref());
    if let Some(why) = failed {
        tell_line!("error: {why}");
    }
    if let Err(error) = &kept {
        tell_line!("error: the comparison was not kept: {error}");
    }
    if let Err(error) = &shown {
        tell_line!("{error}");
    }
    let complete = kept.is_ok() && shown.is_ok();
    if complete { exit } else { exit.and(Exit::NotKept) }
}

/// Ids that one side has alone: of the baseline, of the candidate.
type Alone = (Vec<CaseId>, Vec<CaseId>);

/// Cases of all pairs, and those of targets that one side has alone.
fn cases(sides: &Sides, arguments: &GateArguments) -> Result<(Paired, Alone), Failure> {
    let mut paired = Paired::default();
    for pair in &sides.pairs {
        paired.add(pair.clone(), &arguments.filters, arguments.timeout).map_err(Failure::new)?;
    }
    let of = |executables: &[crate::launch::Executable]| {
        let mut ids = Vec::new();
        for executable in executables {
            let listed = super::pairs::listed(executable, &arguments.filters);
            ids.extend(listed.map_err(Failure::new)?.into_keys().map(CaseId::from));
        }
        Ok::<_, Failure>(ids)
    };
    Ok((paired, (of(&sides.only_in_baseline)?, of(&sides.only_in_candidate)?)))
}
