//! However often one looks: calls of nothing, and of the wrong thing, are rare.

use super::simulate::{Launches, Source, Tally, any_spread, run, suite_of};
use super::suite::Suite;
use crate::record::{Rules, Verdict};
use crate::stats::Rng;
use crate::stats::simulate::Noise;

/// Comparisons without a difference at any spread, each looked at after every launch.
fn same_against_same(source: Source, margin: f64, repeats: u32, rng: &mut Rng) -> Tally {
    let fresh = suite_of(1, margin);
    let mut launches = Launches::new(source);
    let mut tally = Tally::default();
    for _ in 0..repeats {
        let mut suite = fresh.clone();
        let spread = any_spread(rng);
        run(&mut suite, 1, 60, |_| launches.draw(rng, 0.0, spread));
        tally.add(&suite);
    }
    tally
}

#[test]
fn nothing_is_seldom_called_something() {
    let mut rng = Rng::new(61);
    let often = [
        Noise::Normal,
        Noise::Exponential,
        Noise::HeavyTails,
        Noise::Contaminated,
        Noise::QuantisedLognormal,
    ];
    for noise in often {
        let tally = same_against_same(Source::Free(noise), 0.01, 20_000, &mut rng);
        assert!(tally.calls() <= 100, "{noise:?}: {tally:?} of 20,000");
    }
    for noise in Noise::ALL {
        let tally = same_against_same(Source::Free(noise), 0.01, 3_000, &mut rng);
        // 0.5 % and two standard errors of the simulation.
        assert!(tally.calls() <= 23, "{noise:?}: {tally:?} of 3,000");
    }
}

#[test]
fn looking_after_every_launch_costs_nothing() {
    let mut rng = Rng::new(62);
    // Without a margin nothing but the evidence stands in the way, and nothing ends the looking.
    for noise in [Noise::Normal, Noise::Lognormal, Noise::Quantised] {
        let tally = same_against_same(Source::Free(noise), 0.0, 4_000, &mut rng);
        assert!(tally.calls() <= 29 && tally.equivalent == 0, "{noise:?}: {tally:?} of 4,000");
    }
}

#[test]
fn launches_that_depend_on_each_other_are_mostly_found_out() {
    let mut rng = Rng::new(63);
    // What each launch holds on to of the one before, and the calls of 3,000 that are let through.
    // Ten launches do not show all dependence there is; strong one is beyond medians of four.
    for (kept, most) in [(-0.5, 15), (0.2, 20), (0.3, 36), (0.5, 75), (0.7, 150)] {
        let tally = same_against_same(Source::Chain(kept), 0.01, 3_000, &mut rng);
        assert!(tally.calls() <= most, "{kept}: {tally:?} of 3,000");
    }
}

#[test]
fn suites_raise_no_more_alarms_than_single_comparisons() {
    let mut rng = Rng::new(64);
    // Fewer of the large suites, as each costs a hundred times as much.
    for (comparisons, suites) in [(10, 3_000), (100, 250)] {
        let fresh = suite_of(comparisons, 0.01);
        let mut kinds = Noise::ALL.map(|noise| Launches::new(Source::Free(noise)));
        let mut alarmed = 0;
        for _ in 0..suites {
            let mut suite = fresh.clone();
            let launches = &mut kinds[rng.below(9) as usize];
            let spreads: Vec<f64> = (0..comparisons).map(|_| any_spread(&mut rng)).collect();
            run(&mut suite, comparisons, 40, |at| launches.draw(&mut rng, 0.0, spreads[at]));
            let mut tally = Tally::default();
            tally.add(&suite);
            alarmed += u32::from(tally.calls() > 0);
        }
        assert!(f64::from(alarmed) <= 0.05 * f64::from(suites), "{alarmed} of {suites}");
    }
}

#[test]
fn few_of_the_discoveries_are_false() {
    // A weak alpha, and no margin: only e-BH stands in the way.
    let rules = Rules { alpha: 0.5, ..Rules::default() };
    let mut fresh = Suite::new(rules);
    for _ in 0..20 {
        fresh.add(0.0, None);
    }
    let mut rng = Rng::new(65);
    let mut launches = Launches::new(Source::Free(Noise::Normal));
    let (mut share, mut found) = (0.0, 0);
    for _ in 0..400 {
        let mut suite = fresh.clone();
        // Every other one differs, half of these to either side.
        let effect = |at: usize| [0.0, 0.01, 0.0, -0.01][at % 4];
        run(&mut suite, 20, 40, |at| launches.draw(&mut rng, effect(at), 0.01));
        let (mut right, mut wrong) = (0, 0);
        for (at, (verdict, _)) in suite.verdicts().into_iter().enumerate() {
            let truth = [
                Verdict::Inconclusive,
                Verdict::Regressed,
                Verdict::Inconclusive,
                Verdict::Improved,
            ][at % 4];
            if matches!(verdict, Verdict::Regressed | Verdict::Improved) {
                *if verdict == truth { &mut right } else { &mut wrong } += 1;
            }
        }
        share += f64::from(wrong) / f64::from((right + wrong).max(1));
        found += right;
    }
    assert!(share / 400.0 <= 0.05 && found > 3_000, "{share} {found}");
}

#[test]
fn verdicts_do_not_race() {
    let mut rng = Rng::new(66);
    let mut launches = Launches::new(Source::Free(Noise::Normal));
    let fresh = suite_of(1, 0.01);
    for times_margin in [0.25, 0.5, 1.0, 2.0] {
        for spread in [0.003, 0.01, 0.03] {
            let mut tally = Tally::default();
            for _ in 0..1_000 {
                let mut suite = fresh.clone();
                let effect = times_margin * 0.01_f64.ln_1p();
                run(&mut suite, 1, 150, |_| launches.draw(&mut rng, effect, spread));
                tally.add(&suite);
            }
            let wrong = match times_margin {
                // Slower it is; that it is by less than matters only makes the call rarer.
                0.5 => tally.regressed / 5,
                small if small < 0.5 => tally.regressed,
                _ => tally.equivalent,
            };
            // 0.25 %, and three standard errors of the simulation.
            assert!(wrong <= 8 && tally.improved <= 8, "{times_margin} {spread}: {tally:?}");
        }
    }
}
