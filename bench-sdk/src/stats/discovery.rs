//! Which of many findings to believe.

/// The indices of the hypotheses that e-BH rejects, in ascending order: the r with the largest
/// e-values, r being the largest number for which the smallest of them is at least K / (q r). Given
/// are logarithms of the e-values of all K hypotheses; `q` is the share of false ones among the
/// rejected that is let through, on average.
///
/// Wang and Ramdas, "False discovery rate control with e-values", Journal of the Royal Statistical
/// Society B 84 (2022). Holds however the e-values depend on each other, and also where each was
/// taken at a stopping time of its own. Values that are not finite are never rejected.
pub fn discoveries(log_e: &[f64], q: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..log_e.len()).filter(|i| log_e[*i].is_finite()).collect();
    order.sort_by(|a, b| log_e[*b].total_cmp(&log_e[*a]));
    let all = log_e.len() as f64;
    let passes = |rank: usize| log_e[order[rank - 1]] >= (all / (q * rank as f64)).ln() - 1e-12;
    let rejected = (1..=order.len()).rev().find(|rank| passes(*rank)).unwrap_or(0);
    order.truncate(rejected);
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests {
    use super::discoveries;

    #[test]
    fn the_largest_set_that_passes_is_rejected() {
        let of = |values: &[f64], q: f64| {
            discoveries(&values.iter().map(|value| value.ln()).collect::<Vec<_>>(), q)
        };
        // K = 4, q = 0.1: one needs 40, two need 20 each, three 13.3, four 10.
        assert_eq!(of(&[1.0, 39.0, 2.0, 3.0], 0.1), [0_usize; 0]);
        assert_eq!(of(&[1.0, 41.0, 2.0, 3.0], 0.1), [1]);
        assert_eq!(of(&[1.0, 25.0, 21.0, 3.0], 0.1), [1, 2]);
        assert_eq!(of(&[10.0, 11.0, 12.0, 13.0], 0.1), [0, 1, 2, 3]);
        // Exactly at the bound counts.
        assert_eq!(of(&[40.0, 0.0, 1.0, 1.0], 0.1), [0]);
        assert_eq!(of(&[], 0.1), [0_usize; 0]);
    }
}
