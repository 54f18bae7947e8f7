//! What the generated code asks about types it cannot name.
//!
//! Stable Rust has no specialisation, but a method call prefers the receiver that needs the
//! fewest dereferences. Each family of traits here is implemented once for a wrapper and, under
//! stronger bounds, once more for each reference to it; the call goes through `&&&wrapper`, so the
//! strongest implementation that applies wins.

use std::cell::Cell;
use std::fmt::{Debug, Display};

/// An argument whose label is wanted: its `Display`, else its `Debug`, else nothing.
#[derive(Debug)]
pub struct ArgLabel<'a, T: ?Sized>(pub &'a T);

/// The label of an argument that can be displayed.
pub trait LabelDisplay {
    /// The text as `{}` writes it.
    fn label(&self) -> Option<String>;
}

impl<T: Display + ?Sized> LabelDisplay for &&ArgLabel<'_, T> {
    fn label(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

/// The label of an argument that can only be debug-printed.
pub trait LabelDebug {
    /// The text as `{:?}` writes it.
    fn label(&self) -> Option<String>;
}

impl<T: Debug + ?Sized> LabelDebug for &ArgLabel<'_, T> {
    fn label(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}

/// The absent label of an argument that cannot be printed; its index stands in for it.
pub trait LabelIndex {
    /// Always nothing.
    fn label(&self) -> Option<String>;
}

impl<T: ?Sized> LabelIndex for ArgLabel<'_, T> {
    fn label(&self) -> Option<String> {
        None
    }
}

/// What a benchmark returned, to be asked whether it failed.
#[derive(Debug)]
pub struct Probe<'a, O: ?Sized>(pub &'a O);

/// The check of a `Result`; its error is shown if it can be printed.
pub trait CheckResult {
    /// The failure, if it was one.
    fn failure(&self) -> Option<String>;
}

impl<T, E: Debug> CheckResult for &&Probe<'_, Result<T, E>> {
    fn failure(&self) -> Option<String> {
        self.0.as_ref().err().map(|error| format!("{error:?}"))
    }
}

impl<T, E> CheckResult for &Probe<'_, Result<T, E>> {
    fn failure(&self) -> Option<String> {
        self.0.as_ref().err().map(|_| format!("an error of type {}", std::any::type_name::<E>()))
    }
}

/// The check of everything else, which costs nothing.
pub trait CheckNothing {
    /// Always [`NoCheck`].
    fn failure(&self) -> NoCheck;
}

impl<O: ?Sized> CheckNothing for Probe<'_, O> {
    fn failure(&self) -> NoCheck {
        NoCheck
    }
}

/// The outcome of a check that never fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoCheck;

/// The outcome of checking what one iteration returned.
pub trait CheckOutcome {
    /// Whether the check can fail at all; outputs need not be looked at otherwise.
    const CHECKS: bool;

    /// The failure, if there was one.
    fn into_failure(self) -> Option<String>;
}

impl CheckOutcome for NoCheck {
    const CHECKS: bool = false;

    fn into_failure(self) -> Option<String> {
        None
    }
}

impl CheckOutcome for Option<String> {
    const CHECKS: bool = true;

    fn into_failure(self) -> Option<String> {
        self
    }
}

/// A value of `args` that can become the benchmark's parameter of type `T`: a `T`, or a borrowed
/// one, as the items of `&[T]` are.
#[diagnostic::on_unimplemented(
    message = "`args` yields `{Self}`, but the benchmark takes `{T}`",
    label = "values of `{Self}`",
    note = "`args` takes anything that iterates over `{T}` or `&{T}`"
)]
pub trait IntoArg<T> {
    /// The owned argument.
    fn into_arg(self) -> T;
}

impl<T> IntoArg<T> for T {
    fn into_arg(self) -> T {
        self
    }
}

impl<T: Clone> IntoArg<T> for &T {
    fn into_arg(self) -> T {
        self.clone()
    }
}

/// Collects `args` for a benchmark that takes its argument as a `T`.
pub fn collect_args<T, I>(args: I) -> Vec<T>
where
    I: IntoIterator,
    I::Item: IntoArg<T>,
{
    args.into_iter().map(IntoArg::into_arg).collect()
}

/// The values of `args` when only the `inputs` closure sees them.
pub struct ArgValues<I>(Cell<Option<I>>);

impl<I> ArgValues<I> {
    /// Wraps what `args` evaluated to.
    pub fn new(args: I) -> Self {
        Self(Cell::new(Some(args)))
    }

    fn take(&self) -> impl Iterator<Item = I::Item>
    where
        I: IntoIterator,
    {
        self.0.take().into_iter().flatten()
    }
}

