//! Remarks on how far a figure can be believed.

use super::Conditions;
use super::disturbances::disturbances;
use super::estimate::{Floor, counting, launch_median, launch_value, own_metric};
use super::validity::{allocates_input, cached, optimised_away};
use crate::bencher::LaunchSamples;
use crate::record::{Note, Resolved, metric_name, units};
use crate::stats::{bimodal, mann_kendall, median};

/// Share of voided samples above which a case is marked noisy.
const NOISY_SHARE: f64 = 0.20;
/// A first iteration this many times slower than the rest is worth a remark.
const SLOW_START: f64 = 20.0;
/// Medians of one launch that change by more than this from the first to the last third drift.
const DRIFT: f64 = 0.05;

/// All remarks on one case, most important first.
pub(super) fn notes(
    launches: &[LaunchSamples],
    settings: &Resolved,
    floor: Floor,
    conditions: Conditions,
) -> Vec<Note> {
    if conditions.test {
        return Vec::new();
    }
    let has_time = launches.iter().all(|launch| own_metric(launch).is_none());
    let [at_floor, optimised_away, allocates_input, slow_start, cached, drifting, two_modes] =
        if has_time { of_time(launches, floor) } else { Default::default() };
    let all = [
        at_floor,
        optimised_away,
        allocates_input,
        slow_start,
        cached,
        noisy(launches),
        drifting,
        two_modes,
        leaking(launches),
        unoptimised(conditions.optimized),
        single_launch(launches),
        unsettled(launches),
        target_missed(launches, settings),
        foreign_runtime(launches),
    ];
    let all = all.into_iter().chain(disturbances(launches));
    let mut notes: Vec<Note> = all.flatten().collect();
    notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
    notes
}

/// What there is to say of times.
fn of_time(launches: &[LaunchSamples], floor: Floor) -> [Option<Note>; 7] {
    let optimised_away = optimised_away(launches, floor);
    let cached = cached(launches);
    let at_floor = at_floor(launches, floor, optimised_away.is_some() || cached.is_some());
    // How the time of nothing moves says something of the machine only.
    let is_nothing = optimised_away.is_some() || at_floor.is_some();
    [
        at_floor,
        optimised_away,
        allocates_input(launches),
        slow_start(launches).filter(|_| cached.is_none()),
        cached,
        drifting(launches).filter(|_| !is_nothing),
        two_modes(launches).filter(|_| !is_nothing),
    ]
}

/// Where it is `explained` by another note, it is a remark.
fn at_floor(launches: &[LaunchSamples], floor: Floor, explained: bool) -> Option<Note> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    let note = if explained { Note::remark } else { Note::warning };
    floor.hides(median(&medians)?).then(|| {
        note(
            "at_floor",
            "as fast as an empty loop; if it should do something, the optimiser may have removed \
             it: return the result, or pass the input through `black_box`",
        )
    })
}

fn noisy(launches: &[LaunchSamples]) -> Option<Note> {
    let total: usize = launches.iter().map(|launch| launch.samples.len()).sum();
    let voided = launches.iter().flat_map(|launch| &launch.samples).filter(|s| s.voided).count();
    let share = voided as f64 / total.max(1) as f64;
    (share > NOISY_SHARE).then(|| {
        Note::warning(
            "noisy",
            format!(
                "{:.0} % of the samples were disturbed by other processes; repeat on a quieter \
                 machine",
                share * 100.0
            ),
        )
    })
}

