//! Lines such as `{"id": 7, "kind": "index", "after": [1, 2], "text": "..."}`.

use bench_sdk::hub_bench;

use super::{Draft, SyntaxError};

/// Reads a flat JSON object. `id`, `kind` and `text` must be there; a field that comes twice
/// counts as the last one says.
#[hub_bench(args = [
    r#"{"id":7,"kind":"index","text":"short"}"#,
    r#"{"id":8,"kind":"grade","priority":9,"after":[1,2],"text":"\"a\""}"#,
])]
pub fn parse_json_line(line: &str) -> Result<Draft, SyntaxError> {
    let mut reader = Reader { line, position: 0 };
    let mut draft = Draft::default();
    let (mut id, mut kind, mut text) = (None, None, None);
    reader.expect('{')?;
    if !reader.accept('}') {
        loop {
            let field = reader.text("field name")?;
            reader.expect(':')?;
            match field.as_str() {
                "id" => id = Some(reader.number("id")?),
                "kind" => kind = Some(reader.text("kind")?),
                "priority" => draft.priority = reader.number("priority")?,
                "after" => draft.after = reader.numbers("after")?,
                "text" => text = Some(reader.text("text")?),
                _ => return Err(SyntaxError::UnknownField(field)),
            }
            if !reader.accept(',') {
                break;
            }
        }
        reader.expect('}')?;
    }
    reader.end()?;
    draft.id = id.ok_or(SyntaxError::Missing("id"))?;
    draft.kind = kind.ok_or(SyntaxError::Missing("kind"))?;
    draft.text = text.ok_or(SyntaxError::Missing("text"))?;
    Ok(draft)
}

/// A place in a line.
struct Reader<'l> {
    line: &'l str,
    position: usize,
}

impl<'l> Reader<'l> {
    fn rest(&self) -> &'l str {
        &self.line[self.position..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start().len();
    }

    /// Steps over a character, and space before it, if that is what comes next.
    fn accept(&mut self, wanted: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(wanted);
        if found {
            self.position += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), SyntaxError> {
        if self.accept(wanted) { Ok(()) } else { Err(SyntaxError::Unexpected(self.position)) }
    }

    fn end(&mut self) -> Result<(), SyntaxError> {
        self.skip_space();
        if self.rest().is_empty() { Ok(()) } else { Err(SyntaxError::Unexpected(self.position)) }
    }

    fn number(&mut self, field: &'static str) -> Result<u32, SyntaxError> {
        self.skip_space();
        let rest = self.rest();
        let digits = rest.find(|c: char| !c.is_ascii_digit());
        let digits = &rest[..digits.unwrap_or(rest.len())];
        self.position += digits.len();
        let number = digits.parse();
        number.map_err(|_| SyntaxError::NotANumber(field))
    }

    fn numbers(&mut self, field: &'static str) -> Result<Vec<u32>, SyntaxError> {
        let mut numbers = Vec::new();
        if !self.accept('[') {
            return Err(SyntaxError::NotANumber(field));
        }
        if self.accept(']') {
            return Ok(numbers);
        }
        loop {
            numbers.push(self.number(field)?);
            if !self.accept(',') {
                break;
            }
        }
        self.expect(']')?;
        Ok(numbers)
    }

    fn text(&mut self, field: &'static str) -> Result<String, SyntaxError> {
        if !self.accept('"') {
            return Err(SyntaxError::NotAText(field));
        }
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\']).ok_or(SyntaxError::UnclosedQuote)?;
            text.push_str(&rest[..plain]);
            self.position += plain + 1;
            if rest[plain..].starts_with('"') {
                return Ok(text);
            }
            text.push(self.escaped()?);
        }
    }

    /// The character that an escape stands for; the backslash is read already.
    fn escaped(&mut self) -> Result<char, SyntaxError> {
        let letter = self.rest().chars().next();
        let letter = letter.ok_or(SyntaxError::UnclosedQuote)?;
        self.position += letter.len_utf8();
        match letter {
            '"' | '\\' | '/' => Ok(letter),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => self.code_point(),
            _ => Err(SyntaxError::Unexpected(self.position - letter.len_utf8())),
        }
    }

    /// Four hexadecimal digits, or two times four for characters beyond the first 65,536.
    fn code_point(&mut self) -> Result<char, SyntaxError> {
        let start = self.position;
        let first = self.code_unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.position += 2;
            units.push(self.code_unit()?);
        }
        let mut characters = char::decode_utf16(units);
        match (characters.next(), characters.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(SyntaxError::Unexpected(start)),
        }
    }

    fn code_unit(&mut self) -> Result<u16, SyntaxError> {
        let digits = self.rest().get(..4);
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or(SyntaxError::Unexpected(self.position))?;
        self.position += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_any_order_and_with_any_space() {
        let draft = Draft {
            id: 7,
            kind: "index".to_owned(),
            priority: 3,
            after: vec![1, 2],
            text: "t".to_owned(),
        };
        let compact = r#"{"id":7,"kind":"index","priority":3,"after":[1,2],"text":"t"}"#;
        let spaced = r#" { "text" : "t" , "after" : [ 1 , 2 ] , "priority" : 3 , "kind" : "index" , "id" : 7 } "#;
        assert_eq!(parse_json_line(compact).as_ref(), Ok(&draft));
        assert_eq!(parse_json_line(spaced), Ok(draft));
    }

    #[test]
    fn escapes_stand_for_characters() {
        let line = r#"{"id":1,"kind":"k","text":"\"a\"\n\u00e4 \ud83d\ude80 ü"}"#;
        let text = parse_json_line(line).map(|draft| draft.text);
        assert_eq!(text.as_deref(), Ok("\"a\"\nä 🚀 ü"));
    }

    #[test]
    fn broken_lines_say_what_is_broken() {
        for (line, error) in [
            ("{}", SyntaxError::Missing("id")),
            (r#"{"id":1,"kind":"k"}"#, SyntaxError::Missing("text")),
            (r#"{"id":"1"}"#, SyntaxError::NotANumber("id")),
            (r#"{"id":99999999999}"#, SyntaxError::NotANumber("id")),
            (r#"{"after":1}"#, SyntaxError::NotANumber("after")),
            (r#"{"kind":5}"#, SyntaxError::NotAText("kind")),
            (r#"{"size":5}"#, SyntaxError::UnknownField("size".into())),
            (r#"{"kind":"k"#, SyntaxError::UnclosedQuote),
            (r#"{"kind":"\x"}"#, SyntaxError::Unexpected(10)),
            (r#"{"kind":"\ud83d"}"#, SyntaxError::Unexpected(11)),
            (r#"{"id":1 "kind":"k"}"#, SyntaxError::Unexpected(8)),
            ("{} x", SyntaxError::Unexpected(3)),
        ] {
            assert_eq!(parse_json_line(line), Err(error), "{line}");
        }
    }

    #[test]
    fn no_beginning_of_a_line_is_a_line() {
        let line = r#"{"id":7,"kind":"index","after":[1,2],"text":"ä\u00e4"}"#;
        for end in (0..line.len()).filter(|&end| line.is_char_boundary(end)) {
            assert!(parse_json_line(&line[..end]).is_err(), "{}", &line[..end]);
        }
    }
}
