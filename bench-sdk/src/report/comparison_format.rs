//! The forms in which a comparison can be had.

use super::comparison::{ComparisonOptions, render_comparison_pretty};
use super::comparison_junit::render_comparison_junit;
use super::comparison_markdown::render_comparison_markdown;
use super::comparison_terse::render_comparison_terse;
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
    /// For a pull request.
    Markdown,
    /// The XML of `JUnit`.
    Junit,
}

impl ComparisonFormat {
    const ALL: [(&'static str, Self); 5] = [
        ("pretty", Self::Pretty),
        ("terse", Self::Terse),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("junit", Self::Junit),
    ];

    /// The form of that name.
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
}

/// The comparison in that form.
///
/// # Errors
/// A record that cannot be written as JSON: none that this crate makes.
///
/// ```
/// use bench_sdk::record::ComparisonRecord;
/// use bench_sdk::report::{ComparisonFormat, ComparisonOptions, render_comparison};
///
/// fn comment(record: &ComparisonRecord, exit_code: u8) -> Result<String, serde_json::Error> {
///     let options = ComparisonOptions { exit_code, ..ComparisonOptions::default() };
///     render_comparison(ComparisonFormat::Markdown, record, &options)
/// }
/// ```
pub fn render_comparison(
    format: ComparisonFormat,
    record: &ComparisonRecord,
    options: &ComparisonOptions,
) -> Result<String, serde_json::Error> {
    match format {
        ComparisonFormat::Pretty => Ok(render_comparison_pretty(record, options)),
        ComparisonFormat::Terse => Ok(render_comparison_terse(record)),
        ComparisonFormat::Json => indented_json(record),
        ComparisonFormat::Markdown => Ok(render_comparison_markdown(record, options)),
        ComparisonFormat::Junit => Ok(render_comparison_junit(record)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed encoding fails the test")]

    use super::super::comparison_fixture::{hub_gate, mixed_gate};
    use super::*;

    #[test]
    fn every_name_is_a_format_that_renders() {
        for name in ComparisonFormat::names() {
            let format = ComparisonFormat::from_name(name).unwrap();
            let text = render_comparison(format, &hub_gate(), &ComparisonOptions::default());
            assert!(text.unwrap().ends_with('\n'), "{name}");
        }
    }

    #[test]
    fn json_is_the_record() {
        let options = ComparisonOptions::default();
        let text = render_comparison(ComparisonFormat::Json, &mixed_gate(), &options).unwrap();
        assert!(text.starts_with("{\n  \"schema\": 1,\n  \"method\": \"paired\","));
        assert_eq!(serde_json::from_str::<ComparisonRecord>(&text).unwrap(), mixed_gate());
    }
}
