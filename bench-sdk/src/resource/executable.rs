//! What the running executable says of its own making.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Sections that are read are smaller than this; a larger one is garbage.
const MAX_SECTION: u64 = 16 * 1024 * 1024;
/// Folders between an executable and the folder of its profile, at most.
const MAX_DEPTH: usize = 5;

/// The compiler, as the linker noted it: `rustc 1.95.0 (59807616e 2026-04-14)`; else why it is not
/// known.
///
/// Rust writes its version into the section `.comment` of ELF files. Asking `rustc` instead would
/// name the compiler of today, not that of the executable.
pub(crate) fn compiler() -> Result<String, String> {
    let image = std::env::current_exe().and_then(File::open);
    let mut image = image.map_err(|_| "the executable cannot be read")?;
    let comment = elf_section(&mut image, b".comment").unwrap_or_default();
    let entries = comment.split(|byte| *byte == 0);
    let version = entries
        .filter_map(|entry| std::str::from_utf8(entry).ok())
        .find_map(|entry| entry.strip_prefix("rustc version "));
    version
        .map(|version| format!("rustc {version}"))
        .ok_or_else(|| "the executable does not name its compiler".to_owned())
}

/// The name of the folder that cargo made for the profile, and nothing of the path before it.
pub(crate) fn profile_folder() -> Option<String> {
    profile_folder_of(&std::env::current_exe().ok()?)
}

fn profile_folder_of(executable: &Path) -> Option<String> {
    // Cargo's lock tells the folder of a profile from any other around the executable.
    let mut folders = executable.ancestors().skip(1).take(MAX_DEPTH);
    let folder = folders.find(|folder| folder.join(".cargo-lock").is_file())?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}

/// The bytes of a section of a little-endian 64-bit ELF file; `None` for everything else. Reads no
/// more than it needs: executables with debug information are large.
fn elf_section(image: &mut (impl Read + Seek), name: &[u8]) -> Option<Vec<u8>> {
    let header = read_at(image, 0, 64)?;
    if header.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let (table_at, entry_size) = (number(&header, 0x28, 8)?, number(&header, 0x3a, 2)?);
    let (entries, names_index) = (number(&header, 0x3c, 2)?, number(&header, 0x3e, 2)?);
    let table = read_at(image, table_at, entries * entry_size)?;
    let entry = |index: u64| {
        let at = usize::try_from(index * entry_size).ok()?;
        table.get(at..at.checked_add(usize::try_from(entry_size).ok()?)?)
    };
    let place = |entry: &[u8]| Some((number(entry, 0x18, 8)?, number(entry, 0x20, 8)?));
    let (names_at, names_size) = place(entry(names_index)?)?;
    let names = read_at(image, names_at, names_size)?;
    let (at, size) = (0..entries).filter_map(entry).find_map(|entry| {
        let section_name = names.get(usize::try_from(number(entry, 0, 4)?).ok()?..)?;
        let matches = section_name.starts_with(name) && section_name.get(name.len()) == Some(&0);
        if matches { place(entry) } else { None }
    })?;
    read_at(image, at, size)
}

fn read_at(image: &mut (impl Read + Seek), at: u64, size: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    image.seek(SeekFrom::Start(at)).ok()?;
    image.take(size.min(MAX_SECTION)).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == size).then_some(bytes)
}

/// A little-endian number of that many bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(size)?)?;
    Some(field.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_broken_image_is_none_not_a_crash() {
        let section = |image: &[u8]| elf_section(&mut Cursor::new(image), b".comment");
        let mut image = vec![0xff_u8; 200];
        image[..6].copy_from_slice(b"\x7fELF\x02\x01");
        assert_eq!(section(&image), None);
        image[6..].fill(0);
        assert_eq!(section(&image), None);
        assert_eq!(section(b"MZ"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_executable_names_its_compiler() {
        assert!(compiler().is_ok_and(|name| name.starts_with("rustc 1.")));
    }

    #[test]
    fn only_a_folder_of_cargo_is_named() {
        assert_eq!(profile_folder_of(Path::new("/nowhere/alice/deps/bench-0a1b")), None);
        assert_eq!(profile_folder_of(Path::new("bench")), None);
        let this = std::env::current_exe().unwrap_or_default();
        let folder = this.ancestors().nth(2).and_then(Path::file_name);
        if let Some(name) = profile_folder_of(&this) {
            assert_eq!(Some(name.as_ref()), folder);
        }
    }
}
