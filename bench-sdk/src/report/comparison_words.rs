//! What is said of a comparison, whatever the form.

use super::comparison::is_listed;
use super::escape::escape;
use super::header::plural;
use super::units::{figure, percent};
use crate::record::{
    CaseComparison, ComparisonRecord, Metric, ThresholdVerdict, Unit, Verdict, metric_name,
};

/// `1 regressed · 1 improved · 27 equivalent (within 1 %) · 2 inconclusive`; metrics besides time
/// count where they moved.
pub(super) fn headline(record: &ComparisonRecord) -> String {
    let count = |verdict: Verdict| {
        let all = record.comparisons.iter().filter(|c| is_listed(c));
        all.filter(|c| c.verdict == verdict).count()
    };
    let mut parts = Vec::new();
    for verdict in [
        Verdict::Regressed,
        Verdict::Improved,
        Verdict::Equivalent,
        Verdict::Inconclusive,
        Verdict::NotComparable,
    ] {
        let number = count(verdict);
        if number > 0 {
            let within = match verdict {
                Verdict::Equivalent => {
                    format!(" (within {})", percent(record.rules.minimum_effect))
                }
                _ => String::new(),
            };
            parts.push(format!("{number} {}{within}", verdict.words()));
        }
    }
    if !record.broken.is_empty() {
        parts.push(format!("{} broken", record.broken.len()));
    }
    if parts.is_empty() { "nothing was compared".to_owned() } else { parts.join(" · ") }
}

/// `1 launch`, `14 launches`
pub(super) fn launches(count: u32) -> String {
    format!("{count} {}", if count == 1 { "launch" } else { "launches" })
}

/// The case and, where it is not its time, what of it.
pub(super) fn subject(comparison: &CaseComparison) -> String {
    let id = escape(comparison.id.as_str());
    if comparison.metric == metric_name::TIME { id } else { format!("{id} {}", comparison.metric) }
}

/// `+ 3.1 %`; `·` where there is no ratio.
pub(super) fn change(comparison: &CaseComparison) -> String {
    comparison.ratio.map_or_else(|| "·".to_owned(), |ratio| signed(ratio.estimate, true))
}

/// `(+2.7 … +3.5)`, where there is an interval that says more than the estimate.
pub(super) fn interval(comparison: &CaseComparison) -> Option<String> {
    let ratio = comparison.ratio?;
    let (low, high) = (ratio.low?, ratio.high?);
    ratio.level?;
    Some(format!("({} … {})", signed(low, false), signed(high, false)))
}

/// A ratio as a change in per cent, with a sign.
fn signed(ratio: f64, with_unit: bool) -> String {
    let percent = (ratio - 1.0) * 100.0;
    let size = percent.abs();
    let figure = match size {
        s if s >= 9_999.5 => ">9999".to_owned(),
        s if s >= 99.5 => format!("{s:.0}"),
        s if s < 0.05 => "0.0".to_owned(),
        s => format!("{s:.1}"),
    };
    let sign = if figure == "0.0" {
        "±"
    } else if percent < 0.0 {
        "−"
    } else {
        "+"
    };
    if with_unit { format!("{sign} {figure} %") } else { format!("{sign}{figure}") }
}

/// `812 ns → 837 ns`
pub(super) fn figures(comparison: &CaseComparison) -> Option<String> {
    let (before, after) = (comparison.baseline?, comparison.candidate?);
    let shown = |value: f64| {
        let mut metric = Metric::point(comparison.unit, comparison.better, value);
        if comparison.unit == Unit::Nanoseconds {
            // Three digits: what differs stands in the ratio.
            (metric.low, metric.high) = (Some(value * 0.999), Some(value * 1.001));
        }
        figure(&comparison.metric, &metric)
    };
    Some(format!("{} → {}", shown(before), shown(after)))
}

/// Lines below the row of a comparison.
pub(super) fn details(comparison: &CaseComparison) -> Vec<String> {
    let mut lines = Vec::new();
    match comparison.verdict {
        Verdict::Regressed | Verdict::Improved => {
            let counted = comparison.metric == metric_name::TIME;
            let words: Vec<&str> =
                comparison.evidence.iter().skip(usize::from(counted)).map(String::as_str).collect();
            if !words.is_empty() {
                lines.push(words.join(" · "));
            }
        }
        Verdict::Inconclusive => lines.push(excluded(comparison)),
        Verdict::Equivalent => {
            lines.extend(comparison.evidence.first().cloned());
        }
        Verdict::NotComparable => lines.extend(comparison.evidence.iter().cloned()),
    }
    lines.extend(comparison.threshold.and_then(|threshold| against(comparison, threshold)));
    lines
}

/// What an undecided comparison still tells.
fn excluded(comparison: &CaseComparison) -> String {
    match comparison.smallest_effect {
        Some(effect) => format!("a change of {} or more is excluded", percent(effect)),
        None if comparison.launches == 0 => "no launch was usable".to_owned(),
        None => {
            format!(
                "{} tell nothing yet; a larger --budget buys more",
                launches(comparison.launches)
            )
        }
    }
}

/// How it stands to the threshold, where that is not plain from the verdict.
fn against(comparison: &CaseComparison, threshold: ThresholdVerdict) -> Option<String> {
    let text = match threshold {
        ThresholdVerdict::Over => "over the threshold",
        ThresholdVerdict::Under if comparison.verdict == Verdict::Regressed => {
            "slower, and within the threshold"
        }
        ThresholdVerdict::Under => return None,
        ThresholdVerdict::ProbablyOver => {
            "over the threshold: decided by the estimate, the budget ended first"
        }
        ThresholdVerdict::ProbablyUnder => {
            "within the threshold: decided by the estimate, the budget ended first"
        }
    };
    Some(text.to_owned())
}

/// The last line: what the process ends with, and why.
pub(super) fn rule_of_exit(record: &ComparisonRecord, code: u8) -> String {
    let failing: Vec<&CaseComparison> = record.failures().collect();
    let first = failing.first().map(|c| escape(c.id.as_str())).unwrap_or_default();
    let why = match code {
        0 if record.comparisons.is_empty() => "nothing was compared".to_owned(),
        0 => match record.count(Verdict::Regressed) {
            0 => "nothing regressed".to_owned(),
            _ => "nothing got slower by more than the threshold".to_owned(),
        },
        1 if record.interrupted => "stopped before all was judged".to_owned(),
        1 => "the result could not be kept or shown".to_owned(),
        3 if failing.len() == 1 => format!("{first} {}", worse(failing[0])),
        3 => format!("{first} {} and {} more", worse(failing[0]), failing.len() - 1),
        5 => "not everything could be decided".to_owned(),
        101 => format!("{} broke", plural(record.broken.len(), "case")),
        _ => "failed".to_owned(),
    };
    format!("exit {code}: {why}")
}

fn worse(comparison: &CaseComparison) -> &'static str {
    if comparison.unit == Unit::Nanoseconds { "is slower" } else { "uses more" }
}
