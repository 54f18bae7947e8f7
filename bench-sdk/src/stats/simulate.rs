//! Seeded noise of the kinds that benchmarks meet, and the promises that must hold under each.

use super::{Interval, Rng, Steadiness, anytime_interval, normal, order, order_interval};

/// A distribution of launch results around its median. The launch is what is drawn: the last two
/// draw the samples of a launch, which depend on each other, and give their median.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Noise {
    /// Normal, standard deviation 1.
    Normal,
    /// Uniform on (-1/2, 1/2).
    Uniform,
    /// The exponential of a normal value of standard deviation 1.
    Lognormal,
    /// The same with 0.3.
    MildLognormal,
    /// Exponential, mean 1.
    Exponential,
    /// Student's t with two degrees of freedom: no variance.
    HeavyTails,
    /// Normal, one in ten with ten times the scatter.
    Contaminated,
    /// Normal, rounded to halves: some seven values in all.
    Quantised,
    /// Lognormal, rounded down to halves.
    QuantisedLognormal,
    /// Seven tenths normal around 0, three tenths around 6.
    Bimodal,
    /// The median of nine samples of which each holds on to 0.7 of the one before.
    Ar1,
    /// The median of nine samples around a level of the launch's own.
    LaunchEffects,
}

impl Noise {
    pub(crate) const ALL: [Self; 12] = [
        Self::Normal,
        Self::Uniform,
        Self::Lognormal,
        Self::MildLognormal,
        Self::Exponential,
        Self::HeavyTails,
        Self::Contaminated,
        Self::Quantised,
        Self::QuantisedLognormal,
        Self::Bimodal,
        Self::Ar1,
        Self::LaunchEffects,
    ];

    /// Those with one mode.
    pub(crate) const UNIMODAL: [Self; 9] = [
        Self::Normal,
        Self::Uniform,
        Self::Lognormal,
        Self::MildLognormal,
        Self::Exponential,
        Self::HeavyTails,
        Self::Contaminated,
        Self::Quantised,
        Self::QuantisedLognormal,
    ];

    /// One value.
    pub(crate) fn draw(self, rng: &mut Rng) -> f64 {
        match self {
            Self::Normal => rng.normal(),
            Self::Uniform => rng.unit() - 0.5,
            Self::Lognormal => rng.normal().exp(),
            Self::MildLognormal => (0.3 * rng.normal()).exp(),
            Self::Exponential => -(1.0 - rng.unit()).ln(),
            Self::HeavyTails => {
                let chi_square = -2.0 * (1.0 - rng.unit()).ln();
                rng.normal() / (chi_square / 2.0).max(1e-300).sqrt()
            }
            Self::Contaminated => rng.normal() * if rng.below(10) == 0 { 10.0 } else { 1.0 },
            Self::Quantised => (rng.normal() * 2.0).round() / 2.0,
            Self::QuantisedLognormal => (rng.normal().exp() * 2.0).floor() / 2.0,
            Self::Bimodal => rng.normal() + if rng.below(10) < 3 { 6.0 } else { 0.0 },
            Self::Ar1 => {
                let mut level = rng.normal() / 0.51_f64.sqrt();
                median_of_nine(|| {
                    level = 0.7 * level + rng.normal();
                    level
                })
            }
            Self::LaunchEffects => {
                let effect = rng.normal();
                median_of_nine(|| effect + rng.normal())
            }
        }
    }

    /// The true median.
    pub(crate) fn median(self) -> f64 {
        match self {
            Self::Lognormal | Self::MildLognormal | Self::QuantisedLognormal => 1.0,
            Self::Exponential => std::f64::consts::LN_2,
            Self::Bimodal => {
                let (mut low, mut high) = (0.0, 6.0);
                for _ in 0..60 {
                    let middle = 0.5 * (low + high);
                    let above =
                        0.7 * normal::upper_tail(middle) + 0.3 * normal::upper_tail(middle - 6.0);
                    if above > 0.5 { low = middle } else { high = middle }
                }
                low
            }
            _ => 0.0,
        }
    }
}

fn median_of_nine(mut next: impl FnMut() -> f64) -> f64 {
    let mut samples = [0.0; 9];
    for sample in &mut samples {
        *sample = next();
    }
    samples.sort_unstable_by(f64::total_cmp);
    samples[4]
}

fn covers(interval: Interval, value: f64) -> bool {
    interval.low <= value && value <= interval.high
}

