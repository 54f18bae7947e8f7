//! Load tests: schedules, virtual users, targets and what they record.

mod http;
mod ledger;
mod recorder;
mod request;
mod series;
mod target;
