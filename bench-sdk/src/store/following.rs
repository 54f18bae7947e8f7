//! Reading along in `progress.jsonl`.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::files::open;
use super::progress::progress_file;
use crate::resource::try_lock_exclusive;

/// A line that is longer than this is passed over: nothing writes such lines.
const LONGEST: usize = 1 << 20;

/// What there is to know since the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Another run has begun its file.
    Begun,
    /// A line of it, without its end.
    Line(String),
    /// Its process is gone: it had said all that it had to say, or was killed.
    Gone,
}

/// Follows whatever run measures with a results folder.
#[derive(Debug)]
pub(crate) struct Following {
    path: PathBuf,
    at: Place,
}

/// How far the reading is.
#[derive(Debug)]
enum Place {
    /// In the file of a run that goes on.
    Within(Lines),
    /// Behind the last line of a run that is over, or before the first run.
    Behind(Option<Identity>),
}

impl Following {
    /// Follows from now on; of a run that is over nothing is told.
    pub(crate) fn of(results_dir: &Path) -> Self {
        let path = progress_file(results_dir);
        let over = open(&path).ok().filter(is_over).and_then(|file| file.metadata().ok());
        Self { path, at: Place::Behind(over.as_ref().map(Identity::of)) }
    }

    /// What is new.
    pub(crate) fn next(&mut self) -> io::Result<Vec<Told>> {
        let mut told = Vec::new();
        if let Place::Behind(before) = &self.at {
            let there = fs::metadata(&self.path).ok().map(|there| Identity::of(&there));
            if there.is_none() || there == *before {
                return Ok(told);
            }
            told.push(Told::Begun);
            self.at = Place::Within(Lines::of(open(&self.path)?));
        }
        if let Place::Within(lines) = &mut self.at {
            // Asked before reading: nothing can come between the last line and the end then.
            let is_over = is_over(&lines.file);
            lines.read(&mut told)?;
            if is_over {
                told.push(Told::Gone);
                // Closed, and the lock given back, so that others can tell too.
                self.at = Place::Behind(Some(Identity::of(&lines.file.metadata()?)));
            }
        }
        Ok(told)
    }
}

/// What tells a file from the one that takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Identity {
    /// Its number, and when it was changed. Numbers alone are used again.
    node: (u64, i64, i64),
    length: u64,
}

impl Identity {
    fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt;
            (file.ino(), file.mtime(), file.mtime_nsec())
        };
        #[cfg(not(unix))]
        let node = (0, 0, 0);
        Self { node, length: file.len() }
    }
}

/// A file that grows, by lines.
#[derive(Debug)]
struct Lines {
    file: File,
    /// The beginning of a line whose end is not there yet.
    rest: Vec<u8>,
    is_overlong: bool,
}

impl Lines {
    fn of(file: File) -> Self {
        Self { file, rest: Vec::new(), is_overlong: false }
    }

    /// Takes the lines that are whole by now.
    fn read(&mut self, told: &mut Vec<Told>) -> io::Result<()> {
        let mut chunk = [0; 16 * 1024];
        loop {
            let count = self.file.read(&mut chunk)?;
            if count == 0 {
                return Ok(());
            }
            for &byte in &chunk[..count] {
                if byte == b'\n' {
                    let line = std::mem::take(&mut self.rest);
                    if !std::mem::take(&mut self.is_overlong) {
                        told.extend(String::from_utf8(line).ok().map(Told::Line));
                    }
                } else if self.rest.len() < LONGEST {
                    self.rest.push(byte);
                } else {
                    self.is_overlong = true;
                }
            }
        }
    }
}

/// Whether nobody writes it any more. The lock stays with the reader until the file is closed; another
/// reader who asks meanwhile takes them for the writer, and knows better the next time.
fn is_over(file: &File) -> bool {
    matches!(try_lock_exclusive(file), Ok(true))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::store::progress::ProgressLog;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("hub-bench-following-{name}-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            let _ = fs::remove_dir_all(&folder);
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn line(text: &str) -> Told {
        Told::Line(format!("\"{text}\""))
    }

    #[test]
    fn a_run_is_followed_from_its_first_line_to_its_end() {
        let folder = Folder::new("whole");
        let mut following = Following::of(&folder.0);
        assert_eq!(following.next().unwrap(), []);
        let mut log = ProgressLog::begin(&folder.0).unwrap();
        log.push(&"one").unwrap();
        assert_eq!(following.next().unwrap(), [Told::Begun, line("one")]);
        assert_eq!(following.next().unwrap(), []);
        let mut late = Following::of(&folder.0);
        assert_eq!(late.next().unwrap(), [Told::Begun, line("one")]);
        log.push(&"two").unwrap();
        drop(log);
        for follower in [&mut following, &mut late] {
            assert_eq!(follower.next().unwrap(), [line("two"), Told::Gone]);
            assert_eq!(follower.next().unwrap(), []);
        }
        assert_eq!(Following::of(&folder.0).next().unwrap(), []);
    }

    #[test]
    fn the_next_run_begins_anew() {
        let folder = Folder::new("next");
        let mut first = ProgressLog::begin(&folder.0).unwrap();
        first.push(&"one").unwrap();
        let mut following = Following::of(&folder.0);
        assert_eq!(following.next().unwrap(), [Told::Begun, line("one")]);
        // One ends and the other begins before anybody looks.
        first.push(&"last").unwrap();
        drop(first);
        let mut second = ProgressLog::begin(&folder.0).unwrap();
        second.push(&"two").unwrap();
        assert_eq!(following.next().unwrap(), [line("last"), Told::Gone]);
        assert_eq!(following.next().unwrap(), [Told::Begun, line("two")]);
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    }

    #[test]
    fn half_of_a_line_waits_and_an_overlong_one_is_passed_over() {
        let folder = Folder::new("lines");
        fs::create_dir_all(&folder.0).unwrap();
        let path = folder.0.join("grows");
        let mut told = Vec::new();
        let write = |bytes: &[u8]| {
            use std::io::Write;
            let mut file = File::options().append(true).create(true).open(&path).unwrap();
            file.write_all(bytes).unwrap();
        };
        write(b"half");
        let mut lines = Lines::of(File::open(&path).unwrap());
        lines.read(&mut told).unwrap();
        assert_eq!(told, []);
        write(b" of it\n");
        write(&vec![b'x'; LONGEST + 9]);
        write(b"\n\xff\nlast\n");
        lines.read(&mut told).unwrap();
        let texts = ["half of it", "last"].map(|text| Told::Line(text.to_owned()));
        assert_eq!(told, texts);
    }
}
