//! Texts with variables in them.

use crate::record::load::Tags;
use crate::stats::Rng;

/// What stands for variables in a text: `{{vu}}`, `{{iteration}}`, `{{random}}`, `{{env.NAME}}`.
const KNOWN: &str = "{{vu}}, {{iteration}}, {{random}} and {{env.NAME}}";

/// A text, taken apart at its variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Bytes(Vec<u8>),
    Vu,
    Iteration,
    Random,
    Env(String),
}

/// What variables stand for in one request.
pub(crate) struct Values<'a> {
    /// Number of the virtual user, from 1.
    pub(crate) vu: u64,
    /// How many iterations it began before.
    pub(crate) iteration: u64,
    /// Where each `{{random}}` comes from.
    pub(crate) rng: &'a mut Rng,
    /// Variables of the scenario.
    pub(crate) env: &'a Tags,
}

impl Template {
    /// Takes a text apart. Braces around anything that does not look like a name are text.
    ///
    /// # Errors
    /// Names a variable that there is none of.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let mut pieces = Self::default();
        let mut rest = text;
        while let Some((before, name, after)) = next_variable(rest) {
            pieces.push_bytes(before);
            let piece = variable(name)
                .ok_or_else(|| format!("`{{{{{name}}}}}` is no variable; there are {KNOWN}"))?;
            pieces.0.push(piece);
            rest = after;
        }
        pieces.push_bytes(rest);
        Ok(pieces)
    }

    /// That text as it is, braces or not.
    pub(crate) fn fixed(text: &[u8]) -> Self {
        let mut pieces = Self::default();
        pieces.push_bytes(text);
        pieces
    }

    /// The same with its own bytes, not those of variables, made fit for an address.
    pub(crate) fn percent_encoded(mut self) -> Self {
        for piece in &mut self.0 {
            if let Piece::Bytes(bytes) = piece {
                *bytes = percent_encoded(bytes);
            }
        }
        self
    }

    /// Adds bytes at its end.
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            Some(Piece::Bytes(last)) => last.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.0.push(Piece::Bytes(bytes.to_vec())),
        }
    }

    /// Its bytes, where it has no variables.
    pub(crate) fn as_fixed(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [] => Some(&[]),
            [Piece::Bytes(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// Names of the variables of the scenario that it asks for.
    pub(crate) fn env_names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Env(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Its bytes with its variables replaced; only where there are any they go through `scratch`.
    pub(crate) fn rendered<'a>(
        &'a self,
        scratch: &'a mut Vec<u8>,
        values: &mut Values<'_>,
    ) -> &'a [u8] {
        if let Some(fixed) = self.as_fixed() {
            return fixed;
        }
        self.render(scratch, values);
        scratch
    }

    /// Writes it with its variables replaced; of variables that are missing nothing.
    pub(crate) fn render(&self, out: &mut Vec<u8>, values: &mut Values<'_>) {
        for piece in &self.0 {
            match piece {
                Piece::Bytes(bytes) => out.extend_from_slice(bytes),
                Piece::Vu => push_number(out, values.vu),
                Piece::Iteration => push_number(out, values.iteration),
                Piece::Random => push_number(out, values.rng.next_u64() >> 11),
                Piece::Env(name) => {
                    let value = values.env.get(name).map_or("", String::as_str);
                    out.extend_from_slice(value.as_bytes());
                }
            }
        }
    }
}

/// What stands before the next variable, its name, and what follows.
fn next_variable(text: &[u8]) -> Option<(&[u8], &str, &[u8])> {
    let mut from = 0;
    while let Some(at) = find(&text[from..], b"{{").map(|at| from + at) {
        let inner = &text[at + 2..];
        if let Some(length) = find(inner, b"}}") {
            let name = std::str::from_utf8(&inner[..length]).ok().map(str::trim);
            if let Some(name) = name.filter(|name| looks_like_a_name(name)) {
                return Some((&text[..at], name, &inner[length + 2..]));
            }
        }
        from = at + 1;
    }
    None
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

fn looks_like_a_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

fn variable(name: &str) -> Option<Piece> {
    match name {
        "vu" => Some(Piece::Vu),
        "iteration" => Some(Piece::Iteration),
        "random" => Some(Piece::Random),
        _ => {
            let name = name.strip_prefix("env.").filter(|name| !name.is_empty())?;
            Some(Piece::Env(name.to_owned()))
        }
    }
}

/// Bytes that cannot stand in a request line, as `%` sequences.
fn percent_encoded(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_graphic() {
            encoded.push(*byte);
        } else {
            encoded.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    encoded
}

/// Writes a number in decimal digits, without asking for memory of its own.
pub(crate) fn push_number(out: &mut Vec<u8>, mut number: u64) {
    let from = out.len();
    loop {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out[from..].reverse();
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn rendered(text: &str) -> String {
        let template = Template::parse(text.as_bytes()).expect(text);
        let env = Tags::from([("HOST_ID".to_owned(), "h 7".to_owned())]);
        let mut rng = Rng::new(1);
        let mut values = Values { vu: 12, iteration: 0, rng: &mut rng, env: &env };
        let mut out = Vec::new();
        template.render(&mut out, &mut values);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn variables_are_replaced_and_other_braces_are_text() {
        assert_eq!(rendered("/u/{{vu}}/i/{{ iteration }}?h={{env.HOST_ID}}"), "/u/12/i/0?h=h 7");
        assert_eq!(rendered("{\"a\":{\"b\":{{vu}}}}"), "{\"a\":{\"b\":12}}");
        assert_eq!(
            rendered("{{{vu}}} {{ }} {{1}} {{\"a\"}} {{vu"),
            "{12} {{ }} {{1}} {{\"a\"}} {{vu"
        );
        assert_eq!(rendered("{{env.MISSING}}"), "");
    }

    #[test]
    fn each_random_is_another_number_from_the_seed() {
        let text = rendered("{{random}} {{random}}");
        let (first, second) = text.split_once(' ').expect("two");
        assert!(first.parse::<u64>().is_ok() && second.parse::<u64>().is_ok() && first != second);
        assert_eq!(rendered("{{random}} {{random}}"), text);
    }

    #[test]
    fn a_name_that_is_no_variable_is_refused() {
        let error = Template::parse(b"/{{itertion}}").expect_err("misspelt");
        assert!(error.contains("{{itertion}}") && error.contains("{{iteration}}"), "{error}");
        assert!(Template::parse(b"{{env.}}").is_err());
    }

    #[test]
    fn addresses_keep_what_may_stand_in_them() {
        let template = Template::parse("/a b/ü?x=%20".as_bytes()).expect("fine").percent_encoded();
        assert_eq!(template.as_fixed(), Some(b"/a%20b/%C3%BC?x=%20".as_slice()));
    }
}
