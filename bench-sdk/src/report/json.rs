//! The record itself.

use super::ReportError;
use crate::record::RunRecord;

/// `run.json`: the record as one object, indented, with a line break at the end.
///
/// # Errors
/// None that a record of this crate can cause.
pub fn render_json(record: &RunRecord) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    Ok(text)
}
