//! The forms in which a comparison can be had.

use super::comparison::{ComparisonOptions, pretty};
use super::comparison_words::{change, subject};
use crate::record::{ComparisonRecord, indented_json};

/// A form of a comparison, by the name that `--output-format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonFormat {
    /// For a terminal.
    Pretty,
    /// One line a comparison.
    Terse,
    /// The record.
    Json,
}

impl ComparisonFormat {
    const ALL: [(&'static str, Self); 3] =
        [("pretty", Self::Pretty), ("terse", Self::Terse), ("json", Self::Json)];

    /// The form of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, _)| *name)
    }
}

/// The comparison in that form.
///
/// # Errors
/// A record that cannot be written as JSON.
pub fn render_comparison(
    format: ComparisonFormat,
    record: &ComparisonRecord,
    options: &ComparisonOptions,
) -> Result<String, serde_json::Error> {
    match format {
        ComparisonFormat::Pretty => Ok(pretty(record, options)),
        ComparisonFormat::Terse => Ok(terse(record)),
        ComparisonFormat::Json => indented_json(record),
    }
}

/// `regressed  + 3.1 %  hub_tasks::queue::push[1000]`
fn terse(record: &ComparisonRecord) -> String {
    let line = |c: &crate::record::CaseComparison| {
        format!("{}\t{}\t{}\n", c.verdict.words(), change(c), subject(c))
    };
    record.comparisons.iter().map(line).collect()
}
