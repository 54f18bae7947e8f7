//! What cargo says and keeps.

use std::path::PathBuf;

use serde_json::Value;

/// The executable of a bench target, from the lines of `--message-format json`.
pub(crate) fn executable_of(messages: &str, target: &str) -> Option<PathBuf> {
    executable(messages, "bench", target)
}

/// The executable of a binary, likewise.
pub(crate) fn executable_of_bin(messages: &str, target: &str) -> Option<PathBuf> {
    executable(messages, "bin", target)
}

fn executable(messages: &str, of_kind: &str, target: &str) -> Option<PathBuf> {
    messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|line| {
        let about = line.get("target")?;
        let is_it = about.get("kind")?.as_array()?.iter().any(|kind| kind == of_kind);
        let found = is_it && about.get("name")? == target;
        found.then(|| line.get("executable")?.as_str().map(PathBuf::from)).flatten()
    })
}

/// The version of a package in the text of a `Cargo.lock`.
pub(crate) fn locked_version(lock: &str, name: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{name}\""))?;
    let version = lines.next()?.strip_prefix("version = ")?;
    Some(version.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"ours"},"executable":null}
   Compiling something that is no message
{"reason":"compiler-artifact","target":{"kind":["bench"],"name":"theirs"},"executable":"/t/theirs-1"}
{"reason":"compiler-artifact","target":{"kind":["bench"],"name":"ours"},"executable":"/t/ours-2"}
{"reason":"build-finished","success":true}
"#;

    #[test]
    fn the_executable_of_the_bench_target_is_found() {
        assert_eq!(executable_of(MESSAGES, "ours"), Some(PathBuf::from("/t/ours-2")));
        assert_eq!(executable_of(MESSAGES, "none"), None);
    }

    #[test]
    fn versions_come_from_the_lock() {
        let lock = "[[package]]\nname = \"divan\"\nversion = \"0.1.21\"\n\n[[package]]\nname = \"divan-macros\"\nversion = \"0.1.9\"\n";
        assert_eq!(locked_version(lock, "divan").as_deref(), Some("0.1.21"));
        assert_eq!(locked_version(lock, "criterion"), None);
    }
}
