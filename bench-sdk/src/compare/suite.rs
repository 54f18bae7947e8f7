//! All comparisons of a gate, judged together.

use super::blocks::outlook_among;
use super::trial::{Call, Trial, log_e};
use super::units::Beyond;
use super::wording;
use crate::record::{Note, Ratio, Rules, ThresholdVerdict, Verdict};
use crate::stats::{Bound, e_bh_bound};

/// Comparisons that are judged together, so that a large suite gives no more false calls than a
/// small one.
///
/// Each comparison is two hypotheses, that launches are not slower and that they are not faster,
/// and is held against a bound of its own, 1 / alpha, and against those of the others by e-BH, see
/// [`e_bh_bound`]. What enters there is the evidence of the differences that would be called; the
/// others count as e-values of 0, which they may: so the promised share holds for the calls that
/// are made, and not only for a set of which some are left out.
///
/// A comparison that is settled needs no further launches; its values then stay as they are, and
/// stay valid. It may be unsettled again where it leant on another whose evidence has gone, and
/// may be given further launches at any time: the evidence is that of all launches it was given.
#[derive(Clone, Debug)]
pub(crate) struct Suite {
    rules: Rules,
    trials: Vec<Trial>,
    /// 1 / alpha.
    bound: Bound,
}

/// What is to be made of one comparison of a [`Suite`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judgement {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// How it stands to the threshold, where it has one and a launch.
    pub(crate) threshold: Option<ThresholdVerdict>,
    /// Candidate over baseline; without a launch none, below ten without an interval.
    pub(crate) ratio: Option<Ratio>,
    /// Launches it rests on.
    pub(crate) launches: u32,
    /// Evidence for the direction of the verdict; for `equivalent` the weaker of both sides, for
    /// `inconclusive` that for a difference in the direction of the estimate.
    pub(crate) e_value: Option<f64>,
    /// The smallest change, as a ratio, that is excluded in both directions.
    pub(crate) smallest_effect: Option<f64>,
    /// What it rests on, in words.
    pub(crate) evidence: Vec<String>,
    /// Remarks.
    pub(crate) notes: Vec<Note>,
}

