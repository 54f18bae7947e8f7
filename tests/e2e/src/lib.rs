//! Support for the end-to-end tests: builds the crates of `tests/fixtures` once, starts their
//! executables in fresh folders, and reads back what they left.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test may fail by panicking"
)]

mod browser;
mod build;
mod measured;
mod mount;
mod process;
mod results;
mod run;

pub use browser::{Browser, chromium};
pub use build::{
    bench, cargo, executable, fixtures_dir, hub_api, hub_bench, target_dir, unit_tests,
};
pub use measured::measured;
pub use mount::Mounted;
pub use process::{processes_with, send_signal, until, wait_for_exit};
pub use results::{Results, case_status, cases, find, ids};
pub use run::{Outcome, QUICK, bench_command, clean, finish, run};
