//! Errors that show the place, and lists of what is accepted.

use crate::plan::nearest;

/// What is wrong, the text with the place marked below it, and what to do next.
pub(super) fn pointed(text: &str, at: usize, found: &str, wrong: &str, help: &str) -> String {
    let before = text.get(..at).unwrap_or_default().chars().count();
    let marks = "^".repeat(found.chars().count().max(1));
    let spaces = " ".repeat(before);
    // One line, whatever stands in it: those below are ours.
    let text = text.replace(['\n', '\r'], " ");
    format!("{wrong}\n    {text}\n    {spaces}{marks}\n  {help}")
}

/// Where `part`, a piece of `text`, begins in it.
pub(super) fn offset(text: &str, part: &str) -> usize {
    let distance = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    if distance <= text.len() { distance } else { 0 }
}

/// `did you mean` the nearest name, or all of them.
pub(super) fn suggestion<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    if let Some(name) = nearest(wrong, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let known: Vec<&str> = known.into_iter().collect();
    format!("accepted: {}", known.join(", "))
}
