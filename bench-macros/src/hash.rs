//! A fingerprint of source tokens that formatting and comments do not change.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// FNV-1a, 64 bits: tiny, and the same on every machine and with every compiler.
struct Fnv(u64);

impl Fnv {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    /// The kind of a token and its text; the kind also ends the text before it.
    fn token(&mut self, kind: u8, text: &str) {
        self.byte(kind);
        text.bytes().for_each(|byte| self.byte(byte));
    }

    fn stream(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => self.token(0xf8, &ident.to_string()),
                TokenTree::Literal(literal) => self.token(0xf9, &literal.to_string()),
                TokenTree::Punct(punct) => {
                    self.token(0xfa, punct.as_char().encode_utf8(&mut [0; 4]));
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        // Invisible, and there or not depending on the compiler.
                        Delimiter::None => {
                            self.stream(group.stream());
                            continue;
                        }
                    };
                    self.token(0xfb, open);
                    self.stream(group.stream());
                    self.token(0xfc, close);
                }
            }
        }
    }
}

/// The fingerprint of several runs of tokens, in their order.
pub(crate) fn code_hash(parts: impl IntoIterator<Item = TokenStream>) -> u64 {
    let mut fnv = Fnv(0xcbf2_9ce4_8422_2325);
    for part in parts {
        fnv.stream(part);
        fnv.byte(0xff);
    }
    fnv.0
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::code_hash;

    fn hash(source: &str) -> u64 {
        code_hash([source.parse::<TokenStream>().unwrap_or_default()])
    }

    #[test]
    fn layout_and_comments_do_not_count() {
        assert_eq!(
            hash("fn f(a:u8)->u8{a+1}"),
            hash("fn f( a : u8 ) -> u8 {\n // one more\n a + 1 }")
        );
    }

    #[test]
    fn tokens_and_their_nesting_count() {
        assert_ne!(hash("a + 1"), hash("a + 2"));
        assert_ne!(hash("(a) b"), hash("(a b)"));
        assert_ne!(hash("(a)"), hash("[a]"));
        assert_ne!(hash("ab"), hash("a b"));
    }

    #[test]
    fn the_value_is_pinned() {
        assert_eq!(code_hash([]), 0xcbf2_9ce4_8422_2325);
        // Records hold such values, so they may not change from one version to the next.
        assert_eq!(hash("fn f(a: &'static str) -> u8 { 1 + 0x2 }"), 0x50c4_18b2_da42_658a);
        let tokens = |source: &str| source.parse::<TokenStream>().unwrap_or_default();
        assert_ne!(code_hash([tokens("a"), tokens("b")]), code_hash([tokens("a b")]));
    }
}
