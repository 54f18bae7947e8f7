//! Copies of executables: made whole, and verified before use.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use hmac_sha256::Hash;

use super::atomic::sync_folder;
use super::baseline_name::BaselineName;
use super::error::StoreError;
use crate::record::ExecutableRecord;

/// Bytes that are read at a time.
const CHUNK_BYTES: usize = 256 * 1024;
/// Digits of a hash in the name of a copy.
const SHORT_DIGITS: usize = 16;
/// What names of copies begin with.
pub(super) const COPY_PREFIX: &str = "executable-";

/// What is to be copied, and what it was started with.
#[derive(Clone, Debug)]
pub(crate) struct ExecutableSource {
    /// Where its bytes are.
    pub(crate) path: PathBuf,
    /// What it is called.
    pub(crate) file_name: String,
    /// The folder it works in.
    pub(crate) working_dir: PathBuf,
    /// The folder of its package.
    pub(crate) package_dir: PathBuf,
    /// Where it looks for libraries, as `LD_LIBRARY_PATH` has it.
    pub(crate) library_path: Option<String>,
}

/// An executable that a baseline keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExecutableCopy {
    /// The baseline.
    pub(crate) baseline: BaselineName,
    /// Where the copy is; [`verify`](Self::verify) comes before starting it.
    pub(crate) path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(crate) sha256: String,
    /// Its size.
    pub(crate) size_bytes: u64,
    /// Name of the original.
    pub(crate) file_name: String,
    /// The folder it was working in.
    pub(crate) working_dir: PathBuf,
    /// The folder of its package.
    pub(crate) package_dir: PathBuf,
    /// Where it looked for libraries, as `LD_LIBRARY_PATH` has it.
    pub(crate) library_path: Option<String>,
}

impl ExecutableCopy {
    /// The copy that the record tells of.
    pub(super) fn of(record: ExecutableRecord, baseline: &BaselineName, folder: &Path) -> Self {
        Self {
            baseline: baseline.clone(),
            path: folder.join(record.file),
            sha256: record.sha256,
            size_bytes: record.size_bytes,
            file_name: record.file_name,
            working_dir: record.working_dir,
            package_dir: record.package_dir,
            library_path: record.library_path,
        }
    }

    /// What is on disk of it.
    pub(super) fn to_record(&self) -> ExecutableRecord {
        ExecutableRecord {
            sha256: self.sha256.clone(),
            file: self.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            file_name: self.file_name.clone(),
            size_bytes: self.size_bytes,
            working_dir: self.working_dir.clone(),
            package_dir: self.package_dir.clone(),
            library_path: self.library_path.clone(),
        }
    }

    /// Whether the copy still is what was saved; reads all of it.
    pub(crate) fn verify(&self) -> Result<(), StoreError> {
        let damaged = |error: String| StoreError::Damaged {
            name: self.baseline.clone(),
            path: self.path.clone(),
            error,
        };
        let size = fs::metadata(&self.path).map_err(|error| damaged(error.to_string()))?.len();
        if size != self.size_bytes {
            return Err(damaged(format!("it has {size} bytes instead of {}", self.size_bytes)));
        }
        let found = sha256_of(&self.path).map_err(|error| damaged(error.to_string()))?;
        if found == self.sha256 {
            return Ok(());
        }
        Err(damaged("its SHA-256 is not the one it was saved with".to_owned()))
    }
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Hash::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(hexadecimal(&hash.finalize())),
            Ok(read) => hash.update(&chunk[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-256 of bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Hash::hash(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first digits of a hash, for names of files.
pub(super) fn short(sha256: &str) -> &str {
    sha256.get(..SHORT_DIGITS).unwrap_or(sha256)
}

/// Copies the executable into the folder, under a name that its hash makes; a copy that is there
/// and whole is left alone.
pub(super) fn keep(
    source: &ExecutableSource,
    folder: &Path,
    baseline: &BaselineName,
) -> Result<ExecutableRecord, StoreError> {
    let path = &source.path;
    let sha256 = sha256_of(path).map_err(StoreError::io(path, "read"))?;
    let size_bytes = fs::metadata(path).map_err(StoreError::io(path, "read"))?.len();
    let record = ExecutableRecord {
        file: format!("{COPY_PREFIX}{}", short(&sha256)),
        sha256,
        file_name: source.file_name.clone(),
        size_bytes,
        working_dir: source.working_dir.clone(),
        package_dir: source.package_dir.clone(),
        library_path: source.library_path.clone(),
    };
    let copy = ExecutableCopy::of(record.clone(), baseline, folder);
    if copy.verify().is_ok() {
        return Ok(record);
    }
    let temporary = folder.join(format!("{}.{}.tmp", record.file, std::process::id()));
    let copied = copy_to(source, &temporary, &copy);
    if copied.is_err() {
        // The first error is the one to tell; the next save removes what is left over.
        let _ = fs::remove_file(&temporary);
    }
    copied.map(|()| record)
}

/// Copies by way of a temporary file. `fs::copy` shares the blocks where the file system can.
fn copy_to(
    source: &ExecutableSource,
    temporary: &Path,
    copy: &ExecutableCopy,
) -> Result<(), StoreError> {
    let write = || {
        fs::copy(&source.path, temporary)?;
        make_executable(temporary)?;
        OpenOptions::new().read(true).open(temporary)?.sync_all()
    };
    write().map_err(StoreError::io(&copy.path, "write"))?;
    let found = sha256_of(temporary).map_err(StoreError::io(temporary, "read"))?;
    if found != copy.sha256 {
        return Err(StoreError::Unsteady { path: source.path.clone() });
    }
    let place = || {
        fs::rename(temporary, &copy.path)?;
        copy.path.parent().map_or(Ok(()), sync_folder)
    };
    place().map_err(StoreError::io(&copy.path, "write"))
}

fn make_executable(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::fixture::Folder;
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        // FIPS 180-4, examples of SHA-256.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        let folder = Folder::new();
        let file = folder.path().join("file");
        fs::write(&file, vec![b'a'; 1_000_000]).unwrap();
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(sha256_of(&file).unwrap(), million);
        assert_eq!(short(million), "cdc76e5c9914fb92");
    }

    #[test]
    fn a_copy_is_whole_or_an_error() {
        let folder = Folder::new();
        let source = folder.executable("bench", b"\x7fELF one");
        let name = BaselineName::parse("main").unwrap();
        let record = keep(&source, folder.path(), &name).unwrap();
        let copy = ExecutableCopy::of(record.clone(), &name, folder.path());
        copy.verify().unwrap();
        assert_eq!(copy.file_name, "bench");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            let of_copy = fs::metadata(&copy.path).unwrap();
            assert_eq!(of_copy.permissions().mode() & 0o777, 0o755);
            assert_ne!(of_copy.ino(), fs::metadata(&source.path).unwrap().ino());
        }
        let told = |damage: &[u8]| {
            fs::write(&copy.path, damage).unwrap();
            copy.verify().unwrap_err().to_string()
        };
        assert!(told(b"\x7fELF").contains("4 bytes instead of 8"));
        let changed = told(b"\x7fELF two");
        assert!(changed.contains("SHA-256") && changed.contains("--save-baseline main"));
        // Saving again heals it.
        assert_eq!(keep(&source, folder.path(), &name).unwrap(), record);
        copy.verify().unwrap();
    }
}
