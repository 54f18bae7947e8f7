//! Locks that are files: held as long as the file is open, and given back by a crash too.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::StoreError;
use crate::resource::lock_exclusive;
#[cfg(feature = "cli")]
use crate::resource::try_lock_exclusive;

/// Takes a lock, and calls `waiting` before waiting for whoever has it.
pub(crate) fn lock_file(path: &Path, waiting: impl FnOnce()) -> Result<File, StoreError> {
    let file = open(path)?;
    lock_exclusive(&file, waiting).map_err(|error| failed(path, error))?;
    Ok(file)
}

/// Takes a lock if nobody has it.
#[cfg(feature = "cli")]
pub(crate) fn try_lock_file(path: &Path) -> Result<Option<File>, StoreError> {
    let file = open(path)?;
    let taken = try_lock_exclusive(&file).map_err(|error| failed(path, error))?;
    Ok(taken.then_some(file))
}

fn open(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    file.map_err(|error| failed(path, error))
}

fn failed(path: &Path, error: std::io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), doing: "lock", error }
}

#[cfg(test)]
#[cfg(feature = "cli")]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one() {
        let path = std::env::temp_dir().join(format!("hub-bench-lock-{}", std::process::id()));
        let held = lock_file(&path, || ()).unwrap();
        assert!(try_lock_file(&path).unwrap().is_none());
        drop(held);
        assert!(try_lock_file(&path).unwrap().is_some());
        std::fs::remove_file(&path).unwrap();
    }
}
