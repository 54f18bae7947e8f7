//! Whether values depend on the ones before.

use super::order::sorted;

/// The rank correlation of each value with the one before it (Spearman's, at lag 1), from -1 to 1;
/// ties share their mean rank. `None` below four values, where all are equal, and where one is not
/// finite.
///
/// Wald and Wolfowitz, "An exact test for randomness in the non-parametric case based on serial
/// correlation", Annals of Mathematical Statistics 14 (1943). For independent values its mean is
/// -1/n and its standard deviation about 1/sqrt(n).
pub fn rank_correlation(series: &[f64]) -> Option<f64> {
    let ordered = sorted(series);
    let n = series.len();
    if n < 4 || ordered.len() < n {
        return None;
    }
    let rank = |value: f64| {
        let below = ordered.partition_point(|other| *other < value);
        let to = ordered.partition_point(|other| *other <= value);
        (below + to) as f64 / 2.0
    };
    let centre = n as f64 / 2.0;
    let ranks: Vec<f64> = series.iter().map(|value| rank(*value) - centre).collect();
    let spread: f64 = ranks.iter().map(|rank| rank * rank).sum();
    let together: f64 = ranks.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (spread > 0.0).then(|| together / spread)
}

#[cfg(test)]
mod tests {
    use super::rank_correlation;
    use crate::stats::Rng;

    #[test]
    fn known_series_have_known_correlations() {
        // Deviations of the ranks of 1, 2, 3, 4: -1.5, -0.5, 0.5, 1.5.
        let rising = rank_correlation(&[1.0, 2.0, 3.0, 40.0]).unwrap_or(9.0);
        assert!((rising - 0.25).abs() < 1e-12, "{rising}");
        let turns = rank_correlation(&[1.0, 4.0, 2.0, 3.0]).unwrap_or(9.0);
        assert!((turns - (-1.5 * 1.5 - 1.5 * 0.5 - 0.5 * 0.5) / 5.0).abs() < 1e-12, "{turns}");
        assert_eq!(rank_correlation(&[1.0; 9]), None);
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0]), None);
        assert_eq!(rank_correlation(&[1.0, 2.0, f64::NAN, 3.0]), None);
    }

    #[test]
    fn dependence_is_seen_and_independence_is_not() {
        let mut rng = Rng::new(8);
        let mut level = 0.0;
        let held: Vec<f64> = (0..400)
            .map(|_| {
                level = 0.7 * level + rng.normal();
                level
            })
            .collect();
        assert!(rank_correlation(&held).is_some_and(|r| r > 0.55));
        let free: Vec<f64> = (0..400).map(|_| rng.normal()).collect();
        assert!(rank_correlation(&free).is_some_and(|r| r.abs() < 0.15));
    }
}
