//! `progress.jsonl`: what the run that measures now tells while it goes on.
//!
//! There is one such file in a results folder, since one process measures with it at a time. A run
//! begins it anew, and the file stays as the run left it. Whoever writes it holds a lock on it, so that
//! a run that was killed can be told from one whose benchmark takes long.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
#[cfg(feature = "cli")]
use std::path::PathBuf;

use serde::Serialize;

use super::error::StoreError;
use super::files::create;
use crate::resource::lock_exclusive;

/// The file's name in the results folder.
const FILE: &str = "progress.jsonl";

/// The file of a run that goes on; the lock on it ends with the value.
#[derive(Debug)]
pub(crate) struct ProgressLog(File);

impl ProgressLog {
    /// Begins the file of a results folder anew. Who reads the old one keeps that.
    pub(crate) fn begin(results_dir: &Path) -> Result<Self, StoreError> {
        create(results_dir)?;
        let path = results_dir.join(FILE);
        let temporary = results_dir.join(format!(".{FILE}.{}", std::process::id()));
        let begun = || {
            let file =
                OpenOptions::new().write(true).create(true).truncate(true).open(&temporary)?;
            lock_exclusive(&file, || ())?;
            fs::rename(&temporary, &path)?;
            Ok(file)
        };
        begun().map(Self).map_err(|error| {
            // One that stays costs a few bytes.
            let _ = fs::remove_file(&temporary);
            StoreError::Io { path: path.clone(), doing: "begin", error }
        })
    }

    /// Adds a line, in one piece.
    pub(crate) fn push(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.0.write_all(&bytes)
    }
}

/// The place of the file, for who reads it.
#[cfg(feature = "cli")]
pub(super) fn progress_file(results_dir: &Path) -> PathBuf {
    results_dir.join(FILE)
}
