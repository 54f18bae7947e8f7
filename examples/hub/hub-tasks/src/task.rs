//! One task.

use std::fmt;
use std::str::FromStr;

/// The number by which tasks refer to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u32);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.0)
    }
}

/// What is to be done with the text of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// Find the sentence that says most.
    Summarize,
    /// List the most frequent words.
    Index,
    /// Hide numbers and addresses.
    Redact,
    /// Tell how hard it is to read.
    Grade,
}

impl TaskKind {
    /// Every kind, in declaration order.
    pub const ALL: [Self; 4] = [Self::Summarize, Self::Index, Self::Redact, Self::Grade];

    /// The name in job files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Summarize => "summarize",
            Self::Index => "index",
            Self::Redact => "redact",
            Self::Grade => "grade",
        }
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TaskKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// A name that stands for no [`TaskKind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(pub String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown kind of task `{}`", self.0)
    }
}

impl std::error::Error for UnknownKind {}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number, unique within a job.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// How urgent it is, from 0 to 9.
    pub priority: u8,
    /// The tasks that have to be done before.
    pub after: Vec<TaskId>,
    /// What it is to be done with.
    pub text: String,
}

impl Task {
    /// A task of no urgency that waits for nothing.
    pub fn new(id: u32, kind: TaskKind, text: impl Into<String>) -> Self {
        Self { id: TaskId(id), kind, priority: 0, after: Vec::new(), text: text.into() }
    }

    /// The same task, more or less urgent.
    #[must_use]
    pub const fn priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    /// The same task, waiting for these.
    #[must_use]
    pub fn after(mut self, ids: &[u32]) -> Self {
        self.after.extend(ids.iter().copied().map(TaskId));
        self
    }
}
