//! Values of options, as far as they are literals.

use proc_macro2::Ident;
use syn::{Error, Expr, ExprClosure, ExprLit, ExprUnary, Lit, LitStr, Result, UnOp};

use super::Given;
use super::entry::{Entry, Value};

/// A literal value. Anything else is left to the compiler and to the runtime.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    /// `10`
    Int(u128),
    /// `0.5`
    Float(f64),
    /// `"5ms"`
    Str(String),
    /// `true`
    Bool(bool),
    /// `-1` and the like
    Negative,
    /// Characters, byte strings.
    Other,
}

/// The literal that an expression is.
pub(crate) fn literal(expr: &Expr) -> Option<Literal> {
    match peel(expr) {
        Expr::Lit(ExprLit { lit, .. }) => Some(match lit {
            Lit::Int(int) => int.base10_parse().map_or(Literal::Other, Literal::Int),
            Lit::Float(float) => float.base10_parse().map_or(Literal::Other, Literal::Float),
            Lit::Str(text) => Literal::Str(text.value()),
            Lit::Bool(bool) => Literal::Bool(bool.value),
            _ => Literal::Other,
        }),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => {
            literal(expr).map(|_| Literal::Negative)
        }
        _ => None,
    }
}

/// The expression inside parentheses and the invisible groups that macros leave.
pub(crate) fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => peel(&paren.expr),
        Expr::Group(group) => peel(&group.expr),
        _ => expr,
    }
}

/// Whether a closure can be seen to return a future.
pub(crate) fn is_async(closure: &ExprClosure) -> bool {
    closure.asyncness.is_some() || matches!(peel(&closure.body), Expr::Async(_))
}

impl Entry {
    /// The option's expression; `example` shows one.
    pub(super) fn expr(self, example: &str) -> Result<Given<Expr>> {
        let Self { option, value } = self;
        match value {
            Value::Expr(value) => Ok(Given { option, value }),
            _ => Err(lacks_value(&option, example)),
        }
    }

    /// The option's string.
    pub(super) fn text(self, example: &str) -> Result<Given<LitStr>> {
        let Given { option, value } = self.expr(example)?;
        let value = text(&value).ok_or_else(|| {
            Error::new_spanned(&value, format!("`{option}` takes a string, such as `{example}`"))
        })?;
        Ok(Given { option, value })
    }

    /// The option's list of strings.
    pub(super) fn texts(self, example: &str) -> Result<Given<Vec<LitStr>>> {
        let Given { option, value } = self.list(example)?;
        let message = || format!("`{option}` takes strings, such as `{example}`");
        let value = value
            .iter()
            .map(|item| text(item).ok_or_else(|| Error::new_spanned(item, message())))
            .collect::<Result<_>>()?;
        Ok(Given { option, value })
    }

    /// The option's list in brackets.
    pub(super) fn list(self, example: &str) -> Result<Given<Vec<Expr>>> {
        let Given { option, value } = self.expr(example)?;
        match value {
            Expr::Array(array) => Ok(Given { option, value: array.elems.into_iter().collect() }),
            other => {
                let message = format!("`{option}` takes a list, such as `{example}`");
                Err(Error::new_spanned(other, message))
            }
        }
    }

    /// An option without a value; `= true` and `= false` are accepted.
    pub(super) fn flag(self) -> Result<Given<bool>> {
        let Self { option, value } = self;
        let value = match &value {
            Value::Absent => Some(true),
            Value::Expr(expr) => match literal(expr) {
                Some(Literal::Bool(value)) => Some(value),
                _ => None,
            },
            _ => None,
        };
        let message = || format!("`{option}` stands alone: it takes no value");
        let value = value.ok_or_else(|| Error::new(option.span(), message()))?;
        Ok(Given { option, value })
    }
}

/// The string literal that an expression is.
fn text(expr: &Expr) -> Option<LitStr> {
    match peel(expr) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

fn lacks_value(option: &Ident, example: &str) -> Error {
    Error::new(option.span(), format!("`{option}` needs a value, such as `{example}`"))
}
