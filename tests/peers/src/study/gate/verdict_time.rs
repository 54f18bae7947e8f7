//! How long it takes to find a difference; from the comparisons of known ones.

use serde::{Deserialize, Serialize};

use super::power::{Data as Power, EFFECTS};
use super::trial::{Trial, steady_kernels};
use crate::failure::Result;
use crate::figures::{Middle, median};
use crate::fixture::KERNELS;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

/// Effects in per cent, and the seconds after which half of them should be found.
const TARGETS: [(f64, f64); 3] = [(1.0, 2.0), (2.0, 1.0), (5.0, 0.5)];

/// Times of comparisons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    /// The kinds whose launches spread by at most 1 %.
    steady: Vec<String>,
    times: Vec<Time>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Time {
    kernel: String,
    effect_percent: f64,
    seconds: f64,
    launches: u32,
    is_right: bool,
}

impl Findings for Data {
    const NAME: &'static str = "verdict-time";
    const TITLE: &'static str = "Time to a verdict";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let power = conditions.found_or_measured::<Power>()?;
        let own = power.trials.iter().filter(|trial| trial.is_own());
        let time = |trial: &Trial| Time {
            kernel: trial.setting.kernel.clone(),
            effect_percent: trial.setting.effect_percent,
            seconds: trial.seconds,
            launches: trial.found.map_or(0, |found| found.launches),
            is_right: trial.is_right(),
        };
        let steady = steady_kernels(&power.trials).into_iter().map(str::to_owned).collect();
        Ok(Self { steady, times: own.map(time).collect() })
    }

    fn claims(&self) -> Vec<Claim> {
        let claim = |(effect, target): (f64, f64)| {
            let seconds = self.seconds(effect, |time| self.steady.contains(&time.kernel));
            let middle = Middle::of(&seconds)?;
            let what = format!("median time to a verdict, {effect} %, steady kinds");
            let claim = Claim::at_most(what, target, Some(middle.at), " s");
            Some(claim.interval(Some([middle.low, middle.high])))
        };
        TARGETS.into_iter().filter_map(claim).collect()
    }

    fn text(&self) -> String {
        let mut head = vec!["kind".to_owned()];
        head.extend(EFFECTS.map(|(effect, ..)| format!("{effect} %")));
        head.push("launches at 1 %".to_owned());
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let mut table = Table::new(&head);
        let shown = |value: Option<f64>, unit: &str| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{}{unit}", figure(value)))
        };
        for kernel in &KERNELS {
            let of = |effect: f64| self.seconds(effect, |time| time.kernel == kernel.name);
            let mut row = vec![kernel.name.to_owned()];
            row.extend(EFFECTS.map(|(effect, ..)| shown(median(&of(effect)), " s")));
            let launches: Vec<f64> = self
                .of_size(1.0)
                .filter(|time| time.kernel == kernel.name)
                .map(|time| f64::from(time.launches))
                .collect();
            row.push(shown(median(&launches), ""));
            table.row(row);
        }
        format!(
            "The same comparisons, in both directions: the median of the seconds that the gate says \
             it took, pilots and processes that were started included. Comparisons that ended with \
             their budget, without a verdict, count with all of it. The interval is that of the \
             sign test, at least 95 %. Steady are: {}.\n\n{table}",
            if self.steady.is_empty() { "none".to_owned() } else { self.steady.join(", ") },
        )
    }
}

impl Data {
    fn of_size(&self, percent: f64) -> impl Iterator<Item = &Time> {
        self.times.iter().filter(move |time| (time.effect_percent.abs() - percent).abs() < 1e-9)
    }

    fn seconds(&self, effect: f64, is_asked: impl Fn(&Time) -> bool) -> Vec<f64> {
        let asked = self.of_size(effect).filter(|time| is_asked(time));
        asked.map(|time| time.seconds).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_taken_together() {
        let time = |effect_percent, seconds| Time {
            kernel: "hash".to_owned(),
            effect_percent,
            seconds,
            launches: 11,
            is_right: true,
        };
        let times = vec![time(1.0, 1.0), time(-1.0, 3.0), time(1.0, 2.5), time(5.0, 9.0)];
        let data = Data { steady: vec!["hash".to_owned()], times };
        let claims = data.claims();
        assert_eq!(claims.len(), 2);
        assert_eq!(claims[0].cells()[2..5], ["2.5 s", "1 to 3 s", "missed by 25 %"]);
    }
}