/// Whether times within launches keep moving in one direction, in three quarters of the launches:
/// what a benchmark does it does in each of them, while a machine that changes its speed for a
/// while seldom hits more than half, all the same way.
fn drifting(launches: &[LaunchSamples]) -> Option<Note> {
    let drift = |launch: &LaunchSamples| {
        let times = counting(launch);
        let third = times.len() / 3;
        if third < 10 {
            return None;
        }
        let change = median(&times[times.len() - third..])? / median(&times[..third])? - 1.0;
        let trend = mann_kendall(&times)?;
        (trend.p_value < 0.001 && change.abs() > DRIFT).then_some(change)
    };
    let drifts: Vec<f64> = launches.iter().filter_map(drift).collect();
    let one_way = drifts.iter().all(|d| *d > 0.0) || drifts.iter().all(|d| *d < 0.0);
    (one_way && !drifts.is_empty() && drifts.len() * 4 >= launches.len() * 3).then(|| {
        let change = median(&drifts).unwrap_or(0.0);
        let (direction, cause) = if change > 0.0 {
            ("rise", "keeps state that grows (give each iteration its own `inputs`)")
        } else {
            ("fall", "fills something that later iterations find (do that in `setup`)")
        };
        Note::warning(
            "drifting",
            format!(
                "times {direction} by {:.0} % while a launch goes on: the benchmark {cause}, or the \
                 machine changes its speed (repeat when it is quiet)",
                change.abs() * 100.0
            ),
        )
    })
}

fn two_modes(launches: &[LaunchSamples]) -> Option<Note> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    let modes = bimodal(&medians).or_else(|| {
        let found: Vec<_> =
            launches.iter().filter_map(|launch| bimodal(&counting(launch))).collect();
        (found.len() * 2 > launches.len()).then(|| found.into_iter().next()).flatten()
    })?;
    // Within a single process two groups are common and pass; between processes they stay.
    let note = if launches.len() > 1 { Note::warning } else { Note::remark };
    Some(note(
        "bimodal",
        format!(
            "times fall into two groups, {:.0} % of them about {:.0} % slower: two code paths \
             (bench each by itself), or two states of the machine (repeat when it is quiet)",
            modes.share_high * 100.0,
            (modes.high / modes.low - 1.0) * 100.0
        ),
    ))
}

/// Whether memory is left behind in most launches.
fn leaking(launches: &[LaunchSamples]) -> Option<Note> {
    let found = launches.iter().flat_map(|launch| &launch.usage);
    let leaked: Vec<f64> = found
        .filter(|(name, bytes)| name == metric_name::LEAKED && *bytes > 0.0)
        .map(|(_, bytes)| *bytes)
        .collect();
    (leaked.len() * 2 > launches.len()).then(|| {
        Note::warning(
            "leak",
            format!(
                "every iteration leaves {} allocated: a leak, or state that grows",
                units::bytes(median(&leaked).unwrap_or(0.0))
            ),
        )
    })
}

fn unoptimised(optimized: bool) -> Option<Note> {
    (!optimized).then(|| {
        Note::remark(
            "unoptimised_build",
            "measured without optimisation; the figure says little about a release build",
        )
    })
}

fn single_launch(launches: &[LaunchSamples]) -> Option<Note> {
    (launches.len() == 1).then(|| {
        Note::remark(
            "single_launch",
            "one process only: the interval leaves out what differs between processes",
        )
    })
}

fn unsettled(launches: &[LaunchSamples]) -> Option<Note> {
    let unsettled = launches.iter().filter(|launch| !launch.warmup.settled).count();
    (unsettled > 0).then(|| {
        Note::remark(
            "cap_reached",
            format!(
                "warming up met its cap before times had settled within 0.5 %, in {unsettled} of \
                 {} launches",
                launches.len()
            ),
        )
    })
}

fn target_missed(launches: &[LaunchSamples], settings: &Resolved) -> Option<Note> {
    let target = settings.target_ci?;
    let values: Vec<f64> = launches.iter().filter_map(launch_value).collect();
    let middle = median(&values)?;
    let reached = super::interval_of_launches(&values, true)
        .is_some_and(|interval| (interval.high - interval.low) / 2.0 <= target * middle);
    (!reached).then(|| {
        Note::warning(
            "target_missed",
            format!(
                "the interval is still wider than ± {} % after {} launches",
                target * 100.0,
                launches.len()
            ),
        )
    })
}

