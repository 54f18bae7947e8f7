//! Judging while a run goes on.

use super::judge::{crossed, judge_one, may_still_hold};
use super::windows::Windows;
use crate::record::load::{LoadPlan, ThresholdRecord};
use crate::stats::Metrics;

/// Time between two judgements; k6's.
const EVERY_NS: u64 = 2_000_000_000;

/// Thresholds of a run under way.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    windows: Windows,
    next_ns: u64,
    /// By threshold: the first window in which it did not hold.
    broken: Vec<Option<ThresholdRecord>>,
}

impl Watch {
    /// Nothing was seen yet.
    pub(crate) fn new(plan: &LoadPlan) -> Self {
        Self {
            windows: Windows::new(&plan.thresholds),
            next_ns: EVERY_NS,
            broken: vec![None; plan.thresholds.len()],
        }
    }

    /// Takes an interval that ended at that moment, and judges every two seconds. `Some` with the
    /// reason where a threshold ends the run. A metric without samples ends none: they may come.
    pub(crate) fn step(
        &mut self,
        plan: &LoadPlan,
        at_ns: u64,
        interval: &Metrics,
        totals: &Metrics,
    ) -> Option<String> {
        self.windows.push(at_ns, interval);
        if at_ns < self.next_ns {
            return None;
        }
        self.next_ns = at_ns - at_ns % EVERY_NS + EVERY_NS;
        let mut ends = None;
        for (at, threshold) in plan.thresholds.iter().enumerate() {
            let is_full = threshold.window_ns.is_none_or(|window| window < at_ns);
            let mut record = judge_one(plan, threshold, totals, &self.windows, at_ns);
            if record.passed || record.samples == 0 || !is_full {
                continue;
            }
            let due = threshold.abort_on_fail
                && at_ns >= threshold.delay_abort_eval_ns
                && !may_still_hold(threshold, totals);
            if due && ends.is_none() {
                ends = Some(crossed(&record));
            }
            if threshold.window_ns.is_some() && self.broken[at].is_none() {
                let seconds = at_ns / 1_000_000_000;
                record.note = Some(format!("did not hold in the window that ended at {seconds} s"));
                self.broken[at] = Some(record);
            }
        }
        ends
    }

    /// The verdicts at the end. A threshold with a window holds where it held in every one.
    pub(crate) fn finish(
        &self,
        plan: &LoadPlan,
        totals: &Metrics,
        elapsed_ns: u64,
    ) -> Vec<ThresholdRecord> {
        let last = super::judge::judge(plan, totals, &self.windows, elapsed_ns);
        let each = last.into_iter().zip(&self.broken);
        each.map(|(last, broken)| broken.clone().unwrap_or(last)).collect()
    }
}