/// Collects values for an `inputs` closure.
pub trait CollectValues {
    /// What the closure is lent.
    type Item;

    /// All of the values.
    fn collect(&self) -> Vec<Self::Item>;
}

/// Borrowed values are cloned, so that `args = SIZES` lends a `&usize` to the closure for
/// `[usize; 3]` and `&[usize]` alike.
impl<'a, T: Clone + 'a, I: IntoIterator<Item = &'a T>> CollectValues for &ArgValues<I> {
    type Item = T;

    fn collect(&self) -> Vec<T> {
        self.take().cloned().collect()
    }
}

/// Owned values, and references that cannot be cloned out of, stay as they are.
impl<I: IntoIterator> CollectValues for ArgValues<I> {
    type Item = I::Item;

    fn collect(&self) -> Vec<I::Item> {
        self.take().collect()
    }
}

/// Calls an `inputs` closure that takes nothing.
pub fn call<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Calls an `inputs` closure with the argument or the state. Passing the closure through a bound
/// lets its parameter go without a type.
pub fn call_with<A, R>(a: A, f: impl FnOnce(A) -> R) -> R {
    f(a)
}

/// Calls an `inputs` closure with the state and the argument.
pub fn call_with_both<A, B, R>(a: A, b: B, f: impl FnOnce(A, B) -> R) -> R {
    f(a, b)
}

#[cfg(test)]
mod tests {
    use super::{ArgLabel, ArgValues, CheckOutcome, NoCheck, Probe, collect_args};

    macro_rules! label {
        ($value:expr) => {{
            #[allow(unused_imports, reason = "each call picks one of the three")]
            use super::{LabelDebug as _, LabelDisplay as _, LabelIndex as _};
            (&&&ArgLabel(&$value)).label()
        }};
    }

    macro_rules! failure {
        ($value:expr) => {{
            #[allow(unused_imports, reason = "each call picks one of the three")]
            use super::{CheckNothing as _, CheckResult as _};
            (&&&Probe(&$value)).failure()
        }};
    }

    macro_rules! values {
        ($args:expr) => {{
            use super::CollectValues as _;
            (&&ArgValues::new($args)).collect()
        }};
    }

    struct Opaque;

    #[derive(Debug)]
    struct Printable;

    #[test]
    fn display_is_preferred_for_a_label() {
        assert_eq!(label!("text"), Some("text".to_owned()));
        assert_eq!(label!(1.5), Some("1.5".to_owned()));
    }

    #[test]
    fn debug_stands_in_where_there_is_no_display() {
        assert_eq!(label!(Printable), Some("Printable".to_owned()));
        assert_eq!(label!(vec![1, 2]), Some("[1, 2]".to_owned()));
    }

    #[test]
    fn an_unprintable_argument_has_no_label() {
        assert_eq!(label!(Opaque), None);
    }

    #[test]
    fn an_error_is_a_failure_with_its_debug_text() {
        assert_eq!(
            failure!(Err::<(), _>("no \"quotes\"")),
            Some("\"no \\\"quotes\\\"\"".to_owned())
        );
        assert_eq!(failure!(Ok::<_, String>(3)), None);
    }

    #[test]
    fn an_error_that_cannot_be_printed_is_a_failure_too() {
        let text = failure!(Err::<(), _>(Opaque));
        assert!(text.is_some_and(|text| text.ends_with("Opaque")));
    }

    #[test]
    fn anything_else_is_not_checked() {
        fn checks<C: CheckOutcome>(_: &C) -> bool {
            C::CHECKS
        }
        assert_eq!(failure!(3), NoCheck);
        assert!(!checks(&failure!(Some(3))));
        assert!(checks(&failure!(Ok::<(), ()>(()))));
        assert_eq!(NoCheck.into_failure(), None);
    }

    #[test]
    fn owned_and_borrowed_values_become_arguments() {
        const SIZES: &[u8] = &[1, 2];
        assert_eq!(collect_args::<u64, _>([1, 2]), [1_u64, 2]);
        assert_eq!(collect_args::<u8, _>(SIZES), [1, 2]);
        assert_eq!(collect_args::<u16, _>(0..3), [0, 1, 2]);
    }

    #[test]
    fn values_for_a_closure_are_lent_without_a_second_reference() {
        const SIZES: &[u8] = &[1, 2];
        assert_eq!(values!(SIZES), vec![1_u8, 2]);
        assert_eq!(values!([3_u8]), vec![3_u8]);
        assert_eq!(values!(["a"]), vec!["a"]);
    }
}
