//! Evidence that a coin is biased, valid whenever one looks.

use std::f64::consts::LN_2;

/// What a success leaves of the capital of one who bets 96 % of it.
const WON: f64 = 1.96;
/// What another trial leaves.
const LOST: f64 = 0.04;

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
#[cfg(test)]
pub(super) fn log_e(k: u64, n: u64) -> f64 {
    let k = k.min(n);
    let mut tail = Tail::new(n);
    while tail.k < k {
        tail.advance();
    }
    tail.log_e()
}

/// The natural logarithm of E'(k, n) = (E(k, n) + 1.96^k 0.04^(n-k)) / 2, which is what comparisons
/// are judged by; see [`log_e`] for E, for the hypothesis, and for what makes both invalid.
///
/// The second part is the capital of one who starts with 1 and bets 96 % of it on every success at
/// even odds (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
/// Journal of the Royal Statistical Society B 86 (2024)). Under the hypothesis no bet gains on
/// average, so that it is a nonnegative supermartingale that starts at 1, and so is the mean of
/// the two. Ten launches of one mind reach 400 where E takes twelve; where a few disagree, it is
/// half of E, or as good as two launches behind.
pub fn log_mixed(k: u64, n: u64) -> f64 {
    let k = k.min(n);
    let mut tail = Tail::new(n);
    while tail.k < k {
        tail.advance();
    }
    tail.log_mixed()
}

/// Since when E' has reached a bound: the smallest `k` for every `n`, found once.
#[derive(Clone, Debug)]
pub struct Bound {
    log_bound: f64,
    /// One for each n from 0 on; n + 1 where no k is enough.
    smallest: Vec<u32>,
}

impl Bound {
    /// For E' >= the exponential of `log_bound`; one that is not a number is never reached.
    pub fn new(log_bound: f64) -> Self {
        let log_bound = if log_bound.is_nan() { f64::INFINITY } else { log_bound };
        Self { log_bound, smallest: Vec::new() }
    }

    /// Whether E'(k, n) reaches the bound.
    pub fn reached(&mut self, k: u32, n: u32) -> bool {
        k >= self.smallest_k(n)
    }

    /// The smallest `k` for which E'(k, n) reaches the bound; `n` + 1 where none does.
    pub fn smallest_k(&mut self, n: u32) -> u32 {
        while self.smallest.len() <= n as usize {
            let next = self.smallest.len() as u64;
            let last = self.smallest.last().copied().unwrap_or(0);
            self.smallest.push(smallest_mixed(next, self.log_bound, u64::from(last)) as u32);
        }
        self.smallest[n as usize]
    }
}

/// The smallest `k` with ln E'(k, n) >= `log_bound`, else `n` + 1, where it is known not to lie
/// below `from`: a trial without success never adds evidence.
fn smallest_mixed(n: u64, log_bound: f64, from: u64) -> u64 {
    let mut tail = Tail::new(n);
    while tail.k < from.min(n) {
        tail.advance();
    }
    while tail.log_mixed() < log_bound {
        if tail.k == n {
            return n + 1;
        }
        tail.advance();
    }
    tail.k
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

    /// ln E'.
    fn log_mixed(&self) -> f64 {
        let bets = self.k as f64 * WON.ln() + (self.n - self.k) as f64 * LOST.ln();
        let (low, high) = (self.log_e().min(bets), self.log_e().max(bets));
        high + (low - high).exp().ln_1p() - LN_2
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
        // Eleven launches of one mind are the fewest that reach 200, twelve for 400; bets need ten.
        assert!(log_e(10, 10) < 200.0_f64.ln() && log_e(11, 11) > 200.0_f64.ln());
        assert!(log_e(11, 11) < 400.0_f64.ln() && log_e(12, 12) > 400.0_f64.ln());
        assert!(log_mixed(9, 9) < 400.0_f64.ln() && log_mixed(10, 10) > 400.0_f64.ln());
    }

    #[test]
    fn nothing_overflows() {
        assert!(log_e(100_000, 100_000).is_finite() && log_mixed(100_000, 100_000).is_finite());
        assert!(log_e(0, 1_000_000) < -13.0 && log_mixed(0, 1_000_000) < -13.0);
        assert!(log_mixed(0, 1_000_000).is_finite());
        assert!((log_e(7, 3) - log_e(3, 3)).abs() < 1e-15);
    }

    #[test]
    fn rises_with_every_success_and_averages_to_at_most_one() {
        for n in [1_u64, 7, 30, 400] {
            for k in 1..=n {
                assert!(log_e(k, n) > log_e(k - 1, n), "{k} of {n}");
                assert!(log_mixed(k, n) > log_mixed(k - 1, n), "{k} of {n}");
                assert!(log_mixed(k - 1, n) < log_mixed(k - 1, n - 1), "{k} of {n}");
            }
            // The mean over fair coins: an e-value's must not exceed 1; here it is exactly 1.
            for log_value in [log_e, log_mixed] {
                let mut log_weight = -(n as f64) * LN_2;
                let mut mean = 0.0;
                for k in 0..=n {
                    mean += (log_weight + log_value(k, n)).exp();
                    log_weight += ((n - k) as f64 / (k as f64 + 1.0)).ln();
                }
                assert!((mean - 1.0).abs() < 1e-9, "{n}: {mean}");
            }
        }
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
    #[test]
    fn bounds_are_where_the_mixture_crosses_them() {
        for bound in [200.0_f64.ln(), 400.0_f64.ln(), 4_000.0_f64.ln()] {
            let mut table = Bound::new(bound);
            // Asked for out of order.
            for n in [300, 0, 9, 10, 40, 41, 150] {
                let smallest = table.smallest_k(n);
                let known = (0..=n).find(|k| log_mixed(u64::from(*k), u64::from(n)) >= bound);
                assert_eq!(smallest, known.unwrap_or(n + 1), "{n}");
                assert!(!table.reached(smallest - 1, n) && table.reached(smallest, n));
            }
        }
        assert_eq!(
            (Bound::new(400.0_f64.ln()).smallest_k(10), Bound::new(0.0).smallest_k(0)),
            (10, 0)
        );
    }
}
