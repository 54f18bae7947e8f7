//! Tokens in one row, each with its line and where it stands.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token; an opening or closing bracket is a token of its own.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Brackets around it.
    pub(crate) depth: usize,
    /// Inline modules around it, within the file.
    pub(crate) modules: usize,
    /// Whether it stands behind `#[cfg(test)]`.
    pub(crate) test: bool,
    pub(crate) literal: bool,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        !self.literal && self.text == text
    }

    /// Whether it is a name or a keyword.
    pub(crate) fn is_word(&self) -> bool {
        !self.literal && self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Whether the tokens begin with those texts.
pub(crate) fn begins(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.is(text))
}

/// The tokens of a file.
pub(crate) fn flatten(text: &str) -> Result<Vec<Token>, String> {
    let stream = TokenStream::from_str(text).map_err(|error| error.to_string())?;
    let mut tokens = Vec::new();
    Place { depth: 0, modules: 0, test: false }.walk(stream, &mut tokens);
    Ok(tokens)
}

#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    modules: usize,
    test: bool,
}

impl Place {
    fn walk(self, stream: TokenStream, into: &mut Vec<Token>) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        // Set from `#[cfg(test)]` to the end of the item behind it.
        let mut of_test_item = false;
        for (at, tree) in trees.iter().enumerate() {
            of_test_item |= is_cfg_test(&trees[at..]);
            let here = Self { test: self.test || of_test_item, ..self };
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = brackets(group.delimiter());
                    let in_module = is_module_body(&trees[..at]);
                    here.push(open, group.span_open().start().line, false, into);
                    let modules = self.modules + usize::from(in_module);
                    Self { depth: self.depth + 1, modules, ..here }.walk(group.stream(), into);
                    here.push(close, group.span_close().start().line, false, into);
                    of_test_item &= group.delimiter() != Delimiter::Brace;
                }
                TokenTree::Punct(punct) => {
                    here.push(&punct.to_string(), punct.span().start().line, false, into);
                    of_test_item &= punct.as_char() != ';';
                }
                TokenTree::Ident(ident) => {
                    here.push(&ident.to_string(), ident.span().start().line, false, into);
                }
                TokenTree::Literal(literal) => {
                    here.push(&literal.to_string(), literal.span().start().line, true, into);
                }
            }
        }
    }

    fn push(self, text: &str, line: usize, literal: bool, into: &mut Vec<Token>) {
        let Self { depth, modules, test } = self;
        into.push(Token { text: text.to_owned(), line, depth, modules, test, literal });
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Whether the trees begin with `#[cfg(test)]`.
fn is_cfg_test(trees: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] = trees else { return false };
    let attribute = attribute.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && attribute == "cfg(test)"
}

/// Whether the trees end in `mod name`.
fn is_module_body(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] = before else { return false };
    *keyword == "mod"
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn tests_end_with_their_item() {
        let text = "fn a() {} #[cfg(test)] #[path = \"x\"] mod tests { fn b() {} } fn c() {}";
        let tokens = flatten(text).unwrap();
        let is_test =
            |name: &str| tokens.iter().find(|token| token.is(name)).map(|token| token.test);
        assert_eq!(
            [is_test("a"), is_test("b"), is_test("c")],
            [Some(false), Some(true), Some(false)]
        );
    }

    #[test]
    fn modules_comments_and_lines_are_told() {
        let tokens = flatten("// b\nmod a {\n  /// b\n  fn c() { let d = \"d\"; }\n}").unwrap();
        let find = |name: &str| tokens.iter().find(|token| token.is(name));
        assert!(find("b").is_none() && find("\"d\"").is_none());
        assert_eq!(find("c").map(|token| (token.line, token.modules)), Some((4, 1)));
        assert!(flatten("fn a( {").is_err());
    }
}
