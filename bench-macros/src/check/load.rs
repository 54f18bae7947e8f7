//! A load bench: an async function that virtual users call.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Error, Expr, FnArg, GenericParam, Pat, PatType, Result, Type};

use super::function::Function;
use super::load_threshold;
use crate::errors::Errors;
use crate::hash::code_hash;
use crate::parse::{BenchOptions, LoadScenario, is_async, peel};

/// A load bench that generated code can be written for.
pub(crate) struct LoadBenchmark {
    /// The annotated function.
    pub(crate) function: Function,
    /// What it is annotated with.
    pub(crate) options: BenchOptions,
    /// What its parameters are lent, in their order.
    pub(crate) params: Vec<Lent>,
    /// Fingerprint of its own code.
    pub(crate) code_hash: u64,
}

/// What a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lent {
    /// `vu: Vu`, the virtual user.
    Vu,
    /// `&S`, what `setup` made.
    Shared,
    /// `&mut T`, what `vu_setup` made.
    Own,
}

impl LoadBenchmark {
    /// Checks a load bench; the error has every mistake in it.
    pub(super) fn of(
        source: TokenStream,
        options: BenchOptions,
        function: Function,
        mut errors: Errors,
    ) -> Result<Self> {
        check_function(&function, &mut errors);
        check_foreign(&options, &mut errors);
        check_state(&options, &mut errors);
        if let Some(scenario) = &options.load {
            check_executor(scenario, &mut errors);
            load_threshold::check_all(scenario, &mut errors);
        }
        let params = params(&function, &options, &mut errors);
        errors.finish()?;
        let signature = function.signature.to_token_stream();
        let code_hash = code_hash([source, signature, function.body.clone()]);
        Ok(Self { function, options, params, code_hash })
    }
}

fn check_function(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    if signature.asyncness.is_none() {
        let message = "a load bench is an `async fn`: virtual users share a few threads, and one \
                       that blocks its thread holds up all others on it";
        errors.at(signature.fn_token, message);
    }
    for param in &signature.generics.params {
        let message = "a load bench cannot be generic: there is one of each name";
        match param {
            GenericParam::Type(param) => errors.at(&param.ident, message),
            GenericParam::Const(param) => errors.at(&param.ident, message),
            GenericParam::Lifetime(_) => {}
        }
    }
}

/// Options of benchmarks that are measured.
fn check_foreign(options: &BenchOptions, errors: &mut Errors) {
    let given = [
        options.args.as_ref().map(|given| &given.option),
        options.inputs.as_ref().map(|given| &given.option),
        options.types.as_ref().map(|given| &given.option),
        options.consts.as_ref().map(|given| &given.option),
        options.threads.as_ref().map(|given| &given.option),
        options.runtime.as_ref().map(|given| &given.option),
        options.workers.as_ref().map(|given| &given.option),
        options.complexity.as_ref().map(|given| &given.option),
    ];
    for option in given.into_iter().flatten() {
        errors.at(
            option,
            format!("`{option}` is for functions that are measured, not for load benches"),
        );
    }
    for setting in &options.common.settings {
        if setting.setter != "timeout" {
            let message = format!(
                "`{}` is for functions that are measured; what a load bench does stands inside \
                 `load(..)`",
                setting.setter
            );
            errors.at(&setting.setter, message);
        }
    }
    if let Some(first) = options.thresholds.first() {
        let message = "the thresholds of a load bench stand inside `load(..)`: \
                       `load(thresholds = [\"http_req_duration: p(95) < 500ms\"])`";
        errors.at(first, message);
    }
}

fn check_state(options: &BenchOptions, errors: &mut Errors) {
    if let (Some(teardown), None) = (&options.teardown, &options.setup)
        && !options.incomplete
    {
        errors.at(&teardown.option, "`teardown` takes back what `setup` made; there is no `setup`");
    }
    let Some(vu_setup) = &options.vu_setup else { return };
    let Expr::Closure(closure) = peel(&vu_setup.value) else { return };
    let offered = 1 + usize::from(options.setup.is_some());
    let takes = closure.inputs.len();
    if takes != 0 && takes != offered {
        let word = if is_async(closure) { "async " } else { "" };
        let wanted = if options.setup.is_some() {
            format!("the virtual user and what `setup` made: `{word}|vu, state| ..`")
        } else {
            format!("the virtual user: `{word}|vu| ..`")
        };
        errors.at(closure, format!("the closure of `vu_setup` takes {wanted}, or nothing"));
    }
}

