//! The order of arguments: by what they say, not by how they are spelled.

use std::cmp::Ordering;

/// `[9]` before `[10]`, `[0.25]` before `[0.5]`, `2x10` before `10x2`.
pub(crate) fn by_value(left: &str, right: &str) -> Ordering {
    let inner = |label: &str| label.strip_prefix('[')?.strip_suffix(']')?.parse::<f64>().ok();
    if let (Some(left), Some(right)) = (inner(left), inner(right)) {
        return left.total_cmp(&right);
    }
    let (mut left_rest, mut right_rest) = (left, right);
    while !left_rest.is_empty() && !right_rest.is_empty() {
        let (left_part, right_part);
        (left_part, left_rest) = left_rest.split_at(part_len(left_rest));
        (right_part, right_rest) = right_rest.split_at(part_len(right_rest));
        let order = by_part(left_part, right_part);
        if order != Ordering::Equal {
            return order;
        }
    }
    // What is left over decides, then the spelling: `08` is not `8`.
    left_rest.len().cmp(&right_rest.len()).then_with(|| left.cmp(right))
}

/// Length of the number, or of the single character, that a text begins with.
fn part_len(text: &str) -> usize {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if digits > 0 { digits } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn by_part(left: &str, right: &str) -> Ordering {
    let is_number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    if !is_number(left) || !is_number(right) {
        return left.cmp(right);
    }
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let mut labels = ["[1000]", "[0.5]", "[20]", "[0.25]"];
        labels.sort_by(|a, b| by_value(a, b));
        assert_eq!(labels, ["[0.25]", "[0.5]", "[20]", "[1000]"]);
    }

    #[test]
    fn numbers_inside_words_count_too() {
        let mut labels = ["[64x64]", "[8x100]", "[8x20]", "[é]", "[8]{t=2}", "[08x20]", "[8"];
        labels.sort_by(|a, b| by_value(a, b));
        assert_eq!(labels, ["[8", "[8]{t=2}", "[08x20]", "[8x20]", "[8x100]", "[64x64]", "[é]"]);
    }
}
