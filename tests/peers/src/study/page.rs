//! Pages of results: the studies that one command carries out.

use super::Study;

/// A page of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Overhead,
    Resources,
    Gate,
    Load,
}

impl Page {
    pub(crate) const ALL: [Self; 4] = [Self::Overhead, Self::Resources, Self::Gate, Self::Load];

    /// The command, and the name of the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Overhead => "overhead",
            Self::Resources => "resources",
            Self::Gate => "gate",
            Self::Load => "load",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Overhead => "Overhead",
            Self::Resources => "What measuring resources costs",
            Self::Gate => "The gate",
            Self::Load => "Load tests",
        }
    }

    pub(crate) fn introduction(self) -> &'static str {
        match self {
            Self::Overhead => {
                "What the SDK costs and how steady its figures are, beside divan and criterion. \
                 Figures are ratios taken side by side in one interleaved run."
            }
            Self::Resources => {
                "What it costs to watch for disturbances while timing, to measure other resources \
                 than time, and to count allocations: in the figures, and in the time of the \
                 user. Everything is compared side by side, in random order."
            }
            Self::Gate => {
                "Whether the gate calls differences that are not there, finds those that are, and \
                 how soon, beside criterion, divan and tango-bench. Everything is compared in one \
                 randomised loop."
            }
            Self::Load => {
                "What a request costs the generator, beside wrk, oha and goose against the same server; \
                 what virtual users take; whether arrivals are on time, and a stall shows. \
                 Generator and server have a processor each."
            }
        }
    }

    /// The page that a study is on, where that can be said instead of the page: those of the gate.
    pub(crate) fn of_command(word: &str) -> Option<(Self, Study)> {
        let study = Self::Gate.studies().iter().find(|study| study.name() == word)?;
        Some((Self::Gate, *study))
    }

    /// What its studies take with all their repetitions, on two quiet cores.
    pub(crate) fn full_minutes(self) -> f64 {
        match self {
            Self::Overhead => 35.0,
            Self::Resources => 9.0,
            Self::Gate => 30.0,
            Self::Load => 29.0,
        }
    }

    /// Its studies, in order.
    pub(crate) fn studies(self) -> &'static [Study] {
        match self {
            Self::Overhead => {
                &[Study::Build, Study::List, Study::Suite, Study::Spread, Study::Floor]
            }
            Self::Resources => &[Study::Probes, Study::Alloc],
            Self::Gate => &[Study::Aa, Study::Power, Study::VerdictTime, Study::Coverage],
            Self::Load => {
                &[Study::LoadSpeed, Study::LoadStall, Study::LoadArrivals, Study::LoadCourse]
            }
        }
    }
}
