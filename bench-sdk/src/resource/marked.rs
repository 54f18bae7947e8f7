//! Recognises executables of benches without starting them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::marker::{MASK, MASKED, NAME, SIZE};

/// Bytes read at once; a multiple of `SIZE`.
const CHUNK: usize = 1 << 20;

/// What an executable of benches says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The version of the protocol that it speaks, see [`PAIR_PROTOCOL`](super::PAIR_PROTOCOL).
    pub(crate) pair_protocol: u32,
}

/// The marker of that file; `None` if it is no executable of benches.
pub(crate) fn marker_of(path: &Path) -> io::Result<Option<Marker>> {
    find(&mut File::open(path)?)
}

fn find(file: &mut impl Read) -> io::Result<Option<Marker>> {
    // Hidden from the optimiser, which would otherwise leave the plain name in this very program.
    let mask = std::hint::black_box(MASK);
    let name = MASKED.map(|byte| byte ^ mask);
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = fill(file, &mut chunk)?;
        let places = chunk.get(..length).unwrap_or_default().as_chunks::<SIZE>().0;
        if let Some(found) = places.iter().find(|place| place.starts_with(&name)) {
            let protocol = [found[NAME], found[NAME + 1], found[NAME + 2], found[NAME + 3]];
            return Ok(Some(Marker { pair_protocol: u32::from_le_bytes(protocol) }));
        }
        if length < chunk.len() {
            return Ok(None);
        }
    }
}

/// Fills the buffer as far as the file goes; gives how far.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::super::marker::marker;
    use super::*;

    /// Gives few bytes at a time, as a pipe does.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(buffer.len()).min(977);
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    fn found(bytes: &[u8]) -> Option<u32> {
        find(&mut Slow(bytes)).ok().flatten().map(|marker| marker.pair_protocol)
    }

    #[test]
    fn a_marker_is_found_wherever_it_lies() {
        for at in [0, SIZE, CHUNK - SIZE, CHUNK, 2 * CHUNK + 5 * SIZE] {
            let mut bytes = vec![0x88; at];
            bytes.extend(marker(7));
            assert_eq!(found(&bytes), Some(7), "at {at}");
            bytes.extend([1; 100]);
            assert_eq!(found(&bytes), Some(7), "at {at}");
        }
    }

    #[test]
    fn what_only_resembles_a_marker_is_none() {
        assert_eq!(found(b""), None);
        assert_eq!(found(&marker(7)[..SIZE - 1]), None);
        assert_eq!(found(&[&[0], &marker(7)[..]].concat()), None);
        let mut bytes = marker(7);
        bytes[NAME - 1] ^= 1;
        assert_eq!(found(&bytes), None);
        bytes[..NAME].copy_from_slice(&MASKED);
        assert_eq!(found(&bytes), None);
    }
}
