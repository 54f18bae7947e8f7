//! Options as written: `name`, `name = value` or `name(..)`, separated by commas.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Path, Result, Token, Type, bracketed, parenthesized, token};

use crate::errors::Errors;

/// One option.
pub(super) struct Entry {
    pub(super) option: Ident,
    pub(super) value: Value,
}

/// What stands behind the name of an option.
pub(super) enum Value {
    /// Nothing.
    Absent,
    /// `(..)`, with what stands inside
    Call(TokenStream),
    /// `= expression`
    Expr(Expr),
    /// `= [A, B]`, for `types`
    Types(Vec<Type>),
    /// `= a::b`, for `crate`
    Path(Path),
}

/// Splits options; those that do not parse are reported and left out.
pub(super) fn entries(tokens: TokenStream, errors: &mut Errors) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let parse_all = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let ahead = input.fork();
            match entry(&ahead) {
                Ok(entry) => {
                    input.advance_to(&ahead);
                    if found.iter().any(|other| other.option == entry.option) {
                        let message = format!("`{}` is given twice; once is enough", entry.option);
                        errors.push(Error::new(entry.option.span(), message));
                    } else {
                        found.push(entry);
                    }
                }
                Err(error) => {
                    errors.push(error);
                    skip_to_comma(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let outcome = parse_all.parse2(tokens);
    errors.take(outcome);
    found
}

fn entry(input: ParseStream<'_>) -> Result<Entry> {
    let option = input.call(Ident::parse_any).map_err(|error| {
        Error::new(error.span(), "expected an option, such as `sample_count = 100`")
    })?;
    let option = option.unraw();
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(Error::new(option.span(), format!("`{option} =` lacks its value")));
        }
        given(&option, input)?
    } else if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        Value::Call(inside.parse()?)
    } else {
        Value::Absent
    };
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error(format!("expected `,` after the option `{option}`")));
    }
    Ok(Entry { option, value })
}

/// The value of an option; most are expressions.
fn given(option: &Ident, input: ParseStream<'_>) -> Result<Value> {
    if option == "types" {
        if !input.peek(token::Bracket) {
            return Err(
                input.error("`types` takes a list of types, such as `types = [u32, String]`")
            );
        }
        let list;
        bracketed!(list in input);
        let types = Punctuated::<Type, Token![,]>::parse_terminated(&list)?;
        Ok(Value::Types(types.into_iter().collect()))
    } else if option == "crate" {
        let path = input.call(Path::parse_mod_style).map_err(|error| {
            Error::new(error.span(), "`crate` takes a path, such as `crate = my_crate::bench_sdk`")
        })?;
        Ok(Value::Path(path))
    } else {
        input.parse().map(Value::Expr)
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
