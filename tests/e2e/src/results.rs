//! A results folder and the records in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A results folder of its own for one test, removed with it.
#[derive(Debug)]
pub struct Results(PathBuf);

impl Results {
    /// An empty folder.
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("hub-bench-e2e-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for results");
        Self(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Folders of runs, in the order of their names.
    pub fn runs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.0.join("runs")) else { return Vec::new() };
        let mut folders: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir() && !path.is_symlink())
            .collect();
        folders.sort();
        folders
    }

    /// The record that `latest` points at.
    #[track_caller]
    pub fn latest(&self) -> Value {
        let path = self.0.join("runs/latest/run.json");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e} in {text}"))
    }
}

impl Default for Results {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The cases of a record.
#[track_caller]
pub fn cases(record: &Value) -> &[Value] {
    record["cases"].as_array().unwrap_or_else(|| panic!("no cases in {record}"))
}

/// Ids of all cases of a record.
#[track_caller]
pub fn ids(record: &Value) -> Vec<String> {
    cases(record).iter().map(|case| case["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The case of that id.
#[track_caller]
pub fn find<'a>(record: &'a Value, id: &str) -> &'a Value {
    let found = cases(record).iter().find(|case| case["id"] == id);
    found.unwrap_or_else(|| panic!("no case `{id}` among {:?}", ids(record)))
}

/// The status of the case of that id.
#[track_caller]
pub fn case_status<'a>(record: &'a Value, id: &str) -> &'a str {
    find(record, id)["status"].as_str().unwrap_or_default()
}
