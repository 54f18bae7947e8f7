//! Judgements in words.

use super::trial::Trial;
use super::units::Beyond;
use crate::record::{Note, ThresholdVerdict, Verdict, units};

/// What a verdict rests on.
pub(super) fn evidence(
    trial: &Trial,
    verdict: Verdict,
    threshold: Option<ThresholdVerdict>,
    comparisons: usize,
) -> Vec<String> {
    let Some(estimate) = trial.estimate() else {
        return vec!["no launch gave a value".to_owned()];
    };
    let margin = units::percent(trial.borders().margin.exp_m1());
    let (direction, way) =
        if estimate < 0.0 { (Beyond::BelowZero, "faster") } else { (Beyond::Zero, "slower") };
    let mut lines = if verdict == Verdict::Equivalent {
        vec![
            share(trial, Beyond::BelowMargin, &format!("less than {margin} slower")),
            share(trial, Beyond::AboveMinusMargin, &format!("less than {margin} faster")),
        ]
    } else {
        vec![share(trial, direction, way)]
    };
    if verdict == Verdict::Inconclusive {
        lines.extend(why_open(trial, way, &margin, comparisons));
    }
    lines.extend(threshold.and_then(|threshold| held_against(trial, threshold)));
    lines
}

/// `14 of 14 launches slower`.
fn share(trial: &Trial, beyond: Beyond, what: &str) -> String {
    let units = trial.units();
    let noun = if trial.is_dependent() { "medians of four launches" } else { "launches" };
    format!("{} of {} {noun} {what}", units.count(beyond), units.len())
}

/// Why nothing was called, where that is not for want of evidence.
fn why_open(trial: &Trial, way: &str, margin: &str, comparisons: usize) -> Option<String> {
    let standing = trial.standing();
    if standing.call.is_some() {
        return Some(format!(
            "{way} beyond doubt for one comparison, not for one of {comparisons}: give it more time"
        ));
    }
    trial
        .two_modes_that_matter()
        .map(|_| format!("cannot be called equivalent: some launches change by more than {margin}"))
}

fn held_against(trial: &Trial, verdict: ThresholdVerdict) -> Option<String> {
    let threshold = units::percent(trial.borders().threshold?.exp_m1());
    Some(match verdict {
        ThresholdVerdict::Over => {
            share(trial, Beyond::Threshold, &format!("more than {threshold} slower"))
        }
        ThresholdVerdict::Under => {
            share(trial, Beyond::BelowThreshold, &format!("less than {threshold} slower"))
        }
        ThresholdVerdict::ProbablyOver => {
            format!("beyond {threshold} by the estimate, which launches do not bear out yet")
        }
        ThresholdVerdict::ProbablyUnder => {
            format!("within {threshold} by the estimate, which launches do not bear out yet")
        }
    })
}

/// What a reader should know of the launches.
pub(super) fn notes(trial: &Trial) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(modes) = trial.two_modes_that_matter() {
        notes.push(Note::warning(
            "bimodal",
            format!(
                "two modes among launches: around {} in {:.0} % of them, around {} in the others; \
                 see whether the benchmark takes one of two paths, or memory lies in one of two ways",
                signed(modes.high),
                modes.share_high * 100.0,
                signed(modes.low),
            ),
        ));
    }
    if trial.is_dependent() {
        notes.push(Note::remark(
            "dependent_launches",
            "launches depend on each other: judged by medians of four",
        ));
    }
    if trial.ignored() > 0 {
        notes.push(Note::warning(
            "launches_ignored",
            format!("launches that gave no value: {}", trial.ignored()),
        ));
    }
    notes
}

/// A change as `+3.1 %`.
fn signed(d: f64) -> String {
    format!("{:+.1} %", d.exp_m1() * 100.0)
}
