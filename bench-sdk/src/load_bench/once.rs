//! One iteration by one virtual user, to see that a load bench works.

use std::rc::Rc;
use std::sync::{Arc, Mutex};

use tokio::runtime::Builder;
use tokio::task::LocalSet;

use super::LoadBench;
use super::target::BenchTarget;
use crate::clock::RunClock;
use crate::load::{Ledger, Outcome, Recorder, Seat, Target, Turn, User};
use crate::record::load::LoadOptions;

/// Runs `setup`, one iteration and `teardown`; the error says what failed. Blocks, so the calling
/// thread may drive no runtime.
pub(crate) fn run_once(bench: LoadBench, options: &LoadOptions) -> Result<(), String> {
    let target = BenchTarget::start(bench)?;
    let outcome = iterate(&target, options);
    let finished = target.finish();
    outcome.and(finished)
}

fn iterate(target: &BenchTarget, options: &LoadOptions) -> Result<(), String> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the tokio runtime did not start: {error}"))?;
    LocalSet::new().block_on(&runtime, async {
        let mut user = target.user(seat(options)).await?;
        match user.iterate(Turn { of_user: 0, of_scenario: 0 }).await {
            Outcome::Passed => Ok(()),
            Outcome::Failed { kind, words } if kind == "panic" => Err(format!("panicked: {words}")),
            Outcome::Failed { words, .. } => Err(words),
        }
    })
}

fn seat(options: &LoadOptions) -> Seat {
    let ledger = Arc::new(Mutex::new(Ledger::new(&[], 1)));
    let mut tags = options.tags.clone();
    tags.entry("scenario".to_owned()).or_insert_with(|| "default".to_owned());
    let recorder = Recorder::new(ledger, RunClock::start(), 0, tags);
    Seat { vu: 1, recorder, seed: 1, env: Rc::new(options.env.clone()) }
}
