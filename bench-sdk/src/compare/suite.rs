//! Everything that is compared together: when to stop, and what to call.

use super::trial::{Question, Standing, Trial};
use crate::record::{Note, Ratio, Rules, ThresholdVerdict, Verdict};
use crate::stats::discoveries;

/// All comparisons of one gate. Each is two hypotheses: that it got no slower, and no faster.
#[derive(Clone, Debug)]
pub(crate) struct Suite {
    rules: Rules,
    trials: Vec<Trial>,
}

/// What is to be made of one comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    /// How it stands to the threshold, where there is one.
    pub(crate) threshold: Option<ThresholdVerdict>,
    /// Candidate over baseline; `None` without a launch.
    pub(crate) ratio: Option<Ratio>,
    pub(crate) launches: u32,
    /// Evidence for the verdict.
    pub(crate) e_value: Option<f64>,
    /// The smallest change, as a ratio, that is excluded both ways.
    pub(crate) smallest_effect: Option<f64>,
    pub(crate) evidence: Vec<String>,
    pub(crate) notes: Vec<Note>,
}

impl Suite {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, trials: Vec::new() }
    }

    /// Adds a comparison in which a change of `margin` matters; gives its index. Both are ratios.
    pub(crate) fn add(&mut self, margin: f64, threshold: Option<f64>) -> usize {
        let threshold = threshold.map(f64::ln_1p);
        let question = Question { margin: margin.ln_1p(), threshold, bound: self.bound() };
        self.trials.push(Trial::new(question));
        self.trials.len() - 1
    }

    /// Adds a launch: the logarithm of candidate over baseline.
    pub(crate) fn push(&mut self, index: usize, value: f64) {
        if let Some(trial) = self.trials.get_mut(index) {
            trial.push(value);
        }
    }

    /// Whether no more launches of the comparison are wanted: it is equivalent; or it changed, and
    /// will be among the calls of the suite; and, where there is a threshold, it is on one side of it.
    ///
    /// A change does not stop at the evidence that one comparison by itself would take. Were all of
    /// 100 stopped at 400, one real change among them would never be called, since alone it needs
    /// 4,000.
    pub(crate) fn settled(&self, index: usize) -> bool {
        let Some(trial) = self.trials.get(index) else { return true };
        let standing = &trial.standing;
        let bound = self.bound();
        let resolved =
            trial.question().threshold.is_none() || standing.over.max(standing.under) >= bound;
        if !resolved {
            return false;
        }
        if standing.is_equivalent(bound) {
            return true;
        }
        let alone = (self.hypotheses() / self.rules.q).ln();
        [true, false].into_iter().any(|slower| {
            let (evidence, changed) = self.change(trial, slower);
            changed && (evidence >= alone || self.discovered().contains(&(index, slower)))
        })
    }

    /// The verdicts over all comparisons, in the order they were added.
    pub(crate) fn judge(&self) -> Vec<Judgement> {
        let discovered = self.discovered();
        let judge = |(index, trial): (usize, &Trial)| {
            let called = |slower: bool| {
                self.change(trial, slower).1 && discovered.contains(&(index, slower))
            };
            let verdict = if called(true) {
                Verdict::Regressed
            } else if called(false) {
                Verdict::Improved
            } else if trial.standing.is_equivalent(self.bound()) {
                Verdict::Equivalent
            } else {
                Verdict::Inconclusive
            };
            self.judgement(trial, verdict)
        };
        self.trials.iter().enumerate().map(judge).collect()
    }

    /// What the logarithm of evidence must reach for one side of one comparison.
    fn bound(&self) -> f64 {
        -self.rules.alpha.ln()
    }

    fn hypotheses(&self) -> f64 {
        2.0 * self.trials.len() as f64
    }

    /// The evidence for a change in that direction, and whether it is enough for one comparison by
    /// itself, and the change large enough to matter.
    fn change(&self, trial: &Trial, slower: bool) -> (f64, bool) {
        let Standing { slower: for_slower, faster, estimate, .. } = trial.standing;
        let (evidence, size) = if slower { (for_slower, estimate) } else { (faster, -estimate) };
        (evidence, evidence >= self.bound() && size >= trial.question().margin)
    }

    /// Comparisons and directions that e-BH over the whole suite finds.
    fn discovered(&self) -> Vec<(usize, bool)> {
        let standings = self.trials.iter().map(|trial| &trial.standing);
        let log_e: Vec<f64> = standings.flat_map(|s| [s.slower, s.faster]).collect();
        discoveries(&log_e, self.rules.q).into_iter().map(|at| (at / 2, at % 2 == 0)).collect()
    }

    fn judgement(&self, trial: &Trial, verdict: Verdict) -> Judgement {
        let standing = &trial.standing;
        let interval = trial.interval();
        let ratio = (trial.launches() > 0).then(|| Ratio {
            estimate: standing.estimate.exp(),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            level: interval.map(|_| 1.0 - 2.0 * self.rules.alpha),
        });
        let log_e = match verdict {
            Verdict::Regressed => standing.slower,
            Verdict::Improved => standing.faster,
            Verdict::Equivalent => standing.not_slower.min(standing.not_faster),
            _ => standing.slower.max(standing.faster),
        };
        Judgement {
            verdict,
            threshold: trial.question().threshold.map(|limit| self.against(standing, limit)),
            ratio,
            launches: trial.launches(),
            e_value: (trial.launches() > 0).then(|| log_e.exp().min(f64::MAX)),
            smallest_effect: interval.map(|(low, high)| (1.0 - low).max(high - 1.0).max(0.0)),
            evidence: evidence(standing, verdict),
            notes: notes(trial),
        }
    }

    fn against(&self, standing: &Standing, limit: f64) -> ThresholdVerdict {
        if standing.over >= self.bound() {
            ThresholdVerdict::Over
        } else if standing.under >= self.bound() {
            ThresholdVerdict::Under
        } else if standing.estimate > limit {
            ThresholdVerdict::ProbablyOver
        } else {
            ThresholdVerdict::ProbablyUnder
        }
    }
}

