//! Exit codes; `docs/guide.md` lists them.

use crate::record::{ComparisonRecord, RunRecord, ScalingRecord, Status, Verdict};

/// How a bench binary, or a verb of `cargo hub-bench`, ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Success,
    /// A result could not be produced or kept.
    NotKept,
    /// The command line or the configuration is wrong.
    Usage,
    /// Something regressed.
    Regression,
    /// A budget or a promised complexity is exceeded.
    Budget,
    /// With `--strict`: something could not be compared, or not be decided.
    Undecided,
    /// Nothing is registered, or with `--strict` nothing selected.
    Empty,
    /// A benchmark panicked, failed, died or timed out.
    Broken,
}

impl Exit {
    /// All of them; where several apply, the first.
    const ALL: [Self; 8] = [
        Self::Broken,
        Self::NotKept,
        Self::Budget,
        Self::Regression,
        Self::Undecided,
        Self::Usage,
        Self::Empty,
        Self::Success,
    ];

    /// The code for the operating system.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::NotKept => 1,
            Self::Usage => 2,
            Self::Regression => 3,
            Self::Budget => 4,
            Self::Undecided => 5,
            Self::Empty => 6,
            Self::Broken => 101,
        }
    }

    /// What a process meant that ended with that code; `None` if no bench binary does.
    #[cfg(feature = "cli")]
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| i32::from(exit.code()) == code)
    }

    /// The one to end with where both apply.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::ALL.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }

    /// What a comparison ends with; `strict` minds what could not be decided.
    pub(crate) fn of_comparison(record: &ComparisonRecord, strict: bool) -> Self {
        let undecided = [Verdict::Inconclusive, Verdict::NotComparable];
        if !record.broken.is_empty() {
            Self::Broken
        } else if record.interrupted {
            Self::NotKept
        } else if record.failures().next().is_some() {
            Self::Regression
        } else if strict && record.comparisons.iter().any(|c| undecided.contains(&c.verdict)) {
            Self::Undecided
        } else {
            Self::Success
        }
    }

    /// What a load test ends with.
    #[cfg(feature = "load")]
    pub(super) fn of_load(outcome: &crate::report::LoadOutcome) -> Self {
        let code = outcome.code();
        Self::ALL.into_iter().find(|exit| exit.code() == code).unwrap_or(Self::Broken)
    }

    /// What a finished run ends with; `kept` says whether all results were produced and kept.
    pub(super) fn of(record: &RunRecord, kept: bool) -> Self {
        let any = |is: fn(&Status) -> bool| record.cases.iter().any(|case| is(&case.status));
        if any(|status| status.is_broken()) {
            Self::Broken
        } else if !kept || record.run.interrupted {
            Self::NotKept
        } else if any(|status| *status == Status::BudgetFailed)
            || record.scaling.iter().any(ScalingRecord::is_exceeded)
        {
            Self::Budget
        } else {
            Self::Success
        }
    }
}
