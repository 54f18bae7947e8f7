//! The incomplete beta function, which the tails of several distributions are.

use std::f64::consts::TAU;

/// The regularised incomplete beta function `I_x(a, b)` for a, b > 0; 0 below x = 0, 1 above x = 1,
/// and 0 where a parameter is not positive and finite.
///
/// By its continued fraction (Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.5.8),
/// evaluated from the front by the modified method of Lentz (Press, Teukolsky, Vetterling and
/// Flannery, "Numerical Recipes", section 6.4), on the side of the mean where it converges fast.
/// Relative error below 1e-11 for parameters up to ten thousand.
pub(super) fn regularised(x: f64, a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()) || x.is_nan() || x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - front(1.0 - x, x, b, a);
    }
    front(x, 1.0 - x, a, b)
}

/// `I_x(a, b)` for an `x` up to about the mean, where `y` = 1 - `x` is known to full precision.
pub(super) fn front(x: f64, y: f64, a: f64, b: f64) -> f64 {
    // A logarithm close to 0 is taken of the part that is small.
    let log_x = if y < 0.5 { (-y).ln_1p() } else { x.ln() };
    let log_y = if x < 0.5 { (-x).ln_1p() } else { y.ln() };
    let log_front = a * log_x + b * log_y - log_beta(a, b) - a.ln();
    (log_front.exp() * fraction(x, a, b)).clamp(0.0, 1.0)
}

/// The continued fraction behind `I_x(a, b)`.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    // Lentz: a denominator of 0 stands for a tiny one.
    let kept = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut value = below;
    for step in 1..=20_000_u32 {
        let at = f64::from(step);
        let even = at * (b - at) * x / ((a + 2.0 * at - 1.0) * (a + 2.0 * at));
        let odd = -(a + at) * (a + b + at) * x / ((a + 2.0 * at) * (a + 2.0 * at + 1.0));
        let mut change = 1.0;
        for numerator in [even, odd] {
            below = 1.0 / kept(1.0 + numerator * below);
            above = kept(1.0 + numerator / above);
            change = above * below;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// ln B(a, b) for a, b > 0.
fn log_beta(a: f64, b: f64) -> f64 {
    // Stirling's formula written so that nothing large cancels: with c = a + b,
    // ln B = (a - 1/2) ln(a/c) + b ln(b/c) - ln(b)/2 + ln(2 pi)/2 + rest.
    let (mut a, mut b, mut shift) = (a, b, 0.0);
    // B(a, b) = B(a + 1, b) (a + b) / a, until the series holds.
    while a < 16.0 {
        shift += (b / a).ln_1p();
        a += 1.0;
    }
    while b < 16.0 {
        shift += (a / b).ln_1p();
        b += 1.0;
    }
    let c = a + b;
    let main = -(a - 0.5) * (b / a).ln_1p() - b * (a / b).ln_1p();
    main - 0.5 * b.ln() + 0.5 * TAU.ln() + rest(a) + rest(b) - rest(c) + shift
}

/// ln Gamma(x) less Stirling's leading terms, for x >= 16 (Abramowitz and Stegun, 6.1.41).
fn rest(x: f64) -> f64 {
    let inverse = 1.0 / (x * x);
    let series = 1.0 / 12.0
        - inverse
            * (1.0 / 360.0
                - inverse * (1.0 / 1260.0 - inverse * (1.0 / 1680.0 - inverse / 1188.0)));
    series / x
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn beta_has_closed_forms() {
        let cases = [
            (1.0, 1.0, 1.0),
            (0.5, 0.5, std::f64::consts::PI),
            (2.0, 3.0, 1.0 / 12.0),
            (1.0, 1e6, 1e-6),
            (5.0, 0.5, 256.0 / 315.0),
        ];
        for (a, b, expected) in cases {
            let found = (log_beta(a, b).exp(), log_beta(b, a).exp());
            assert!((found.0 / expected - 1.0).abs() < 1e-12, "{a} {b}: {found:?}");
            assert!((found.1 / expected - 1.0).abs() < 1e-12, "{a} {b}: {found:?}");
        }
    }

    #[test]
    fn binomial_tails_by_hand() {
        // I_p(k, n - k + 1) = P(Bin(n, p) >= k)
        for (x, a, b, expected) in [
            (0.5, 2.0, 2.0, 0.5),
            (0.5, 1.0, 3.0, 0.875),
            (0.1, 3.0, 1.0, 1e-3),
            (0.9, 1.0, 3.0, 0.999),
        ] {
            let found = regularised(x, a, b);
            assert!((found / expected - 1.0).abs() < 1e-13, "{x} {a} {b}: {found}");
        }
        for (x, a, b, expected) in
            [(-1.0, 2.0, 2.0, 0.0), (2.0, 2.0, 2.0, 1.0), (0.5, 0.0, 1.0, 0.0)]
        {
            assert!((regularised(x, a, b) - expected).abs() < 1e-300);
        }
    }
}
