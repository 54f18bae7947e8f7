//! Executables as programs: whether two are the same, and fresh copies of what is loaded of one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes compared at a time.
const CHUNK: usize = 1 << 16;
/// A section with room in memory.
const ALLOCATED: u64 = 2;
/// A section without contents in the file.
const NO_BITS: u64 = 8;
/// A section of remarks, such as the build's own number.
const NOTE: u64 = 7;
/// Tables of sections that are read are smaller than this; a larger one is garbage.
const MAX_TABLE: u64 = 1 << 20;

/// How alike two executables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The same, byte for byte.
    Identical,
    /// The same code and data; what is never loaded differs, such as debug information that names the
    /// folder of the build.
    SameProgram,
    /// Different programs.
    Different,
}

/// Compares two executables by what they hold. Sections are known of little-endian 64-bit ELF files
/// only; others are either identical or different.
pub(crate) fn likeness(one: &Path, other: &Path) -> io::Result<Likeness> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (length, other_length) = (one.metadata()?.len(), other.metadata()?.len());
    if length == other_length && same_bytes(&mut one, &mut other, (0, 0), length)? {
        return Ok(Likeness::Identical);
    }
    let (Some(sections), Some(others)) = (loaded(&mut one)?, loaded(&mut other)?) else {
        return Ok(Likeness::Different);
    };
    if sections.len() != others.len() || sections.is_empty() {
        return Ok(Likeness::Different);
    }
    for (section, counterpart) in sections.iter().zip(&others) {
        if (section.address, section.size, section.kind)
            != (counterpart.address, counterpart.size, counterpart.kind)
        {
            return Ok(Likeness::Different);
        }
        let places = (section.offset, counterpart.offset);
        if section.kind != NO_BITS && !same_bytes(&mut one, &mut other, places, section.size)? {
            return Ok(Likeness::Different);
        }
    }
    Ok(Likeness::SameProgram)
}

/// What of an executable is loaded when it is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image(Vec<u8>);

/// A copy that is removed with the value.
#[derive(Debug)]
pub(crate) struct FreshCopy(PathBuf);

impl Image {
    /// Reads an executable. Of ELF files debug information and the table of sections, which nothing
    /// needs to start it, stay behind.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = fs::read(path)?;
        if let Some(end) = end_of_segments(&bytes) {
            bytes.truncate(end);
            // Offset, number and names of sections.
            bytes[0x28..0x30].fill(0);
            bytes[0x3c..0x40].fill(0);
        }
        Ok(Self(bytes))
    }

    /// Writes it to a new file, which lies in other pages of memory than any other copy.
    pub(crate) fn copy_to(&self, path: PathBuf) -> io::Result<FreshCopy> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o700);
        let mut file = options.open(&path)?;
        let copy = FreshCopy(path);
        file.write_all(&self.0)?;
        Ok(copy)
    }
}

