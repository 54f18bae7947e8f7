//! Finding the object literal of `options` in a script, and making JSON5 of it.

/// The literal as JSON5, and whether there was more in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// What `json5` reads; lines are as in the file.
    pub(super) json5: String,
    /// Line of the file on which it begins, from 0.
    pub(super) line: usize,
    /// Whether the file has other statements, which are not run.
    pub(super) is_part: bool,
}

/// A piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Space,
    Comment,
    Word,
    Text,
    Template,
    Sign,
}

/// Finds the literal: the whole file where it begins with a brace, else what is assigned to
/// `options`.
pub(super) fn find(source: &str) -> Result<Literal, String> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let pieces = split(source);
    let meaningful: Vec<(Piece, usize, &str)> = pieces
        .iter()
        .copied()
        .filter(|(piece, ..)| !matches!(piece, Piece::Space | Piece::Comment))
        .collect();
    let Some(open) = opening(&meaningful) else {
        return Err("no `options` found: it is `{ .. }`, `export const options = { .. };` or \
                    `export let options = { .. };`"
            .to_owned());
    };
    let close = closing(&meaningful, open).ok_or_else(|| {
        let line = source[..meaningful[open].1].matches('\n').count() + 1;
        format!("the brace of `options` that opens on line {line} is never closed")
    })?;
    let (start, end) = (meaningful[open].1, meaningful[close].1 + 1);
    let inside = pieces.iter().filter(|(_, at, _)| (start..end).contains(at));
    let json5 = inside.map(|(piece, _, text)| as_json5(*piece, text)).collect::<Result<_, _>>()?;
    let is_rest = |(_, at, text): &(Piece, usize, &str)| {
        !(start..end).contains(at) && !matches!(*text, ";" | "(" | ")")
    };
    let named = meaningful[..open].iter().filter(|(_, _, text)| is_declaration(text)).count();
    let rest = meaningful.iter().filter(|piece| is_rest(piece)).count();
    Ok(Literal { json5, line: source[..start].matches('\n').count(), is_part: rest > named.min(4) })
}

/// Words of the statement that holds the literal.
fn is_declaration(text: &str) -> bool {
    matches!(text, "export" | "const" | "let" | "var" | "options" | "=")
}

/// The place of the brace that opens the literal.
fn opening(pieces: &[(Piece, usize, &str)]) -> Option<usize> {
    let first = pieces.iter().position(|(_, _, text)| *text != "(")?;
    if pieces[first].2 == "{" {
        return Some(first);
    }
    for (at, (piece, _, text)) in pieces.iter().enumerate() {
        if *piece != Piece::Word || *text != "options" || at == 0 {
            continue;
        }
        if !matches!(pieces[at - 1].2, "const" | "let" | "var" | ".") {
            continue;
        }
        // A type may stand between the name and the sign, in TypeScript.
        let rest = &pieces[at + 1..];
        let Some(sign) = rest.iter().take(4).position(|(_, _, text)| *text == "=") else {
            continue;
        };
        let brace = at + 1 + sign + 1;
        if pieces.get(brace).is_some_and(|(_, _, text)| *text == "{") {
            return Some(brace);
        }
    }
    None
}

fn closing(pieces: &[(Piece, usize, &str)], open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    pieces.iter().enumerate().skip(open).find_map(|(at, (_, _, text))| {
        depth += match *text {
            "{" | "[" | "(" => 1,
            "}" | "]" | ")" => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    })
}

fn as_json5(piece: Piece, text: &str) -> Result<String, String> {
    match piece {
        Piece::Template if text.contains("${") => {
            Err(format!("{text} has a part to be computed; only plain values are read"))
        }
        Piece::Template => {
            let inside = text.get(1..text.len() - 1).unwrap_or_default();
            let quoted = inside.replace('"', "\\\"").replace('\n', "\\n\\\n");
            Ok(format!("\"{}\"", quoted.replace("\\`", "`")))
        }
        // Read as JSON they would be nothing, as if the option had not been given.
        Piece::Word if is_beyond(text) => {
            Err(format!("`{text}` is no number that an option could have"))
        }
        // 1_000 is a number in JavaScript and not in JSON5; it keeps its width.
        Piece::Word if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('_') => {
            let digits = text.replace('_', "");
            Ok(format!("{digits:width$}", width = text.len()))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Whether it is a number that is not finite, by its name or by its size.
fn is_beyond(text: &str) -> bool {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    matches!(text, "NaN" | "Infinity")
        || (is_number && text.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// The source as pieces, each with its place.
fn split(source: &str) -> Vec<(Piece, usize, &str)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let (piece, length) = match first {
            _ if rest.starts_with("//") => (Piece::Comment, rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => {
                (Piece::Comment, rest[2..].find("*/").map_or(rest.len(), |end| end + 4))
            }
            '"' | '\'' => (Piece::Text, quoted(rest, first)),
            '`' => (Piece::Template, quoted(rest, first)),
            _ if first.is_whitespace() => (Piece::Space, run(rest, char::is_whitespace)),
            _ if is_word(first) => (Piece::Word, run(rest, is_word)),
            _ => (Piece::Sign, first.len_utf8()),
        };
        pieces.push((piece, at, &rest[..length]));
        at += length;
    }
    pieces
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Length of the text in quotes with which `text` begins.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            // A quote in a regular expression is not the beginning of a text.
            '\n' if quote != '`' => return at,
            _ => {}
        }
    }
    text.len()
}