/// Options that the named executor does not have.
fn check_executor(scenario: &LoadScenario, errors: &mut Errors) {
    const OF_ALL: [&str; 5] = ["start_time", "graceful_stop", "env", "tags", "thresholds"];
    let Some(executor) = &scenario.executor else { return };
    let executor = executor.value;
    let mut reported: Vec<&Ident> = Vec::new();
    for call in &scenario.calls {
        let option = call.option.to_string();
        if OF_ALL.contains(&&*option)
            || executor.takes.contains(&&*option)
            || reported.contains(&&call.option)
        {
            continue;
        }
        reported.push(&call.option);
        let takes: Vec<String> = executor.takes.iter().map(|name| format!("`{name}`")).collect();
        errors.at(
            &call.option,
            format!(
                "`{}` is not for the executor `{}`, which takes {}",
                call.option,
                executor.name,
                takes.join(", ")
            ),
        );
    }
}

/// What the parameters are lent.
fn params(function: &Function, options: &BenchOptions, errors: &mut Errors) -> Vec<Lent> {
    let mut found: Vec<Lent> = Vec::new();
    for param in function.signature.inputs.iter().filter_map(typed) {
        match lent(param, options) {
            Ok(lent) if found.contains(&lent) => {
                let what = match lent {
                    Lent::Vu => "the virtual user is given once",
                    Lent::Shared => "what `setup` made is lent once",
                    Lent::Own => "what `vu_setup` made is lent once",
                };
                errors.at(&param.ty, format!("{what}; this parameter gets no value"));
            }
            Ok(lent) => found.push(lent),
            Err(error) => errors.push(error),
        }
    }
    found
}

fn lent(param: &PatType, options: &BenchOptions) -> Result<Lent> {
    if names_vu(&param.ty) {
        return Ok(Lent::Vu);
    }
    let what = match &*param.pat {
        Pat::Ident(pattern) => format!("`{}`", pattern.ident),
        _ => "this parameter".to_owned(),
    };
    let lacks = |remedy| {
        let message = format!("nothing gives {what} a value: add {remedy}");
        Err(Error::new(param.pat.span(), message))
    };
    match ungrouped(&param.ty) {
        Type::Reference(reference) if names_vu(&reference.elem) => {
            let message = "`Vu` is taken by value, as in `async fn visit(vu: Vu)`";
            Err(Error::new_spanned(&param.ty, message))
        }
        Type::Reference(reference) if reference.mutability.is_some() => {
            if options.vu_setup.is_some() || options.incomplete {
                return Ok(Lent::Own);
            }
            lacks("`vu_setup = ..`, which makes it for each virtual user")
        }
        Type::Reference(_) => {
            if options.setup.is_some() || options.incomplete {
                return Ok(Lent::Shared);
            }
            lacks("`setup = ..`, which makes it once a run")
        }
        _ => {
            let message = "a load bench takes `vu: Vu`, a `&S` that `setup` made and a `&mut T` \
                           that `vu_setup` made for each virtual user, and nothing else";
            Err(Error::new_spanned(&param.ty, message))
        }
    }
}

fn typed(arg: &FnArg) -> Option<&PatType> {
    match arg {
        FnArg::Typed(param) => Some(param),
        FnArg::Receiver(_) => None,
    }
}

fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => ungrouped(&inner.elem),
        Type::Group(inner) => ungrouped(&inner.elem),
        _ => ty,
    }
}

fn names_vu(ty: &Type) -> bool {
    let last =
        |path: &syn::TypePath| path.path.segments.last().is_some_and(|last| last.ident == "Vu");
    matches!(ungrouped(ty), Type::Path(path) if last(path))
}
