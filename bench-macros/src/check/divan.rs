//! A benchmark written for divan: read, then checked.

use proc_macro2::TokenStream;
use syn::{Error, FnArg, GenericParam, Result, Type};

use super::function::Function;
use crate::errors::Errors;
use crate::hash::code_hash;
use crate::parse::DivanOptions;

/// A benchmark of divan's that generated code can be written for.
pub(crate) struct DivanBenchmark {
    /// The annotated function.
    pub(crate) function: Function,
    /// What it is annotated with.
    pub(crate) options: DivanOptions,
    /// Whether it begins with a `Bencher`: divan goes by the number of parameters.
    pub(crate) bencher: bool,
    /// Fingerprint of the benchmark's own code.
    pub(crate) code_hash: u64,
}

impl DivanBenchmark {
    /// Reads and checks an annotated function; the error has every mistake in it.
    pub(crate) fn parse(options: TokenStream, item: TokenStream) -> Result<Self> {
        let mut errors = Errors::default();
        let source = options.clone();
        let options = DivanOptions::parse(options, &mut errors);
        let Some(function) = errors.take(Function::parse("divan::bench", item)) else {
            return Err(errors.finish().err().unwrap_or_else(unreported));
        };
        function.check(&mut errors);
        check_async(&function, &mut errors);
        check_generics(&function, &options, &mut errors);
        let bencher = check_parameters(&function, &options, &mut errors);
        errors.finish()?;
        let signature = quote::ToTokens::to_token_stream(&function.signature);
        let body = if bencher { function.body.clone() } else { TokenStream::new() };
        let code_hash = code_hash([source, signature, body]);
        Ok(Self { function, options, bencher, code_hash })
    }

    /// The type of the parameter that `args` fills in.
    pub(crate) fn arg_type(&self) -> Option<&Type> {
        self.options.args.as_ref()?;
        match self.function.signature.inputs.last()? {
            FnArg::Typed(param) => Some(&param.ty),
            FnArg::Receiver(_) => None,
        }
    }

    /// The type of the parameter that `consts` fills in.
    pub(crate) fn const_type(&self) -> Option<&Type> {
        self.function.signature.generics.params.iter().find_map(|param| match param {
            GenericParam::Const(param) => Some(&param.ty),
            _ => None,
        })
    }
}

fn check_async(function: &Function, errors: &mut Errors) {
    if let Some(word) = &function.signature.asyncness {
        let message = "divan has no async benchmarks: nothing would await this one; \
                       `#[hub_bench]` takes `async fn`";
        errors.at(word, message);
    }
}

/// A function takes nothing, a `Bencher`, what `args` gives, or both; whether a `Bencher` is there.
fn check_parameters(function: &Function, options: &DivanOptions, errors: &mut Errors) -> bool {
    let inputs = &function.signature.inputs;
    let args = options.args.as_ref();
    match (inputs.len(), args) {
        (0, Some(args)) => {
            let message = "`args` needs a parameter to go to, as in `fn sort(size: usize)`";
            errors.at(&args.option, message);
        }
        (2.., None) if !options.incomplete => {
            let message = "nothing gives this parameter a value: add `args = [..]`";
            errors.push(Error::new_spanned(&inputs[1], message));
        }
        (3.., Some(_)) => {
            let message = "`args` fills in one parameter, behind a `Bencher` if there is one; \
                           take a tuple";
            errors.push(Error::new_spanned(&inputs[2], message));
        }
        _ => {}
    }
    inputs.len() > usize::from(args.is_some())
}

/// Every parameter gets something to stand for it, and all that is given has a parameter.
fn check_generics(function: &Function, options: &DivanOptions, errors: &mut Errors) {
    let (mut types, mut consts) = (0, 0);
    for param in &function.signature.generics.params {
        let (count, given, option, name) = match param {
            GenericParam::Type(param) => {
                (&mut types, options.types.is_some(), "types", &param.ident)
            }
            GenericParam::Const(param) => {
                (&mut consts, options.consts.is_some(), "consts", &param.ident)
            }
            GenericParam::Lifetime(_) => continue,
        };
        *count += 1;
        if *count == 2 {
            errors.at(name, format!("a second parameter; `{option}` fills in one only"));
        } else if *count == 1 && !given && !options.incomplete {
            let message =
                format!("nothing says what `{name}` is: add `{option} = [..]` to run with each");
            errors.at(name, message);
        }
    }
    if let Some(given) = options.types.as_ref().filter(|_| types == 0) {
        errors.at(&given.option, "`types` needs a type parameter, as in `fn sort<T>()`");
    }
    if let Some(given) = options.consts.as_ref().filter(|_| consts == 0) {
        let message = "`consts` needs a const parameter, as in `fn fill<const N: usize>()`";
        errors.at(&given.option, message);
    }
}

fn unreported() -> Error {
    Error::new(proc_macro2::Span::call_site(), "this benchmark cannot be read")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn messages(options: TokenStream, item: TokenStream) -> Vec<String> {
        let error = DivanBenchmark::parse(options, item).err();
        error.map(|all| all.into_iter().map(|one| one.to_string()).collect()).unwrap_or_default()
    }

    fn has_bencher(options: TokenStream, item: TokenStream) -> Option<bool> {
        DivanBenchmark::parse(options, item).ok().map(|benchmark| benchmark.bencher)
    }

    #[test]
    fn the_number_of_parameters_tells_what_they_are() {
        let (none, args) = (|| quote!(), || quote!(args = [1]));
        assert_eq!(has_bencher(none(), quote! { fn f() {} }), Some(false));
        assert_eq!(has_bencher(none(), quote! { fn f(b: B) {} }), Some(true));
        assert_eq!(has_bencher(args(), quote! { fn f(n: u8) {} }), Some(false));
        assert_eq!(has_bencher(args(), quote! { fn f(b: B, n: u8) {} }), Some(true));
        assert_eq!(has_bencher(none(), quote! { extern "C" fn f() {} }), Some(false));
    }

    #[test]
    fn misuses_are_told() {
        for (options, item, part) in [
            (quote!(args = [1]), quote! { fn f() {} }, "needs a parameter"),
            (quote!(), quote! { fn f(b: B, n: u8) {} }, "add `args = [..]`"),
            (quote!(args = [1]), quote! { fn f(b: B, n: u8, m: u8) {} }, "take a tuple"),
            (quote!(), quote! { fn f<T>() {} }, "add `types = [..]`"),
            (quote!(), quote! { fn f<const N: u8>() {} }, "add `consts = [..]`"),
            (quote!(types = [u8]), quote! { fn f() {} }, "needs a type parameter"),
            (quote!(consts = [1]), quote! { fn f() {} }, "needs a const parameter"),
            (quote!(types = [u8]), quote! { fn f<T, U>() {} }, "one only"),
            (quote!(), quote! { async fn f() {} }, "no async benchmarks"),
            (quote!(), quote! { fn f(&self) {} }, "a method cannot be a benchmark"),
            (quote!(), quote! { mod m {} }, "`#[divan::bench_group(..)]`"),
        ] {
            let text = item.to_string();
            let messages = messages(options, item);
            assert_eq!(messages.len(), 1, "{text}: {messages:?}");
            assert!(messages[0].contains(part), "{text}: {messages:?}");
        }
    }
}
