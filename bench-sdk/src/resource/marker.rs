//! What marks an executable of benches; `marked.rs` looks for it.

/// Version of the protocol in which the two sides of a comparison are told to run in turns.
pub(crate) const PAIR_PROTOCOL: u32 = 1;

/// The name, masked, so that a program which looks for it does not find itself.
pub(super) const MASKED: [u8; NAME] = [
    0x1a, 0x83, 0x4a, 0x8b, 0x8c, 0x9c, 0xfb, 0xc3, 0xf8, 0x7e, 0x58, 0x57, 0xbc, 0xe6, 0x76, 0x31,
];
pub(super) const MASK: u8 = 0x5c;
pub(super) const NAME: usize = 16;
/// Bytes of a whole marker; it also begins at a multiple of that, in memory and in the file.
pub(super) const SIZE: usize = 32;

/// The bytes: name, version of the protocol, and words for people who look into the file.
#[repr(C, align(32))]
struct Bytes([u8; SIZE]);

static MARKER: Bytes = Bytes(marker(PAIR_PROTOCOL));

pub(super) const fn marker(protocol: u32) -> [u8; SIZE] {
    const WORDS: [u8; SIZE - NAME - 4] = *b"hub-bench\0\0\0";
    let protocol = protocol.to_le_bytes();
    let mut bytes = [0; SIZE];
    let mut at = 0;
    while at < SIZE {
        bytes[at] = if at < NAME {
            MASKED[at] ^ MASK
        } else if at < NAME + 4 {
            protocol[at - NAME]
        } else {
            WORDS[at - NAME - 4]
        };
        at += 1;
    }
    bytes
}

/// Has the marker stay in the executable that calls this.
pub(crate) fn mark_executable() {
    std::hint::black_box(&MARKER);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_in_memory_lies_where_it_is_looked_for() {
        mark_executable();
        assert_eq!((&raw const MARKER).addr() % SIZE, 0);
        assert_eq!(MARKER.0[NAME..NAME + 4], PAIR_PROTOCOL.to_le_bytes());
    }
}
