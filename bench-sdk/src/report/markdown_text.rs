//! Text of others in Markdown, where it must mean nothing.

use super::comparison_words::cut_front;
use super::escape::escape;

/// Characters of a name; what tells cases apart stands at the end.
const MAX_NAME: usize = 120;

/// As many whole lines as fit.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = text.bytes().take(most).rposition(|byte| byte == b'\n');
    end.map_or("", |end| &text[..=end])
}

/// A name without characters that a reader would not see, cut to a length worth reading.
pub(super) fn name(text: &str) -> String {
    cut_front(&escape(text), MAX_NAME)
}

/// Text as a span of code: a fence longer than any within, and spaces where the text itself begins
/// or ends with a tick or would be stripped of its own.
pub(super) fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let touches = |c: char| c == '`' || c == ' ';
    let pad = if text.is_empty() || text.starts_with(touches) || text.ends_with(touches) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The ticks before and behind a block of code with that text.
pub(super) fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Makes text fit for a cell: a table ends its cells at pipes, in code as well, unless a backslash
/// stands before. Backslashes already there pair up, so an odd number of them has to come out.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '|' {
            out.push_str(if backslashes % 2 == 0 { "\\" } else { "\\\\" });
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out
}

/// Text of which no character means anything to Markdown.
pub(super) fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_nothing_to_markdown() {
        assert_eq!(code("a::b[1]"), "`a::b[1]`");
        assert_eq!(code("`x``y"), "``` `x``y ```");
        assert_eq!(code("<img src=x>"), "`<img src=x>`");
        assert_eq!(code(""), "`  `");
        assert_eq!(cell("a|b"), "a\\|b");
        assert_eq!(cell("a\\|b"), "a\\\\\\|b");
        assert_eq!(cell("a\\\\|b"), "a\\\\\\|b");
        assert_eq!(inert("a_b <i>"), "a\\_b \\<i\\>");
    }
}
