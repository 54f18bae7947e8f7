//! What running a task means.

use std::fmt;

use bench_sdk::hub_bench;

use crate::task::{Task, TaskId, TaskKind};
use crate::text::{key_sentence, reading_grade, redact, top_words};

/// What came of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The task.
    pub task: TaskId,
    /// Its result.
    pub output: Output,
}

/// The result of each kind of task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The sentence that says most.
    Summary(String),
    /// The most frequent words and how often they occur.
    Index(Vec<(String, usize)>),
    /// The text without numbers and addresses.
    Redacted(String),
    /// How hard the text is to read.
    Grade(u32),
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Summary(text) | Self::Redacted(text) => f.write_str(text),
            Self::Index(words) => {
                for (position, (word, count)) in words.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    write!(f, "{comma}{word} ({count})")?;
                }
                Ok(())
            }
            Self::Grade(grade) => write!(f, "reading grade {grade}"),
        }
    }
}

/// Runs a task: cleans its text, does what its kind asks for, and checks that something came out.
#[hub_bench(
    args = TaskKind::ALL,
    inputs = |&kind| Task::new(1, kind, crate::sample::text(120)),
    thresholds = ["median < 5ms"],
)]
pub fn process(task: Task) -> Result<Outcome, ProcessError> {
    let Task { id, kind, text, .. } = task;
    let text = normalise(&text);
    let output = match kind {
        TaskKind::Summarize => key_sentence(&text).map(|s| Output::Summary(s.to_owned())),
        TaskKind::Index => {
            Some(top_words(&text, 5)).filter(|words| !words.is_empty()).map(Output::Index)
        }
        TaskKind::Redact => {
            Some(redact(&text)).filter(|text| !text.is_empty()).map(Output::Redacted)
        }
        TaskKind::Grade => reading_grade(&text).map(Output::Grade),
    };
    let output = output.ok_or(ProcessError::NothingToDo(id))?;
    Ok(Outcome { task: id, output })
}

/// The text with single spaces and without control characters.
fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.extend(word.chars().filter(|c| !c.is_control()));
    }
    normal
}

/// Why a task has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessError {
    /// The text has nothing in it that the task could work with.
    NothingToDo(TaskId),
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToDo(id) => write!(f, "the text of {id} gives it nothing to do"),
        }
    }
}

impl std::error::Error for ProcessError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_kind_gives_its_own_output() {
        let output = |kind| {
            let task = Task::new(4, kind, "Tasks  run.\n12 tasks wait.");
            process(task).map(|outcome| outcome.output.to_string())
        };
        assert_eq!(output(TaskKind::Summarize).as_deref(), Ok("Tasks run."));
        assert_eq!(output(TaskKind::Index).as_deref(), Ok("tasks (2), wait (1)"));
        assert_eq!(output(TaskKind::Redact).as_deref(), Ok("Tasks run. ## tasks wait."));
        assert_eq!(output(TaskKind::Grade).as_deref(), Ok("reading grade 3"));
    }

    #[test]
    fn a_text_without_words_is_an_error_for_every_kind() {
        for kind in TaskKind::ALL {
            let task = Task::new(9, kind, " \n\u{7} ");
            assert_eq!(process(task), Err(ProcessError::NothingToDo(TaskId(9))));
        }
    }

    #[test]
    fn sample_tasks_can_be_processed() {
        for task in sample::tasks(40) {
            let id = task.id;
            assert_eq!(process(task).map(|outcome| outcome.task), Ok(id));
        }
    }
}
