//! Load tests: schedules, virtual users, targets and what they record.

mod ledger;
mod recorder;
mod request;
mod series;
mod target;

pub(crate) use ledger::{Ledger, TagSet};
pub(crate) use recorder::Recorder;
pub(crate) use request::RequestSample;
pub(crate) use target::{Outcome, Seat, Target, Turn, User};
