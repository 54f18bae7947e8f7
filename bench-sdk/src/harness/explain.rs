//! `--explain CASE`: where each setting comes from.

use std::fmt::Write;

use super::usage::{UsageError, shortened};
use crate::plan::{Plan, explain, nearest};

/// One block of text for the case of that id, or for the only one that contains the text.
pub(super) fn explain_case(plan: &Plan, wanted: &str) -> Result<String, UsageError> {
    let id = |index: usize| plan.cases[index].id.as_str();
    let exact = (0..plan.cases.len()).find(|index| id(*index) == wanted);
    let containing: Vec<usize> =
        (0..plan.cases.len()).filter(|index| id(*index).contains(wanted)).collect();
    let index = match (exact, containing.as_slice()) {
        (Some(index), _) => index,
        (None, [index]) => *index,
        (None, []) => {
            let ids = plan.cases.iter().map(|case| case.id.as_str());
            let error = UsageError::new(format!("no case is named `{}`", shortened(wanted)));
            return Err(match nearest(wanted, ids) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("--list shows all cases"),
            });
        }
        (None, several) => {
            let shown: Vec<&str> = several.iter().take(3).map(|index| id(*index)).collect();
            let message = format!("{} cases contain `{}`", several.len(), shortened(wanted));
            return Err(UsageError::new(message).help(format!("such as {}", shown.join(", "))));
        }
    };
    let case = &plan.cases[index];
    let mut text = format!("{}\n  {}:{}\n\n", case.id, case.source.file, case.source.line);
    let lines = explain(&case.layers);
    let value_width = lines.iter().map(|line| line.value.chars().count()).max().unwrap_or(0);
    for line in lines {
        // Writing to a `String` cannot fail.
        let _ =
            writeln!(text, "  {:<14}  {:<value_width$}  {}", line.setting, line.value, line.source);
    }
    Ok(text)
}
