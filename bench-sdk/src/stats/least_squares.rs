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

/// The non-negative coefficients that bring the sum of the columns, of which there are at most
/// three, closest to `y`, each point weighted by 1 / `error`^2; `None` where nothing fits: no point,
/// or columns of zeros.
///
/// With so few columns every set of them can be tried: the solution is the best of the ordinary
/// ones in which all coefficients are positive (Lawson and Hanson, "Solving Least Squares Problems",
/// 1974, chapter 23: the Kuhn-Tucker conditions hold for exactly one such set). A larger set wins
/// only by more than rounding.
pub(super) fn non_negative(columns: &[Vec<f64>], y: &[f64], error: &[f64]) -> Option<Fit> {
    let weighted = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(error).map(|(value, error)| value / error).collect()
    };
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| weighted(column)).collect();
    let y = weighted(y);
    let total = dot(&y, &y);
    let count = columns.len().min(MAX_COEFFICIENTS);
    let mut best: Option<Fit> = None;
    for size in 1..=count {
        for set in 1_u32..1 << count {
            if set.count_ones() as usize != size {
                continue;
            }
            let Some(fit) = unconstrained(&columns, set, &y) else { continue };
            let is_better =
                best.is_none_or(|best| fit.chi_square < best.chi_square - ROUNDING * total);
            if fit.coefficients.iter().all(|c| *c >= 0.0) && is_better {
                best = Some(fit);
            }
        }
    }
    best.filter(|fit| fit.chi_square.is_finite())
}

/// The ordinary solution with the columns of that set, by the modified Gram-Schmidt process;
/// `None` where they depend on each other.
fn unconstrained(columns: &[Vec<f64>], set: u32, y: &[f64]) -> Option<Fit> {
    let chosen: Vec<usize> = (0..columns.len()).filter(|at| set >> at & 1 == 1).collect();
    let mut orthogonal: Vec<Vec<f64>> = Vec::new();
    // The triangle R with columns = orthogonal R, and what is left of y.
    let mut triangle = [[0.0; MAX_COEFFICIENTS]; MAX_COEFFICIENTS];
    let mut projected = [0.0; MAX_COEFFICIENTS];
    let mut rest = y.to_vec();
    for (at, column) in chosen.iter().enumerate() {
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
    for at in (0..chosen.len()).rev() {
        let later = at + 1..chosen.len();
        let known: f64 = later.map(|next| triangle[at][next] * coefficients[chosen[next]]).sum();
        coefficients[chosen[at]] = (projected[at] - known) / triangle[at][at];
    }
    Some(Fit { coefficients, chi_square: dot(&rest, &rest) })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn subtract(from: &mut [f64], factor: f64, what: &[f64]) {
    for (value, other) in from.iter_mut().zip(what) {
        *value -= factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: [f64; 3], b: [f64; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9 * b.abs().max(1.0))
    }

    #[test]
    fn what_is_exact_is_found() {
        let n: Vec<f64> = (1..=6).map(f64::from).collect();
        let columns = [vec![1.0; 6], n.clone(), n.iter().map(|n| n * n).collect()];
        let y: Vec<f64> = n.iter().map(|n| 3.0 + 0.5 * n + 2.0 * n * n).collect();
        let fit = non_negative(&columns, &y, &[1.0; 6]);
        assert!(fit.is_some_and(|fit| close(fit.coefficients, [3.0, 0.5, 2.0])), "{fit:?}");
        // Rounding must not lend a coefficient to a column that nothing speaks for.
        let line: Vec<f64> = n.iter().map(|n| 3.0 + 0.1 * n).collect();
        let fit = non_negative(&columns, &line, &[0.01; 6]);
        assert!(fit.is_some_and(|fit| fit.coefficients[2] == 0.0), "{fit:?}");
    }

    #[test]
    fn negative_coefficients_give_way() {
        let n: Vec<f64> = (1..=5).map(f64::from).collect();
        let columns = [vec![1.0; 5], n.clone()];
        let falling: Vec<f64> = n.iter().map(|n| 10.0 - n).collect();
        let fit = non_negative(&columns, &falling, &[1.0; 5]);
        assert!(fit.is_some_and(|fit| close(fit.coefficients, [7.0, 0.0, 0.0])), "{fit:?}");
        let steep: Vec<f64> = n.iter().map(|n| 3.0 * n - 2.0).collect();
        let fit = non_negative(&columns, &steep, &[1.0; 5]);
        assert!(fit.is_some_and(|fit| fit.coefficients[0] == 0.0 && fit.coefficients[1] > 2.0));
    }

    #[test]
    fn precise_points_count_for_more() {
        let fit = non_negative(&[vec![1.0; 2]], &[10.0, 20.0], &[1.0, 3.0]);
        assert!(fit.is_some_and(|fit| close(fit.coefficients, [11.0, 0.0, 0.0])), "{fit:?}");
    }

    #[test]
    fn nothing_to_fit_is_none() {
        assert_eq!(non_negative(&[], &[1.0], &[1.0]), None);
        assert_eq!(non_negative(&[vec![]], &[], &[]), None);
        assert_eq!(non_negative(&[vec![0.0; 2]], &[1.0, 2.0], &[1.0; 2]), None);
        assert_eq!(non_negative(&[vec![f64::MAX; 2]], &[1.0, 2.0], &[1e-300; 2]), None);
        // Two columns that say the same are as good as one.
        let twins = non_negative(&[vec![1.0; 3], vec![2.0; 3]], &[4.0; 3], &[1.0; 3]);
        assert!(twins.is_some_and(|fit| close(fit.coefficients, [4.0, 0.0, 0.0])), "{twins:?}");
    }
}
