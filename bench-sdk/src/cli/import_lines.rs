//! The lines of a text that was written for a terminal, as they read there.

use std::borrow::Cow;

/// What codes for a terminal begin with.
const ESCAPE: char = '\u{1b}';

/// Lines without codes for a terminal, with their numbers, counted from 1. A return within a line has a
/// terminal begin it anew, so it parts what stands before from what stands behind; where there are only
/// returns, they end lines.
pub(super) fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let parts = |(at, line)| str::split(line, '\r').map(move |part| (at + 1, without_codes(part)));
    text.split(end).enumerate().flat_map(parts)
}

fn without_codes(line: &str) -> Cow<'_, str> {
    if !line.contains(ESCAPE) {
        return Cow::Borrowed(line);
    }
    let (mut plain, mut rest) = (String::with_capacity(line.len()), line);
    while let Some((before, code)) = rest.split_once(ESCAPE) {
        plain.push_str(before);
        rest = behind(code);
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What stands behind a code that has begun. Of one that does not end, its text is left.
fn behind(code: &str) -> &str {
    if let Some(colour) = code.strip_prefix('[') {
        let end = colour.find(|c| ('@'..='~').contains(&c));
        return end.map_or(colour, |end| &colour[end + 1..]);
    }
    if let Some(title) = code.strip_prefix(']') {
        let ends = ["\u{7}", "\u{1b}\\"].into_iter().filter_map(|end| title.split_once(end));
        return ends.min_by_key(|(title, _)| title.len()).map_or(title, |(_, rest)| rest);
    }
    let rest = code.trim_start_matches(|c| (' '..='/').contains(&c));
    let mut rest = rest.chars();
    rest.next();
    rest.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, String)> {
        let lines = numbered_lines(text).map(|(at, line)| (at, line.into_owned()));
        lines.filter(|(_, line)| !line.is_empty()).collect()
    }

    #[test]
    fn lines_end_in_any_of_the_usual_ways() {
        let both = [(1, "a".to_owned()), (2, "b".to_owned())];
        for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "a\nb", "a\n\rb\r\n"] {
            assert_eq!(lines(text), both, "{text:?}");
        }
        assert_eq!(lines("\n50 %\rdone\n"), [(2, "50 %".to_owned()), (2, "done".to_owned())]);
    }

    #[test]
    fn codes_are_taken_out() {
        for text in [
            "\u{1b}[1;32mtest\u{1b}[0m a",
            "\u{1b}]0;title\u{7}test a\u{1b}[K",
            "\u{1b}]8;;x\u{1b}\\test\u{1b}]8;;\u{1b}\\ a\u{1b}]0;\u{7}",
            "\u{1b}(B\u{1b}[mtest\u{1b}7 a\u{1b}",
        ] {
            assert_eq!(without_codes(text), "test a", "{text:?}");
        }
        // What never ends is not passed over with all that is behind.
        assert_eq!(without_codes("\u{1b}]0;test a"), "0;test a");
        assert_eq!(without_codes("\u{1b}[1;2"), "1;2");
    }
}
