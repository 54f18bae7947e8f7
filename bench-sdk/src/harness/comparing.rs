//! A paired comparison from its cases to an exit code, for bench binaries and for `gate`.

use std::path::PathBuf;

use crate::clock::calibrate;
use crate::launch::PairLauncher;
use crate::record::{
    COMPARISON_SCHEMA, CaseId, ComparisonRecord, Event, Method, Note, Rules, SideRecord,
};
use crate::report::Fanout;
use crate::runner::{PairedCase, PairedSession};

/// What is compared, and how.
pub(crate) struct Comparing {
    pub(crate) baseline: SideRecord,
    pub(crate) candidate: SideRecord,
    pub(crate) cases: Vec<PairedCase>,
    pub(crate) only_in_baseline: Vec<CaseId>,
    pub(crate) only_in_candidate: Vec<CaseId>,
    pub(crate) rules: Rules,
    pub(crate) seed: u64,
    /// Whether executables that are the same are measured all the same.
    pub(crate) measure_identical: bool,
    /// Whether instructions are counted too.
    pub(crate) instructions: bool,
    /// Whether what benchmarks print is let through.
    pub(crate) nocapture: bool,
    /// Remarks that stand before anything is measured.
    pub(crate) notes: Vec<Note>,
    /// Where Callgrind may write meanwhile.
    pub(crate) scratch: PathBuf,
}

impl Comparing {
    /// Measures both sides in turns; the error says why one could not be started.
    pub(crate) fn carry_out(self, reporters: &mut Fanout) -> (ComparisonRecord, Option<String>) {
        let launcher = PairLauncher::new(calibrate(), self.seed, self.nocapture, self.scratch);
        let session = PairedSession {
            launcher,
            cases: self.cases,
            rules: self.rules,
            seed: self.seed,
            measure_identical: self.measure_identical,
            instructions: self.instructions,
            reporters,
        };
        let outcome = session.run();
        let record = ComparisonRecord {
            schema: COMPARISON_SCHEMA,
            method: Method::Paired,
            baseline: self.baseline,
            candidate: self.candidate,
            rules: self.rules,
            duration_ns: outcome.duration_ns,
            comparisons: outcome.comparisons,
            only_in_baseline: self.only_in_baseline,
            only_in_candidate: self.only_in_candidate,
            broken: outcome.broken,
            interrupted: outcome.interrupted || outcome.failed.is_some(),
            notes: self.notes,
        };
        (record, outcome.failed)
    }
}

/// Tells reporters that a comparison is done, and where it is kept.
pub(crate) fn announce(record: &ComparisonRecord, folder: Option<String>, reporters: &mut Fanout) {
    reporters.send(&Event::ComparisonFinished { record: record.clone(), folder });
}
