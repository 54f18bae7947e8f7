//! Files that the user names: `--output FILE`.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::atomic::{Temporary, folder_of, sync_folder};

/// Symbolic links that are followed, as many as the kernel follows.
const MOST_LINKS: u32 = 40;

/// What a path leads to.
enum Found {
    /// Nothing yet; where it is to be.
    Nothing(PathBuf),
    /// A regular file, and where it is.
    File(PathBuf),
    /// A device, a pipe, a folder: nothing that could be replaced.
    Other(FileType),
}

impl Found {
    fn at(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Ok(match fs::canonicalize(path) {
                Ok(place) => Self::File(place),
                // A file without a name, such as an open one that was removed.
                Err(_) => Self::Other(found.file_type()),
            }),
            Ok(found) => Ok(Self::Other(found.file_type())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match path.as_os_str().as_encoded_bytes().last() {
                    Some(b'/') => Err(ErrorKind::IsADirectory.into()),
                    _ => Ok(Self::Nothing(place_of(path))),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// Replaces what a path leads to, so that a crash at any moment leaves the old content or the new.
/// Links stay and are followed, a file keeps its owner and its permissions, and what is no regular
/// file is written into.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match Found::at(path)? {
        Found::Nothing(place) => {
            let mut temporary = Temporary::beside(&place)?;
            temporary.fill(bytes)?;
            temporary.rename_to(&place)?;
            make_last(&place);
            Ok(())
        }
        Found::File(place) => replace_file(&place, bytes),
        Found::Other(_) => write_into(open(path)?, bytes),
    }
}

fn replace_file(place: &Path, bytes: &[u8]) -> io::Result<()> {
    // A file that may not be written may not be replaced either.
    let old = open(place)?;
    let mut temporary = match Temporary::like(place, &old.metadata()?) {
        Ok(temporary) => temporary,
        Err(error) if is_full(&error) => return Err(error),
        Err(_) => return write_into(old, bytes),
    };
    temporary.fill(bytes)?;
    match temporary.rename_to(place) {
        Ok(()) => {
            make_last(place);
            Ok(())
        }
        Err(error) if keeps_its_place(&error) => write_into(old, bytes),
        Err(error) => Err(error),
    }
}

/// Writes into what is there. Nothing is created; of a regular file the old content goes.
fn write_into(mut file: File, bytes: &[u8]) -> io::Result<()> {
    let is_regular = file.metadata()?.is_file();
    if is_regular {
        file.set_len(0)?;
    }
    file.write_all(bytes)?;
    if is_regular { file.sync_all() } else { Ok(()) }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

/// Makes the file last at its place. It is there already, so a folder that cannot be flushed is no
/// failure: folders need not be readable, and some file systems know no such thing.
fn make_last(place: &Path) {
    let _ = sync_folder(folder_of(place));
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Whether the file can be written but not be replaced: something is mounted there, or only its owner
/// may take it away.
fn keeps_its_place(error: &io::Error) -> bool {
    let kinds = [ErrorKind::ResourceBusy, ErrorKind::CrossesDevices, ErrorKind::PermissionDenied];
    kinds.contains(&error.kind())
}

/// Whether something can be written there, as far as can be told without changing anything. Pipes and
/// devices are not opened: who reads them would notice.
pub(crate) fn check_writable(path: &Path) -> io::Result<()> {
    match Found::at(path)? {
        Found::Nothing(place) => {
            match OpenOptions::new().write(true).create_new(true).open(&place) {
                Ok(_) => fs::remove_file(&place),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
            }
        }
        Found::File(place) => open(&place).map(drop),
        Found::Other(kind) if kind.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Found::Other(_) => Ok(()),
    }
}

/// Where something goes that is written to that path, whether it is there yet or not; two paths that
/// lead to one place give the same.
pub(crate) fn place_of(path: &Path) -> PathBuf {
    place_behind(path, MOST_LINKS)
}

fn place_behind(path: &Path, links: u32) -> PathBuf {
    if let Ok(place) = fs::canonicalize(path) {
        return place;
    }
    match fs::read_link(path) {
        Ok(target) if links > 0 => place_behind(&folder_of(path).join(target), links - 1),
        _ => match (path.parent(), path.file_name()) {
            (Some(_), Some(name)) => place_behind(folder_of(path), links).join(name),
            _ => path.to_owned(),
        },
    }
}

/// Whether it is a device, such as `/dev/null`: nothing is kept there, so nothing mixes.
pub(crate) fn is_device(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = fs::metadata(path).map(|found| found.file_type());
        kind.is_ok_and(|kind| kind.is_char_device() || kind.is_block_device())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// A file that is written as results come. It is opened, and its old content goes, when there is the
/// first of them.
#[derive(Debug)]
pub(crate) struct GrowingFile {
    path: PathBuf,
    file: Option<File>,
}

impl GrowingFile {
    /// Nothing is written yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }
}

impl Write for GrowingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(emptied(&self.path)?),
        };
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

fn emptied(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    match Found::at(path)? {
        Found::Nothing(place) => options.write(true).create(true).truncate(true).open(place),
        Found::File(place) => options.write(true).truncate(true).open(place),
        Found::Other(_) => open(path),
    }
}
