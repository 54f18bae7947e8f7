//! Least squares with few coefficients, none of them negative.

/// Coefficients at most.
pub(super) const MAX_COEFFICIENTS: usize = 3;
/// A column whose part outside of the others is smaller than this share of it adds nothing to them.
const DEPENDENT: f64 = 1e-10;
/// A gain below this share of the sum of squares is rounding.
const ROUNDING: f64 = 1e-13;

/// What [`non_negative`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// One coefficient for each column; 0 behind the last.
    pub(super) coefficients: [f64; MAX_COEFFICIENTS],
    /// The sum of the squared residuals, each in units of its point's error.
    pub(super) chi_square: f64,
}

/// A measured value with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Size of the input, or number of threads.
    pub n: f64,
    /// The value.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// The non-negative coefficients that bring the sum of the columns, of which there are at most
/// three, closest to the points' values, each weighted by 1 / error^2; `None` where nothing fits: no
/// point, or columns of zeros.
///
/// With so few columns every set of them can be tried: the solution is the best of the ordinary
/// ones in which all coefficients are positive (Lawson and Hanson, "Solving Least Squares Problems",
/// 1974, chapter 23: the Kuhn-Tucker conditions hold for exactly one such set). A larger set wins
/// only by more than rounding.
pub(super) fn non_negative(points: &[Point], columns: &[&dyn Fn(f64) -> f64]) -> Option<Fit> {
    let count = columns.len().min(MAX_COEFFICIENTS);
    // The columns in units of the errors, then the values.
    let mut weighted = vec![Vec::with_capacity(points.len()); count + 1];
    for point in points {
        for (column, of) in weighted.iter_mut().zip(columns) {
            column.push(of(point.n) / point.error);
        }
        weighted[count].push(point.value / point.error);
    }
    let y = weighted.pop()?;
    let total = dot(&y, &y);
    let mut best: Option<Fit> = None;
    for size in 1..=count as u32 {
        for set in 1_u32..1 << count {
            let fit =
                if set.count_ones() == size { unconstrained(&weighted, set, &y) } else { None };
            let Some(fit) = fit.filter(|fit| fit.coefficients.iter().all(|c| *c >= 0.0)) else {
                continue;
            };
            if best.is_none_or(|best| fit.chi_square < best.chi_square - ROUNDING * total) {
                best = Some(fit);
            }
        }
    }
    best.filter(|fit| fit.chi_square.is_finite())
}

/// The ordinary solution with the columns of that set, by the modified Gram-Schmidt process;
/// `None` where they depend on each other.
fn unconstrained(columns: &[Vec<f64>], set: u32, y: &[f64]) -> Option<Fit> {
    let mut chosen = [0; MAX_COEFFICIENTS];
    let mut size = 0;
    for at in 0..columns.len() {
        if set >> at & 1 == 1 {
            chosen[size] = at;
            size += 1;
        }
    }
    let mut orthogonal: Vec<Vec<f64>> = Vec::new();
    // The triangle R with columns = orthogonal R, and what is left of y.
    let mut triangle = [[0.0; MAX_COEFFICIENTS]; MAX_COEFFICIENTS];
    let mut projected = [0.0; MAX_COEFFICIENTS];
    let mut rest = y.to_vec();
    for (at, column) in chosen[..size].iter().enumerate() {
        let mut own = columns[*column].clone();
        let whole = dot(&own, &own).sqrt();
        for (before, unit) in orthogonal.iter().enumerate() {
            triangle[before][at] = dot(unit, &own);
            subtract(&mut own, triangle[before][at], unit);
        }
        let length = dot(&own, &own).sqrt();
        // Negated, so that NaN is refused as well.
        if !(length > whole * DEPENDENT && length.is_finite()) {
            return None;
        }
        for value in &mut own {
            *value /= length;
        }
        triangle[at][at] = length;
        projected[at] = dot(&own, &rest);
        subtract(&mut rest, projected[at], &own);
        orthogonal.push(own);
    }
    let mut coefficients = [0.0; MAX_COEFFICIENTS];
    for at in (0..size).rev() {
        let mut known = 0.0;
        for next in at + 1..size {
            known += triangle[at][next] * coefficients[chosen[next]];
        }
        coefficients[chosen[at]] = (projected[at] - known) / triangle[at][at];
    }
    Some(Fit { coefficients, chi_square: dot(&rest, &rest) })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b;
    }
    sum
}

fn subtract(from: &mut [f64], factor: f64, what: &[f64]) {
    for (value, other) in from.iter_mut().zip(what) {
        *value -= factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &dyn Fn(f64) -> f64 = &|_| 1.0;

    fn points(count: u32, value: fn(f64) -> f64) -> Vec<Point> {
        let point = |n| Point { n, value: value(n), error: 1.0 };
        (1..=count).map(|n| point(f64::from(n))).collect()
    }

    fn close(fit: Option<Fit>, expected: [f64; 3]) -> bool {
        let close = |(a, b): (&f64, f64)| (a - b).abs() < 1e-9 * b.abs().max(1.0);
        fit.is_some_and(|fit| fit.coefficients.iter().zip(expected).all(close))
    }

    #[test]
    fn what_is_exact_is_found() {
        let columns = [ONE, &|n| n, &|n| n * n];
        let fit = non_negative(&points(6, |n| 3.0 + 0.5 * n + 2.0 * n * n), &columns);
        assert!(close(fit, [3.0, 0.5, 2.0]), "{fit:?}");
        // Rounding must not lend a coefficient to a column that nothing speaks for.
        let fit = non_negative(&points(6, |n| 3.0 + 0.1 * n), &columns);
        assert!(fit.is_some_and(|fit| fit.coefficients[2].abs() < 1e-300), "{fit:?}");
    }

    #[test]
    fn negative_coefficients_give_way() {
        let fit = non_negative(&points(5, |n| 10.0 - n), &[ONE, &|n| n]);
        assert!(close(fit, [7.0, 0.0, 0.0]), "{fit:?}");
        let fit = non_negative(&points(5, |n| 3.0 * n - 2.0), &[ONE, &|n| n]);
        assert!(close(fit, [0.0, 135.0 / 55.0, 0.0]), "{fit:?}");
    }

    #[test]
    fn precise_points_count_for_more() {
        let point = |value, error| Point { n: 1.0, value, error };
        let fit = non_negative(&[point(10.0, 1.0), point(20.0, 3.0)], &[ONE]);
        assert!(close(fit, [11.0, 0.0, 0.0]), "{fit:?}");
    }

    #[test]
    fn nothing_to_fit_is_none() {
        let three = points(3, |_| 4.0);
        assert_eq!(non_negative(&three, &[]), None);
        assert_eq!(non_negative(&[], &[ONE]), None);
        assert_eq!(non_negative(&three, &[&|_| 0.0]), None);
        assert_eq!(non_negative(&three, &[&|_| f64::NAN]), None);
        assert_eq!(
            non_negative(&[Point { n: 1.0, value: 1.0, error: 1e-300 }], &[&|_| f64::MAX]),
            None
        );
        // Two columns that say the same are as good as one.
        let twins = non_negative(&three, &[ONE, &|_| 2.0]);
        assert!(close(twins, [4.0, 0.0, 0.0]), "{twins:?}");
    }
}
