//! Whether values that follow each other depend on each other.

/// Below this number of values nothing is said.
const FEWEST: usize = 3;

/// The rank correlation between neighbours in a series, about -1 to 1; `None` below three values,
/// where all are equal, or where one is not finite.
///
/// With the ranks R (ties share their mean rank): the sum of (R(i) - c)(R(i+1) - c) over neighbours
/// by the sum of (R(i) - c)^2 over all, c being the mean rank (Wald and Wolfowitz, "An exact test
/// for randomness in the non-parametric case based on serial correlation", Annals of Mathematical
/// Statistics 14 (1943), on ranks and without closing the circle). Independent values give about
/// -1/n, with a standard deviation of about 1 / sqrt(n): a few values show only strong dependence.
/// A drift counts as dependence as well.
pub fn lag_one(series: &[f64]) -> Option<f64> {
    let n = series.len();
    if n < FEWEST || series.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let ranks = centred_ranks(series);
    let squares: f64 = ranks.iter().map(|rank| rank * rank).sum();
    let products: f64 = ranks.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (squares > 0.0).then(|| products / squares)
}

/// Rank of each value less the mean rank; ties share the mean of theirs.
fn centred_ranks(series: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_unstable_by(|a, b| series[*a].total_cmp(&series[*b]));
    let centre = (series.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; series.len()];
    let mut start = 0;
    while start < order.len() {
        let value = series[order[start]];
        let ties = order[start..].iter().take_while(|at| series[**at] <= value).count();
        let rank = start as f64 + (ties as f64 - 1.0) / 2.0 - centre;
        for at in &order[start..start + ties] {
            ranks[*at] = rank;
        }
        start += ties;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;

    #[test]
    fn small_cases_by_hand() {
        let near = |series: &[f64], expected: f64| {
            lag_one(series).is_some_and(|found| (found - expected).abs() < 1e-12)
        };
        // Ranks -1.5, -0.5, 0.5, 1.5: products 0.75, -0.25, 0.75 over 5.
        assert!(near(&[1.0, 2.0, 30.0, 400.0], 0.25));
        assert!(near(&[1.0, 30.0, 2.0, 400.0], -1.75 / 5.0));
        // Ties: ranks -1, -1, 0.5 + .. of four: -1, -1, 1, 1.
        assert!(near(&[0.0, -0.0, 5.0, 5.0], 0.25) || near(&[1.0, 1.0, 5.0, 5.0], 0.25));
        assert_eq!(lag_one(&[2.0; 9]), None);
        assert_eq!((lag_one(&[1.0, 2.0]), lag_one(&[1.0, f64::NAN, 2.0, 3.0])), (None, None));
    }

    #[test]
    fn finds_dependence_and_nothing_else() {
        let mut rng = Rng::new(41);
        let (mut level, mut dependent, mut free) = (0.0, Vec::new(), Vec::new());
        for _ in 0..2_000 {
            level = 0.5 * level + rng.normal();
            dependent.push(level.exp());
            free.push(rng.normal().exp());
        }
        let found = (lag_one(&dependent), lag_one(&free));
        assert!(found.0.is_some_and(|c| (c - 0.48).abs() < 0.06), "{found:?}");
        assert!(found.1.is_some_and(|c| c.abs() < 0.07), "{found:?}");
        let mirrored: Vec<f64> = dependent.iter().map(|value| -value).collect();
        let mirrored = lag_one(&mirrored).zip(found.0).map(|(a, b)| (a - b).abs());
        assert!(mirrored.is_some_and(|distance| distance < 1e-12), "{mirrored:?}");
    }
}
