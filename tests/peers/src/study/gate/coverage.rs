//! How many intervals hold the true ratio; from all comparisons.

use serde::{Deserialize, Serialize};

use super::aa::Data as Aa;
use super::power::Data as Power;
use super::share::Share;
use super::trial::Trial;
use crate::failure::Result;
use crate::figures::median;
use crate::fixture::KERNELS;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

/// Intervals, each with what it should hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    intervals: Vec<Interval>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Interval {
    kernel: String,
    truth: f64,
    low: f64,
    high: f64,
    level: Option<f64>,
}

impl Findings for Data {
    const NAME: &'static str = "coverage";
    const TITLE: &'static str = "Coverage of the intervals";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let mut trials = conditions.found_or_measured::<Aa>()?.trials;
        trials.extend(conditions.found_or_measured::<Power>()?.trials);
        Ok(Self { intervals: trials.iter().filter_map(interval).collect() })
    }

    fn claims(&self) -> Vec<Claim> {
        let what = "intervals of the ratio that hold the true one";
        self.share(|_| true).at_least(what, 98.5).into_iter().collect()
    }

    fn text(&self) -> String {
        let mut table =
            Table::new(&["kind", "same", "bounds", "different", "bounds", "median half width"]);
        for kernel in &KERNELS {
            let is_same = |interval: &Interval| (interval.truth - 1.0).abs() < 1e-9;
            let same = self.share(|one| one.kernel == kernel.name && is_same(one));
            let different = self.share(|one| one.kernel == kernel.name && !is_same(one));
            let of = self.intervals.iter().filter(|one| one.kernel == kernel.name);
            let widths: Vec<f64> = of.map(|one| (one.high - one.low) * 50.0).collect();
            let width = median(&widths);
            table.row(vec![
                kernel.name.to_owned(),
                same.words(),
                same.bounds_words(),
                different.words(),
                different.bounds_words(),
                width.map_or_else(|| "-".to_owned(), |width| format!("{} %", figure(width))),
            ]);
        }
        let levels = self.intervals.iter().filter_map(|interval| interval.level);
        let level = levels.min_by(f64::total_cmp);
        format!(
            "The intervals of all comparisons by the gate, those that ended without a verdict and \
             those beside a busy process included; {} claim a level of {} at least. What they \
             should hold is 1, or by how much the candidate does more.\n\n{table}",
            self.intervals.len(),
            level.map_or_else(|| "-".to_owned(), |level| format!("{} %", figure(level * 100.0))),
        )
    }
}

/// `None` where there is no interval on both sides.
fn interval(trial: &Trial) -> Option<Interval> {
    let found = trial.found?;
    let kernel = trial.setting.kernel.clone();
    let (low, high) = (found.low?, found.high?);
    Some(Interval { kernel, truth: trial.truth(), low, high, level: found.level })
}

impl Data {
    fn share(&self, is_asked: impl Fn(&Interval) -> bool) -> Share {
        let asked = self.intervals.iter().filter(|interval| is_asked(interval));
        Share::count(asked, |one| (one.low..=one.high).contains(&one.truth))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::trial::Call;
    use super::super::trial::tests::trial;
    use super::*;

    #[test]
    fn an_interval_holds_the_truth_or_not() {
        let one = |effect, ratio| interval(&trial("l2", effect, ratio, Call::Equivalent)).unwrap();
        let data = Data { intervals: vec![one(0.0, 1.001), one(2.0, 1.019), one(2.0, 1.03)] };
        assert_eq!(data.share(|_| true), Share { hits: 2, of: 3 });
        assert!(data.text().contains("| l2 | 100 % (1 of 1) |"), "{}", data.text());
    }
}
