//! What else went on while a case was measured.
//!
//! The kernel counts in ticks of some 10 ms, and a launch takes a few of them: only sums over all
//! launches are judged, and only where they are several ticks.

use crate::bencher::LaunchSamples;
use crate::record::Note;
use crate::resource::Disturbance;

/// Share of the time that a quota may stop the case.
const THROTTLED_SHARE: f64 = 0.01;
/// Share of the wanted processor time that a hypervisor may keep.
const STOLEN_SHARE: f64 = 0.02;
/// Processors that others may keep busy, at least; and the share of all that there are.
const OTHERS: f64 = 1.0 / 3.0;
const OTHERS_SHARE: f64 = 1.0 / 16.0;
/// Less than this, all launches together, is within the error of the ticks.
const STOLEN_NS: f64 = 30e6;
const OTHERS_NS: f64 = 40e6;

/// All remarks on what disturbed the case.
pub(super) fn disturbances(launches: &[LaunchSamples]) -> [Option<Note>; 3] {
    let sum = |pick: fn(&Disturbance) -> Option<f64>| {
        launches.iter().map(|launch| pick(&launch.disturbance)).sum::<Option<f64>>()
    };
    let Some(wall_ns) = sum(|seen| Some(seen.wall_ns)).filter(|wall_ns| *wall_ns > 0.0) else {
        return [None, None, None];
    };
    let processors =
        launches.iter().map(|launch| launch.disturbance.processors).fold(1.0, f64::max);
    let throttled = sum(|seen| seen.throttled_ns).and_then(|ns| throttled(ns / wall_ns));
    let stolen = sum(|seen| seen.stolen_ns).zip(sum(|seen| seen.busy_ns));
    let stolen = stolen.and_then(|(stolen_ns, busy_ns)| {
        stolen_from(stolen_ns, (busy_ns + stolen_ns).max(wall_ns))
    });
    let others = sum(|seen| seen.others_ns);
    let busy = others.and_then(|others_ns| busy_machine(others_ns, wall_ns, processors));
    [throttled, stolen, busy]
}

fn throttled(share: f64) -> Option<Note> {
    (share > THROTTLED_SHARE).then(|| {
        Note::warning(
            "throttled",
            format!(
                "the processor quota of the cgroup was used up for about {:.0} % of the time: \
                 measure where the limit is higher, or with fewer threads",
                (share * 100.0).min(100.0)
            ),
        )
    })
}

fn stolen_from(stolen_ns: f64, wanted_ns: f64) -> Option<Note> {
    let share = stolen_ns / wanted_ns;
    (stolen_ns >= STOLEN_NS && share > STOLEN_SHARE).then(|| {
        Note::warning(
            "stolen",
            format!(
                "the hypervisor kept about {:.0} % of the processor time for others: repeat when \
                 the host is quieter, or on a machine of its own",
                share * 100.0
            ),
        )
    })
}

fn busy_machine(others_ns: f64, wall_ns: f64, processors: f64) -> Option<Note> {
    let others = others_ns / wall_ns;
    (others_ns >= OTHERS_NS && others > OTHERS.max(OTHERS_SHARE * processors)).then(|| {
        // Not known better than to a half, and cases that share a text share a line.
        let halves = (2.0 * others).round().max(1.0) / 2.0;
        let noun = if halves < 1.0 { "of a processor" } else { "processors" };
        Note::warning(
            "busy_machine",
            format!(
                "other processes used about {halves} {noun} while this was measured: repeat on a \
                 quieter machine"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::launch;

    /// Four launches of 100 ms in which this happened.
    fn codes(seen: Disturbance) -> Vec<String> {
        let mut launch = launch(10.0);
        launch.disturbance = Disturbance { wall_ns: 100e6, ..seen };
        let notes = disturbances(&[launch.clone(), launch.clone(), launch.clone(), launch]);
        notes.into_iter().flatten().map(|note| note.code).collect()
    }

    const QUIET: Disturbance = Disturbance {
        wall_ns: 0.0,
        processors: 2.0,
        busy_ns: Some(105e6),
        others_ns: Some(5e6),
        stolen_ns: Some(1e6),
        throttled_ns: Some(0.5e6),
    };

    #[test]
    fn each_disturbance_has_its_limit() {
        assert_eq!(codes(QUIET), [""; 0]);
        assert_eq!(codes(Disturbance { throttled_ns: Some(2e6), ..QUIET }), ["throttled"]);
        assert_eq!(codes(Disturbance { stolen_ns: Some(10e6), ..QUIET }), ["stolen"]);
        assert_eq!(codes(Disturbance { others_ns: Some(50e6), ..QUIET }), ["busy_machine"]);
        let unknown = Disturbance { others_ns: None, stolen_ns: None, ..QUIET };
        assert_eq!(codes(Disturbance { throttled_ns: None, ..unknown }), [""; 0]);
    }

    #[test]
    fn what_one_tick_could_be_is_not_told() {
        let mut launch = launch(10.0);
        launch.disturbance = Disturbance { wall_ns: 20e6, throttled_ns: None, ..QUIET };
        launch.disturbance.others_ns = Some(20e6);
        launch.disturbance.stolen_ns = Some(10e6);
        assert_eq!(disturbances(&[launch]), [None, None, None]);
    }

    #[test]
    fn a_large_machine_has_room_for_others() {
        let large = Disturbance { processors: 64.0, others_ns: Some(300e6), ..QUIET };
        assert_eq!(codes(large), [""; 0]);
        assert_eq!(codes(Disturbance { others_ns: Some(600e6), ..large }), ["busy_machine"]);
    }
}
