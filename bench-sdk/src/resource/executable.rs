//! What the running executable says of its own making.

/// The compiler, as the linker noted it: `rustc 1.95.0 (59807616e 2026-04-14)`.
///
/// Rust writes its version into the section `.comment` of ELF files. Asking `rustc` instead would
/// name the compiler of today, not that of the executable.
pub(crate) fn compiler() -> Option<String> {
    let image = std::fs::read(std::env::current_exe().ok()?).ok()?;
    let comment = elf_section(&image, b".comment")?;
    comment
        .split(|byte| *byte == 0)
        .filter_map(|entry| std::str::from_utf8(entry).ok())
        .find_map(|entry| entry.strip_prefix("rustc version "))
        .map(|version| format!("rustc {version}"))
}

/// The bytes of a section of a little-endian 64-bit ELF file; `None` for everything else.
fn elf_section<'a>(image: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let field = image.get(at..at.checked_add(bytes)?)?;
        let value = field.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        usize::try_from(value).ok()
    };
    if image.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let (table, entry_size) = (number(0x28, 8)?, number(0x3a, 2)?);
    let (entries, names_index) = (number(0x3c, 2)?, number(0x3e, 2)?);
    let header = |index: usize| table.checked_add(index.checked_mul(entry_size)?);
    let body = |index: usize| {
        let at = header(index)?;
        let (offset, size) = (number(at.checked_add(0x18)?, 8)?, number(at.checked_add(0x20)?, 8)?);
        image.get(offset..offset.checked_add(size)?)
    };
    let names = body(names_index)?;
    (0..entries).find_map(|index| {
        let section_name = names.get(number(header(index)?, 4)?..)?;
        let matches = section_name.starts_with(name) && section_name.get(name.len()) == Some(&0);
        if matches { body(index) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_image_is_none_not_a_crash() {
        let mut image = vec![0xff_u8; 200];
        image[..6].copy_from_slice(b"\x7fELF\x02\x01");
        assert_eq!(elf_section(&image, b".comment"), None);
        assert_eq!(elf_section(b"MZ", b".comment"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_executable_names_its_compiler() {
        assert!(compiler().is_some_and(|name| name.starts_with("rustc 1.")));
    }
}
