//! Evidence that a coin is biased, valid whenever one looks.

use std::f64::consts::LN_2;

/// What a success multiplies the bet on unanimity by, and what a failure does; their mean is 1.
const BET_WON: f64 = 1.96;
const BET_LOST: f64 = 0.04;

/// The natural logarithm of the e-value of `k` successes in `n` trials against the hypothesis
/// that, whatever came before, a success has at most an even chance.
///
/// E(k, n) = 2^(n+1) B(k+1, n-k+1) (1 - I(k+1, n-k+1)), I taken at 1/2: the likelihood of a
/// success rate spread evenly over (1/2, 1) against that of 1/2. Under the hypothesis it is a
/// nonnegative supermartingale that starts at 1, so that by Ville's inequality it reaches 1/alpha
/// at any time with probability at most alpha, however the time to stop is chosen (Robbins,
/// "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
/// Statistics 41 (1970); Ramdas, Grünwald, Vovk and Shafer, "Game-theoretic statistics and safe
/// anytime-valid inference", Statistical Science 38 (2023)).
///
/// Invalid where one trial can change the chance of another beyond an even one (launches that
/// overlap in time, say), and where trials are dropped by their outcome. Ties count as trials
/// without success. `k` above `n` is read as `n`. Takes a time proportional to `k`.
pub fn log_e(k: u64, n: u64) -> f64 {
    let k = k.min(n);
    let mut tail = Tail::new(n);
    while tail.k < k {
        tail.advance();
    }
    tail.log_e()
}

/// The e-value itself, `f64::MAX` where it would be more; see [`log_e`].
#[cfg(test)]
pub fn e_value(k: u64, n: u64) -> f64 {
    log_e(k, n).exp().min(f64::MAX)
}

/// The natural logarithm of E'(k, n) = (E(k, n) + 1.96^k 0.04^(n-k)) / 2, an e-value of the same
/// hypothesis as [`log_e`] and under the same conditions.
///
/// The second term is the wealth of somebody who bets on success nearly all of what there is, each
/// time; a mean of e-values is one. It finds what is unanimous sooner: 10 launches of one mind reach
/// 400, where E alone takes 12. Where launches disagree it costs at most a factor of 2.
pub fn log_e_mixed(k: u64, n: u64) -> f64 {
    let k = k.min(n);
    let (a, b) = (log_e(k, n), log_bet(k, n));
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    high + (low - high).exp().ln_1p() - LN_2
}

fn log_bet(k: u64, n: u64) -> f64 {
    k as f64 * BET_WON.ln() + (n - k) as f64 * BET_LOST.ln()
}

/// The smallest `k` with ln E'(k, n) >= `log_bound`, where there is one.
pub fn smallest_k_mixed(n: u64, log_bound: f64) -> Option<u64> {
    // Both terms rise with k, so halves can be set aside.
    let (mut low, mut high) = (0, n);
    if log_e_mixed(n, n) < log_bound {
        return None;
    }
    while low < high {
        let middle = low.midpoint(high);
        if log_e_mixed(middle, n) < log_bound { low = middle + 1 } else { high = middle }
    }
    Some(low)
}

/// The smallest `k` with ln E(k, n) >= `log_bound`, where there is one.
pub(super) fn smallest_k(n: u64, log_bound: f64) -> Option<u64> {
    let mut tail = Tail::new(n);
    // E rises with k: the first hit is the smallest.
    while tail.log_e() < log_bound {
        if tail.k == n {
            return None;
        }
        tail.advance();
    }
    Some(tail.k)
}

/// The sum behind E at a fixed `n`, for one `k` after another.
///
/// With 1 - I(k+1, n-k+1) = P(Bin(n+1, 1/2) <= k) and B(k+1, n-k+1) = 1 / ((n+1) C(n, k)),
/// E(k, n) = S(k) / (n+1-k), where S(k), the sum over i <= k of C(n+1, i) / C(n+1, k), obeys
/// S(k) = 1 + S(k-1) k / (n+2-k). All terms are positive: no digit is lost.
struct Tail {
    n: u64,
    k: u64,
    /// S(k), times 2 to the power of minus `exponent`.
    sum: f64,
    /// The 1 of the recurrence on the same scale; it fades to 0 when it no longer matters.
    one: f64,
    exponent: f64,
}