impl FreshCopy {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for FreshCopy {
    fn drop(&mut self) {
        // The folder around it is removed as well, by whoever made it.
        let _ = fs::remove_file(&self.0);
    }
}

/// Where the last segment that is loaded ends; `None` where the file is not of the known kind.
fn end_of_segments(bytes: &[u8]) -> Option<usize> {
    if bytes.get(..6)? != b"\x7fELF\x02\x01" || bytes.len() < 64 {
        return None;
    }
    let (at, size) = (number(&bytes[0x20..0x28]), number(&bytes[0x36..0x38]) as usize);
    let count = number(&bytes[0x38..0x3a]) as usize;
    let table = bytes.get(usize::try_from(at).ok()?..)?.get(..count.checked_mul(size)?)?;
    if size < 56 {
        return None;
    }
    let end = |entry: &[u8]| number(&entry[8..16]).checked_add(number(&entry[0x20..0x28]));
    let ends: Option<Vec<u64>> = table.chunks_exact(size).map(end).collect();
    let last = usize::try_from(ends?.into_iter().max()?).ok()?;
    // The headers are read, too.
    let last = last.max(usize::try_from(at).ok()? + table.len()).max(64);
    (last <= bytes.len()).then_some(last)
}

/// A section that is loaded when the program is.
struct Section {
    kind: u64,
    address: u64,
    offset: u64,
    size: u64,
}

/// The sections that are loaded, notes left out; `None` where the file is not of the known kind.
fn loaded(image: &mut (impl Read + Seek)) -> io::Result<Option<Vec<Section>>> {
    let mut header = [0; 64];
    image.seek(SeekFrom::Start(0))?;
    if image.read_exact(&mut header).is_err() || header[..6] != *b"\x7fELF\x02\x01" {
        return Ok(None);
    }
    let (at, size) = (number(&header[0x28..0x30]), number(&header[0x3a..0x3c]));
    let table_size = number(&header[0x3c..0x3e]) * size;
    if size < 64 || table_size > MAX_TABLE {
        return Ok(None);
    }
    let mut table = vec![0; table_size as usize];
    image.seek(SeekFrom::Start(at))?;
    if image.read_exact(&mut table).is_err() {
        return Ok(None);
    }
    let section = |entry: &[u8]| {
        let (kind, flags) = (number(&entry[4..8]), number(&entry[8..16]));
        (flags & ALLOCATED != 0 && kind != NOTE).then(|| Section {
            kind,
            address: number(&entry[0x10..0x18]),
            offset: number(&entry[0x18..0x20]),
            size: number(&entry[0x20..0x28]),
        })
    };
    Ok(Some(table.chunks_exact(size as usize).filter_map(section).collect()))
}

/// A little-endian number.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Whether that many bytes from those places on are the same; what is cut short is not.
fn same_bytes(
    one: &mut (impl Read + Seek),
    other: &mut (impl Read + Seek),
    places: (u64, u64),
    mut left: u64,
) -> io::Result<bool> {
    one.seek(SeekFrom::Start(places.0))?;
    other.seek(SeekFrom::Start(places.1))?;
    let (mut a, mut b) = (vec![0; CHUNK], vec![0; CHUNK]);
    while left > 0 {
        let count = left.min(CHUNK as u64) as usize;
        for (image, buffer) in [(&mut *one as &mut dyn Read, &mut a), (&mut *other, &mut b)] {
            match image.read_exact(&mut buffer[..count]) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                other => other?,
            }
        }
        if a[..count] != b[..count] {
            return Ok(false);
        }
        left -= count as u64;
    }
    Ok(true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file of one loaded section and one that is not.
    fn image(code: [u8; 8], debug: [u8; 8]) -> Vec<u8> {
        let mut image = vec![0; 64];
        image[..6].copy_from_slice(b"\x7fELF\x02\x01");
        image.extend_from_slice(&code);
        image.extend_from_slice(&debug);
        image[0x28] = 80;
        image[0x3a] = 64;
        image[0x3c] = 2;
        for (offset, flags) in [(64_u8, 2_u8), (72, 0)] {
            let mut entry = [0; 64];
            entry[4] = 1;
            entry[8] = flags;
            entry[0x18] = offset;
            entry[0x20] = 8;
            image.extend_from_slice(&entry);
        }
        image
    }

    #[test]
    fn only_what_is_loaded_counts() {
        let sections =
            loaded(&mut Cursor::new(image(*b"codecode", *b"debugdbg"))).unwrap().unwrap();
        assert_eq!(sections.len(), 1);
        assert_eq!((sections[0].offset, sections[0].size), (64, 8));
        assert!(loaded(&mut Cursor::new(b"MZ")).unwrap().is_none());
        let mut broken = image(*b"codecode", *b"debugdbg");
        broken[0x2f] = 0xff;
        assert!(loaded(&mut Cursor::new(broken)).unwrap().is_none());
    }

    #[test]
    fn bytes_are_compared_to_the_end() {
        let same = |a: &[u8], b: &[u8], left| {
            same_bytes(&mut Cursor::new(a), &mut Cursor::new(b), (0, 0), left).unwrap()
        };
        assert!(same(b"abc", b"abd", 2) && !same(b"abc", b"abd", 3) && !same(b"abc", b"abc", 4));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_copy_of_what_is_loaded_still_runs() {
        let this = std::env::current_exe().unwrap();
        let image = Image::read(&this).unwrap();
        assert!((image.0.len() as u64) < this.metadata().unwrap().len());
        let name = format!("hub-bench-copy-{}", std::process::id());
        let copy = image.copy_to(std::env::temp_dir().join(name)).unwrap();
        let listed = std::process::Command::new(copy.path()).arg("--list").output().unwrap();
        assert!(listed.status.success() && !listed.stdout.is_empty());
        let path = copy.path().to_owned();
        assert!(image.copy_to(path.clone()).is_err(), "a file that is there is left alone");
        drop(copy);
        assert!(!path.exists());
    }

    #[test]
    fn this_executable_is_itself() {
        let this = std::env::current_exe().unwrap();
        assert_eq!(likeness(&this, &this).unwrap(), Likeness::Identical);
        assert_eq!(likeness(&this, Path::new("Cargo.toml")).unwrap(), Likeness::Different);
    }
}
