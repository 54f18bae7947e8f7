//! Text that users chose, made safe for a terminal.

use crate::record::is_unsafe;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A cut looks at no more than this many characters a column: marks of no width may pile up.
const MAX_CHARS_PER_COLUMN: usize = 8;
/// No script piles up more marks on one character; what comes above would cover other lines.
const MAX_MARKS: usize = 4;

/// Makes text safe to print on one line: control characters, and characters that reorder or hide
/// their neighbours, stand as Rust would write them in a string.
///
/// ```
/// use bench_sdk::report::escape;
///
/// assert_eq!(escape("push[中文]"), "push[中文]");
/// assert_eq!(escape("a\x1b[31m\nb"), r"a\u{1b}[31m\nb");
/// assert_eq!(escape("\u{202e}txt"), r"\u{202e}txt");
/// ```
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        if is_unsafe(c) {
            safe.extend(c.escape_default());
            continue;
        }
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        if marks <= MAX_MARKS {
            safe.push(c);
        } else if marks == MAX_MARKS + 1 {
            safe.push('\u{fffd}');
        }
    }
    safe
}

/// One line of what a program printed: its colours are dropped, tabs are spaces, the rest is
/// escaped.
pub(crate) fn escape_output_line(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.trim_end_matches('\r');
    while let Some(start) = rest.find("\x1b[") {
        plain.push_str(&rest[..start]);
        let body = &rest[start + 2..];
        let end = body.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(body.len());
        if body[end..].starts_with('m') {
            rest = &body[end + 1..];
        } else {
            plain.push_str("\x1b[");
            rest = body;
        }
    }
    plain.push_str(rest);
    escape(&plain.replace('\t', "    "))
}

/// Columns that a text without control characters takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, or its beginning and `…` where it takes more columns than allowed.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let limit = columns.saturating_mul(MAX_CHARS_PER_COLUMN);
    let bounded = text.char_indices().nth(limit).map_or(text, |(end, _)| &text[..end]);
    if bounded.len() == text.len() && width(text) <= columns {
        return text.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let mut kept = 0;
    for (start, c) in bounded.char_indices() {
        let end = start + c.len_utf8();
        if width(&bounded[..end]) < columns {
            kept = end;
        } else {
            break;
        }
    }
    let mut short = bounded[..kept].trim_end_matches('\u{200d}').to_owned();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_spelled_out() {
        assert_eq!(escape("\r\n\t\x07\x7f\u{9b}"), r"\r\n\t\u{7}\u{7f}\u{9b}");
        assert_eq!(escape("a\u{2066}b\u{feff}"), r"a\u{2066}b\u{feff}");
        assert_eq!(
            escape(&format!("z{}b", "\u{301}".repeat(9))),
            "z\u{301}\u{301}\u{301}\u{301}\u{fffd}b"
        );
        assert_eq!(escape("👨‍👩‍👧 e\u{301} ±"), "👨‍👩‍👧 e\u{301} ±");
    }

    #[test]
    fn output_loses_its_colours_only() {
        assert_eq!(escape_output_line("\x1b[1;31mred\x1b[0m\tend\r"), "red    end");
        assert_eq!(escape_output_line("\x1b[2Jx\x1b["), r"\u{1b}[2Jx\u{1b}[");
    }

    #[test]
    fn cuts_by_columns_and_never_inside_a_character() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("中文字", 5), "中文…");
        assert_eq!(cut("中文字", 4), "中…");
        assert_eq!(cut("x", 0), "");
        let pile = format!("a{}", "\u{301}".repeat(10_000));
        assert!(cut(&pile, 10).chars().count() <= 82);
    }

    #[test]
    fn a_cut_text_always_fits() {
        let text = "a中👨‍👩‍👧e\u{301}☺\u{fe0f}🇩🇪xyz";
        for columns in 0..20 {
            assert!(width(&cut(text, columns)) <= columns, "{columns}");
        }
    }
}
