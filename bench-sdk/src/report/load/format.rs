//! The formats a finished load test can be had in.

use super::csv::{render_csv, render_timeline};
use super::junit::render_junit;
use super::k6_summary::render_k6_summary;
use super::markdown::render_markdown;
use super::openmetrics::render_openmetrics;
use super::render_load_summary;
use super::tracked::{
    render_bencher, render_bmf, render_github, render_github_bigger, render_terse,
};
use crate::record::load::LoadRecord;
use crate::record::{Event, indented_json};
use crate::report::{ReportError, TerminalOptions};

/// A form of output of a load test, by the name that `--output-format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadFormat {
    /// The summary.
    Pretty,
    /// One line.
    Terse,
    /// The record.
    Json,
    /// Events, one a line.
    Jsonl,
    /// A row for each metric.
    Csv,
    /// A row for each tick.
    CsvTimeline,
    /// Tables for a pull request.
    Markdown,
    /// The XML of `JUnit`, a case for each threshold.
    Junit,
    /// The JSON of k6's `--summary-export`.
    K6Summary,
    /// The bench lines of libtest.
    Bencher,
    /// What github-action-benchmark takes of which less is better.
    Github,
    /// What github-action-benchmark takes of which more is better.
    GithubBigger,
    /// Bencher Metric Format.
    Bmf,
    /// `OpenMetrics` text.
    OpenMetrics,
}

impl LoadFormat {
    const ALL: [(&'static str, Self); 14] = [
        ("pretty", Self::Pretty),
        ("terse", Self::Terse),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("csv", Self::Csv),
        ("csv-timeline", Self::CsvTimeline),
        ("markdown", Self::Markdown),
        ("junit", Self::Junit),
        ("k6-summary", Self::K6Summary),
        ("bencher", Self::Bencher),
        ("github", Self::Github),
        ("github-bigger", Self::GithubBigger),
        ("bmf", Self::Bmf),
        ("openmetrics", Self::OpenMetrics),
    ];

    /// The format of that name.
    ///
    /// ```
    /// use bench_sdk::report::LoadFormat;
    ///
    /// assert_eq!(LoadFormat::from_name("k6-summary"), Some(LoadFormat::K6Summary));
    /// assert_eq!(LoadFormat::from_name("k7"), None);
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
}

/// A finished load test in that format, as for a file: no colour, 100 columns.
///
/// `jsonl` lives from events as they happen, see [`JsonLines`](crate::report::JsonLines); of a
/// finished test it is the last of them.
///
/// # Errors
/// When the record cannot be encoded.
///
/// ```
/// use bench_sdk::record::load::LoadRecord;
/// use bench_sdk::report::{LoadFormat, ReportError, render_load};
///
/// fn for_k6_scripts(record: &LoadRecord) -> Result<String, ReportError> {
///     render_load(LoadFormat::K6Summary, record)
/// }
/// ```
pub fn render_load(format: LoadFormat, record: &LoadRecord) -> Result<String, ReportError> {
    Ok(match format {
        LoadFormat::Pretty => render_load_summary(record, &TerminalOptions::default()),
        LoadFormat::Terse => render_terse(record),
        LoadFormat::Json => indented_json(record)?,
        LoadFormat::Jsonl => {
            let last = Event::LoadFinished { record: record.clone(), folder: None };
            serde_json::to_string(&last)? + "\n"
        }
        LoadFormat::Csv => render_csv(record),
        LoadFormat::CsvTimeline => render_timeline(record),
        LoadFormat::Markdown => render_markdown(record),
        LoadFormat::Junit => render_junit(record),
        LoadFormat::K6Summary => render_k6_summary(record),
        LoadFormat::Bencher => render_bencher(record),
        LoadFormat::Github => render_github(record),
        LoadFormat::GithubBigger => render_github_bigger(record),
        LoadFormat::Bmf => render_bmf(record),
        LoadFormat::OpenMetrics => render_openmetrics(record),
    })
}
