//! What a comparison is expected to show, said before its time is spent.

use std::fmt::Write;

use super::escape::escape;
use super::units::{duration, percent};
use crate::record::{CaseId, Rules};
use crate::stats::median;

/// Cases that are named where they stand out.
const NAMED: usize = 3;
/// Times the usual effect beyond which a case stands out.
const STANDS_OUT: f64 = 3.0;

/// One line, or one more where some cases show much less than the others; empty where nothing is
/// known.
pub(crate) fn outlook_lines(rules: &Rules, effects: &[(CaseId, f64)]) -> String {
    let usual = median(&effects.iter().map(|(_, effect)| *effect).collect::<Vec<_>>());
    let Some(usual) = usual else { return String::new() };
    let floor = rules.minimum_effect;
    let at_least = |effect: f64| percent(effect.max(floor));
    let budget = duration(rules.budget_ns as f64 / 1e9);
    let mut text = format!(
        "{} at most {budget} each; changes of {} or more should show\n",
        if effects.len() == 1 { "1 case,".to_owned() } else { format!("{} cases,", effects.len()) },
        at_least(usual)
    );
    let mut weak: Vec<&(CaseId, f64)> =
        effects.iter().filter(|(_, effect)| *effect > STANDS_OUT * usual.max(floor)).collect();
    weak.sort_by(|a, b| b.1.total_cmp(&a.1));
    if !weak.is_empty() {
        let named = weak.iter().take(NAMED);
        let named: Vec<String> = named
            .map(|(id, effect)| format!("{} ({})", escape(id.as_str()), at_least(*effect)))
            .collect();
        let more = weak.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "only larger ones: {}{rest}", named.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_effect_is_told_and_what_stands_out_is_named() {
        let effect = |id: &str, ratio: f64| (CaseId::from(id), ratio);
        let effects = [effect("a", 0.002), effect("b", 0.012), effect("c\x1b", 0.08)];
        assert_eq!(
            outlook_lines(&Rules::default(), &effects),
            "3 cases, at most 10 s each; changes of 1.2 % or more should show\n\
             only larger ones: c\\u{1b} (8.0 %)\n"
        );
        assert_eq!(
            outlook_lines(&Rules::default(), &effects[..1]),
            "1 case, at most 10 s each; changes of 1.0 % or more should show\n"
        );
        assert_eq!(outlook_lines(&Rules::default(), &[]), "");
    }
}
