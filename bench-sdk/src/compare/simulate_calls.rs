//! What must hold however often one looks: calls of nothing, and of the wrong thing, are rare.

use super::simulate::{Launches, Source, Tally, any_spread, run, suite_of};
use crate::stats::Rng;
use crate::stats::simulate::Noise;

/// A/A comparisons at any spread, each looked at after every launch.
fn same_against_same(source: Source, repeats: u32, rng: &mut Rng) -> Tally {
    let fresh = suite_of(1, 0.01);
    let mut launches = Launches::new(source);
    let mut tally = Tally::default();
    for _ in 0..repeats {
        let mut suite = fresh.clone();
        let spread = any_spread(rng);
        run(&mut suite, 1, 100, |_| launches.draw(rng, 0.0, spread));
        tally.add(&suite);
    }
    tally
}

#[test]
fn nothing_is_seldom_called_something() {
    let mut rng = Rng::new(61);
    for noise in Noise::ALL {
        let start = std::time::Instant::now();
        let tally = same_against_same(Source::Free(noise), 4_000, &mut rng);
        eprintln!("{noise:?} {tally:?} {:?}", start.elapsed());
    }
    for kept in [-0.3, 0.2, 0.3, 0.5, 0.7, 0.9] {
        let start = std::time::Instant::now();
        let tally = same_against_same(Source::Chain(kept), 4_000, &mut rng);
        eprintln!("{kept:?} {tally:?} {:?}", start.elapsed());
    }
}
