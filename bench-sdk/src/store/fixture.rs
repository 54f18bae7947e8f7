//! Folders and runs for the tests of this module.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::executable_copy::ExecutableSource;
use crate::record::RunRecord;

/// A folder of its own, removed with it.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// An empty folder.
    pub(super) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("hub-bench-store-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// A pipe that nobody writes to.
    #[cfg(unix)]
    pub(super) fn pipe(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    /// An executable of that content.
    pub(super) fn executable(&self, file_name: &str, bytes: &[u8]) -> ExecutableSource {
        let path = self.0.join(file_name);
        fs::write(&path, bytes).unwrap();
        ExecutableSource {
            path,
            file_name: file_name.to_owned(),
            working_dir: self.0.clone(),
            package_dir: self.0.join("package"),
            library_path: Some("/opt/lib".to_owned()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run of that id with these cases, all measured.
pub(super) fn run_of(id: &str, cases: &[&str]) -> RunRecord {
    let case = |id: &&str| {
        serde_json::json!({
            "id": id, "crate": "hub", "group": "", "name": id, "args": [], "tags": [],
            "source": {"file": "src/lib.rs", "line": 1}, "status": "measured", "metrics": {},
            "notes": []
        })
    };
    let cases: Vec<serde_json::Value> = cases.iter().map(case).collect();
    let value = serde_json::json!({
        "schema": 1,
        "run": {
            "id": id, "started_at": "2026-01-01T12:00:00Z", "mode": "full", "seed": 1,
            "launches": 8, "optimized": true, "package": "hub", "target": "bench"
        },
        "environment": {},
        "cases": cases
    });
    serde_json::from_value(value).unwrap()
}
