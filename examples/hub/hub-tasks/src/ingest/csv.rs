//! Lines such as `7,index,3,1 2,"Text, with a comma"`.

use std::borrow::Cow;

use bench_sdk::hub_bench;

use super::{Draft, SyntaxError};

const FIELDS: usize = 5;

/// Reads a line of CSV: id, kind, priority, the ids it waits for separated by spaces, and the text.
/// A field in quotes may contain commas, and quotes written twice.
#[hub_bench(args = ["7,index,3,,short", "8,grade,0,1 2 3,\"a quoted text, with a \"\"comma\"\"\""])]
pub fn parse_csv_line(line: &str) -> Result<Draft, SyntaxError> {
    let fields = split_fields(line)?;
    if fields.len() > FIELDS {
        return Err(SyntaxError::TooManyFields(fields.len()));
    }
    let field = |index: usize, name| fields.get(index).ok_or(SyntaxError::Missing(name));
    let after = field(3, "after")?;
    Ok(Draft {
        id: number(field(0, "id")?, "id")?,
        kind: field(1, "kind")?.trim().to_owned(),
        priority: number(field(2, "priority")?, "priority")?,
        after: after.split_whitespace().map(|id| number(id, "after")).collect::<Result<_, _>>()?,
        text: field(4, "text")?.clone().into_owned(),
    })
}

fn number(text: &str, field: &'static str) -> Result<u32, SyntaxError> {
    let number = text.trim().parse();
    number.map_err(|_| SyntaxError::NotANumber(field))
}

fn split_fields(line: &str) -> Result<Vec<Cow<'_, str>>, SyntaxError> {
    let mut fields = Vec::with_capacity(FIELDS);
    let mut rest = line;
    loop {
        let (field, after) = if let Some(quoted) = rest.strip_prefix('"') {
            take_quoted(quoted)?
        } else {
            let (field, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            (Cow::Borrowed(field), after)
        };
        fields.push(field);
        if after.is_empty() {
            return Ok(fields);
        }
        rest = after.strip_prefix(',').ok_or(SyntaxError::Unexpected(line.len() - after.len()))?;
    }
}

/// The text up to the closing quote, and what follows it.
fn take_quoted(quoted: &str) -> Result<(Cow<'_, str>, &str), SyntaxError> {
    let mut end = 0;
    loop {
        let quote = quoted[end..].find('"').ok_or(SyntaxError::UnclosedQuote)? + end;
        let after = &quoted[quote + 1..];
        if !after.starts_with('"') {
            let field = &quoted[..quote];
            let field = if field.contains('"') {
                Cow::Owned(field.replace("\"\"", "\""))
            } else {
                Cow::Borrowed(field)
            };
            return Ok((field, after));
        }
        end = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Result<Vec<String>, SyntaxError> {
        split_fields(line).map(|fields| fields.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn fields_are_split_at_commas_outside_quotes() {
        let fields = texts(r#"a,,"b, c","d ""e""","#);
        assert_eq!(fields, Ok(["a", "", "b, c", "d \"e\"", ""].map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_line_becomes_a_draft() {
        let draft = Draft {
            id: 7,
            kind: "index".to_owned(),
            priority: 3,
            after: vec![1, 2],
            text: "Text, here".to_owned(),
        };
        assert_eq!(parse_csv_line(r#"7, index ,3,1 2,"Text, here""#), Ok(draft));
    }

    #[test]
    fn broken_lines_say_what_is_broken() {
        for (line, error) in [
            ("7,index,3,", SyntaxError::Missing("text")),
            ("7,index,-3,,t", SyntaxError::NotANumber("priority")),
            ("7,index,3,1 x,t", SyntaxError::NotANumber("after")),
            ("7,index,3,,t,u", SyntaxError::TooManyFields(6)),
            ("7,index,3,,\"t", SyntaxError::UnclosedQuote),
            ("7,\"index\"x,3,,t", SyntaxError::Unexpected(9)),
        ] {
            assert_eq!(parse_csv_line(line), Err(error), "{line}");
        }
    }
}
