//! What the commands `load`, `stress` and `spike` do where nobody wrote scenarios.

use std::time::Duration;

use super::layers::LoadLayer;
use crate::record::load::{ExecutorKind, LoadOptions, Phase, PhaseSpan, Stage, ThresholdOption};

/// One of the three commands with its own settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Profile {
    /// A given load for a given time.
    Load,
    /// The highest rate that the target bears.
    Stress,
    /// A sudden height, and what comes after it.
    Spike,
}

/// Settings of the commands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ProfileOptions {
    /// `--concurrency`: users who wait for their answers.
    pub(crate) concurrency: Option<u64>,
    /// `--duration`
    pub(crate) duration: Option<Duration>,
    /// `--rate`: iterations a second, whether or not former ones have ended.
    pub(crate) rate: Option<u64>,
    /// `--max-connections`: virtual users that there may be.
    pub(crate) max_connections: Option<u64>,
    /// `--spike-duration`
    pub(crate) spike_duration: Option<Duration>,
    /// `--spike-rate`: iterations a second at the height.
    pub(crate) spike_rate: Option<u64>,
}

/// The bounds of a search for the highest rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stress {
    /// The first rate tried, in iterations a second.
    pub(crate) first_per_second: f64,
    /// Length of each try.
    pub(crate) window: Duration,
    /// Virtual users that there may be.
    pub(crate) max_vus: u64,
    /// The search ends then, with what it knows.
    pub(crate) longest: Duration,
}

const CONCURRENCY: u64 = 100;
const DURATION: Duration = Duration::from_secs(300);
const MAX_CONNECTIONS: u64 = 1_000;
const SPIKE_DURATION: Duration = Duration::from_secs(60);
/// Iterations a second before a spike, where nothing is said.
const SPIKE_BASE: u64 = 100;
/// How many times the rate before it a spike is.
const SPIKE_TIMES: u64 = 10;
const FIRST_RATE: u64 = 10;
/// A try is long enough for 20 samples beyond the 95th percentile at a few dozen a second.
const STRESS_WINDOW: Duration = Duration::from_secs(10);
/// Without thresholds every rate would hold. Dropped iterations alone would let a backlog pass that
/// has not yet filled all users when the window ends.
const STRESS_THRESHOLDS: [&str; 3] =
    ["response: p(95) < 500ms", "iteration_failed: rate < 1%", "dropped_iterations: count == 0"];
const STRESS_LONGEST: Duration = Duration::from_secs(900);

impl Profile {
    /// Name of the command.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Stress => "stress",
            Self::Spike => "spike",
        }
    }
}

/// The layer that stands for the command, below everything that was written.
///
/// `load --concurrency` is closed: a concurrency is a number of users, each of whom waits for an
/// answer before asking again. With `--rate` it is open. A spike is always open: with closed users
/// the target's slowness would hold the spike back, and the test would measure less load just when
/// more was meant.
pub(crate) fn profile_layer(
    profile: Profile,
    options: &ProfileOptions,
) -> Result<LoadLayer, String> {
    let source = format!("`{}`", profile.name());
    let layer = match profile {
        Profile::Load => LoadLayer { options: load(options)?, ..LoadLayer::default() },
        Profile::Stress => LoadLayer { options: one_try(options), ..LoadLayer::default() },
        Profile::Spike => spike(options)?,
    };
    Ok(LoadLayer { source, ..layer })
}

fn load(options: &ProfileOptions) -> Result<LoadOptions, String> {
    let duration = Some(options.duration.unwrap_or(DURATION));
    match (options.rate, options.concurrency) {
        (Some(_), Some(_)) => Err("`--rate` starts iterations whether or not users are free, and \
                                   `--concurrency` is a number of users who wait: give one of \
                                   them, and with `--rate` the most users as `--max-vus`"
            .to_owned()),
        (Some(rate), None) => Ok(LoadOptions {
            executor: Some(ExecutorKind::ConstantArrivalRate),
            rate: Some(rate),
            duration,
            max_vus: options.max_connections,
            ..LoadOptions::default()
        }),
        (None, users) => {
            let users = users.unwrap_or(CONCURRENCY);
            if let Some(most) = options.max_connections.filter(|most| *most < users) {
                return Err(format!(
                    "{users} users who wait for their answers need up to {users} connections, \
                     which `--max-connections {most}` forbids: give a lower `--concurrency`"
                ));
            }
            Ok(LoadOptions {
                executor: Some(ExecutorKind::ConstantVus),
                vus: Some(users),
                duration,
                ..LoadOptions::default()
            })
        }
    }
}

/// One try of a search, which changes its rate and keeps the rest.
fn one_try(options: &ProfileOptions) -> LoadOptions {
    LoadOptions {
        executor: Some(ExecutorKind::ConstantArrivalRate),
        rate: Some(options.rate.unwrap_or(FIRST_RATE)),
        duration: Some(STRESS_WINDOW),
        max_vus: Some(options.max_connections.unwrap_or(MAX_CONNECTIONS)),
        thresholds: Some(STRESS_THRESHOLDS.map(ThresholdOption::from).to_vec()),
        ..LoadOptions::default()
    }
}

impl ProfileOptions {
    /// The search that `stress` makes.
    pub(crate) fn stress(&self) -> Stress {
        Stress {
            first_per_second: self.rate.unwrap_or(FIRST_RATE) as f64,
            window: STRESS_WINDOW,
            max_vus: self.max_connections.unwrap_or(MAX_CONNECTIONS),
            longest: self.duration.unwrap_or(STRESS_LONGEST),
        }
    }
}

/// Ramp (a tenth of the spike), steady (as long as the spike), the spike at once, and twice as long
/// to recover.
fn spike(options: &ProfileOptions) -> Result<LoadLayer, String> {
    let base = options.rate.unwrap_or(SPIKE_BASE);
    let height = options.spike_rate.unwrap_or(base.saturating_mul(SPIKE_TIMES));
    if height <= base {
        return Err(format!(
            "a spike to {height}/s does not rise above the {base}/s before it; raise \
             `--spike-rate` or lower `--rate`"
        ));
    }
    let length = options.spike_duration.unwrap_or(SPIKE_DURATION);
    let course = [
        (Phase::Ramp, length / 10, base),
        (Phase::Steady, length, base),
        (Phase::Spike, Duration::ZERO, height),
        (Phase::Spike, length, height),
        (Phase::Recovery, Duration::ZERO, base),
        (Phase::Recovery, length * 2, base),
    ];
    let stages = course.iter().map(|(_, time, rate)| Stage::new(*time, *rate)).collect();
    let max_vus = options.max_connections.or(options.concurrency);
    let options = LoadOptions {
        executor: Some(ExecutorKind::RampingArrivalRate),
        start_rate: Some(0),
        stages: Some(stages),
        max_vus,
        ..LoadOptions::default()
    };
    Ok(LoadLayer { options, phases: spans(&course), ..LoadLayer::default() })
}

/// Where each phase begins and ends; stages of one phase that follow each other are one span.
fn spans(course: &[(Phase, Duration, u64)]) -> Vec<PhaseSpan> {
    let mut spans: Vec<PhaseSpan> = Vec::new();
    let mut at_ns = 0;
    for (phase, time, rate) in course {
        let until_ns = at_ns + Stage::new(*time, *rate).duration_ns;
        match spans.last_mut() {
            Some(last) if last.phase == *phase => last.until_ns = until_ns,
            _ => spans.push(PhaseSpan { phase: *phase, from_ns: at_ns, until_ns }),
        }
        at_ns = until_ns;
    }
    spans
}
