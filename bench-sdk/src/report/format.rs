//! The formats a finished run can be had in.

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
    /// The bench lines of libtest.
    Bencher,
}

impl Format {
    const ALL: [(&'static str, Self); 5] = [
        ("pretty", Self::Pretty),
        ("terse", Self::Terse),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("bencher", Self::Bencher),
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
/// When the record cannot be encoded.
pub fn render(format: Format, record: &RunRecord) -> Result<String, ReportError> {
    match format {
        Format::Pretty => Ok(render_run(record, &TerminalOptions::default())),
        Format::Terse => Ok(render_terse(record)),
        Format::Json => render_json(record),
        Format::Bencher => Ok(render_bencher(record)),
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
            assert!(render(format, &hub_run()).unwrap().ends_with('\n'));
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
