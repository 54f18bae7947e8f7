//! The universal scalability law.

use super::growth::{distinct, misfit, usable};
use super::least_squares::{Point, non_negative};
use super::{Rng, order};

/// Fewer levels do not determine three coefficients with anything to spare.
pub const MIN_LEVELS: usize = 4;
/// Fewer levels say too little of the scatter for intervals.
const MIN_LEVELS_FOR_INTERVALS: usize = 6;
/// Confidence level of the intervals.
const LEVEL: f64 = 0.95;
/// Fits to simulated points.
const REPETITIONS: usize = 1_000;

/// A number with its interval; beside a lower end, no upper one means that nothing bounds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    /// The number.
    pub estimate: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalability {
    /// Throughput of one thread, the inverse of the unit of the times.
    pub lambda: Bounded,
    /// Contention.
    pub sigma: Bounded,
    /// Crosstalk.
    pub kappa: Bounded,
    /// The N of the highest throughput, at least 1; `None` where it never falls.
    pub peak: Option<Bounded>,
    /// Level of the intervals, where there are any.
    pub level: Option<f64>,
    /// The weighted quadratic mean of the relative residuals.
    pub misfit: f64,
}

/// Fits the law to the times that one iteration takes where N threads run one each, in the order of
/// N; `None` with fewer than four distinct N. Intervals from six on.
///
/// Gunther, "Guerrilla Capacity Planning", 2007, chapters 4 and 5. With X = N / t it is linear in
/// the time, t = (1 + sigma (N - 1) + kappa N (N - 1)) / lambda, and is fitted so, weighted and
/// non-negative: sigma and kappa are not, as costs, negative. The throughput is highest at
/// sqrt((1 - sigma) / kappa).
///
/// Intervals are percentiles of fits to points that are simulated from the fitted law (a parametric
/// bootstrap: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 6.5), with the
/// errors given or, where the residuals say that these are too small, larger ones: their scale is
/// drawn anew for each repetition from what n - 3 residuals leave open, which is what makes a t
/// interval wider than a normal one. Residuals themselves, six at the least, would be too few to
/// draw from. By simulation they cover in 92 to 100 %. Invalid where threads outnumber processors:
/// what is fitted then is the machine.
pub fn fit_scalability(points: &[Point], seed: u64) -> Option<Scalability> {
    let points = usable(points);
    let levels = distinct(&points);
    if levels < MIN_LEVELS || points.iter().any(|point| point.n < 1.0) {
        return None;
    }
    let (coefficients, chi_square) = fit(&points)?;
    let [lambda, sigma, kappa, peak] = parameters(coefficients)?;
    let fitted = |estimate: f64| Bounded { estimate, low: None, high: None };
    let mut law = Scalability {
        lambda: fitted(lambda),
        sigma: fitted(sigma),
        kappa: fitted(kappa),
        peak: peak.is_finite().then(|| fitted(peak)),
        level: None,
        misfit: misfit(&points, chi_square),
    };
    if levels >= MIN_LEVELS_FOR_INTERVALS {
        let [lambdas, sigmas, kappas, peaks] = repeat(&points, coefficients, chi_square, seed);
        bound(&mut law.lambda, &lambdas);
        bound(&mut law.sigma, &sigmas);
        bound(&mut law.kappa, &kappas);
        if let Some(peak) = &mut law.peak {
            bound(peak, &peaks);
        }
        law.level = Some(LEVEL);
    }
    Some(law)
}

/// The coefficients of the time and chi^2.
fn fit(points: &[Point]) -> Option<([f64; 3], f64)> {
    let fit = non_negative(points, &[&|_| 1.0, &|n| n - 1.0, &|n| n * (n - 1.0)])?;
    Some((fit.coefficients, fit.chi_square))
}

/// lambda, sigma, kappa and the peak, infinite where there is none; `None` where one thread would
/// take no time.
fn parameters([one, turns, pairs]: [f64; 3]) -> Option<[f64; 4]> {
    let (lambda, sigma, kappa) = (1.0 / one, turns / one, pairs / one);
    let peak = if sigma >= 1.0 { 1.0 } else { ((1.0 - sigma) / kappa).sqrt().max(1.0) };
    (lambda + sigma + kappa).is_finite().then_some([lambda, sigma, kappa, peak])
}

/// Parameters of fits to points simulated from the law.
fn repeat(points: &[Point], coefficients: [f64; 3], chi_square: f64, seed: u64) -> [Vec<f64>; 4] {
    let mut rng = Rng::new(seed);
    let [one, turns, pairs] = coefficients;
    let mut simulated = points.to_vec();
    let mut found: [Vec<f64>; 4] = Default::default();
    for _ in 0..REPETITIONS {
        let mut drawn = 0.0;
        for _ in coefficients.len()..points.len() {
            drawn += rng.normal().powi(2);
        }
        let scale = (chi_square / drawn).clamp(1.0, 1e12).sqrt();
        for point in &mut simulated {
            let fitted = one + turns * (point.n - 1.0) + pairs * point.n * (point.n - 1.0);
            point.value = fitted + scale * point.error * rng.normal();
        }
        let Some(parameters) = fit(&simulated).and_then(|fit| parameters(fit.0)) else { continue };
        for (list, parameter) in found.iter_mut().zip(parameters) {
            list.push(parameter);
        }
    }
    found
}

/// Sets the interval; what is infinite lies above everything else.
fn bound(bounded: &mut Bounded, repeated: &[f64]) {
    let finite = order::sorted(repeated);
    let at = |share: f64| {
        let value = finite.get((repeated.len() as f64 * share) as usize).copied();
        value.filter(|value| value.is_finite())
    };
    let beyond = (1.0 - LEVEL) / 2.0;
    let (low, high) = (at(beyond), at(1.0 - beyond));
    bounded.low = low.map(|low| low.min(bounded.estimate));
    bounded.high = high.map(|high| high.max(bounded.estimate));
}
