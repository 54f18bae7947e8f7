//! How a target comes back after a spike, and how bad the spike was.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use super::fixture::{SECOND, plan, tick};
use super::recovery;
use crate::record::load::{Executor, LoadPlan, Phase, PhaseSpan, Stage, Tick};
use crate::stats::Rng;

fn spike_plan() -> LoadPlan {
    let mut plan = plan(true, &[]);
    let stages = vec![Stage { duration_ns: 60 * SECOND, target: 1 }];
    plan.scenarios[0].executor =
        Executor::RampingVus { start_vus: 1, stages, graceful_ramp_down_ns: 0 };
    let span = |phase, from: u64, until: u64| PhaseSpan {
        phase,
        from_ns: from * SECOND,
        until_ns: until * SECOND,
    };
    plan.scenarios[0].phases =
        vec![span(Phase::Steady, 0, 20), span(Phase::Spike, 20, 30), span(Phase::Recovery, 30, 60)];
    plan
}

#[test]
fn recovery_is_when_the_percentile_stays_within_its_interval() {
    let mut rng = Rng::new(7);
    // 10 ms before, 900 in the spike, then falling until second 37, one lucky second before that.
    let mut ticks: Vec<Tick> = (1..=60)
        .map(|second| {
            let noise = 0.1 * rng.normal();
            let ms = match second {
                21..=30 => 900.0,
                33 => 9.5,
                31..=37 => 500.0,
                38.. => 9.9 + 0.01 * noise,
                _ => 10.0 + noise,
            };
            tick(second, Some(ms))
        })
        .collect();
    let found =
        |ticks: &[Tick]| recovery(&spike_plan(), ticks).unwrap_or_else(|| panic!("a spike"));
    let back = found(&ticks);
    assert_eq!(back.recovered_after_ns, Some(7 * SECOND));
    assert_eq!(
        back.words,
        "back 7.0 s after the spike: p95 10.0 ms before the spike, 900 ms in the worst second of the \
         spike"
    );
    // A second in which nothing ended is worse than any.
    ticks[38..].iter_mut().for_each(|tick| tick.p95_ns = None);
    let never = found(&ticks);
    assert_eq!(never.recovered_after_ns, None);
    assert!(never.words.starts_with("not back 30 s after the spike"), "{}", never.words);
    assert!(found(&ticks[17..]).words.contains("too few"));
    assert_eq!(recovery(&plan(true, &[]), &ticks), None);
}

#[test]
fn a_spike_is_as_bad_as_its_worst_second() {
    let mut ticks: Vec<Tick> = (1..=60).map(|second| tick(second, Some(1.0))).collect();
    ticks[24].p95_ns = Some(80e6);
    let found = |ticks: &[Tick]| recovery(&spike_plan(), ticks).unwrap_or_else(|| panic!("spike"));
    assert_eq!(found(&ticks).spike_p95_ns, Some(80e6));
    // A second that lost arrivals has no bound, even where those that ended were quick.
    (ticks[25].iterations, ticks[25].dropped) = (461, 539);
    let lost = found(&ticks);
    assert_eq!(lost.spike_p95_ns, None);
    let words = "no bound in the worst second of the spike: 539 of 1000 arrivals dropped in it";
    assert!(lost.words.replace(['\u{202f}', ','], "").ends_with(words), "{}", lost.words);
    ticks[25] = tick(26, None);
    assert!(found(&ticks).words.ends_with("nothing ended in it"), "{}", found(&ticks).words);
}

#[test]
fn too_short_a_spike_is_told_how_long_it_must_be() {
    // As `--spike-duration 5s` makes it: steady from 0.5 to 5.5 s has four full seconds.
    let mut plan = spike_plan();
    plan.scenarios[0].phases = [(Phase::Steady, 5, 55), (Phase::Spike, 55, 105)]
        .map(|(phase, from, until)| PhaseSpan {
            phase,
            from_ns: from * SECOND / 10,
            until_ns: until * SECOND / 10,
        })
        .to_vec();
    let ticks: Vec<Tick> = (1..=20).map(|second| tick(second, Some(1.0))).collect();
    let words = |plan: &LoadPlan, ticks: &[Tick]| {
        recovery(plan, ticks).unwrap_or_else(|| panic!("a spike")).words
    };
    let short = words(&plan, &ticks);
    assert!(short.starts_with("4 seconds with answers"), "{short}");
    assert!(short.contains("`--spike-duration 6s` is the shortest"), "{short}");
    plan.time_scale = 0.1;
    assert!(words(&plan, &ticks).contains("`--spike-duration 55s`"), "{}", words(&plan, &ticks));
    // Long enough, but hardly anything was asked.
    let idle: Vec<Tick> = (1..=60).map(|at| tick(at, (at > 17).then_some(1.0))).collect();
    assert!(words(&spike_plan(), &idle).contains("raise `--rate`"));
    // A threshold ended it.
    assert!(words(&spike_plan(), &ticks[..3]).contains("the run had ended by then"));
}
