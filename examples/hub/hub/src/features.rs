//! Texts as vectors that a network can work with.

use bench_sdk::hub_bench;
use hub_tasks::text::words;
use ndarray::Array1;

/// How many numbers stand for a text.
pub const FEATURES: usize = 128;

/// The words of a text, hashed into a vector of length 1; a text without words is the zero vector.
///
/// Words that share a place cannot be told apart, which is the price for not keeping a dictionary.
#[hub_bench(args = [
    "review",
    "translate the report into French",
    "look at the last change, judge the work, find mistakes and approve the merge request",
])]
pub fn featurize(text: &str) -> Array1<f32> {
    let mut features = Array1::<f32>::zeros(FEATURES);
    for word in words(text) {
        features[place(&word)] += 1.0;
    }
    let length = features.dot(&features).sqrt();
    if length > 0.0 {
        features /= length;
    }
    features
}

/// FNV-1a, folded; the same in every process, unlike the hashes of the standard library's maps.
fn place(word: &str) -> usize {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash ^ hash >> 32) % FEATURES as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_length_one_or_zero() {
        for text in ["one", "one two two", "Many words, of MANY kinds."] {
            let features = featurize(text);
            assert!((features.dot(&features) - 1.0).abs() < 1e-6);
        }
        assert!(featurize(" ... ").iter().all(|&feature| feature == 0.0));
    }

    #[test]
    fn order_and_case_do_not_matter_but_words_do() {
        assert_eq!(featurize("Write code"), featurize("code, WRITE!"));
        assert_ne!(featurize("write code"), featurize("write poems"));
    }

    #[test]
    fn places_do_not_depend_on_the_process() {
        assert_eq!(place(""), (0xcbf2_9ce4_8422_2325_u64 ^ 0xcbf2_9ce4) as usize % FEATURES);
    }
}
