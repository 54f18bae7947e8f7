//! Tokens as short text, for the ids of generic benchmarks.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The tokens as written, without the spaces that nothing needs.
pub(super) fn label(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                if punct.as_char() == '\'' {
                    separate(text);
                }
                text.push(punct.as_char());
            }
            word => {
                separate(text);
                text.push_str(&word.to_string());
            }
        }
    }
}

/// Two words in a row would run together.
fn separate(text: &mut String) {
    if text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '"')) {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::label;

    #[test]
    fn spaces_stand_only_between_words() {
        for (source, short) in [
            ("Vec < u8 >", "Vec<u8>"),
            ("& 'static str", "&'static str"),
            ("&'a mut dyn Fn(u8) -> u8", "&'a mut dyn Fn(u8)->u8"),
            ("HashMap<u8, [u16; 4]>", "HashMap<u8,[u16;4]>"),
            ("std::string::String", "std::string::String"),
            ("- 1", "-1"),
            ("{ A + 1 }", "{A+1}"),
        ] {
            assert_eq!(label(source.parse::<TokenStream>().unwrap_or_default()), short);
        }
    }
}
