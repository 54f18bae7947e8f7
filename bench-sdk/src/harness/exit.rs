//! Exit codes; `docs/guide.md` lists them.

use crate::record::{RunRecord, ScalingRecord, Status};

/// How a bench binary ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Success,
    /// A result could not be produced or kept.
    NotKept,
    /// The command line or the configuration is wrong.
    Usage,
    /// A budget or a promised complexity is exceeded.
    Budget,
    /// Nothing is registered, or with `--strict` nothing selected.
    Empty,
    /// A benchmark panicked, failed, died or timed out.
    Broken,
}

impl Exit {
    /// The code for the operating system.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::NotKept => 1,
            Self::Usage => 2,
            Self::Budget => 4,
            Self::Empty => 6,
            Self::Broken => 101,
        }
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
