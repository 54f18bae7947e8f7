//! What a task must be like, whatever it was written in.

use std::fmt;

use bench_sdk::hub_bench;

use super::Draft;
use crate::task::{Task, TaskId, TaskKind, UnknownKind};

const HIGHEST_PRIORITY: u8 = 9;
const LONGEST_TEXT_BYTES: usize = 64 * 1024;

/// Makes a task of a draft, if it can be one. Dependencies are put in order, each once.
#[hub_bench(inputs = draft)]
pub fn validate(draft: Draft) -> Result<Task, Invalid> {
    let kind: TaskKind = draft.kind.parse()?;
    let priority = u8::try_from(draft.priority)
        .ok()
        .filter(|&priority| priority <= HIGHEST_PRIORITY)
        .ok_or(Invalid::Priority(draft.priority))?;
    if draft.text.trim().is_empty() {
        return Err(Invalid::NoText);
    }
    if draft.text.len() > LONGEST_TEXT_BYTES {
        return Err(Invalid::LongText(draft.text.len()));
    }
    if draft.after.contains(&draft.id) {
        return Err(Invalid::WaitsForItself);
    }
    let mut after: Vec<TaskId> = draft.after.into_iter().map(TaskId).collect();
    after.sort_unstable();
    after.dedup();
    Ok(Task { id: TaskId(draft.id), kind, priority, after, text: draft.text })
}

#[bench_sdk::bench_only]
fn draft() -> Draft {
    Draft {
        id: 12,
        kind: "grade".to_owned(),
        priority: 3,
        after: vec![7, 3, 7, 11],
        text: crate::sample::text(40),
    }
}

/// Why a draft cannot be a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// There is no such kind.
    Kind(UnknownKind),
    /// Priorities end at 9.
    Priority(u32),
    /// There is nothing to work with.
    NoText,
    /// The text has this many bytes, which is too many.
    LongText(usize),
    /// It could never begin.
    WaitsForItself,
}

impl From<UnknownKind> for Invalid {
    fn from(error: UnknownKind) -> Self {
        Self::Kind(error)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(error) => error.fmt(f),
            Self::Priority(priority) => {
                write!(f, "priority {priority} is above {HIGHEST_PRIORITY}")
            }
            Self::NoText => f.write_str("there is no text"),
            Self::LongText(bytes) => {
                write!(f, "a text of {bytes} bytes is above {LONGEST_TEXT_BYTES}")
            }
            Self::WaitsForItself => f.write_str("the task waits for itself"),
        }
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(change: impl FnOnce(&mut Draft)) -> Result<Task, Invalid> {
        let mut draft = Draft {
            id: 5,
            kind: "grade".to_owned(),
            priority: 9,
            after: vec![3, 1, 3],
            text: "Read me.".to_owned(),
        };
        change(&mut draft);
        validate(draft)
    }

    #[test]
    fn a_good_draft_becomes_a_task() {
        let task = Task::new(5, TaskKind::Grade, "Read me.");
        assert_eq!(grade(|_| ()), Ok(task.priority(9).after(&[1, 3])));
    }

    #[test]
    fn impossible_drafts_are_refused() {
        let unknown = UnknownKind("Grade".to_owned());
        let long = LONGEST_TEXT_BYTES + 1;
        assert_eq!(grade(|draft| draft.kind = "Grade".to_owned()), Err(Invalid::Kind(unknown)));
        for priority in [10, 256, u32::MAX] {
            let error = grade(|draft| draft.priority = priority);
            assert_eq!(error, Err(Invalid::Priority(priority)));
        }
        assert_eq!(grade(|draft| draft.text = " \n".to_owned()), Err(Invalid::NoText));
        assert_eq!(grade(|draft| draft.text = "x".repeat(long)), Err(Invalid::LongText(long)));
        assert_eq!(grade(|draft| draft.after.push(5)), Err(Invalid::WaitsForItself));
    }
}
