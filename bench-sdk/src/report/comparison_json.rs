//! The record of a comparison itself, and the formats there are.

use super::comparison::{ComparisonView, render_comparison};
use super::{ReportError, TerminalOptions, render_comparison_markdown, render_comparison_terse};
use crate::record::{ComparisonRecord, indented_json};

/// The record as one object, indented, with a line break at the end.
///
/// # Errors
/// None that a record of this crate can cause.
pub fn render_comparison_json(record: &ComparisonRecord) -> Result<String, ReportError> {
    Ok(indented_json(record)?)
}

/// A form of output of a comparison, by the name that `--output-format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonFormat {
    /// For people.
    Pretty,
    /// One line a comparison.
    Terse,
    /// The record.
    Json,
    /// For a pull request.
    Markdown,
}

impl ComparisonFormat {
    const ALL: [(&'static str, Self); 4] = [
        ("pretty", Self::Pretty),
        ("terse", Self::Terse),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
    ];

    /// The format of that name.
    ///
    /// ```
    /// use bench_sdk::report::ComparisonFormat;
    ///
    /// assert_eq!(ComparisonFormat::from_name("markdown"), Some(ComparisonFormat::Markdown));
    /// assert_eq!(ComparisonFormat::from_name("bencher"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// All names, in the order they are told in.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, _)| *name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| *name)
    }

    /// A comparison in that format; the options are those of a terminal, for `pretty`.
    ///
    /// # Errors
    /// When the record cannot be encoded.
    pub fn render(
        self,
        record: &ComparisonRecord,
        options: &TerminalOptions,
        view: ComparisonView<'_>,
    ) -> Result<String, ReportError> {
        match self {
            Self::Pretty => Ok(render_comparison(record, options, view)),
            Self::Terse => Ok(render_comparison_terse(record)),
            Self::Json => render_comparison_json(record),
            Self::Markdown => Ok(render_comparison_markdown(record, view)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed encoding fails the test")]

    use super::super::comparison_fixture::{hub_gate, mixed_gate};
    use super::*;

    #[test]
    fn every_name_is_a_format_that_renders() {
        let view = ComparisonView { word: "gate", exit_code: 3, verbose: false };
        for name in ComparisonFormat::names() {
            let format = ComparisonFormat::from_name(name).unwrap();
            assert_eq!(format.name(), name);
            let text = format.render(&hub_gate(), &TerminalOptions::default(), view).unwrap();
            assert!(text.ends_with('\n'), "{name}");
        }
    }

    #[test]
    fn json_is_the_record() {
        let text = render_comparison_json(&mixed_gate()).unwrap();
        assert!(text.starts_with("{\n  \"schema\": 1,\n  \"method\": \"paired\","));
        assert_eq!(serde_json::from_str::<ComparisonRecord>(&text).unwrap(), mixed_gate());
    }
}
