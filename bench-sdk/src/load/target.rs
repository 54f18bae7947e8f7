//! What the engine asks of whatever it puts load on.

use std::borrow::Cow;
use std::future::Future;

use super::recorder::Recorder;

/// Something that virtual users can put load on: a load bench, or a server. Shared by all threads.
pub(crate) trait Target: Send + Sync + 'static {
    /// A virtual user of it; lives on one thread.
    type User: User;

    /// Makes a virtual user ready, on the thread that it will live on; not part of any iteration.
    /// An error ends the run: what it says is shown.
    fn user(&self, seat: Seat) -> impl Future<Output = Result<Self::User, String>>;
}

/// One virtual user.
pub(crate) trait User: 'static {
    /// Runs one iteration. May be dropped half-way, when the iteration is interrupted; the user is
    /// not used again then.
    fn iterate(&mut self, turn: Turn) -> impl Future<Output = Outcome>;

    /// How long it rests before the next iteration where nothing else sets the pace, as in closed
    /// scenarios, in nanoseconds: whatever fails in no time would be tried a million times a
    /// second.
    fn rest_ns(&self) -> u64 {
        0
    }
}

/// What a virtual user is given for its life.
#[derive(Clone)]
pub(crate) struct Seat {
    /// Its number, from 1, different for every virtual user of the run.
    pub(crate) vu: u64,
    /// Where it records; knows the scenario and its tags.
    pub(crate) recorder: Recorder,
    /// Seed of its random choices, different for every virtual user.
    pub(crate) seed: u64,
    /// Variables of its scenario.
    pub(crate) env: std::rc::Rc<crate::record::load::Tags>,
}

/// What a virtual user is given for one iteration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// How many iterations this virtual user began before.
    pub(crate) of_user: u64,
    /// Number of the iteration in its scenario, from 0.
    pub(crate) of_scenario: u64,
}

/// How an iteration ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Passed,
    /// It failed in a way that is counted under a short name such as `connection_refused`; the
    /// words are kept of the first one of each kind.
    Failed {
        /// The name.
        kind: Cow<'static, str>,
        /// What happened, in words.
        words: String,
    },
}
