//! Folders and files, with errors that name them. What is read here is read of regular files only.

use std::fs;
#[cfg(feature = "cli")]
use std::fs::File;
use std::io::{self, ErrorKind};
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

/// Has a name in a folder stand for the entry `id` beside it: a link where the system has them, else a
/// file with the id. A folder of that name, as copying without links leaves one, stays as it is.
pub(super) fn point(path: &Path, id: &str) -> Result<(), StoreError> {
    if is_real_folder(path) {
        return Ok(());
    }
    #[cfg(unix)]
    {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = path.with_file_name(format!(".{name}.{}", std::process::id()));
        let pointed = remove_file(&temporary)
            .and_then(|()| std::os::unix::fs::symlink(id, &temporary))
            .and_then(|()| fs::rename(&temporary, path));
        pointed.map_err(|error| {
            // The first error is the one to tell; a link that stays does no harm.
            let _ = fs::remove_file(&temporary);
            StoreError::io(path, "set")(error)
        })
    }
    #[cfg(not(unix))]
    write_text(path, id)
}

/// Removes a file that may be there.
#[cfg(unix)]
fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether it is a folder, and no link to one.
pub(super) fn is_real_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// An error unless it is a regular file, or a link to one: to open a pipe is to wait for whoever has the
/// other end, and that may be nobody.
pub(super) fn check_regular(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_file() {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file"))
}

/// Opens a regular file to read it.
#[cfg(feature = "cli")]
pub(super) fn open(path: &Path) -> io::Result<File> {
    check_regular(path)?;
    File::open(path)
}

/// What a regular file holds.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    check_regular(path)?;
    fs::read(path)
}

/// The text that a regular file holds.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    check_regular(path)?;
    fs::read_to_string(path)
}

/// Whether there is no such file.
pub(super) fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::fixture::Folder;
    use super::*;

    #[test]
    fn pipes_and_folders_are_not_opened() {
        let folder = Folder::new();
        let pipe = folder.pipe("pipe");
        std::os::unix::fs::symlink(&pipe, folder.path().join("link")).unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        for name in ["pipe", "link", "folder"] {
            let error = read(&folder.path().join(name)).unwrap_err();
            assert_eq!(error.to_string(), "it is no regular file", "{name}");
            assert!(read_text(&folder.path().join(name)).is_err_and(|error| !is_nothing(&error)));
        }
        assert!(is_nothing(&read(&folder.path().join("nowhere")).unwrap_err()));
        fs::write(folder.path().join("file"), "text").unwrap();
        assert_eq!(read_text(&folder.path().join("file")).unwrap(), "text");
        assert!(is_nothing(&read(&folder.path().join("file/below")).unwrap_err()));
    }

    #[test]
    fn a_link_that_cannot_be_set_leaves_nothing_over() {
        let folder = Folder::new();
        let link = folder.path().join("latest");
        point(&link, "a").unwrap();
        point(&link, "b").unwrap();
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("b"));
        let too_long = folder.path().join("x".repeat(300));
        assert!(point(&too_long, "a").is_err());
        assert!(point(&link, &"x/".repeat(4000)).is_err());
        fs::remove_file(&link).unwrap();
        fs::create_dir_all(link.join("within")).unwrap();
        point(&link, "c").unwrap();
        assert!(link.join("within").is_dir());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
