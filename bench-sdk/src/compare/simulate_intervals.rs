//! Intervals hold whenever one looks, and nothing depends on which side is called the baseline.

use super::simulate::{Launches, Source, any_spread, run, suite_of};
use super::trial::Trial;
use crate::record::Verdict;
use crate::stats::simulate::Noise;
use crate::stats::{Bound, Rng};

#[test]
fn intervals_hold_at_the_stop_and_at_every_look() {
    let mut rng = Rng::new(81);
    let mut bound = Bound::new(400.0_f64.ln());
    for noise in [Noise::Normal, Noise::Lognormal, Noise::HeavyTails, Noise::Quantised] {
        let mut launches = Launches::new(Source::Free(noise));
        let (mut at_stop, mut always) = (0, 0);
        for _ in 0..1_000 {
            let effect = 0.02 * rng.unit();
            let spread = any_spread(&mut rng);
            let mut trial = Trial::new(0.01, None);
            let (mut stopped, mut every) = (None, true);
            for _ in 0..50 {
                trial.push(launches.draw(&mut rng, effect, spread), &mut bound);
                let Some(ratio) = trial.ratio(0.0025, &mut bound) else { continue };
                let Some((low, high)) = ratio.low.zip(ratio.high) else { continue };
                let covers =
                    low <= effect.exp() * (1.0 + 1e-12) && effect.exp() <= high * (1.0 + 1e-12);
                every &= covers;
                let standing = trial.standing();
                if stopped.is_none() && (standing.equivalent || standing.call.is_some()) {
                    stopped = Some(covers);
                }
            }
            at_stop += u32::from(stopped.unwrap_or(every));
            always += u32::from(every);
        }
        // 99.5 %, less two standard errors of the simulation.
        assert!(at_stop >= 990 && always >= 990, "{noise:?}: {at_stop}, {always} of 1000");
    }
}

#[test]
fn swapped_sides_give_the_mirrored_verdict() {
    let mut rng = Rng::new(82);
    let mut seen = [0; 4];
    for repeat in 0..400 {
        let noise = Noise::ALL[repeat % Noise::ALL.len()];
        let source = if repeat % 5 == 0 { Source::Chain(0.6) } else { Source::Free(noise) };
        let mut launches = Launches::new(source);
        let (mut there, mut back) = (suite_of(3, 0.01), suite_of(3, 0.01));
        let spread = any_spread(&mut rng);
        let effect = |at: usize| [0.0, 0.02, -0.05][at];
        let mut drawn = Vec::new();
        run(&mut there, 3, 60, |at| {
            let d = launches.draw(&mut rng, effect(at), spread);
            drawn.push((at, d));
            d
        });
        for (at, d) in drawn {
            assert!(!back.settled(at), "settled earlier than the other way round");
            back.push(at, -d);
        }
        for (a, b) in there.judge().iter().zip(back.judge()) {
            let mirrored = match a.verdict {
                Verdict::Regressed => Verdict::Improved,
                Verdict::Improved => Verdict::Regressed,
                same => same,
            };
            assert_eq!((mirrored, a.launches, a.e_value), (b.verdict, b.launches, b.e_value));
            let near = |x: Option<f64>, y: Option<f64>| match (x, y) {
                (Some(x), Some(y)) => (x * y - 1.0).abs() < 1e-12,
                (x, y) => x.is_none() && y.is_none(),
            };
            let Some((r, s)) = a.ratio.zip(b.ratio) else { continue };
            assert!(near(r.low, s.high) && near(r.high, s.low), "{r:?} {s:?}");
            assert!(near(Some(r.estimate), Some(s.estimate)), "{r:?} {s:?}");
            seen[a.verdict as usize] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
}
