//! Folders, files and locks, with errors that name them.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::atomic::write_atomically;
use super::error::StoreError;
use crate::record::indented_json;

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
