//! A case over the runs.

use std::collections::BTreeMap;

use super::history::KEPT;
use super::series::Series;
use crate::record::{CaseRecord, Status, metric_name};

/// Digits of a time: one more than is ever shown.
const TIME_DIGITS: usize = 5;
/// Digits of the ends of an interval, as distances from the figure.
const END_DIGITS: usize = 3;
/// Digits of other figures.
const OTHER_DIGITS: usize = 4;

/// Both ends of intervals, by metric.
pub(super) type Intervals = BTreeMap<&'static str, [f64; 2]>;

/// A case over the runs.
#[derive(Debug)]
pub(super) struct CaseLine {
    /// Its newest record.
    pub(super) record: CaseRecord,
    /// The run that this is of.
    pub(super) run: usize,
    /// The first run that this one is like.
    kind: usize,
    /// A letter for each run, see [`letter`].
    pub(super) statuses: String,
    /// Figures of the metrics that are kept.
    pub(super) series: BTreeMap<&'static str, Series>,
    /// By how much the interval of `time` reaches below it, and above it.
    pub(super) ends: [Series; 2],
    /// Of each kind of runs the intervals before the newest record, by metric.
    before: BTreeMap<usize, Intervals>,
}

impl CaseLine {
    pub(super) fn new(run: usize, kind: usize, record: CaseRecord) -> Self {
        let mut line = Self {
            record,
            run,
            kind,
            statuses: String::new(),
            series: BTreeMap::new(),
            ends: [Series::default(), Series::default()],
            before: BTreeMap::new(),
        };
        line.note_figures();
        line
    }

    /// Takes over the record of a later run; of two in one run the first counts.
    pub(super) fn renew(&mut self, run: usize, kind: usize, record: CaseRecord) {
        if run > self.run {
            self.note_intervals();
            (self.run, self.kind, self.record) = (run, kind, record);
            self.note_figures();
        }
    }

    /// Intervals of metrics in the run before that is like the newest one; a metric is that of the
    /// newest of those runs that has it, and without an interval there it is not among them.
    pub(super) fn intervals_before(&self) -> Intervals {
        self.before.get(&self.kind).cloned().unwrap_or_default()
    }

    /// Keeps the intervals of a record that makes room for a newer one.
    fn note_intervals(&mut self) {
        let kept = self.before.entry(self.kind).or_default();
        // Those of the time are kept of all runs.
        for name in KEPT.into_iter().filter(|name| *name != metric_name::TIME) {
            let Some(metric) = self.record.metric(name) else { continue };
            match metric.low.zip(metric.high) {
                Some((low, high)) => kept.insert(name, [low, high]),
                None => kept.remove(name),
            };
        }
    }

    /// Writes down what the newest record says.
    fn note_figures(&mut self) {
        // A letter is one byte, so that the length counts runs.
        let missing = self.run.saturating_sub(self.statuses.len());
        self.statuses.extend(std::iter::repeat_n('.', missing));
        self.statuses.push(letter(self.record.status));
        for name in KEPT {
            let Some(metric) = self.record.metric(name) else { continue };
            let digits = if name == metric_name::TIME { TIME_DIGITS } else { OTHER_DIGITS };
            self.series.entry(name).or_default().set(self.run, metric.estimate, digits);
            if name == metric_name::TIME
                && let (Some(low), Some(high)) = (metric.low, metric.high)
            {
                self.ends[0].set(self.run, metric.estimate - low, END_DIGITS);
                self.ends[1].set(self.run, high - metric.estimate, END_DIGITS);
            }
        }
    }
}

/// The letter of a status; `.` is that of a run without the case.
fn letter(status: Status) -> char {
    match status {
        Status::Measured => 'm',
        Status::BudgetFailed => 'b',
        Status::Panicked => 'p',
        Status::Failed => 'f',
        Status::Died => 'd',
        Status::TimedOut => 't',
        Status::Skipped => 's',
    }
}
