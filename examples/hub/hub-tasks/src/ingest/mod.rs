//! The way in: lines of CSV or JSON become checked tasks.

mod csv;
mod json;
mod summary;
mod validate;

use std::fmt;

use bench_sdk::hub_bench;

pub use csv::parse_csv_line;
pub use json::parse_json_line;
pub use summary::{Totals, aggregate};
pub use validate::{Invalid, validate};

use crate::task::Task;

/// A task as a line states it, with nothing checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: u32,
    /// The name of its kind.
    pub kind: String,
    /// How urgent it is.
    pub priority: u32,
    /// The numbers of the tasks it waits for.
    pub after: Vec<u32>,
    /// Its text.
    pub text: String,
}

/// What a job file gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingestion {
    /// Everything that can be done.
    pub tasks: Vec<Task>,
    /// Everything that cannot.
    pub rejected: Vec<Rejection>,
}

/// A line that gave no task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Its number in the file, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: LineError,
}

/// Reads a job file: one task a line, as a JSON object or as CSV. Blank lines and lines that begin
/// with `#` are left out; a bad line does not spoil the others.
#[hub_bench(
    args = [4, 16, 64, 256, 1024],
    inputs = |&lines| crate::sample::job_file(lines),
    tags = ["scaling"],
    complexity = "n",
)]
pub fn ingest(file: &str) -> Ingestion {
    let mut ingestion = Ingestion::default();
    for (number, line) in file.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match parse_line(line) {
            Ok(task) => ingestion.tasks.push(task),
            Err(reason) => ingestion.rejected.push(Rejection { line: number + 1, reason }),
        }
    }
    ingestion
}

fn parse_line(line: &str) -> Result<Task, LineError> {
    let draft = if line.starts_with('{') { parse_json_line(line) } else { parse_csv_line(line) };
    draft.map_err(LineError::Syntax).and_then(|draft| validate(draft).map_err(LineError::Invalid))
}

/// Why a line gave no task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// It cannot be read.
    Syntax(SyntaxError),
    /// It can be read, but says something impossible.
    Invalid(Invalid),
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LineError {}

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxError {
    /// A field is missing.
    Missing(&'static str),
    /// A field is there that tasks do not have.
    UnknownField(String),
    /// There are more fields than a task has.
    TooManyFields(usize),
    /// A field should be a whole number, or several, and is not.
    NotANumber(&'static str),
    /// A quoted text does not end.
    UnclosedQuote,
    /// A field should be a text and is not.
    NotAText(&'static str),
    /// Something else was expected at this byte of the line, counted from 0.
    Unexpected(usize),
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "the field `{field}` is missing"),
            Self::UnknownField(field) => write!(f, "tasks have no field `{field}`"),
            Self::TooManyFields(found) => write!(f, "a task has 5 fields, not {found}"),
            Self::NotANumber(field) => write!(f, "`{field}` is not a whole number"),
            Self::UnclosedQuote => f.write_str("a quoted text does not end"),
            Self::NotAText(field) => write!(f, "`{field}` is not a text"),
            Self::Unexpected(position) => {
                write!(f, "the line makes no sense from byte {position} on")
            }
        }
    }
}

impl std::error::Error for SyntaxError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::task::TaskKind;

    #[test]
    fn csv_and_json_lines_mix() {
        let file = "# a job\n\n1,grade,3,,Read me.\n{\"id\":2,\"kind\":\"index\",\"text\":\"x\"}\n";
        let ingestion = ingest(file);
        assert_eq!(ingestion.rejected, []);
        assert_eq!(
            ingestion.tasks,
            [
                Task::new(1, TaskKind::Grade, "Read me.").priority(3),
                Task::new(2, TaskKind::Index, "x"),
            ]
        );
    }

    #[test]
    fn a_bad_line_is_named_and_spoils_nothing() {
        let ingestion = ingest("1,grade,3,,Fine.\n2,grade,x,,Bad.\n3,juggle,3,,Bad.\n");
        assert_eq!(ingestion.tasks.len(), 1);
        let reasons: Vec<_> = ingestion
            .rejected
            .iter()
            .map(|rejection| (rejection.line, rejection.reason.to_string()))
            .collect();
        assert_eq!(
            reasons,
            [
                (2, "`priority` is not a whole number".to_owned()),
                (3, "unknown kind of task `juggle`".to_owned()),
            ]
        );
    }

    #[test]
    fn a_sample_file_reads_back_as_the_sample_tasks() {
        let ingestion = ingest(&sample::job_file(200));
        assert_eq!(ingestion.rejected.len(), 10);
        for task in &ingestion.tasks {
            let original = &sample::tasks(200)[task.id.0 as usize];
            assert_eq!((task.kind, &task.after), (original.kind, &original.after));
        }
    }
}
