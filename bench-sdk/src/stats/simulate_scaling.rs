//! What the fits of growth and scalability promise, under seeded noise.

#![expect(clippy::unwrap_used, reason = "a fit that is not there fails the test")]

use super::{Bounded, Point, Rng, fit_growth, fit_scalability};
use crate::record::Growth;

/// Sizes as people choose them.
const SIZES: [&[f64]; 5] = [
    &[64.0, 256.0, 1024.0, 4096.0, 16384.0],
    &[16.0, 32.0, 64.0, 128.0, 256.0, 512.0],
    &[10.0, 20.0, 30.0, 40.0, 50.0],
    &[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0],
    &[1.0, 2.0, 4.0, 8.0, 16.0],
];
/// Multiplicative noise of a point.
const NOISES: [f64; 4] = [0.01, 0.02, 0.03, 0.05];

/// Points of a law, with noise that their errors tell truly or, every other time, put at 1 %.
fn points(
    sizes: &[f64],
    noise: f64,
    told: bool,
    rng: &mut Rng,
    law: impl Fn(f64) -> f64,
) -> Vec<Point> {
    let point = |n: &f64| {
        let value = law(*n) * (noise * rng.normal()).exp();
        Point { n: *n, value, error: value * if told { noise } else { 0.01 } }
    };
    sizes.iter().map(point).collect()
}

/// A law whose growing part is at most `share` times the other one.
fn law(growth: Growth, sizes: &[f64], share: f64) -> impl Fn(f64) -> f64 {
    let largest = sizes.iter().map(|n| growth.at(*n)).fold(0.0, f64::max);
    let share = if growth == Growth::Constant { 0.0 } else { share };
    move |n| 100.0 * (1.0 + share * growth.at(n) / largest)
}

/// The law with the most weight, and that weight.
fn named(points: &[Point]) -> (Growth, f64) {
    let fits = fit_growth(points);
    let total: f64 = fits.iter().map(|fit| fit.weight).sum();
    assert!((total - 1.0).abs() < 1e-9, "{fits:?}");
    fits.iter().fold((Growth::Constant, 0.0), |best, fit| {
        if fit.weight > best.1 { (fit.growth, fit.weight) } else { best }
    })
}

fn pick<T: Copy>(of: &[T], rng: &mut Rng) -> T {
    of[rng.below(of.len() as u64) as usize]
}

#[test]
fn laws_are_named_over_a_wide_range() {
    let mut rng = Rng::new(51);
    for growth in Growth::ALL {
        let mut right = 0;
        for round in 0..300 {
            let law = law(growth, SIZES[0], 30.0);
            let points = points(SIZES[0], 0.02, round % 2 == 0, &mut rng, law);
            right += u32::from(named(&points).0 == growth);
        }
        assert!(right >= 255, "{growth:?}: {right} of 300");
    }
}

#[test]
fn weights_mean_what_they_say() {
    let mut rng = Rng::new(52);
    // Up to this weight: how many were named, and how many of these rightly.
    let mut bins = [(0.5, 0, 0), (0.7, 0, 0), (0.9, 0, 0), (0.97, 0, 0), (1.1, 0, 0)];
    for round in 0..6_000 {
        let (growth, sizes) = (pick(&Growth::ALL, &mut rng), pick(&SIZES, &mut rng));
        let share = 10_f64.powf(rng.unit() * 3.0 - 1.5);
        let law = law(growth, sizes, share);
        let noise = pick(&NOISES, &mut rng);
        let points = points(sizes, noise, round % 2 == 0, &mut rng, &law);
        let rises = law(sizes[sizes.len() - 1]) >= 1.1 * law(sizes[0]);
        let truth = if rises { growth } else { Growth::Constant };
        let (found, weight) = named(&points);
        if let Some(bin) = bins.iter_mut().find(|bin| weight < bin.0) {
            bin.1 += 1;
            bin.2 += u32::from(found == truth);
        }
    }
    for ((upper, named, right), least) in bins.into_iter().zip([0.25, 0.48, 0.68, 0.86, 0.94]) {
        let share = f64::from(right) / f64::from(named);
        assert!(named > 200 && share >= least, "weight below {upper}: {share} of {named}");
    }
}

#[test]
fn a_linear_function_is_rarely_said_to_grow_faster() {
    let mut rng = Rng::new(53);
    for noise in NOISES {
        for sizes in SIZES {
            let mut sure = 0;
            for round in 0..400 {
                let share = 10_f64.powf(rng.unit() * 2.5 - 0.5);
                let law = law(Growth::Linear, sizes, share);
                let points = points(sizes, noise, round % 2 == 0, &mut rng, law);
                let (found, weight) = named(&points);
                sure += u32::from(found > Growth::Linear && weight >= 0.9);
            }
            // Stated: 40 of 400 at a weight of 0.9.
            assert!(sure <= 30, "{noise} {sizes:?}: {sure} of 400");
        }
    }
}

#[test]
fn a_time_that_does_not_grow_is_said_not_to() {
    let mut rng = Rng::new(54);
    for noise in NOISES {
        for sizes in SIZES {
            let (mut right, mut sure) = (0, 0);
            for round in 0..300 {
                let points = points(sizes, noise, round % 2 == 0, &mut rng, |_| 100.0);
                let (found, weight) = named(&points);
                right += u32::from(found == Growth::Constant);
                sure += u32::from(found != Growth::Constant && weight >= 0.9);
            }
            assert!(right >= 275 && sure <= 3, "{noise} {sizes:?}: {right} and {sure} of 300");
        }
    }
}

