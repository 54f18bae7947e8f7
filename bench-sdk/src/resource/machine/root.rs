//! Files of the system, below a folder that tests replace.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

/// A value, or why there is none.
pub(super) type Reading<T> = Result<T, String>;

/// Bytes read of a file: what is looked for stands at its beginning.
const MAX_BYTES: u64 = 64 * 1024;
/// Characters of a word that is recorded.
const MAX_WORD: usize = 120;

/// The folder that stands for `/`.
#[derive(Clone, Debug)]
pub(super) struct Root(PathBuf);

impl Root {
    /// The running system.
    pub(super) fn system() -> Self {
        Self::at("/")
    }

    pub(super) fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches('/'))
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub(super) fn open(&self, path: &str) -> Reading<File> {
        File::open(self.path(path)).map_err(|error| reason(path, error.kind()))
    }

    /// The beginning of a file, whatever bytes it holds.
    pub(super) fn read(&self, path: &str) -> Reading<String> {
        // Room for most files, or the standard library would feel its way in steps of 32 bytes.
        let mut bytes = Vec::with_capacity(4096);
        let mut file = self.open(path)?;
        let read = file.by_ref().take(MAX_BYTES).read_to_end(&mut bytes);
        read.map_err(|error| reason(path, error.kind()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The first line of a file, as a word to be recorded.
    pub(super) fn word(&self, path: &str) -> Reading<String> {
        word(&self.read(path)?).ok_or_else(|| format!("{path} is empty"))
    }

    /// A file that holds one number.
    pub(super) fn number(&self, path: &str) -> Reading<u64> {
        self.word(path)?.parse().map_err(|_| not_understood(path))
    }

    /// Names in a folder, sorted; none where there is no such folder.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

fn reason(path: &str, kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => format!("there is no {path}"),
        ErrorKind::PermissionDenied => format!("{path} may not be read"),
        _ => format!("{path} cannot be read"),
    }
}

/// The reason where a file says something else than it should.
pub(super) fn not_understood(path: &str) -> String {
    format!("what {path} says is not understood")
}

/// The first line, without what a terminal would obey, and not longer than a word may be.
pub(super) fn word(text: &str) -> Option<String> {
    let line = text.trim().lines().next()?;
    let kept = line.chars().filter(|c| !c.is_control()).take(MAX_WORD);
    let word = kept.collect::<String>().trim().to_owned();
    (!word.is_empty()).then_some(word)
}

/// Collects why fields are missing.
#[derive(Debug, Default)]
pub(super) struct Absences {
    reasons: BTreeMap<String, String>,
    /// The one reason for everything that would be read of the system, on a system we do not read.
    foreign: Option<String>,
}

impl Absences {
    pub(super) fn on(system: &str) -> Self {
        let foreign = (system != "linux").then(|| format!("not read on {system}"));
        Self { reasons: BTreeMap::new(), foreign }
    }

    /// The value of a field that files of the system tell.
    pub(super) fn system<T>(&mut self, field: &str, reading: Reading<T>) -> Option<T> {
        let foreign = self.foreign.clone();
        self.any(field, reading.map_err(|reason| foreign.unwrap_or(reason)))
    }

    /// The value of a field that is found in the same way everywhere.
    pub(super) fn any<T>(&mut self, field: &str, reading: Reading<T>) -> Option<T> {
        match reading {
            Ok(value) => Some(value),
            Err(reason) => {
                self.reasons.insert(field.to_owned(), reason);
                None
            }
        }
    }

    /// Goes on with reasons that were found before.
    pub(super) fn with(mut self, reasons: BTreeMap<String, String>) -> Self {
        self.reasons = reasons;
        self
    }

    pub(super) fn into_reasons(self) -> BTreeMap<String, String> {
        self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn files_are_read_or_named_with_a_reason() {
        let tree =
            Tree::of(&[("a/word", "  performance\nmore"), ("a/empty", "\n"), ("a/n", "12\n")]);
        let root = tree.root();
        assert_eq!(root.word("/a/word").as_deref(), Ok("performance"));
        assert_eq!(root.number("/a/n"), Ok(12));
        assert_eq!(root.word("/a/empty"), Err("/a/empty is empty".to_owned()));
        assert_eq!(root.number("/a/word"), Err(not_understood("/a/word")));
        assert_eq!(root.number("/a/none"), Err("there is no /a/none".to_owned()));
        assert_eq!(root.read("/a"), Err("/a cannot be read".to_owned()));
        assert_eq!(root.names("a"), ["empty", "n", "word"]);
        assert_eq!(root.names("b"), [""; 0]);
    }

    #[test]
    fn words_are_short_and_harmless() {
        assert_eq!(word("\u{1b}[2Jbad\u{0} name\n").as_deref(), Some("[2Jbad name"));
        assert_eq!(word(&"x".repeat(5_000)).map(|word| word.len()), Some(MAX_WORD));
        assert_eq!(word("\u{0}\u{1}"), None);
    }

    #[test]
    fn another_system_has_one_reason_for_its_files() {
        let mut absent = Absences::on("macos");
        assert_eq!(absent.system("kernel", Err::<u64, _>("there is no /proc".to_owned())), None);
        assert_eq!(absent.any("git_commit", Err::<u64, _>("no repository".to_owned())), None);
        assert_eq!(absent.any("cpus", Ok(4)), Some(4));
        let reasons = absent.into_reasons();
        assert_eq!(reasons["kernel"], "not read on macos");
        assert_eq!(reasons["git_commit"], "no repository");
        assert_eq!(reasons.len(), 2);
    }
}
