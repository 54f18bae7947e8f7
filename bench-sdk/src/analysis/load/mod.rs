//! Judgements over load tests.

mod figure;
mod generator;
mod judge;
mod knee;
mod phases;
mod recovery;
mod watch;
mod windows;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod judge_tests;
#[cfg(test)]
mod knee_tests;
#[cfg(test)]
mod recovery_tests;

pub(crate) use generator::judge_generator;
pub(crate) use judge::why_not_passed;
pub(crate) use knee::{Search, SearchStep};
pub(crate) use recovery::recovery;
pub(crate) use watch::Watch;