#[test]
fn too_little_is_no_fit() {
    let at = |n: f64| Point { n, value: 10.0 * n, error: 0.1 };
    let four = [1.0, 2.0, 3.0, 4.0, 4.0].map(at);
    assert!(fit_growth(&four).is_empty() && fit_growth(&[]).is_empty());
    let mut broken = [1.0, 2.0, 3.0, 4.0, 5.0].map(at);
    assert!(!fit_growth(&broken).is_empty());
    for (value, error) in [(f64::NAN, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0, f64::INFINITY)] {
        (broken[2].value, broken[2].error) = (value, error);
        assert!(fit_growth(&broken).is_empty(), "{value} {error}");
    }
    assert!(fit_growth(&[1.0, 2.0, 4.0, 3.0, 5.0, 6.0].map(at)).is_empty());
    assert_eq!(fit_scalability(&[1.0, 2.0, 3.0].map(at), 1), None);
    assert_eq!(fit_scalability(&[0.0, 1.0, 2.0, 3.0].map(at), 1), None);
}

#[test]
fn extremes_stay_finite() {
    for (factor, scale) in [(1e-90, 1.0), (1e90, 1.0), (1.0, 1e25), (1e60, 1e28)] {
        let points = [0.0, 1.0, 2.0, 3.0, 5.0, 9.0].map(|n| Point {
            n: n * scale,
            value: factor * (1.0 + n * n),
            error: 0.0,
        });
        for fit in fit_growth(&points) {
            for number in [fit.constant, fit.factor, fit.weight, fit.misfit] {
                assert!(number.is_finite() && number >= 0.0, "{fit:?}");
            }
        }
    }
}

/// The time of an iteration on `n` threads.
fn shared(lambda: f64, sigma: f64, kappa: f64) -> impl Fn(f64) -> f64 {
    move |n| (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0)) / lambda
}

#[test]
fn exact_points_give_their_law_back() {
    let sizes = [1.0, 2.0, 4.0, 8.0];
    let points = points(&sizes, 0.0, true, &mut Rng::new(0), shared(0.02, 0.08, 0.005));
    let law = fit_scalability(&points, 1).unwrap();
    let near = |bounded: Bounded, truth: f64| (bounded.estimate / truth - 1.0).abs() < 1e-6;
    assert!(near(law.lambda, 0.02) && near(law.sigma, 0.08) && near(law.kappa, 0.005), "{law:?}");
    assert!(law.peak.is_some_and(|peak| near(peak, (0.92_f64 / 0.005).sqrt())), "{law:?}");
    assert_eq!((law.level, law.lambda.low), (None, None));
}

#[test]
fn threads_that_do_not_hinder_each_other_have_no_peak() {
    let levels = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0];
    let free = points(&levels, 0.0, true, &mut Rng::new(0), shared(0.02, 0.0, 0.0));
    let law = fit_scalability(&free, 1).unwrap();
    assert_eq!((law.peak, law.sigma.estimate, law.kappa.estimate), (None, 0.0, 0.0));
    // One lock around everything: the throughput is that of one thread, at best.
    let locked = points(&levels, 0.0, true, &mut Rng::new(0), shared(0.02, 1.2, 0.0));
    let law = fit_scalability(&locked, 1).unwrap();
    assert!(law.peak.is_some_and(|peak| (peak.estimate - 1.0).abs() < 1e-9), "{law:?}");
}

#[test]
fn intervals_cover_the_truth_and_repeat() {
    let mut rng = Rng::new(55);
    let levels: [&[f64]; 2] =
        [&[1.0, 2.0, 4.0, 8.0, 12.0, 16.0], &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0]];
    for (sigma, kappa) in [(0.08, 0.002), (0.3, 0.0005), (0.02, 0.01)] {
        for (noise, told) in [(0.02, true), (0.03, false)] {
            let mut covered = [0; 4];
            for round in 0..60 {
                let law = shared(0.02, sigma, kappa);
                let points = points(levels[round % 2], noise, told, &mut rng, law);
                let law = fit_scalability(&points, rng.next_u64()).unwrap();
                assert_eq!(law.level, Some(0.95));
                let peak = ((1.0 - sigma) / kappa).sqrt();
                let none = Bounded { estimate: f64::INFINITY, low: None, high: None };
                let pairs = [
                    (law.lambda, 0.02),
                    (law.sigma, sigma),
                    (law.kappa, kappa),
                    (law.peak.unwrap_or(none), peak),
                ];
                for (count, (found, truth)) in covered.iter_mut().zip(pairs) {
                    let is_above = found.low.is_none_or(|low| low <= truth);
                    *count += u32::from(is_above && found.high.is_none_or(|high| truth <= high));
                }
            }
            assert!(covered.iter().all(|count| *count >= 53), "{covered:?} of 60");
        }
    }
    let same = points(levels[0], 0.02, true, &mut rng, shared(0.02, 0.1, 0.001));
    assert_eq!(fit_scalability(&same, 7), fit_scalability(&same, 7));
}
