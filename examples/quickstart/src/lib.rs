//! The ten-line quick start.

use bench_sdk::hub_bench;

/// How often each letter of the alphabet occurs in a text.
#[hub_bench(args = ["short", "the quick brown fox jumps over the lazy dog"])]
pub fn letters(text: &str) -> [usize; 26] {
    let mut counts = [0; 26];
    for letter in text.bytes().filter(u8::is_ascii_alphabetic) {
        counts[usize::from(letter.to_ascii_lowercase() - b'a')] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    #[test]
    fn upper_and_lower_case_are_one_letter() {
        assert_eq!(super::letters("Aha!")[0], 2);
    }
}
