//! Shares, with their bounds.

use crate::figures::share_interval;
use crate::report::{Claim, figure};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) hits: usize,
    pub(crate) of: usize,
}

impl Share {
    /// How many of those are hits.
    pub(crate) fn count<T>(all: impl IntoIterator<Item = T>, is_hit: impl Fn(&T) -> bool) -> Self {
        let mut share = Self::default();
        for one in all {
            share.of += 1;
            share.hits += usize::from(is_hit(&one));
        }
        share
    }

    /// The share in per cent; `None` of nothing.
    pub(crate) fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64 * 100.0)
    }

    /// The Clopper-Pearson interval at 95 %, in per cent.
    pub(crate) fn bounds(self) -> [f64; 2] {
        share_interval(self.hits, self.of).map(|share| share * 100.0)
    }

    /// Such as `97.5 % (39 of 40)`.
    pub(crate) fn words(self) -> String {
        self.percent().map_or_else(
            || "-".to_owned(),
            |percent| format!("{} % ({} of {})", figure(percent), self.hits, self.of),
        )
    }

    /// Such as `86.8 to 99.9 %`.
    pub(crate) fn bounds_words(self) -> String {
        let [low, high] = self.bounds();
        if self.of == 0 { "-".to_owned() } else { format!("{} to {} %", figure(low), figure(high)) }
    }

    /// The claim that it is at least so many per cent; `None` where nothing was measured.
    pub(crate) fn at_least(self, what: impl Into<String>, target: f64) -> Option<Claim> {
        let percent = self.percent()?;
        let miss = (percent < target).then(|| {
            let chance = if self.bounds()[1] < target { "" } else { ", which may be chance" };
            format!("by {} points{chance}", figure(target - percent))
        });
        let target = format!(">= {} %", figure(target));
        Some(Claim::holds(what, target, self.words(), miss).bounds(self.bounds_words()))
    }

    /// The claim that it is at most so many per cent, and where a second figure is given, that its
    /// upper bound is at most that.
    pub(crate) fn at_most(
        self,
        what: impl Into<String>,
        target: f64,
        upper: Option<f64>,
    ) -> Option<Claim> {
        let percent = self.percent()?;
        let [_, high] = self.bounds();
        let miss = if percent > target {
            Some(format!("by {} points", figure(percent - target)))
        } else {
            upper.filter(|upper| high > *upper).map(|_| {
                format!("the upper bound is {} %, with {} comparisons", figure(high), self.of)
            })
        };
        let bound = upper.map_or_else(String::new, |u| format!(", upper bound <= {} %", figure(u)));
        let target = format!("<= {} %{bound}", figure(target));
        Some(Claim::holds(what, target, self.words(), miss).bounds(self.bounds_words()))
    }

    /// The share without a target; `None` where nothing was measured.
    pub(crate) fn told(self, what: impl Into<String>) -> Option<Claim> {
        self.percent()?;
        Some(Claim::told(what, self.words(), "").bounds(self.bounds_words()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_miss_says_whether_it_may_be_chance() {
        let verdict = |hits, of| Share { hits, of }.at_least("x", 95.0).unwrap();
        assert_eq!(verdict(95, 100).verdict(), "met");
        assert_eq!(verdict(9, 10).verdict(), "missed: by 5 points, which may be chance");
        assert_eq!(verdict(50, 100).verdict(), "missed: by 45 points");
        assert_eq!(Share::default().at_least("x", 95.0), None);
    }

    #[test]
    fn too_few_comparisons_prove_no_upper_bound() {
        let claim = |hits, of| Share { hits, of }.at_most("x", 0.5, Some(1.0)).unwrap();
        assert_eq!(claim(10, 4000).verdict(), "met");
        assert!(claim(0, 40).verdict().starts_with("missed: the upper bound is 8.81 %"));
        assert_eq!(Share::count([1, 2, 3], |n| *n > 1), Share { hits: 2, of: 3 });
    }
}
