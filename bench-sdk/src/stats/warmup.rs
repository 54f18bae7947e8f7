//! When has a benchmark warmed up?

use super::{order, trend};

/// Batches in a window.
const WINDOW: usize = 9;
/// Windows in a row that must be steady.
const STEADY_WINDOWS: u32 = 3;
/// The drift over one window that still counts as steady, relative to its median.
const TOLERATED_DRIFT: f64 = 0.005;
/// The confidence level of the slope's interval.
const LEVEL: f64 = 0.95;

/// Watches batch times until they no longer drift.
///
/// Settled after three consecutive, disjoint windows of nine batches in each of which the whole 95 %
/// interval of the [Theil-Sen slope](super::theil_sen), times nine and relative to the window's
/// median, lies within 0.5 % of zero. Asking it of the interval means that steadiness must be
/// shown: noise far above 0.5 % a batch can hide any drift, so it never settles and runs to
/// the caller's cap, which is worth a flag. A level that jumps between windows is not seen.
#[derive(Clone, Debug, Default)]
pub struct Steadiness {
    window: Vec<f64>,
    steady: u32,
}

impl Steadiness {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next batch. One that is not a positive number breaks the row of steady windows.
    /// Once settled, nothing changes any more.
    pub fn push(&mut self, ns_per_iter: f64) {
        if self.settled() {
            return;
        }
        if !(ns_per_iter.is_finite() && ns_per_iter > 0.0) {
            self.window.clear();
            self.steady = 0;
            return;
        }
        self.window.push(ns_per_iter);
        if self.window.len() == WINDOW {
            self.steady = if is_steady(&self.window) { self.steady + 1 } else { 0 };
            self.window.clear();
        }
    }

    /// Whether the warm-up may end.
    pub fn settled(&self) -> bool {
        self.steady >= STEADY_WINDOWS
    }
}

fn is_steady(window: &[f64]) -> bool {
    let (Some(slope), Some(median)) = (trend::theil_sen(window, LEVEL), order::median(window))
    else {
        return false;
    };
    let bound = TOLERATED_DRIFT * median / window.len() as f64;
    slope.low >= -bound && slope.high <= bound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settles_after(batches: impl IntoIterator<Item = f64>) -> Option<usize> {
        let mut steadiness = Steadiness::new();
        for (i, batch) in batches.into_iter().enumerate() {
            steadiness.push(batch);
            if steadiness.settled() {
                return Some(i + 1);
            }
        }
        None
    }

    #[test]
    fn needs_three_windows_in_a_row() {
        assert_eq!(settles_after([5.0; 26]), None);
        assert_eq!(settles_after([5.0; 100]), Some(27));
        // The steep window comes third: the row starts again behind it.
        let steep = (0..90).map(|i| if (18..27).contains(&i) { 5.0 + f64::from(i) } else { 5.0 });
        assert_eq!(settles_after(steep), Some(54));
    }

    #[test]
    fn what_is_not_a_time_breaks_the_row() {
        for bad in [f64::NAN, 0.0, -3.0, f64::INFINITY] {
            let mut batches = vec![5.0; 26];
            batches.push(bad);
            batches.extend([5.0; 30]);
            assert_eq!(settles_after(batches), Some(54));
        }
        assert_eq!(settles_after([0.0; 100]), None);
    }

    #[test]
    fn one_slow_batch_a_window_does_no_harm() {
        assert_eq!(settles_after((0..90).map(|i| if i % 9 == 4 { 50.0 } else { 5.0 })), Some(27));
    }

    #[test]
    fn a_slow_start_only_delays() {
        let cooling = (0..400).map(|i| 100.0 + 80.0 * (-0.1 * f64::from(i)).exp());
        // The drift over nine batches is below 0.5 % from batch 49 on: the seventh window is the
        // first steady one.
        assert_eq!(settles_after(cooling), Some(81));
    }

    #[test]
    fn settled_stays_settled() {
        let mut steadiness = Steadiness::new();
        for i in 0..80 {
            steadiness.push(if i < 27 { 5.0 } else { f64::from(i) });
        }
        assert!(steadiness.settled());
    }
}
