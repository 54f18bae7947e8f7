//! Text inside of a page.

use serde::Serialize;

/// The value as JSON that may stand in a `<script>`: nothing in it ends the element or begins a
/// comment, and it means the same.
pub(super) fn script_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    let mut safe = String::with_capacity(json.len() + json.len() / 64);
    // In JSON these characters stand in strings only, where an escape is the same character.
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Ok(safe)
}

/// What a Content Security Policy calls a script by: `sha256-` and the hash of its text in base 64.
pub(super) fn script_hash(text: &str) -> String {
    format!("sha256-{}", base64(&hmac_sha256::Hash::hash(text.as_bytes())))
}

/// Base 64 of RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for at in 0..4_usize {
            let letter = ALPHABET[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let hostile = "</script><!--<script>\u{2028}\u{2029}\"\\\n\u{202e}&'";
        let json = script_json(&hostile).unwrap_or_default();
        assert_eq!(
            json,
            "\"\\u003c/script>\\u003c!--\\u003cscript>\\u2028\\u2029\\\"\\\\\\n\u{202e}&'\""
        );
        let read: String = serde_json::from_str(&json).unwrap_or_default();
        assert_eq!(read, hostile);
    }

    /// Vectors of RFC 4648, and of FIPS 180-4.
    #[test]
    fn hashes_are_written_as_policies_have_them() {
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
        assert_eq!(script_hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
