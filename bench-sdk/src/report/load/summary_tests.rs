//! The summary of each kind of load test, as it is printed.

use super::fixture::{
    all_runs, closed_run, empty_run, failing_run, hostile_run, limited_run, open_run, spike_run,
};
use super::render_load_summary;
use crate::record::load::LoadRecord;
use crate::report::TerminalOptions;
use crate::report::escape::width;

fn shown(record: &LoadRecord) -> String {
    render_load_summary(record, &TerminalOptions::default())
}

#[test]
fn look() {
    for (name, record) in all_runs() {
        println!("==== {name}\n{}", shown(&record));
    }
    println!("{}", render_load_summary(&open_run(), &TerminalOptions { width: 60, ..Default::default() }));
}
