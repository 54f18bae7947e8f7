//! The verbs there are.

use std::ffi::OsString;
use std::fmt::Write;

use crate::harness::{Exit, UsageError};

/// One verb.
pub(super) struct Verb {
    pub(super) name: &'static str,
    /// What `--help` says of it.
    text: &'static str,
    /// Carries it out, given what stands behind it.
    pub(super) run: fn(Vec<OsString>) -> Result<Exit, UsageError>,
}

impl Verb {
    /// Every verb, in the order of `--help`.
    pub(super) const ALL: &'static [Self] = &[
        Self {
            name: "run",
            text: "build the bench binaries of the workspace and run them as one run",
            run: super::run::run,
        },
        Self { name: "list", text: "count the cases of each crate", run: super::list::run },
        Self {
            name: "load",
            text: "put load on a load bench or an address, as much as you say",
            run: super::load::load,
        },
        Self {
            name: "stress",
            text: "search for the highest rate that a target bears",
            run: super::load::stress,
        },
        Self {
            name: "spike",
            text: "raise the rate on a target all at once, and watch it recover",
            run: super::load::spike,
        },
        Self {
            name: "merge",
            text: "make one run of the shards that several machines measured",
            run: super::merge::run,
        },
        Self {
            name: "doctor",
            text: "say what about this machine disturbs measurements, and calibrate it",
            run: super::doctor::run,
        },
        Self {
            name: "gate",
            text: "compare the working tree with a revision or a baseline, in turns",
            run: super::gate::run,
        },
        Self {
            name: "compare",
            text: "compare records of two runs, or of a baseline and a run",
            run: super::compare::run,
        },
        Self {
            name: "baseline",
            text: "list, show, save and remove baselines",
            run: super::baseline::run,
        },
        Self {
            name: "init",
            text: "make a crate ready for benches, and write a workflow for CI",
            run: super::init::run,
        },
        Self {
            name: "export",
            text: "write a run in a form that other tools read",
            run: super::export::run,
        },
        Self {
            name: "import",
            text: "keep what criterion or libtest measured as a run",
            run: super::import::run,
        },
        Self {
            name: "report",
            text: "make one HTML file of the runs that are kept",
            run: super::report::run,
        },
    ];

    /// The verb of that name.
    pub(super) fn from_name(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|verb| verb.name == name)
    }
}

/// What there is to do, a line each.
pub(super) fn lines() -> impl Iterator<Item = String> {
    Verb::ALL.iter().map(|verb| format!("{:<10}{}", verb.name, verb.text))
}

/// The text of `--help`.
pub(super) fn help() -> String {
    let mut text = String::from(
        "Benchmarks across packages and builds.\n\nUsage: cargo hub-bench VERB [OPTIONS]\n\n",
    );
    for line in lines() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {line}");
    }
    text.push_str("\n`cargo hub-bench VERB --help` tells more.\n");
    text
}
