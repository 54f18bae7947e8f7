//! Names of cases.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest label of one argument, in bytes; a longer one is cut and ends in a hash.
const MAX_LABEL_BYTES: usize = 64;

/// The name of one case: `crate::module::name<TYPE,N>[arg]{t=4}`.
///
/// It is the same in every process that runs the same executable, so workers find cases by it.
///
/// ```
/// use bench_sdk::record::CaseId;
///
/// let id = CaseId::from("hub_tasks::queue::push[1000]");
/// assert_eq!(id.as_str(), "hub_tasks::queue::push[1000]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(String);

impl CaseId {
    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for CaseId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for CaseId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a label fit for an id: characters that a terminal would obey are replaced, and a text past 64 bytes is cut
/// on a character boundary and ends in `~` and eight hexadecimal digits of a hash of the whole.
///
/// ```
/// use bench_sdk::record::short_label;
///
/// assert_eq!(short_label("1000"), "1000");
/// assert_eq!(short_label("a\nb"), "a\u{fffd}b");
/// assert!(short_label(&"x".repeat(10_000)).len() <= 64);
/// ```
pub fn short_label(text: &str) -> String {
    let clean = |c: char| if is_unsafe(c) { '\u{fffd}' } else { c };
    if text.len() <= MAX_LABEL_BYTES {
        let label: String = text.chars().map(clean).collect();
        if label.len() <= MAX_LABEL_BYTES {
            return label;
        }
    }
    let tail = format!("~{:08x}", fnv1a(text.as_bytes()) as u32);
    let mut label = String::with_capacity(MAX_LABEL_BYTES);
    for c in text.chars().map(clean) {
        if label.len() + c.len_utf8() + tail.len() > MAX_LABEL_BYTES {
            break;
        }
        label.push(c);
    }
    label + &tail
}

/// Whether a terminal would obey the character, or hide what is there.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Direction marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Nothing to see: soft hyphen, zero width space, word joiner and its kin, byte order
            // mark, annotations, tags. The zero width joiner stays, emoji are made of it.
            | '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The name, or so many bytes of it that end in `~` and a hash of the whole.
pub(crate) fn cut_name(name: String, most: usize, whole: &str) -> String {
    if name.len() <= most {
        return name;
    }
    let tail = format!("~{:016x}", fnv1a(whole.as_bytes()));
    let mut end = most.saturating_sub(tail.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned() + &tail
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>. Stable for all time, not for
/// adversaries.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_are_cut_and_stay_distinct() {
        let a = short_label(&format!("{}a", "é".repeat(5_000)));
        let b = short_label(&format!("{}b", "é".repeat(5_000)));
        assert!(a.len() <= MAX_LABEL_BYTES && b.len() <= MAX_LABEL_BYTES);
        assert_ne!(a, b);
    }

    #[test]
    fn labels_that_grow_by_cleaning_are_cut_as_well() {
        assert!(short_label(&"\u{1}".repeat(60)).len() <= MAX_LABEL_BYTES);
    }

    #[test]
    fn long_names_are_cut_between_characters_and_stay_distinct() {
        let cut = |end: &str| {
            let whole = format!("{}{end}", "é".repeat(5_000));
            cut_name(whole.clone(), 1_024, &whole)
        };
        assert!(cut("a").len() <= 1_024 && cut("a") != cut("b"), "{}", cut("a"));
        assert_eq!(cut_name("short".to_owned(), 1_024, "short"), "short");
    }

    #[test]
    fn hash_is_the_published_one() {
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
