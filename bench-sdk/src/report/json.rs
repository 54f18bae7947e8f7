//! The record itself.

use super::ReportError;
use crate::record::{RunRecord, indented_json};

/// `run.json`: the record as one object, indented, with a line break at the end.
///
/// # Errors
/// None that a record of this crate can cause.
pub fn render_json(record: &RunRecord) -> Result<String, ReportError> {
    Ok(indented_json(record)?)
}