impl Tail {
    /// At k = 0.
    fn new(n: u64) -> Self {
        Self { n, k: 0, sum: 1.0, one: 1.0, exponent: 0.0 }
    }

    /// From k to k + 1, which must not exceed n.
    fn advance(&mut self) {
        self.k += 1;
        self.sum = self.one + self.sum * (self.k as f64 / ((self.n - self.k) as f64 + 2.0));
        if self.sum > 1e150 {
            self.sum *= 2.0_f64.powi(-400);
            self.one *= 2.0_f64.powi(-400);
            self.exponent += 400.0;
        }
    }

    fn log_e(&self) -> f64 {
        self.sum.ln() + self.exponent * LN_2 - ((self.n - self.k) as f64 + 1.0).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unanimity_has_a_closed_form() {
        for n in [0, 1, 2, 10, 11, 100, 5_000] {
            // E(n, n) = (2^(n+1) - 1) / (n + 1)
            let power = (n as f64 + 1.0) * LN_2;
            let expected = power + (-(-power).exp()).ln_1p() - (n as f64 + 1.0).ln();
            assert!((log_e(n, n) - expected).abs() < 1e-11 * (1.0 + expected.abs()), "{n}");
        }
        // Eleven launches of one mind are the fewest that reach 1/alpha = 200.
        assert!(e_value(10, 10) < 200.0 && e_value(11, 11) > 200.0);
    }

    #[test]
    fn nothing_overflows() {
        assert!((e_value(100_000, 100_000) - f64::MAX).abs() < 1.0);
        assert!(log_e(100_000, 100_000).is_finite());
        assert!(log_e(0, 1_000_000) < -13.0 && e_value(0, 1_000_000) > 0.0);
        assert!((log_e(7, 3) - log_e(3, 3)).abs() < 1e-15);
    }

    #[test]
    fn rises_with_every_success_and_averages_to_at_most_one() {
        for n in [1_u64, 7, 30, 400] {
            for k in 1..=n {
                assert!(log_e(k, n) > log_e(k - 1, n), "{k} of {n}");
            }
            // The mean over fair coins: an e-value's must not exceed 1; here it is exactly 1.
            let mut log_weight = -(n as f64) * LN_2;
            let mut mean = 0.0;
            for k in 0..=n {
                mean += (log_weight + log_e(k, n)).exp();
                log_weight += ((n - k) as f64 / (k as f64 + 1.0)).ln();
            }
            assert!((mean - 1.0).abs() < 1e-9, "{n}: {mean}");
        }
    }

    #[test]
    fn the_mixed_value_is_an_e_value_and_sooner() {
        for n in [1_u64, 7, 30, 200] {
            let mut log_weight = -(n as f64) * LN_2;
            let mut mean = 0.0;
            for k in 0..=n {
                mean += (log_weight + log_e_mixed(k, n)).exp();
                assert!(k == 0 || log_e_mixed(k, n) > log_e_mixed(k - 1, n), "{k} of {n}");
                log_weight += ((n - k) as f64 / (k as f64 + 1.0)).ln();
            }
            assert!((mean - 1.0).abs() < 1e-9, "{n}: {mean}");
        }
        let bound = 400.0_f64.ln();
        assert!(log_e_mixed(9, 9) < bound && log_e_mixed(10, 10) >= bound && log_e(11, 11) < bound);
        for n in [10_u64, 41, 333] {
            let k = smallest_k_mixed(n, bound);
            assert!(
                k.is_some_and(|k| log_e_mixed(k, n) >= bound && log_e_mixed(k - 1, n) < bound),
                "{n}"
            );
        }
        assert_eq!(smallest_k_mixed(9, bound), None);
    }

    #[test]
    fn smallest_k_is_where_the_bound_is_crossed() {
        for n in [11_u64, 40, 333] {
            let bound = 200.0_f64.ln();
            let found = smallest_k(n, bound);
            assert!(found.is_some_and(|k| log_e(k, n) >= bound && log_e(k - 1, n) < bound), "{n}");
        }
        assert_eq!(smallest_k(10, 200.0_f64.ln()), None);
        assert_eq!(smallest_k(0, 0.0), Some(0));
    }
}
