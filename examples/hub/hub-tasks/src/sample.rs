//! Texts, tasks and job files of any size, for tests, demonstrations and benchmarks.

use std::fmt::Write as _;

use crate::task::{Task, TaskKind};

const WORDS: [&str; 16] = [
    "agent",
    "task",
    "the",
    "queue",
    "waits",
    "for",
    "a",
    "result",
    "network",
    "learns",
    "and",
    "forgets",
    "every",
    "orchestrator",
    "message",
    "quickly",
];

/// A text of that many words in sentences of different length, always the same one.
pub fn text(words: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(words as u64);
    let mut text = String::with_capacity(words * 7);
    for position in 1..=words {
        text.push_str(WORDS[rng.usize(..WORDS.len())]);
        let end = position == words || rng.u8(..9) == 0;
        text.push_str(if end { ". " } else { " " });
    }
    text.truncate(text.trim_end().len());
    text
}

/// Tasks of all kinds and priorities that wait for nothing.
pub fn independent_tasks(count: usize) -> Vec<Task> {
    let mut rng = fastrand::Rng::with_seed(count as u64);
    let task = |id| {
        let kind = TaskKind::ALL[id % TaskKind::ALL.len()];
        Task::new(id as u32, kind, "Agents wait for tasks.").priority(rng.u8(..10))
    };
    (0..count).map(task).collect()
}

/// Tasks of which most wait for one or two that came before.
pub fn tasks(count: usize) -> Vec<Task> {
    let mut rng = fastrand::Rng::with_seed(count as u64 + 1);
    let mut tasks = independent_tasks(count);
    for position in 1..count {
        for _ in 0..rng.u8(..3) {
            let needed = tasks[rng.usize(..position)].id;
            if !tasks[position].after.contains(&needed) {
                tasks[position].after.push(needed);
            }
        }
        tasks[position].after.sort_unstable();
    }
    tasks
}

/// A job file of that many lines, CSV and JSON in turn, every twentieth of them broken.
pub fn job_file(lines: usize) -> String {
    let mut file = String::with_capacity(lines * 100);
    for task in tasks(lines) {
        let (id, kind, priority) = (task.id.0, task.kind, task.priority);
        let after: Vec<String> = task.after.iter().map(|id| id.0.to_string()).collect();
        let text = text(8 + lines % 5);
        let written = match id % 20 {
            7 => writeln!(file, "{id},juggle,{priority},,\"{text}\""),
            _ if id % 2 == 0 => {
                let after = after.join(" ");
                writeln!(file, "{id},{kind},{priority},{after},\"{text}\"")
            }
            _ => {
                let after = after.join(",");
                writeln!(
                    file,
                    r#"{{"id":{id},"kind":"{kind}","priority":{priority},"after":[{after}],"text":"{text}"}}"#
                )
            }
        };
        // Writing to a string cannot fail.
        debug_assert!(written.is_ok());
    }
    file
}
