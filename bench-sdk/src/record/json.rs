//! Records as JSON text.

use serde::Serialize;

/// The value as JSON, indented by two spaces, with a line break at the end.
///
/// Everything is serialised compactly and indented as text, so that the code which serialises is
/// compiled once and not once for each style.
pub(crate) fn indented_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = indent(&serde_json::to_string(value)?);
    text.push('\n');
    Ok(text)
}

/// Indents compact JSON. Empty lists and objects stay on their line, and so do lists of numbers.
fn indent(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let mut depth = 0;
    let mut in_text = false;
    let mut escaped = false;
    let mut characters = compact.chars();
    while let Some(c) = characters.next() {
        if in_text {
            out.push(c);
            (in_text, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                let rest = characters.as_str();
                if let Some(length) = numbers_or_nothing(rest) {
                    out.push_str(&rest[..length].replace(',', ", "));
                    characters = rest[length..].chars();
                    out.extend(characters.next());
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                in_text = true;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// The length of what stands before the closing bracket, if that is nothing but numbers.
fn numbers_or_nothing(rest: &str) -> Option<usize> {
    let is_number =
        |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' | b',');
    let length = rest.bytes().take_while(|byte| is_number(byte)).count();
    rest[length..].starts_with(['}', ']']).then_some(length)
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_of_numbers_stay_on_their_line() {
        let text =
            indented_json(&json!({"a": [1, -2.5e-300], "b": [[3], "4"]})).unwrap_or_default();
        assert_eq!(text, "{\n  \"a\": [1, -2.5e-300],\n  \"b\": [\n    [3],\n    \"4\"\n  ]\n}\n");
    }

    #[test]
    fn indented_as_serde_json_does_it() {
        for value in [
            json!({"a": ["1", {"b": []}, {}], "c\"{": "x,y:\\\" [é\u{1}", "d": null, "e": "\\"}),
            json!([]),
            json!("plain, {text}"),
            json!([[[[-1.5e300, true]]], true]),
        ] {
            let expected = serde_json::to_string_pretty(&value).unwrap_or_default() + "\n";
            assert_eq!(indented_json(&value).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn figures_come_back_to_the_last_bit() {
        // Knuth's linear congruential generator: its high bits are random enough for this.
        let mut state = 7_u64;
        let mut below = |bits: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> (64 - bits)
        };
        for _ in 0..20_000 {
            // Nanoseconds as they are measured: sums of readings over a number of iterations.
            let ns = below(50) as f64 / (1 + below(20)) as f64;
            let text = indented_json(&ns).unwrap_or_default();
            let read: f64 = serde_json::from_str(&text).unwrap_or_default();
            assert_eq!(read.to_bits(), ns.to_bits(), "{text}");
        }
    }
}