fn evidence(standing: &Standing, verdict: Verdict) -> Vec<String> {
    let units = if standing.is_grouped { "medians of four launches" } else { "launches" };
    let told =
        |count: u32, word: &str| vec![format!("{count} of {} {units} {word}", standing.units)];
    match verdict {
        Verdict::Regressed => told(standing.above, "slower"),
        Verdict::Improved => told(standing.below, "faster"),
        _ => Vec::new(),
    }
}

fn notes(trial: &Trial) -> Vec<Note> {
    let mut notes = Vec::new();
    if trial.standing.has_modes {
        notes.push(Note::warning(
            "bimodal",
            "the ratio of a launch takes one of two values: the sides differ in some launches only",
        ));
    }
    if trial.standing.is_grouped {
        notes.push(Note::remark(
            "dependent",
            "launches resemble the ones before: judged by the medians of four in a row",
        ));
    }
    if trial.unusable > 0 {
        let text = format!("{} launches gave no figure and were left out", trial.unusable);
        notes.push(Note::remark("unusable", text));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(threshold: Option<f64>) -> Rules {
        Rules { threshold, ..Rules::default() }
    }

    /// A suite of that many comparisons, the first of which has these values.
    fn suite(cases: usize, values: &[f64], threshold: Option<f64>) -> Suite {
        let mut suite = Suite::new(rules(threshold));
        for _ in 0..cases {
            suite.add(0.01, threshold);
        }
        for value in values {
            suite.push(0, *value);
        }
        suite
    }

    fn around(centre: f64, spread: f64, count: usize) -> Vec<f64> {
        let place = |i: usize| (i * 7 % count) as f64 / (count - 1) as f64 - 0.5;
        (0..count).map(|i| centre + spread * place(i)).collect()
    }

    #[test]
    fn verdicts_are_those_of_the_rules() {
        for (centre, spread, count, verdict) in [
            (0.03, 0.01, 10, Verdict::Regressed),
            (-0.03, 0.01, 10, Verdict::Improved),
            (0.0, 0.015, 10, Verdict::Equivalent),
            (0.03, 0.01, 9, Verdict::Inconclusive),
            // Slower for sure, and by less than matters: not shown to be less, either.
            (0.009, 0.008, 10, Verdict::Inconclusive),
        ] {
            let suite = suite(1, &around(centre, spread, count), None);
            let judged = suite.judge();
            assert_eq!(judged[0].verdict, verdict, "{centre} {spread}");
            assert_eq!(suite.settled(0), verdict != Verdict::Inconclusive);
            assert_eq!(judged[0].launches, count as u32);
        }
    }

    #[test]
    fn a_large_suite_asks_for_more_evidence_before_it_stops() {
        let values = around(0.03, 0.01, 10);
        assert!(suite(10, &values, None).settled(0));
        let large = suite(100, &values, None);
        assert!(!large.settled(0));
        assert_eq!(large.judge()[0].verdict, Verdict::Inconclusive);
        let more = suite(100, &around(0.03, 0.01, 15), None);
        assert!(more.settled(0));
        assert_eq!(more.judge()[0].verdict, Verdict::Regressed);
    }

    #[test]
    fn a_change_that_others_share_is_found_with_them() {
        let mut together = Suite::new(rules(None));
        for _ in 0..50 {
            let index = together.add(0.01, None);
            for value in around(0.03, 0.01, 10) {
                together.push(index, value);
            }
        }
        assert!(together.judge().iter().all(|judged| judged.verdict == Verdict::Regressed));
        assert!(together.settled(7));
    }

    #[test]
    fn thresholds_keep_it_going_until_they_are_resolved() {
        let values = around(0.03, 0.01, 10);
        let near = suite(1, &values, Some(0.03));
        assert!(!near.settled(0));
        let judged = &near.judge()[0];
        assert_eq!(judged.verdict, Verdict::Regressed);
        assert!(judged.threshold.is_some_and(|verdict| matches!(
            verdict,
            ThresholdVerdict::ProbablyOver | ThresholdVerdict::ProbablyUnder
        )));
        let far = suite(1, &values, Some(0.05));
        assert!(far.settled(0));
        assert_eq!(far.judge()[0].threshold, Some(ThresholdVerdict::Under));
        assert_eq!(
            suite(1, &values, Some(0.02)).judge()[0].threshold,
            Some(ThresholdVerdict::Over)
        );
    }

    #[test]
    fn the_mirror_of_the_values_has_the_mirror_of_the_verdicts() {
        for values in [around(0.03, 0.01, 11), around(0.004, 0.02, 31), around(0.0, 0.01, 12)] {
            let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
            let (one, other) = (suite(3, &values, None).judge(), suite(3, &mirrored, None).judge());
            let mirror = match one[0].verdict {
                Verdict::Regressed => Verdict::Improved,
                Verdict::Improved => Verdict::Regressed,
                same => same,
            };
            assert_eq!(other[0].verdict, mirror);
            assert_eq!(one[0].e_value, other[0].e_value);
            let (a, b) = (one[0].ratio.map(|r| r.estimate), other[0].ratio.map(|r| r.estimate));
            assert!(a.zip(b).is_some_and(|(a, b)| (a * b - 1.0).abs() < 1e-12));
        }
    }

    #[test]
    fn nothing_measured_is_nothing_known() {
        let judged = &suite(1, &[], Some(0.05)).judge()[0];
        assert_eq!((judged.verdict, judged.ratio), (Verdict::Inconclusive, None));
        assert_eq!((judged.e_value, judged.smallest_effect), (None, None));
    }
}
