//! Folders, files and locks, with errors that name them.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use serde::Serialize;

use super::atomic::write_atomically;
use super::error::StoreError;
use crate::record::indented_json;
use crate::resource::lock_exclusive;

/// Makes the folder and those above it.
pub(super) fn create(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(StoreError::io(folder, "create the folder"))
}

/// Writes a record.
pub(super) fn write(path: &Path, record: &impl Serialize) -> Result<(), StoreError> {
    write_text(path, &to_json(path, record)?)
}

/// The text of a record that goes to that file.
pub(super) fn to_json(path: &Path, record: &impl Serialize) -> Result<String, StoreError> {
    indented_json(record).map_err(|error| StoreError::Io {
        path: path.to_owned(),
        doing: "write",
        error: error.into(),
    })
}

/// Writes text.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), StoreError> {
    write_atomically(path, text.as_bytes()).map_err(StoreError::io(path, "write"))
}

/// Takes the lock of that name, and calls `waiting` if that is not at once; it lasts as long as the
/// returned file.
pub(super) fn lock(path: &Path, waiting: impl FnOnce()) -> Result<File, StoreError> {
    let lock = || {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        lock_exclusive(&file, waiting)?;
        Ok(file)
    };
    lock().map_err(StoreError::io(path, "lock"))
}
