//! Studies that measure what the SDK costs and how steady its figures are, and whether its gate
//! keeps its promises, beside criterion, divan and tango-bench; and what load tests cost, beside wrk,
//! oha and goose, in interleaved runs.
//!
//! ```text
//! cargo run -p peers --release -- overhead
//! cargo run -p peers --release -- resources
//! cargo run -p peers --release -- gate
//! cargo run -p peers --release -- load
//! ```
//!
//! Crates that use the peers are generated in a temporary folder and built there, so that this
//! workspace depends on none of them. Raw data and summaries go to `docs/studies`.

mod arguments;
mod chance;
mod effort;
mod failure;
mod figures;
mod fixture;
mod ground;
mod machine;
mod parse;
mod process;
mod progress;
mod record;
mod report;
mod study;

use std::process::ExitCode;

use arguments::{Action, Arguments};
use failure::Result;
use ground::Ground;
use machine::Machine;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(failure) => {
            eprintln!("error: {failure}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match carry_out(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every study that was asked for could be carried out; missed targets are results.
fn carry_out(arguments: &Arguments) -> Result<bool> {
    if arguments.action == Action::Spin {
        study::spin();
        return Ok(true);
    }
    let ground = Ground::new(arguments.work.clone())?;
    let out = arguments.results_folder(&ground);
    match arguments.action {
        Action::Help => {
            println!("{}", arguments::USAGE);
            return Ok(true);
        }
        Action::Render | Action::Spin => {}
        Action::Measure(page) => {
            let machine = Machine::read()?;
            let mut complete = true;
            for study in arguments.studies(page) {
                if let Err(failure) = study::carry_out(study, arguments, &ground, &machine, &out) {
                    eprintln!("error: study `{}`: {failure}", study.name());
                    complete = false;
                }
            }
            report::write(&out)?;
            return Ok(complete);
        }
    }
    report::write(&out)?;
    Ok(true)
}
