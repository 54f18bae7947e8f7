//! What a benchmark is called with.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{FnArg, Pat, PatType, Signature, Type};

use crate::errors::Errors;
use crate::parse::BenchOptions;

/// What a benchmark is called with, in the order of its parameters.
pub(crate) struct Form {
    /// Begins with a `Bencher`.
    pub(crate) bencher: bool,
    /// Goes on with what `setup` made.
    pub(crate) state: bool,
    /// The parameters that `args` or `inputs` fill in.
    pub(crate) params: Vec<Param>,
}

/// A parameter that `args` or `inputs` fill in.
pub(crate) struct Param {
    /// How the value gets there.
    pub(crate) passing: Passing,
    /// Its type as written.
    pub(crate) ty: Type,
    /// Its name, for errors; a pattern may have none.
    name: Option<String>,
    span: Span,
}

/// How a value gets into a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Passing {
    /// By value, of a type that is certain to be `Copy`.
    Copied,
    /// By value.
    Owned,
    /// As `&T`.
    Shared,
    /// As `&mut T`.
    Exclusive,
}

impl Form {
    /// Tells the parameters apart.
    pub(super) fn of(signature: &Signature, options: &BenchOptions, errors: &mut Errors) -> Self {
        let mut params: Vec<&PatType> = signature.inputs.iter().filter_map(typed).collect();
        let bencher = params.first().is_some_and(|param| is_bencher(&param.ty, errors));
        if bencher {
            params.remove(0);
        }
        params.retain(|param| {
            let misplaced = names_bencher(&param.ty);
            if misplaced {
                errors.at(&param.ty, "`Bencher` comes first among the parameters");
            }
            !misplaced
        });
        let mut params: Vec<Param> = params.into_iter().map(Param::of).collect();
        let state = options.setup.is_some() && has_state(&params, options);
        if state {
            let param = params.remove(0);
            if param.passing == Passing::Exclusive {
                let message = "what `setup` made is lent as `&`; use a `Mutex` to change it";
                errors.at(&param.ty, message);
            }
        }
        Self { bencher, state, params }
    }

    /// Whether every value is taken by reference, so that outputs may borrow from them.
    pub(crate) fn all_borrowed(&self) -> bool {
        self.params.iter().all(|param| param.passing.is_borrowed())
    }
}

impl Passing {
    /// Whether the function only borrows the value.
    pub(crate) fn is_borrowed(self) -> bool {
        matches!(self, Self::Shared | Self::Exclusive)
    }

    fn of(ty: &Type) -> Self {
        match ty {
            Type::Reference(reference) if reference.mutability.is_some() => Self::Exclusive,
            Type::Reference(_) => Self::Shared,
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Path(path) if path.path.get_ident().is_some_and(is_primitive) => Self::Copied,
            _ => Self::Owned,
        }
    }
}

impl Param {
    fn of(param: &PatType) -> Self {
        let name = match &*param.pat {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        };
        Self {
            passing: Passing::of(&param.ty),
            ty: (*param.ty).clone(),
            name,
            span: param.pat.span(),
        }
    }

    /// The parameter as errors speak of it.
    pub(super) fn described(&self) -> String {
        self.name.as_ref().map_or_else(|| "this parameter".to_owned(), |name| format!("`{name}`"))
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        self.span
    }
}

/// With `setup`, a leading reference is the state, unless `args` or `inputs` need it: because it is
/// the only parameter, or because it is exclusive, as the state never is.
fn has_state(params: &[Param], options: &BenchOptions) -> bool {
    let fed = options.args.is_some() || options.inputs.is_some();
    params.first().is_some_and(|first| match first.passing {
        Passing::Shared => !fed || params.len() > 1,
        Passing::Exclusive => !fed,
        Passing::Owned | Passing::Copied => false,
    })
}

fn typed(arg: &FnArg) -> Option<&PatType> {
    match arg {
        FnArg::Typed(param) => Some(param),
        FnArg::Receiver(_) => None,
    }
}

fn is_bencher(ty: &Type, errors: &mut Errors) -> bool {
    if let Type::Reference(reference) = ty {
        let borrowed = is_bencher(&reference.elem, &mut Errors::default());
        if borrowed {
            errors.at(ty, "`Bencher` is taken by value, as in `fn sort(bencher: Bencher)`");
        }
        return borrowed;
    }
    names_bencher(ty)
}

fn names_bencher(ty: &Type) -> bool {
    let last = |path: &syn::TypePath| {
        path.path.segments.last().is_some_and(|last| last.ident == "Bencher")
    };
    matches!(ty, Type::Path(path) if last(path))
}

fn is_primitive(name: &syn::Ident) -> bool {
    const PRIMITIVES: [&str; 16] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "bool", "char",
    ];
    PRIMITIVES.iter().any(|primitive| name == primitive)
}
