//! A load test from its plan to its exit code.

use std::sync::Arc;

use super::super::environment::Surroundings;
use super::super::exit::Exit;
use super::super::progress::write_progress;
use super::super::usage::UsageError;
use super::arguments::LoadArguments;
use super::outputs::{reporters, written};
use super::planned::PlannedLoad;
use crate::harness::{tell, tell_line};
use crate::load::{Equipment, Stop, Target};
use crate::plan::load::Profile;
use crate::record::Event;
use crate::record::load::{LoadPlan, LoadRecord};
use crate::report::{LoadOutcome, escape};
use crate::resource::{environment, watch_interrupts};
use crate::runner::{LoadTest, measure, stress};
use crate::store::RunStore;

/// What load is put on.
pub(super) struct Aim<T: Target> {
    pub(super) target: Arc<T>,
    /// In words.
    pub(super) named: String,
    /// Whether it runs inside of this process.
    pub(super) shares_process: bool,
    /// Whether this executable is optimised.
    pub(super) optimized: bool,
}

/// Runs the test, keeps it and says how it ended.
pub(super) fn carry_out<T: Target>(
    aim: Aim<T>,
    planned: PlannedLoad,
    arguments: &LoadArguments,
    surroundings: &Surroundings,
) -> Result<Exit, UsageError> {
    for remark in &planned.remarks {
        tell_line!("note: {}", escape(remark));
    }
    if let Some(reason) = arguments.watched.as_ref().and_then(crate::resource::Watched::reason) {
        return Err(UsageError::new(format!("the target cannot be watched: {reason}")));
    }
    let threads = arguments.threads.unwrap_or_else(|| usual_threads(&planned.plan));
    let mut reporters = reporters(arguments)?;
    let store = RunStore::new(surroundings.results_dir.clone());
    // What measures at the same time would be measured too, and the other way round.
    let lock = store.measuring_lock(|| {
        tell_line!("waiting for another run that measures with {}", store.shown());
    });
    if lock.is_ok() {
        write_progress(&store, &mut reporters);
    }
    watch_interrupts();
    let test = LoadTest {
        target: aim.target,
        plan: planned.plan,
        named: aim.named,
        equipment: Equipment { threads, watched: arguments.watched.clone() },
        shares_process: aim.shares_process,
        environment: environment(Some(&surroundings.package_dir), None, !aim.optimized),
        stop: Stop::default(),
    };
    let measured = match arguments.profile {
        Profile::Stress => stress(&test, &arguments.of_profile.stress(), &mut reporters),
        Profile::Load | Profile::Spike => measure(&test, &mut reporters),
    };
    let record = match measured {
        Ok(record) => record,
        Err(why) => return Ok(told(&format!("error: the load test could not start: {why}"))),
    };
    let exit = kept(&record, &store, &mut reporters);
    if exit == Exit::Success {
        tell(format_args!("{}", written(&arguments.outputs)));
    }
    Ok(exit.and(Exit::of_load(&LoadOutcome::of(&record))))
}

/// Keeps the record and tells reporters; says what could not be kept.
fn kept(record: &LoadRecord, store: &RunStore, reporters: &mut crate::report::Fanout) -> Exit {
    let saved = store.save_load(record);
    let folder = saved.as_ref().ok().map(|folder| folder.display().to_string());
    reporters.send(&Event::LoadFinished { record: record.clone(), folder });
    let mut exit = Exit::Success;
    if let Err(error) = saved {
        exit = told(&format!("error: failed to keep the load test: {error}"));
    }
    for failure in reporters.failures() {
        exit = told(&format!("error: an output failed: {}", escape(&failure)));
    }
    exit
}

fn told(what: &str) -> Exit {
    tell_line!("{what}");
    Exit::NotKept
}

/// Half of the processors: the other half is for the target, which is usually on this machine. No
/// more than there are virtual users.
fn usual_threads(plan: &LoadPlan) -> u64 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let users: u64 = plan.scenarios.iter().map(|scenario| scenario.executor.max_vus()).sum();
    (processors / 2).min(users).max(1)
}
