//! What is there is found, in about as many launches as were announced.

use super::blocks::outlook;
use super::simulate::{Launches, Source, Tally, run, suite_of};
use crate::record::{Rules, Verdict};
use crate::stats::Rng;
use crate::stats::simulate::Noise;

/// Comparisons with that margin and slowdown, both ratios, of at most so many launches.
fn slowed(
    source: Source,
    margin: f64,
    slowdown: f64,
    spread: f64,
    most: u32,
    rng: &mut Rng,
) -> Tally {
    let fresh = suite_of(1, margin);
    let mut launches = Launches::new(source);
    let mut tally = Tally::default();
    for _ in 0..1_000 {
        let mut suite = fresh.clone();
        run(&mut suite, 1, most, |_| launches.draw(rng, slowdown.ln_1p(), spread));
        tally.add(&suite);
    }
    tally
}

#[test]
fn slowdowns_of_twice_the_margin_are_called() {
    let mut rng = Rng::new(71);
    for noise in [Noise::Normal, Noise::Lognormal, Noise::Contaminated, Noise::Quantised] {
        for (slowdown, least) in [(0.01, 990), (0.02, 995), (0.05, 999)] {
            let tally = slowed(Source::Free(noise), slowdown / 2.0, slowdown, 0.01, 500, &mut rng);
            assert!(tally.regressed >= least && tally.improved == 0, "{noise:?}: {tally:?}");
        }
    }
}

#[test]
fn no_change_is_called_equivalent() {
    // 200 launches of 15 ms are the three seconds that are promised.
    let mut rng = Rng::new(72);
    for noise in [Noise::Normal, Noise::Lognormal, Noise::HeavyTails] {
        for spread in [0.001, 0.005, 0.01] {
            let tally = slowed(Source::Free(noise), 0.01, 0.0, spread, 200, &mut rng);
            assert!(tally.equivalent >= 985, "{noise:?}: {tally:?}");
        }
    }
}

#[test]
fn the_announced_effect_is_called() {
    let mut rng = Rng::new(73);
    for launches in [20, 30, 100] {
        for spread in [0.002, 0.02] {
            let effect = outlook(spread, launches, &Rules::default()).unwrap_or(0.0);
            let noise = Source::Free(Noise::Normal);
            let tally = slowed(noise, 0.01, effect, spread, launches, &mut rng);
            // 95 %, less two standard errors of the simulation.
            assert!(tally.regressed >= 936, "{effect} in {launches}: {tally:?}");
        }
    }
}

#[test]
fn one_regression_among_a_hundred_is_discovered() {
    let mut rng = Rng::new(74);
    let fresh = suite_of(100, 0.01);
    let mut launches = Launches::new(Source::Free(Noise::Normal));
    for _ in 0..20 {
        let mut suite = fresh.clone();
        let effect = |at: usize| if at == 57 { 0.03 } else { 0.0 };
        run(&mut suite, 100, 100, |at| launches.draw(&mut rng, effect(at), 0.01));
        let verdicts = suite.verdicts();
        assert_eq!(verdicts[57].0, Verdict::Regressed, "{verdicts:?}");
        assert!(verdicts[57].1 < 40, "{verdicts:?}");
    }
}
