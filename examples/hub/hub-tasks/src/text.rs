//! What can be done with a text.

use std::cmp::Reverse;
use std::collections::HashMap;

use bench_sdk::hub_bench;

/// The words of a text, in lower case.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The sentences of a text, without the space around them.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?'])
        .map(str::trim)
        .filter(|sentence| sentence.chars().any(char::is_alphanumeric))
}

/// The `count` most frequent words of four letters or more, each with how often it occurs; of
/// equals the first in the alphabet.
#[hub_bench(inputs = (crate::sample::text(200), 5), items_count = 200)]
pub fn top_words(text: &str, count: usize) -> Vec<(String, usize)> {
    let mut frequency: HashMap<String, usize> = HashMap::new();
    for word in words(text).filter(|word| word.chars().count() >= 4) {
        *frequency.entry(word).or_default() += 1;
    }
    let mut ranking: Vec<_> = frequency.into_iter().collect();
    ranking.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    ranking.truncate(count);
    ranking
}

/// The sentence whose words occur most often in the whole text, on average.
#[hub_bench(inputs = crate::sample::text(200), items_count = 200)]
pub fn key_sentence(text: &str) -> Option<&str> {
    let mut frequency: HashMap<String, usize> = HashMap::new();
    for word in words(text) {
        *frequency.entry(word).or_default() += 1;
    }
    let weight = |sentence: &str| {
        let weights = words(sentence).map(|word| frequency.get(&word).copied().unwrap_or(0));
        let (sum, count) = weights.fold((0, 0), |(sum, count), w| (sum + w, count + 1));
        sum as f64 / f64::from(count.max(1))
    };
    let mut best = None;
    for sentence in sentences(text) {
        let weight = weight(sentence);
        if best.is_none_or(|(_, highest)| weight > highest) {
            best = Some((sentence, weight));
        }
    }
    best.map(|(sentence, _)| sentence)
}

/// The text with digits replaced by `#` and mail addresses by `[address]`.
#[hub_bench(args = [
    "nothing to hide",
    "call 555-0199, or ann@example.org",
    "ann@example.org, bob@example.org; order 66 of 2026-01-31",
])]
pub fn redact(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let core = word.trim_matches([',', ';', '.', ':', '(', ')', '<', '>', '!', '?']);
        if is_address(core) {
            redacted.push_str(&part.replacen(core, "[address]", 1));
        } else {
            let hidden = part.chars().map(|c| if c.is_numeric() { '#' } else { c });
            redacted.extend(hidden);
        }
    }
    redacted
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        let host_has_a_dot = host.split('.').filter(|part| !part.is_empty()).count() >= 2;
        !name.is_empty() && host_has_a_dot && !host.contains('@')
    })
}

/// How hard a text is to read: mean words in a sentence plus the share of long words in percent
/// (Björnsson's LIX); about 25 for a children's book, 60 for a law. `None` without words.
#[hub_bench(inputs = crate::sample::text(200), items_count = 200)]
pub fn reading_grade(text: &str) -> Option<u32> {
    let (mut total, mut long) = (0_usize, 0_usize);
    for word in words(text) {
        total += 1;
        long += usize::from(word.chars().count() > 6);
    }
    let sentences = sentences(text).count();
    if total == 0 || sentences == 0 {
        return None;
    }
    let grade = total as f64 / sentences as f64 + 100.0 * long as f64 / total as f64;
    Some(grade.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_come_first_and_equals_by_alphabet() {
        let top = top_words("Queue queue pool. Agent QUEUE, pool; a a a a", 3);
        let expected = [("queue", 3), ("pool", 2), ("agent", 1)];
        assert_eq!(top, expected.map(|(word, count)| (word.to_owned(), count)));
        assert!(top_words("a an the", 3).is_empty());
    }

    #[test]
    fn the_key_sentence_is_about_what_the_text_is_about() {
        let text = "It rained. Agents wait for tasks. Agents take tasks! Nobody came?";
        assert_eq!(key_sentence(text), Some("Agents take tasks!"));
        assert_eq!(key_sentence("... !"), None);
    }

    #[test]
    fn numbers_and_addresses_are_hidden() {
        assert_eq!(
            redact("Call 555-0199 or (ann@example.org),  ok?"),
            "Call ###-#### or ([address]),  ok?"
        );
        assert_eq!(redact("a@b, @home and me@"), "a@b, @home and me@");
    }

    #[test]
    fn redacting_twice_changes_nothing_more() {
        let once = redact("12 monkeys, ann@example.org");
        assert_eq!(redact(&once), once);
    }

    #[test]
    fn long_words_and_sentences_are_hard_to_read() {
        assert_eq!(reading_grade("One two. Three four."), Some(2));
        assert_eq!(reading_grade("Internationalisation helps."), Some(2 + 50));
        assert_eq!(reading_grade(""), None);
    }
}
