//! Files of the kernel that are read again and again.

use std::fs::File;
use std::io;

/// No file read here is longer; a longer one is an error, not a cut figure.
const MOST_BYTES: usize = 16 * 1024;

/// Room for the text of such a file. It belongs on the stack: on the heap it would move whatever the
/// benchmark allocates after it, which can change the time of a benchmark by several per cent.
pub(super) type Buffer = [u8; MOST_BYTES];

/// An empty [`Buffer`].
pub(super) const BUFFER: Buffer = [0; MOST_BYTES];

/// A file under `/proc` that is kept open: reading it from the start asks the kernel anew.
pub(super) struct ProcFile {
    file: File,
}

impl ProcFile {
    pub(super) fn open(path: &str) -> io::Result<Self> {
        Ok(Self { file: File::open(path)? })
    }

    /// Its present text, in a single call of the kernel.
    pub(super) fn read<'b>(&mut self, buffer: &'b mut Buffer) -> io::Result<&'b str> {
        #[cfg(unix)]
        let length = std::os::unix::fs::FileExt::read_at(&self.file, buffer, 0)?;
        #[cfg(not(unix))]
        let length = {
            use std::io::{Read, Seek};
            self.file.rewind()?;
            self.file.read(buffer)?
        };
        if length == buffer.len() {
            return Err(io::Error::other("longer than expected"));
        }
        std::str::from_utf8(&buffer[..length]).map_err(io::Error::other)
    }
}

/// The number behind `name:`, in the style of `/proc/self/io` and `/proc/self/status`.
pub(super) fn number(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        if key != name {
            return None;
        }
        value.split_whitespace().next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_whole_name() {
        let text = "VmHWM:\t  1234 kB\nrchar: 5\nwchar: many\n";
        assert_eq!(number(text, "VmHWM"), Some(1234));
        assert_eq!(number(text, "rchar"), Some(5));
        assert_eq!(number(text, "char"), None);
        assert_eq!(number(text, "wchar"), None);
    }
}
