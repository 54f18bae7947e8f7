//! Text of others in XML 1.0.

/// Appends text between tags.
pub(super) fn push_text(out: &mut String, text: &str) {
    push(out, text, false);
}

/// Appends ` name="value"`.
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push(out, value, true);
    out.push('"');
}

/// Line breaks and tabs of an attribute would reach its reader as spaces, hence their numbers.
fn push(out: &mut String, text: &str, attribute: bool) {
    for c in text.chars().filter(|c| is_legal(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            _ => out.push(c),
        }
    }
}

/// XML 1.0, production 2: <https://www.w3.org/TR/xml/#charsets>. What is not among these may not
/// even be written as a number.
fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}'
        | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_illegal_characters_are_gone() {
        let mut out = String::new();
        push_text(&mut out, "<a b=\"c\">&amp;]]>\n\t\r\u{0}\u{1b}[31m\u{fffe}\u{7f}é🚀");
        assert_eq!(out, "&lt;a b=\"c\"&gt;&amp;amp;]]&gt;\n\t&#13;[31m\u{7f}é🚀");
        let mut out = String::new();
        push_attribute(&mut out, "name", "\"x\"\n'\t<");
        assert_eq!(out, " name=\"&quot;x&quot;&#10;'&#9;&lt;\"");
    }
}