#[test]
fn fixed_intervals_cover_the_median() {
    let mut rng = Rng::new(31);
    for noise in Noise::ALL {
        for launches in [8, 13, 24, 40] {
            let mut covered = 0_u32;
            for _ in 0..4_000 {
                let values: Vec<f64> = (0..launches).map(|_| noise.draw(&mut rng)).collect();
                let interval = order_interval(&order::sorted(&values), 0.99);
                covered += u32::from(
                    interval.is_some_and(|i| i.level >= 0.99 && covers(i, noise.median())),
                );
            }
            // 98.5 %: three standard errors of the simulation below 99 %.
            assert!(covered >= 3_940, "{noise:?} at {launches}: {covered} of 4000");
        }
    }
}

#[test]
fn the_level_of_few_launches_is_the_true_one() {
    let mut rng = Rng::new(32);
    for noise in [Noise::Normal, Noise::HeavyTails, Noise::LaunchEffects] {
        let mut covered = 0.0;
        for _ in 0..4_000 {
            let values: Vec<f64> = (0..5).map(|_| noise.draw(&mut rng)).collect();
            let interval = order_interval(&order::sorted(&values), 0.99);
            covered += f64::from(u8::from(interval.is_some_and(|i| covers(i, noise.median()))));
        }
        assert!((covered / 4_000.0 - 0.9375_f64).abs() < 0.015, "{noise:?}: {covered}");
    }
}

/// Launches are added until the interval is as narrow as wanted, or 80 are reached; whether it then
/// covers the median, and whether it did at every look.
fn until_narrow(
    noise: Noise,
    target: f64,
    rng: &mut Rng,
    interval: fn(&[f64], f64) -> Option<Interval>,
) -> (bool, bool) {
    let truth = noise.median();
    let mut values: Vec<f64> = Vec::new();
    let (mut last, mut always) = (true, true);
    for launch in 0..80 {
        let value = noise.draw(rng);
        let place = values.partition_point(|other| *other < value);
        values.insert(place, value);
        if launch < 5 {
            continue;
        }
        if let Some(found) = interval(&values, 0.99) {
            last = covers(found, truth);
            always &= last;
            if found.high - found.low <= target {
                break;
            }
        }
    }
    (last, always)
}

#[test]
fn anytime_intervals_cover_whenever_one_stops() {
    let mut rng = Rng::new(33);
    for noise in Noise::ALL {
        let (mut at_stop, mut always) = (0_u32, 0_u32);
        for _ in 0..1_000 {
            // Near 1.2 the width is reached at some 15 to 60 launches for most of these.
            let (last, every) = until_narrow(noise, 1.2, &mut rng, anytime_interval);
            at_stop += u32::from(last);
            always += u32::from(every);
        }
        assert!(at_stop >= 985, "{noise:?} at the stop: {at_stop} of 1000");
        assert!(always >= 985, "{noise:?} at every look: {always} of 1000");
    }
}

#[test]
fn fixed_intervals_would_not_survive_looking() {
    let mut rng = Rng::new(34);
    let covered =
        (0..1_000).filter(|_| until_narrow(Noise::Normal, 1.2, &mut rng, order_interval).0).count();
    assert!(covered < 980, "{covered} of 1000");
}

/// After how many batches warm-up ends, where it does within 900.
fn settles_after(mut batch: impl FnMut(u32) -> f64) -> Option<u32> {
    let mut steadiness = Steadiness::new();
    for i in 0..900 {
        steadiness.push(batch(i));
        if steadiness.settled() {
            return Some(i + 1);
        }
    }
    None
}

#[test]
fn warm_up_ends_on_steady_noise() {
    let mut rng = Rng::new(35);
    let mut early = 0;
    for _ in 0..100 {
        let settled = settles_after(|_| 100.0 * (1.0 + 0.001 * rng.normal()));
        early += u32::from(settled.is_some_and(|batches| batches <= 90));
    }
    assert!(early >= 90, "{early} of 100 settle within ten windows");
}

#[test]
fn warm_up_does_not_end_on_a_ramp_or_behind_noise() {
    let mut rng = Rng::new(36);
    for _ in 0..20 {
        let up = settles_after(|i| {
            100.0 * (1.0 + 0.01 * f64::from(i) / 9.0) * (1.0 + 0.001 * rng.normal())
        });
        assert_eq!(
            up.filter(|batches| *batches < 450),
            None,
            "up, 1 % of the first level a window"
        );
        let down = settles_after(|i| {
            100.0 * 0.99_f64.powf(f64::from(i) / 9.0) * (1.0 + 0.001 * rng.normal())
        });
        assert_eq!(down, None, "down, 1 % a window");
        let noisy = settles_after(|_| 100.0 * (1.0 + 0.05 * rng.normal()));
        assert_eq!(noisy, None, "noise of 5 % a batch");
    }
}
