//! Runs one job and prints what came of it: `hub [JOB_FILE]`, by default the built-in scenario.
#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use hub::{read_job, run_job, scenario};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let job = match std::env::args_os().nth(1) {
        Some(path) => Cow::Owned(read_job(Path::new(&path))?),
        None => Cow::Borrowed(scenario::JOB),
    };
    let mut hub = scenario::orchestrator()?;
    let report = run_job(&mut hub, &job)?;
    print!("{report}");
    Ok(())
}
