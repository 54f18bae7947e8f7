//! Many hypotheses at once.

/// The smallest ln e-value that counts as a discovery among so many `hypotheses`, when a share `q`
/// of false ones among the discoveries is let through; `None` where there is no discovery.
///
/// The e-BH procedure: the r largest e-values are discoveries, with the largest r for which the
/// r-th largest reaches `hypotheses` / (q r) (Wang and Ramdas, "False discovery rate control with
/// e-values", Journal of the Royal Statistical Society B 84 (2022)). The expected share of false
/// ones is at most `q` however the e-values depend on each other, and when each is taken at a
/// stopping time of its own, as an e-process then still is an e-value. `log_e` holds the logarithms;
/// e-values of 0 may be left out, as long as `hypotheses` counts them. Invalid for p-values, and
/// for the largest value that an e-process ever had. Values that are not finite are left out;
/// `None` unless 0 < `q` <= 1.
pub fn e_bh_bound(log_e: &[f64], hypotheses: usize, q: f64) -> Option<f64> {
    if !(q > 0.0 && q <= 1.0) {
        return None;
    }
    let mut falling: Vec<f64> = log_e.iter().copied().filter(|value| value.is_finite()).collect();
    falling.sort_unstable_by(|a, b| b.total_cmp(a));
    let alone = (hypotheses as f64 / q).ln();
    let mut bound = None;
    for (at, value) in falling.iter().enumerate() {
        // Rounding of logarithms must not cost a value that lies on its bound.
        if value + 1e-12 >= alone - (at as f64 + 1.0).ln() {
            bound = Some(*value);
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovered(values: &[f64], hypotheses: usize, q: f64) -> usize {
        let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
        let bound = e_bh_bound(&logs, hypotheses, q);
        bound.map_or(0, |bound| logs.iter().filter(|log| **log >= bound).count())
    }

    #[test]
    fn company_lowers_the_bound() {
        // Alone 2 / 0.05 = 40, as one of 200 4,000, as one of two 2,000 each.
        assert_eq!(discovered(&[39.9], 2, 0.05), 0);
        assert_eq!(discovered(&[40.0], 2, 0.05), 1);
        assert_eq!(discovered(&[3_999.0], 200, 0.05), 0);
        assert_eq!(discovered(&[3_999.0, 2_000.0], 200, 0.05), 2);
        // The largest r counts, even where a smaller one does not hold.
        assert_eq!(discovered(&[50.0, 50.0, 50.0, 1.0], 4, 0.05), 3);
        assert_eq!(discovered(&[1_350.0, 1_340.0, 1_334.0, 999.0], 200, 0.05), 3);
    }

    #[test]
    fn degenerate_input_is_none() {
        assert_eq!(e_bh_bound(&[], 2, 0.05), None);
        assert_eq!(e_bh_bound(&[f64::NAN, f64::INFINITY], 2, 0.05), None);
        for q in [0.0, -1.0, 1.5, f64::NAN] {
            assert_eq!(e_bh_bound(&[100.0], 2, q), None);
        }
    }
}