fn slow_start(launches: &[LaunchSamples]) -> Option<Note> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    let firsts: Vec<f64> = launches.iter().map(|launch| launch.first_ns).collect();
    let (first, usual) = (median(&firsts)?, median(&medians)?);
    // Below a few microseconds a first call is slow for want of caches, like every first call.
    (first > SLOW_START * usual && first > 10_000.0).then(|| {
        Note::remark(
            "slow_first",
            format!(
                "the first iteration of a process takes {:.0} times as long as the others",
                first / usual
            ),
        )
    })
}

fn foreign_runtime(launches: &[LaunchSamples]) -> Option<Note> {
    launches.iter().any(|launch| launch.foreign_runtime).then(|| {
        Note::remark(
            "foreign_runtime",
            "spawned tasks ran on a thread of their own, because the application drives a \
             current-thread runtime on the thread that measures; call the runner from \
             `spawn_blocking`, or make it `isolated()`, for figures of a current-thread runtime",
        )
    })
}

#[cfg(test)]
mod leak_tests {
    use super::*;
    use crate::analysis::fixture;

    fn launch(leaked: Option<f64>) -> LaunchSamples {
        let usage = leaked.map(|bytes| (metric_name::LEAKED.to_owned(), bytes));
        LaunchSamples { usage: usage.into_iter().collect(), ..fixture::launch(100.0) }
    }

    #[test]
    fn memory_left_behind_in_most_launches_is_a_leak() {
        let told = |launches: &[Option<f64>]| {
            let launches: Vec<LaunchSamples> = launches.iter().copied().map(launch).collect();
            leaking(&launches).map(|note| note.text)
        };
        assert_eq!(
            told(&[Some(64.0), Some(64.0), Some(0.0)]).as_deref(),
            Some("every iteration leaves 64 B allocated: a leak, or state that grows")
        );
        assert_eq!(told(&[Some(64.0), Some(0.0)]), None);
        assert_eq!(told(&[Some(0.0)]), None);
        assert_eq!(told(&[None]), None, "not counted");
        assert_eq!(told(&[]), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::launch;
    use crate::record::Severity;

    /// A launch whose batches become that much slower on the way.
    fn moving(by: f64) -> LaunchSamples {
        let mut launch = launch(100.0);
        let count = launch.samples.len() as f64;
        for (at, sample) in launch.samples.iter_mut().enumerate() {
            sample.elapsed_ns *= 1.0 + by * at as f64 / count;
        }
        launch
    }

    #[test]
    fn a_drift_is_the_benchmarks_where_nearly_every_launch_has_it() {
        let drifts = |by: &[f64]| drifting(&by.iter().map(|by| moving(*by)).collect::<Vec<_>>());
        assert!(drifts(&[0.3, 0.3, 0.3, 0.3]).is_some());
        assert!(drifts(&[0.3, 0.3, 0.3, 0.0]).is_some());
        let words = |by| drifts(&[by, by]).map(|note| note.text).unwrap_or_default();
        assert!(words(0.3).starts_with("times rise by") && words(0.3).contains("grows"));
        assert!(words(-0.3).starts_with("times fall by") && !words(-0.3).contains("grows"));
        assert_eq!(drifts(&[0.3, 0.3, 0.0]), None);
        assert_eq!(drifts(&[0.3, 0.3, 0.3, -0.3]), None);
        assert_eq!(drifts(&[0.02, 0.02, 0.02]), None);
        assert_eq!(drifts(&[0.0]), None);
    }

    #[test]
    fn the_floor_is_no_warning_where_it_is_explained() {
        let launches = [launch(0.5)];
        let floor = Floor { loop_ns: 0.3, high_ns: 0.6 };
        let severity = |explained| at_floor(&launches, floor, explained).map(|note| note.severity);
        assert_eq!(
            (severity(false), severity(true)),
            (Some(Severity::Warning), Some(Severity::Remark))
        );
    }
}
