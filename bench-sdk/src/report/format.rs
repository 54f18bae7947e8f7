//! The formats a finished run can be had in.

use super::bmf::render_bmf;
use super::csv::render_csv;
use super::github::{render_github, render_github_bigger};
use super::junit::render_junit;
use super::libtest_json::render_libtest_json;
use super::markdown::render_markdown;
use super::openmetrics::render_openmetrics;
use super::{ReportError, TerminalOptions, render_bencher, render_json, render_run, render_terse};
use crate::record::{Event, RunRecord};

/// A form of output, by the name that `--output-format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The table.
    Pretty,
    /// One line a case.
    Terse,
    /// The record.
    Json,
    /// Events, one a line.
    Jsonl,
    /// A row for each case and metric.
    Csv,
    /// Tables for a pull request.
    Markdown,
    /// The XML of `JUnit`.
    Junit,
    /// The bench lines of libtest.
    Bencher,
    /// The JSON lines of libtest.
    LibtestJson,
    /// What github-action-benchmark takes of which less is better.
    Github,
    /// What github-action-benchmark takes of which more is better.
    GithubBigger,
    /// Bencher Metric Format.
    Bmf,
    /// `OpenMetrics` text.
    OpenMetrics,
    /// criterion's folder tree, see [`render_criterion`](super::render_criterion).
    Criterion,
}

impl Format {
    const ALL: [(&'static str, Self); 14] = [
        ("pretty", Self::Pretty),
        ("terse", Self::Terse),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("csv", Self::Csv),
        ("markdown", Self::Markdown),
        ("junit", Self::Junit),
        ("bencher", Self::Bencher),
        ("libtest-json", Self::LibtestJson),
        ("github", Self::Github),
        ("github-bigger", Self::GithubBigger),
        ("bmf", Self::Bmf),
        ("openmetrics", Self::OpenMetrics),
        ("criterion", Self::Criterion),
    ];

    /// The format of that name.
    ///
    /// ```
    /// use bench_sdk::report::Format;
    ///
    /// assert_eq!(Format::from_name("json"), Some(Format::Json));
    /// assert_eq!(Format::from_name("jason"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// All names, in the order they are told in.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, _)| *name)
    }

    /// Whether it is a tree of files, which has no place on standard output.
    ///
    /// ```
    /// use bench_sdk::report::Format;
    ///
    /// assert!(Format::Criterion.is_folder() && !Format::Csv.is_folder());
    /// ```
    pub fn is_folder(self) -> bool {
        self == Self::Criterion
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| *name)
    }
}

/// A finished run in that format, as for a file: no colour, 100 columns.
///
/// `jsonl` lives from events as they happen, see [`JsonLines`](super::JsonLines); of a finished run
/// it is the last of them.
///
/// # Errors
/// When the record cannot be encoded; and for `criterion`, which is no text but a folder tree.
///
/// ```
/// use bench_sdk::record::RunRecord;
/// use bench_sdk::report::{Format, ReportError, render};
///
/// fn for_a_spreadsheet(record: &RunRecord) -> Result<String, ReportError> {
///     render(Format::Csv, record)
/// }
/// ```
pub fn render(format: Format, record: &RunRecord) -> Result<String, ReportError> {
    match format {
        Format::Pretty => Ok(render_run(record, &TerminalOptions::default())),
        Format::Terse => Ok(render_terse(record)),
        Format::Json => render_json(record),
        Format::Csv => Ok(render_csv(record)),
        Format::Markdown => Ok(render_markdown(record)),
        Format::Junit => Ok(render_junit(record)),
        Format::Bencher => Ok(render_bencher(record)),
        Format::LibtestJson => Ok(render_libtest_json(record)),
        Format::Github => Ok(render_github(record)),
        Format::GithubBigger => Ok(render_github_bigger(record)),
        Format::Bmf => Ok(render_bmf(record)),
        Format::OpenMetrics => Ok(render_openmetrics(record)),
        Format::Criterion => Err(ReportError::new("criterion is a folder tree, not a text")),
        Format::Jsonl => {
            let last = Event::RunFinished { record: record.clone(), folder: None };
            Ok(serde_json::to_string(&last)? + "\n")
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed encoding fails the test")]

    use super::super::fixture::{hub_run, measured, run_of};
    use super::*;

    #[test]
    fn every_name_is_a_format_that_renders() {
        for name in Format::names() {
            let format = Format::from_name(name).unwrap();
            assert_eq!(format.name(), name);
            match render(format, &hub_run()) {
                Ok(text) => assert!(text.ends_with('\n') && !format.is_folder(), "{name}"),
                Err(_) => assert!(format.is_folder(), "{name}"),
            }
        }
    }

    #[test]
    fn json_is_the_record() {
        let record = run_of(vec![measured("a", "", "b", 100.0, 1.0)]);
        let text = render(Format::Json, &record).unwrap();
        assert!(text.starts_with("{\n  \"schema\": 1,"));
        assert_eq!(serde_json::from_str::<RunRecord>(&text).unwrap(), record);
    }
}
