//! Seeded launches of the kinds that comparisons meet, and suites that are run on them.

use super::suite::Suite;
use crate::record::{Rules, Verdict};
use crate::stats::simulate::Noise;
use crate::stats::{Rng, robust_sd};

/// How the values of launches come about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// Each by itself.
    Free(Noise),
    /// Each holds on to that share of the one before.
    Chain(f64),
}

/// Launches with a median of 0 and a robust standard deviation of 1, scaled and moved.
#[derive(Clone, Debug)]
pub(super) struct Launches {
    source: Source,
    median: f64,
    scale: f64,
    level: f64,
}

impl Launches {
    pub(super) fn new(source: Source) -> Self {
        let mut launches = Self { source, median: 0.0, scale: 1.0, level: 0.0 };
        if let Source::Free(noise) = source {
            launches.median = noise.median();
        }
        let mut rng = Rng::new(60);
        let draws: Vec<f64> = (0..4_000).map(|_| launches.draw(&mut rng, 0.0, 1.0)).collect();
        launches.scale = robust_sd(&draws).filter(|sd| *sd > 0.0).unwrap_or(1.0);
        launches
    }

    /// The next one around `effect`, both on the scale of d.
    pub(super) fn draw(&mut self, rng: &mut Rng, effect: f64, spread: f64) -> f64 {
        let raw = match self.source {
            Source::Free(noise) => noise.draw(rng) - self.median,
            Source::Chain(kept) => {
                self.level = kept * self.level + (1.0 - kept * kept).sqrt() * rng.normal();
                self.level
            }
        };
        effect + spread * raw / self.scale
    }
}

/// A spread from 0.1 to 5 %, all orders of size alike.
pub(super) fn any_spread(rng: &mut Rng) -> f64 {
    0.001 * 50.0_f64.powf(rng.unit())
}

/// A suite of so many comparisons by the usual rules, each with the given margin.
pub(super) fn suite_of(comparisons: usize, margin: f64) -> Suite {
    let mut suite = Suite::new(Rules::default());
    for _ in 0..comparisons {
        suite.add(margin, None);
    }
    suite
}

/// Gives launches, one for each comparison in turn, until all are settled or have `most` of them.
pub(super) fn run(
    suite: &mut Suite,
    comparisons: usize,
    most: u32,
    mut next: impl FnMut(usize) -> f64,
) {
    for _ in 0..most {
        let mut open = false;
        for index in 0..comparisons {
            if !suite.settled(index) {
                suite.push(index, next(index));
                open = true;
            }
        }
        if !open {
            return;
        }
    }
}

/// How often each verdict was given.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) regressed: u32,
    pub(super) improved: u32,
    pub(super) equivalent: u32,
    pub(super) inconclusive: u32,
    pub(super) launches: u32,
}

impl Tally {
    pub(super) fn add(&mut self, suite: &Suite) {
        for (verdict, launches) in suite.verdicts() {
            self.launches += launches;
            *match verdict {
                Verdict::Regressed => &mut self.regressed,
                Verdict::Improved => &mut self.improved,
                Verdict::Equivalent => &mut self.equivalent,
                Verdict::Inconclusive | Verdict::NotComparable => &mut self.inconclusive,
            } += 1;
        }
    }

    pub(super) fn calls(&self) -> u32 {
        self.regressed + self.improved
    }
}
