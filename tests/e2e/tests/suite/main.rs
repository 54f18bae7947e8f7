//! End-to-end tests: real bench binaries, real processes, real files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail by panicking"
)]

mod allocations;
mod asynchronous;
mod bad_input;
mod baselines;
mod browser;
mod browser_pages;
mod budgets;
mod cargo;
mod columns;
mod compare;
mod containment;
mod criterion;
mod dashboard;
mod divan;
mod embedding;
mod environment;
mod explain;
mod exports;
mod gate;
mod gate_robust;
mod generated_tests;
mod hostile;
mod hub_bench;
mod import;
mod init;
mod instructions;
mod interruption;
mod joined;
mod load;
mod load_benches;
mod load_exports;
mod load_refused;
mod load_runs;
mod matrix;
mod output_files;
mod outputs;
mod registry;
mod resources;
mod run_folder;
mod scaling;
mod schema;
mod serve;
mod validity;
