//! Run folders: `runs/YYYYMMDD_HHMMSS_xxxx/run.json`, and `latest` beside them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::error::StoreError;
use super::files::{check_regular, create, is_nothing, point, read, read_text, write, write_text};
use super::lock::lock_file;
use super::progress::ProgressLog;
use crate::analysis::pool;
use crate::record::{ComparisonRecord, RunRecord, SCHEMA};

/// The last run.
pub(super) const LATEST: &str = "latest";

/// The runs kept under one results folder.
#[derive(Clone, Debug)]
pub(crate) struct RunStore {
    results_dir: PathBuf,
}

impl RunStore {
    pub(crate) fn new(results_dir: PathBuf) -> Self {
        Self { results_dir }
    }

    /// Waits until no other process measures with this results folder, and calls `waiting` if that
    /// is not at once; the lock lasts as long as the returned file.
    pub(crate) fn measuring_lock(&self, waiting: impl FnOnce()) -> Result<File, StoreError> {
        create(&self.results_dir)?;
        self.lock("measuring.lock", waiting)
    }

    /// Where the run that goes on writes down what happens in it; the measuring lock has to be held.
    pub(crate) fn progress_log(&self) -> Result<ProgressLog, StoreError> {
        ProgressLog::begin(&self.results_dir)
    }

    /// An empty folder for what is only needed while a comparison goes on. Nobody else uses it as long
    /// as the measuring lock is held; what a killed one has left is removed.
    pub(crate) fn scratch(&self) -> Result<PathBuf, StoreError> {
        let folder = self.results_dir.join("scratch");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::Io { path: folder, doing: "empty", error });
            }
            _ => create(&folder)?,
        }
        Ok(folder)
    }

    /// The results folder.
    pub(crate) fn results_dir(&self) -> &Path {
        &self.results_dir
    }

    /// The results folder, for messages.
    pub(crate) fn shown(&self) -> String {
        self.results_dir.display().to_string()
    }

    /// Keeps a run; gives its folder.
    pub(crate) fn save(&self, record: &RunRecord) -> Result<PathBuf, StoreError> {
        let folder = self.runs().join(&record.run.id);
        create(&folder)?;
        write(&folder.join("run.json"), record)?;
        self.point_latest(&record.run.id)?;
        Ok(folder)
    }

    /// Keeps a run that is a text already, to the last digit; gives its folder. `None` where another
    /// one has that id, or it is none.
    #[cfg(feature = "cli")]
    pub(crate) fn save_text(&self, id: &str, text: &str) -> Result<Option<PathBuf>, StoreError> {
        let folder = self.runs().join(id);
        let file = folder.join("run.json");
        if !is_id(id) || id == LATEST {
            return Ok(None);
        }
        match read(&file) {
            Ok(kept) if kept != text.as_bytes() => return Ok(None),
            Err(error) if !is_nothing(&error) => return Err(StoreError::io(&file, "read")(error)),
            _ => {}
        }
        create(&folder)?;
        write_text(&file, text)?;
        self.point_latest(id)?;
        Ok(Some(folder))
    }

    /// The run that a text is; the path is for what is said of it.
    #[cfg(feature = "cli")]
    pub(crate) fn parse(path: &Path, text: &str) -> Result<RunRecord, StoreError> {
        parse(path, text.as_bytes())
    }

    /// Keeps a comparison in the folder of that name; gives the folder.
    pub(crate) fn save_comparison(
        &self,
        id: &str,
        record: &ComparisonRecord,
    ) -> Result<PathBuf, StoreError> {
        let folder = self.runs().join(id);
        create(&folder)?;
        write(&folder.join("comparison.json"), record)?;
        Ok(folder)
    }

    /// Keeps a run that several processes contribute to; `key` is the same in all of them.
    pub(crate) fn join(&self, record: &mut RunRecord, key: &str) -> Result<PathBuf, StoreError> {
        create(&self.runs())?;
        let _lock = self.lock("join.lock", || ())?;
        let marker = self.marker(key);
        let Ok(id) = read_text(&marker) else {
            write_text(&marker, &record.run.id)?;
            self.forget_old_markers(&marker);
            return self.save(record);
        };
        let folder = self.runs().join(id);
        let path = folder.join("run.json");
        *record = pool(read_run(&path)?, record.clone());
        write(&path, record)?;
        self.point_latest(&record.run.id)?;
        Ok(folder)
    }

    /// The run that processes with that key have joined so far.
    #[cfg(feature = "cli")]
    pub(crate) fn joined(&self, key: &str) -> Result<Option<RunRecord>, StoreError> {
        match read_text(&self.marker(key)) {
            Ok(id) => read_run(&self.runs().join(id).join("run.json")).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn marker(&self, key: &str) -> PathBuf {
        let safe_key: String =
            key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(64).collect();
        self.runs().join(format!(".joined-{safe_key}"))
    }

    /// Markers matter only while their test run lasts.
    fn forget_old_markers(&self, current: &Path) {
        let Ok(entries) = fs::read_dir(self.runs()) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(".joined-") && path != current {
                // One that stays costs a few bytes.
                let _ = fs::remove_file(&path);
            }
        }
    }

    /// The folder with a folder for each run.
    pub(crate) fn runs(&self) -> PathBuf {
        self.results_dir.join("runs")
    }

    /// Takes a lock of the results folder. What is no file there would not be opened, but waited for.
    fn lock(&self, name: &str, waiting: impl FnOnce()) -> Result<File, StoreError> {
        let path = self.results_dir.join(name);
        match check_regular(&path) {
            Err(error) if !is_nothing(&error) => Err(StoreError::io(&path, "lock")(error)),
            _ => lock_file(&path, waiting),
        }
    }

    fn point_latest(&self, id: &str) -> Result<(), StoreError> {
        point(&self.runs().join(LATEST), id)
    }
}

/// Whether it can be the name of a run: nothing that leads elsewhere.
#[cfg(feature = "cli")]
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Reads the record of a run.
pub(crate) fn read_run(path: &Path) -> Result<RunRecord, StoreError> {
    parse(path, &read(path).map_err(StoreError::io(path, "read"))?)
}

/// The number of a layout, whatever else there is.
#[derive(Deserialize)]
struct Layout {
    schema: Option<Value>,
}

/// The schema number comes first: a newer layout is refused, not guessed at. The text is read twice,
/// since a tree of values in between would take several times as long.
fn parse(path: &Path, bytes: &[u8]) -> Result<RunRecord, StoreError> {
    let malformed = |error: String| StoreError::Malformed { path: path.to_owned(), error };
    let layout: Layout =
        serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    match layout.schema.as_ref().and_then(Value::as_u64) {
        None => Err(malformed("it has no schema number".to_owned())),
        Some(schema) if schema > u64::from(SCHEMA) => {
            Err(StoreError::Newer { path: path.to_owned(), schema })
        }
        Some(_) => serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_and_damaged_files_are_told_apart() {
        let path = Path::new("run.json");
        let newer = parse(path, br#"{"schema": 2, "what": "ever"}"#);
        assert!(matches!(newer, Err(StoreError::Newer { schema: 2, .. })));
        let cut = parse(path, br#"{"schema": 1, "run": {"id": "2026"#);
        assert!(matches!(cut, Err(StoreError::Malformed { .. })));
        for odd in [&b"{}"[..], b"[1]", b"7", br#"{"schema": "1"}"#, br#"{"schema": 1}"#, b""] {
            assert!(matches!(parse(path, odd), Err(StoreError::Malformed { .. })), "{odd:?}");
        }
    }
}
