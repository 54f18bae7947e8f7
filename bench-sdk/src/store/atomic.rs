//! Files that are there whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that a crash at any moment leaves the old content or the new: temporary file
/// beside it, flush to the disk, rename, flush of the folder.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = Temporary::beside(path)?;
    temporary.fill(bytes)?;
    temporary.rename_to(path)?;
    sync_folder(folder_of(path))
}

/// A file beside the one that it is about to replace; removed unless it does.
pub(super) struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    /// An empty one, with the permissions of new files.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        Self::create(path, OpenOptions::new().write(true).create_new(true))
    }

    /// An empty one, with owner and permissions of the file that it is to replace.
    pub(super) fn like(path: &Path, replaced: &Metadata) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let temporary = Self::create(path, &options)?;
        give_to_owner_of(replaced, &temporary.file)?;
        temporary.file.set_permissions(replaced.permissions())?;
        Ok(temporary)
    }

    fn create(path: &Path, options: &OpenOptions) -> io::Result<Self> {
        /// Names that are tried before something else must be wrong.
        const TRIES: u32 = 100;
        if path.file_name().is_none() {
            return Err(io::Error::other("not the path of a file"));
        }
        let mut tries = 0;
        loop {
            let path = folder_of(path).join(new_name());
            tries += 1;
            match options.open(&path) {
                Ok(file) => return Ok(Self { path, file }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes the content and makes it last.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }

    /// Takes the place of that file.
    pub(super) fn rename_to(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename there is nothing by that name, and a leftover does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// A name that no other process has: those in other containers may have the same id.
fn new_name() -> String {
    let id = std::process::id();
    // New keys, and so another number, each time.
    format!(".hub-bench-{id}-{:016x}.tmp", RandomState::new().hash_one(id))
}

#[cfg(unix)]
fn give_to_owner_of(replaced: &Metadata, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let made = file.metadata()?;
    if (made.uid(), made.gid()) == (replaced.uid(), replaced.gid()) {
        return Ok(());
    }
    fchown(file, Some(replaced.uid()), Some(replaced.gid()))
}

#[cfg(not(unix))]
fn give_to_owner_of(_replaced: &Metadata, _file: &File) -> io::Result<()> {
    Ok(())
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    let named = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// Makes a rename in the folder last.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::fixture::Folder;
    use super::*;

    #[test]
    fn content_is_replaced_and_nothing_is_left_over() {
        let folder = Folder::new();
        let file = folder.path().join("a.json");
        write_atomically(&file, b"one").unwrap();
        write_atomically(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_temporary_file_has_a_name_of_its_own_and_goes_away() {
        let folder = Folder::new();
        let file = folder.path().join("a.json");
        let (one, other) = (Temporary::beside(&file).unwrap(), Temporary::beside(&file).unwrap());
        assert_ne!(one.path, other.path);
        drop((one, other));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(write_atomically(&folder.path().join(".."), b"x").is_err());
    }
}
