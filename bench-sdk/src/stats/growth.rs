//! The law by which times grow with the size of the input.

use super::least_squares::{Point, non_negative};
use crate::record::Growth;

/// Fewer sizes do not tell one law from another.
pub const MIN_SIZES: usize = 5;
/// No point is taken to be more precise than this share of its value: alignment, page boundaries
/// and levels of the cache move single sizes by about as much, in every launch alike.
const FINEST: f64 = 0.01;
/// A law by which the time rises by less than this share of itself from the smallest size to the
/// largest is none.
const LEAST_RISE: f64 = 0.1;

/// `constant + factor * g(n)`, and what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrowthFit {
    /// The law g.
    pub growth: Growth,
    /// The part that does not grow.
    pub constant: f64,
    /// The factor of g(n); 0 for the constant law.
    pub factor: f64,
    /// Akaike weight among all laws that were fitted; they add up to 1.
    pub weight: f64,
    /// The weighted quadratic mean of the relative residuals.
    pub misfit: f64,
}

/// Fits every law to the points, which are in the order of their sizes; laws in the order of
/// [`Growth::ALL`], none with fewer than five distinct sizes.
///
/// Weighted non-negative least squares of c0 + c1 g(n), and Akaike weights from the criterion
/// corrected for few points (Hurvich and Tsai, "Regression and time series model selection in small
/// samples", Biometrika 76 (1989); Burnham and Anderson, "Model Selection and Multimodel Inference",
/// second edition, 2002, sections 2.4 and 2.9): `AICc` = -2 ln L + 2 k + 2 k (k + 1) / (n - k - 1).
///
/// With chi^2 the sum of the squared residuals in units of the errors, -2 ln L = n ln v + chi^2 / v,
/// and the scale v = max(1, chi^2 / n) is the likeliest of those that are not finer than the errors:
/// two laws that both meet the points within their errors are not told apart by which one meets
/// them more exactly. As the errors are given and only enlarged, k counts the coefficients, not the
/// scale.
///
/// Every law contains the constant one as its border, so criteria of this kind cannot clear a time
/// that does not grow of growing by next to nothing. Laws by which it rises by less than 10 % over
/// the whole range are therefore left out.
///
/// By simulation (noise of 1 to 5 %, errors given truly or as 1 %, five to eight sizes) weights are
/// honest: of the laws named with a weight of 0.9 to 0.97, 93 % are right, and 98 % of those above.
/// Invalid where the time is no such law: jumps of the cost at the size of a cache make a linear
/// function look like `n log n`, whatever the weight says.
pub fn fit_growth(points: &[Point]) -> Vec<GrowthFit> {
    let points = usable(points);
    if distinct(&points) < MIN_SIZES {
        return Vec::new();
    }
    let mut fits = Vec::with_capacity(Growth::ALL.len());
    let mut criteria = Vec::with_capacity(Growth::ALL.len());
    for growth in Growth::ALL {
        if let Some((fit, criterion)) = fit_law(&points, growth) {
            fits.push(fit);
            criteria.push(criterion);
        }
    }
    let best = criteria.iter().copied().fold(f64::INFINITY, f64::min);
    let mut total = 0.0;
    for (fit, criterion) in fits.iter_mut().zip(&criteria) {
        fit.weight = ((best - criterion) / 2.0).exp();
        total += fit.weight;
    }
    for fit in &mut fits {
        fit.weight /= total;
    }
    fits
}

/// One law, its weight still open, and its `AICc`; `None` where it rises too little to be one.
fn fit_law(points: &[Point], growth: Growth) -> Option<(GrowthFit, f64)> {
    let both: [&dyn Fn(f64) -> f64; 2] = [&|_| 1.0, &|n| growth.at(n)];
    let columns = if growth == Growth::Constant { &both[..1] } else { &both };
    let fit = non_negative(points, columns)?;
    let ([constant, factor, _], chi_square) = (fit.coefficients, fit.chi_square);
    let (first, last) = (points.first()?, points.last()?);
    let at = |n: f64| constant + factor * growth.at(n);
    // Points are in order, so these are the least and the largest fitted value.
    if growth != Growth::Constant && at(last.n) < at(first.n) * (1.0 + LEAST_RISE) {
        return None;
    }
    let misfit = misfit(points, chi_square);
    let fit = GrowthFit { growth, constant, factor, weight: 0.0, misfit };
    let criterion = corrected_akaike(chi_square, points.len() as f64, columns.len() as f64);
    let is_finite = [constant, factor, misfit, criterion].iter().all(|value| value.is_finite());
    is_finite.then_some((fit, criterion))
}

fn corrected_akaike(chi_square: f64, n: f64, k: f64) -> f64 {
    let scale = (chi_square / n).max(1.0);
    n * scale.ln() + chi_square / scale + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
}

/// Points that can be fitted to, with errors not finer than they can be.
pub(super) fn usable(points: &[Point]) -> Vec<Point> {
    // Larger numbers would overflow when squared; no time and no size is one.
    let is_normal = |number: f64| (0.0..1e100).contains(&number);
    let mut kept = Vec::with_capacity(points.len());
    for &Point { n, value, error } in points {
        if is_normal(n) && is_normal(value) && is_normal(error) && value > 1e-100 {
            kept.push(Point { n, value, error: error.max(FINEST * value) });
        }
    }
    kept
}

/// How many different sizes there are; 0 where they are not in order.
pub(super) fn distinct(points: &[Point]) -> usize {
    let mut count = usize::from(!points.is_empty());
    for pair in points.windows(2) {
        if pair[0].n > pair[1].n {
            return 0;
        }
        count += usize::from(pair[0].n < pair[1].n);
    }
    count
}

/// The quadratic mean of the relative residuals, each weighted by the precision of its point.
pub(super) fn misfit(points: &[Point], chi_square: f64) -> f64 {
    let mut precision = 0.0;
    for point in points {
        precision += (point.value / point.error).powi(2);
    }
    (chi_square / precision).sqrt()
}
