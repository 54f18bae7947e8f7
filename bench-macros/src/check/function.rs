//! The annotated function, its body left as it is.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, FnArg, Result, ReturnType, Safety, Signature, Type, Visibility, token,
};

use crate::errors::Errors;

/// Words that items other than functions begin with.
const OTHER_ITEMS: [&str; 10] =
    ["struct", "enum", "union", "mod", "impl", "trait", "static", "use", "type", "macro_rules"];

/// An annotated function.
pub(crate) struct Function {
    /// Conditions under which it exists at all.
    pub(crate) conditions: Vec<Attribute>,
    /// Whether calling it raises a warning.
    pub(crate) deprecated: bool,
    /// Whether `#[ignore]` stands on it.
    pub(crate) ignored: bool,
    /// Everything between visibility and body.
    pub(crate) signature: Signature,
    /// The body, not parsed any further.
    pub(crate) body: TokenStream,
    /// All of it, as written.
    pub(crate) tokens: TokenStream,
}

struct Parts(Vec<Attribute>, Signature, Group);

impl Parse for Parts {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let signature = input.parse()?;
        if !input.peek(token::Brace) {
            return Err(input.error("a benchmark needs a body"));
        }
        Ok(Self(attributes, signature, input.parse()?))
    }
}

impl Function {
    /// Reads a function, or says what the attribute of that name stands on instead.
    pub(super) fn parse(attribute: &str, tokens: TokenStream) -> Result<Self> {
        if let Some(word) = other_item(&tokens) {
            let hint = if word == "mod" {
                format!("; for a module there is `#[{attribute}_group(..)]`")
            } else {
                String::new()
            };
            let message = format!("`#[{attribute}]` goes on a function, not on `{word}`{hint}");
            return Err(Error::new(word.span(), message));
        }
        let Parts(mut attributes, signature, body) = syn::parse2(tokens.clone())?;
        let deprecated = attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
        let ignored = is_ignored(&attributes);
        attributes.retain(|attribute| attribute.path().is_ident("cfg"));
        let body = body.stream();
        Ok(Self { conditions: attributes, deprecated, ignored, signature, body, tokens })
    }

    /// The function's name without `r#`.
    pub(crate) fn name(&self) -> String {
        let name = self.signature.ident.to_string();
        name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
    }

    /// Reports what makes a function impossible to call from outside.
    pub(super) fn check(&self, errors: &mut Errors) {
        let signature = &self.signature;
        if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
            let message = "a method cannot be a benchmark; put a free function around it";
            errors.at(receiver.self_token, message);
        }
        if let Safety::Unsafe(word) = signature.safety {
            let message = "an `unsafe` function cannot be a benchmark; call it from a safe one";
            errors.at(word, message);
        }
        if let Some(variadic) = &signature.variadic {
            errors.at(variadic, "a variadic function cannot be a benchmark");
        }
        if let ReturnType::Type(_, output) = &signature.output
            && matches!(**output, Type::Never(_))
        {
            errors.at(output, "a function that never returns cannot be measured");
        }
    }

    /// Reports an `extern` function.
    pub(super) fn check_abi(&self, errors: &mut Errors) {
        if let Some(abi) = &self.signature.abi {
            let message = "an `extern` function cannot be a benchmark; call it from a plain one";
            errors.at(abi, message);
        }
    }

    /// The name with a span whose hygiene finds the function, and whose place is the name.
    pub(crate) fn called(&self) -> Ident {
        let mut name = self.signature.ident.clone();
        name.set_span(Span::mixed_site().located_at(name.span()));
        name
    }
}

/// Whether `#[ignore]` is among the attributes.
pub(crate) fn is_ignored(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("ignore"))
}

/// The word that shows the item to be something else than a function.
fn other_item(tokens: &TokenStream) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Ident(word) if word == "fn" => Some(None),
        TokenTree::Ident(word) if OTHER_ITEMS.iter().any(|other| word == other) => Some(Some(word)),
        _ => None,
    })?
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.tokens.clone());
    }
}