impl Suite {
    /// One without comparisons. Margins and thresholds are those given to [`add`](Self::add).
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, trials: Vec::new(), bound: Bound::new((1.0 / rules.alpha).ln()) }
    }

    /// Adds a comparison with its smallest change that matters and the slowdown that fails, both
    /// as ratios; gives its index. All are to be added before the first launch: what is discovered
    /// depends on their number.
    pub(crate) fn add(&mut self, margin: f64, threshold: Option<f64>) -> usize {
        self.trials.push(Trial::new(margin, threshold));
        self.trials.len() - 1
    }

    /// Takes the value d = ln(candidate / baseline) of the next launch of a comparison. One that is
    /// not finite is left out, counted and noted; an index that was never given is ignored.
    pub(crate) fn push(&mut self, index: usize, d: f64) {
        if let Some(trial) = self.trials.get_mut(index) {
            trial.push(d, &mut self.bound);
        }
    }

    /// Whether no more launches of that comparison are wanted: it is equivalent, or it is called
    /// and discovered among the others; and with a threshold it is shown to be over or under it.
    pub(crate) fn settled(&self, index: usize) -> bool {
        let Some(trial) = self.trials.get(index) else { return true };
        let standing = trial.standing();
        if trial.borders().threshold.is_some() && standing.over.is_none() {
            return false;
        }
        standing.equivalent || standing.call.is_some_and(|call| self.is_discovered(call))
    }

    /// The smallest true change, as a ratio, that so many launches of a comparison call with a
    /// probability of 95 % although no other is called; see [`super::outlook`].
    pub(crate) fn outlook(&self, spread_of_launches: f64, launches: u32) -> Option<f64> {
        outlook_among(self.trials.len(), spread_of_launches, launches, &self.rules)
    }

    /// The verdicts, in the order in which comparisons were added.
    pub(crate) fn judge(&self) -> Vec<Judgement> {
        let discovery = self.discovery_bound();
        let mut bound = self.bound.clone();
        let judge = |trial| self.judgement(trial, discovery, &mut bound);
        self.trials.iter().map(judge).collect()
    }

    /// The logarithm of the smallest evidence of a discovery.
    fn discovery_bound(&self) -> Option<f64> {
        let calls: Vec<f64> = self
            .trials
            .iter()
            .filter_map(|trial| trial.standing().call.map(|call| call.log_e))
            .collect();
        e_bh_bound(&calls, 2 * self.trials.len(), self.rules.q)
    }

    fn is_discovered(&self, call: Call) -> bool {
        let alone = (2.0 * self.trials.len() as f64 / self.rules.q).ln();
        call.log_e >= alone || self.discovery_bound().is_some_and(|bound| call.log_e >= bound)
    }

    /// Verdicts and numbers of launches, and nothing for people.
    #[cfg(test)]
    pub(super) fn verdicts(&self) -> Vec<(Verdict, u32)> {
        let discovery = self.discovery_bound();
        self.trials.iter().map(|trial| (verdict(trial, discovery), trial.len())).collect()
    }

    fn judgement(&self, trial: &Trial, discovery: Option<f64>, bound: &mut Bound) -> Judgement {
        let verdict = verdict(trial, discovery);
        let ratio = trial.ratio(self.rules.alpha, bound);
        let threshold = threshold_verdict(trial);
        Judgement {
            verdict,
            threshold,
            ratio,
            launches: trial.len(),
            e_value: e_value(trial, verdict),
            smallest_effect: ratio.and_then(smallest_effect),
            evidence: wording::evidence(trial, verdict, threshold, self.trials.len()),
            notes: wording::notes(trial),
        }
    }
}

/// The verdict, where `discovery` is the logarithm of the smallest evidence of a discovery.
fn verdict(trial: &Trial, discovery: Option<f64>) -> Verdict {
    let standing = trial.standing();
    let discovered = |call: &Call| discovery.is_some_and(|bound| call.log_e >= bound);
    match standing.call.filter(discovered) {
        Some(Call { slower: true, .. }) => Verdict::Regressed,
        Some(Call { slower: false, .. }) => Verdict::Improved,
        None if standing.equivalent => Verdict::Equivalent,
        None => Verdict::Inconclusive,
    }
}

/// How a trial stands to its threshold; by the estimate where nothing is shown.
fn threshold_verdict(trial: &Trial) -> Option<ThresholdVerdict> {
    let threshold = trial.borders().threshold?;
    Some(match trial.standing().over {
        Some(true) => ThresholdVerdict::Over,
        Some(false) => ThresholdVerdict::Under,
        None if trial.estimate()? > threshold => ThresholdVerdict::ProbablyOver,
        None => ThresholdVerdict::ProbablyUnder,
    })
}

/// Evidence for the verdict, `f64::MAX` where it would be more.
fn e_value(trial: &Trial, verdict: Verdict) -> Option<f64> {
    let estimate = trial.estimate()?;
    let shown = |beyond| log_e(trial.units(), beyond);
    let log_e = match verdict {
        Verdict::Equivalent => shown(Beyond::BelowMargin).min(shown(Beyond::AboveMinusMargin)),
        _ if estimate > 0.0 => shown(Beyond::Zero),
        _ if estimate < 0.0 => shown(Beyond::BelowZero),
        _ => shown(Beyond::Zero).max(shown(Beyond::BelowZero)),
    };
    Some(log_e.exp().min(f64::MAX))
}

/// The change farthest from none that the interval holds.
fn smallest_effect(ratio: Ratio) -> Option<f64> {
    let (low, high) = ratio.low.zip(ratio.high)?;
    Some((low - 1.0).abs().max((high - 1.0).abs()))
}
