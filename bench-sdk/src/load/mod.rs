//! Load tests: schedules, virtual users, targets and what they record.

mod course;
mod engine;
mod executor;
pub(crate) mod http;
mod ledger;
mod race;
mod recorder;
mod request;
mod schedule;
mod stop;
mod target;
mod thread;
mod timeline;

pub(crate) use engine::{Equipment, Finished, Go, Step, run};
#[cfg(test)]
pub(crate) use ledger::Noted;
pub(crate) use ledger::{Ledger, TagSet};
pub(crate) use recorder::Recorder;
pub(crate) use schedule::ArrivalSchedule;
pub(crate) use stop::Stop;
pub(crate) use target::{Outcome, Seat, Target, Turn, User};
