//! What came of a load test, in one sentence.

use super::words::{counted, grouped, span};
use crate::record::load::{LoadRecord, Scenario};

/// How a load test ended; the first that applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoadOutcome {
    /// No iteration came to its end.
    NothingEnded,
    /// Whatever was tried failed.
    AllFailed(String),
    /// An error ended it before its time.
    Aborted(String),
    /// Thresholds that failed, and all of them.
    ThresholdsFailed(usize, usize),
    /// It was stopped by hand.
    Interrupted,
    /// Nothing speaks against it; thresholds that held.
    Passed(usize),
    /// The record says that it did not pass, and nothing else.
    NotPassed,
}

impl LoadOutcome {
    /// Judges a record. A run in which everything failed is never a success, whatever its
    /// thresholds say.
    pub(crate) fn of(record: &LoadRecord) -> Self {
        let full: u64 = record.scenarios.iter().map(|scenario| scenario.full).sum();
        let failed = record.thresholds.iter().filter(|threshold| !threshold.passed).count();
        if full == 0 && ended_requests(record) == 0 {
            return Self::NothingEnded;
        }
        if let Some(words) = all_failed(record) {
            return Self::AllFailed(words);
        }
        if failed > 0 {
            return Self::ThresholdsFailed(failed, record.thresholds.len());
        }
        if let Some(why) = &record.run.aborted {
            return Self::Aborted(why.clone());
        }
        if record.run.interrupted {
            return Self::Interrupted;
        }
        if record.run.passed { Self::Passed(record.thresholds.len()) } else { Self::NotPassed }
    }

    /// Whether nothing speaks against it.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    /// Whether it is so bad that every form of output begins with it.
    pub(crate) fn is_void(&self) -> bool {
        matches!(self, Self::NothingEnded | Self::AllFailed(_) | Self::Aborted(_))
    }

    /// The exit code that the guide gives for it.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Passed(_) => 0,
            Self::Interrupted => 1,
            Self::ThresholdsFailed(..)
            | Self::NotPassed
            | Self::NothingEnded
            | Self::AllFailed(_) => 4,
            Self::Aborted(_) => 101,
        }
    }

    /// The sentence, without what others wrote being made safe.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::NothingEnded => "nothing came to its end".to_owned(),
            Self::AllFailed(words) => words.clone(),
            Self::Aborted(why) => format!("ended before its time: {why}"),
            Self::ThresholdsFailed(failed, all) => {
                format!("{failed} of {} failed", counted(*all as u64, "threshold"))
            }
            Self::Interrupted => "interrupted, what was measured is kept".to_owned(),
            Self::Passed(0) => "passed, no thresholds were given".to_owned(),
            Self::Passed(1) => "passed, the threshold held".to_owned(),
            Self::Passed(all) => format!("passed, all {all} thresholds held"),
            Self::NotPassed => "did not pass".to_owned(),
        }
    }
}

fn ended_requests(record: &LoadRecord) -> u64 {
    record.metrics.get("http_reqs").and_then(|metric| metric.value).unwrap_or(0.0) as u64
}

/// `ended after 2.0 s of 6.0 s: threshold http_req_failed: rate<0.1 does not hold`, where a threshold
/// or an error ended the run; not yet made safe.
pub(super) fn ended_early(record: &LoadRecord) -> Option<String> {
    let why = record.run.aborted.as_deref()?;
    let ends = |scenario: &Scenario| {
        scenario.start_time_ns.saturating_add(scenario.executor.duration_ns())
    };
    let (took, planned) =
        (record.run.duration_ns, record.plan.scenarios.iter().map(ends).max().unwrap_or(0));
    let of = if planned > took { format!(" of {}", span(planned)) } else { String::new() };
    // An outcome that is the reason has said it.
    let is_told = matches!(LoadOutcome::of(record), LoadOutcome::Aborted(_));
    let by = if is_told { String::new() } else { format!(": {why}") };
    Some(format!("ended after {}{of}{by}", span(took)))
}

/// `every request failed: 1,200 of 1,200, first connection_refused`.
fn all_failed(record: &LoadRecord) -> Option<String> {
    let failed = record.metrics.get("http_req_failed");
    let requests = failed.filter(|rate| rate.samples > 0 && rate.passes == Some(rate.samples));
    let full: u64 = record.scenarios.iter().map(|scenario| scenario.full).sum();
    let lost: u64 = record.scenarios.iter().map(|scenario| scenario.failed).sum();
    let (noun, count) = match requests {
        Some(rate) => ("request", rate.samples),
        None if full > 0 && lost >= full => ("iteration", full),
        None => return None,
    };
    let count = grouped(count);
    let first = record.errors.first().map(|error| format!(", mostly {}", error.kind));
    Some(format!("every {noun} failed: {count} of {count}{}", first.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{closed_run, empty_run, failing_run, open_run, spike_run};
    use super::*;

    #[test]
    fn what_speaks_against_a_run_comes_before_what_speaks_for_it() {
        assert_eq!(LoadOutcome::of(&open_run()), LoadOutcome::ThresholdsFailed(1, 3));
        assert_eq!(LoadOutcome::of(&closed_run()), LoadOutcome::Passed(1));
        assert_eq!(LoadOutcome::of(&spike_run()).words(), "passed, no thresholds were given");
        assert_eq!(LoadOutcome::of(&empty_run()), LoadOutcome::NothingEnded);
        let mut failing = failing_run();
        assert_eq!(
            LoadOutcome::of(&failing).words(),
            "every request failed: 1,200 of 1,200, mostly connection_refused"
        );
        // Whatever the record claims of itself.
        failing.run.passed = true;
        failing.thresholds.clear();
        assert_eq!(LoadOutcome::of(&failing).code(), 4);
        failing.metrics.remove("http_req_failed");
        assert!(LoadOutcome::of(&failing).words().starts_with("every iteration failed"));
        let mut aborted = closed_run();
        aborted.run.aborted = Some("no virtual user could be made ready".to_owned());
        assert_eq!(LoadOutcome::of(&aborted).code(), 101);
        aborted.run.aborted = None;
        aborted.run.interrupted = true;
        assert_eq!(LoadOutcome::of(&aborted).code(), 1);
        aborted.run.interrupted = false;
        aborted.run.passed = false;
        assert_eq!(LoadOutcome::of(&aborted), LoadOutcome::NotPassed);
    }

    #[test]
    fn what_ended_a_run_early_is_told_with_how_far_it_came() {
        let mut record = open_run();
        assert_eq!(ended_early(&record), None);
        record.run.duration_ns = 2_000_000_000;
        record.run.aborted = Some("threshold http_req_failed: rate<0.1 does not hold".to_owned());
        let early = "ended after 2.0 s of 60 s: threshold http_req_failed: rate<0.1 does not hold";
        assert_eq!(ended_early(&record).as_deref(), Some(early));
        let options = crate::report::TerminalOptions { width: 200, ..Default::default() };
        let text = super::super::render_load_summary(&record, &options);
        let last = text.lines().last().unwrap_or_default();
        let expected = format!("exit 4: 1 of 3 thresholds failed · {early} · ");
        assert!(last.starts_with(&expected), "{last}");
        record.run.aborted = Some("a fault".to_owned());
        record.run.duration_ns = 61_000_000_000;
        assert_eq!(ended_early(&record).as_deref(), Some("ended after 61 s: a fault"));
    }
}
