//! What generated code may name. Not for people: it changes without notice.

use std::borrow::{Borrow, Cow};

pub use bench_sdk::__private::*;

/// What generated code calls to fill in a layer of settings: counters are those of this crate.
pub mod set {
    pub use bench_sdk::__private::set::*;

    use bench_sdk::record::Settings;

    use crate::counter::{BytesCount, CharsCount, CyclesCount, IntoCounter, ItemsCount, recorded};

    /// Adds a counter.
    pub fn counter(settings: &mut Settings, counter: impl IntoCounter) {
        let counter = recorded(counter);
        settings.counters.retain(|other| other.kind != counter.kind);
        settings.counters.push(counter);
    }

    macro_rules! counts {
        ($($name:ident = $counter:ident;)*) => {$(
            #[doc = concat!("Adds a counter, as `", stringify!($name), "` says.")]
            pub fn $name(settings: &mut Settings, count: impl Into<$counter>) {
                counter(settings, count.into());
            }
        )*};
    }

    counts! {
        items_count = ItemsCount;
        bytes_count = BytesCount;
        chars_count = CharsCount;
        cycles_count = CyclesCount;
    }
}

/// The handle that a function written for divan expects.
pub fn bencher(engine: bench_sdk::Bencher<'_>) -> crate::Bencher<'_, '_> {
    crate::Bencher::new(engine)
}

/// What a type is called in ids: its name without the modules it lies in.
pub fn type_label<T: ?Sized>() -> String {
    short_name(std::any::type_name::<T>()).to_owned()
}

fn short_name(name: &str) -> &str {
    let before_parameters = name.find('<').unwrap_or(name.len());
    let start = name[..before_parameters].rfind("::").map_or(0, |at| at + "::".len());
    &name[start..]
}

/// What a constant is called in ids.
pub fn const_label(value: &impl ToString) -> String {
    value.to_string()
}

/// The instances of those constants that there are: `consts` of another place are instantiated
/// more often than that.
pub const fn first(variants: &'static [Variant], count: usize) -> &'static [Variant] {
    assert!(count <= variants.len(), "`consts` of another place hold more than 20 values");
    variants.split_at(count).0
}

/// How a value of `args` gets into the parameter of type `T`.
#[diagnostic::on_unimplemented(
    message = "`args` yields `{Self}`, but the benchmark takes `{T}`",
    label = "is given `{Self}`",
    note = "an argument is lent, or copied where it is `Copy`; a `String` also goes to a `&str`"
)]
pub trait Arg<T> {
    /// The argument as the parameter has it.
    fn get(this: Self) -> T;
}

impl<T> Arg<T> for T {
    fn get(this: Self) -> T {
        this
    }
}

impl<'a, T: ?Sized + ToOwned> Arg<&'a T> for &'a Cow<'a, T> {
    fn get(this: Self) -> &'a T {
        this
    }
}

impl<'a> Arg<&'a str> for &'a String {
    fn get(this: Self) -> &'a str {
        this
    }
}

impl<T: Copy> Arg<T> for &T {
    fn get(this: Self) -> T {
        *this
    }
}

impl<T: Copy> Arg<T> for &&T {
    fn get(this: Self) -> T {
        **this
    }
}

impl<T: Copy> Arg<T> for &&&T {
    fn get(this: Self) -> T {
        ***this
    }
}

/// What `threads` can be: a number, yes or no, or several numbers. `KIND` lets numbers and
/// iterators both have an implementation.
pub trait IntoThreads<const KIND: u8> {
    /// The numbers; 0 stands for as many as there are processors.
    fn into_threads(self) -> Vec<usize>;
}

impl IntoThreads<0> for usize {
    fn into_threads(self) -> Vec<usize> {
        vec![self]
    }
}

impl IntoThreads<0> for bool {
    fn into_threads(self) -> Vec<usize> {
        vec![usize::from(!self)]
    }
}

impl<I: IntoIterator> IntoThreads<1> for I
where
    I::Item: Borrow<usize>,
{
    fn into_threads(self) -> Vec<usize> {
        self.into_iter().map(|count| *count.borrow()).collect()
    }
}

/// The numbers of threads that `threads` asks for.
pub fn thread_counts<const KIND: u8>(value: impl IntoThreads<KIND>) -> Vec<usize> {
    value.into_threads()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_called_what_divan_calls_them() {
        assert_eq!(type_label::<&str>(), "&str");
        assert_eq!(type_label::<String>(), "String");
        assert_eq!(type_label::<Vec<String>>(), "Vec<alloc::string::String>");
        assert_eq!(type_label::<()>(), "()");
        assert_eq!(type_label::<[String; 2]>(), "String; 2]");
    }

    #[test]
    fn instances_beyond_the_constants_are_cut_off() {
        static TWO: [Variant; 2] =
            [const { Variant { types: Vec::new, cases: || single(|_| Ok(())) } }; 2];
        assert_eq!((first(&TWO, 1).len(), first(&TWO, 2).len()), (1, 2));
        assert!(std::panic::catch_unwind(|| first(&TWO, 3).len()).is_err());
    }

    #[test]
    fn threads_are_numbers_words_or_several() {
        assert_eq!(thread_counts(true), [0]);
        assert_eq!(thread_counts(false), [1]);
        assert_eq!(thread_counts(4), [4]);
        assert_eq!(thread_counts([0, 2]), [0, 2]);
        let several: &[usize] = &[1, 2];
        assert_eq!(thread_counts(several), [1, 2]);
        assert_eq!(thread_counts(1..=3), [1, 2, 3]);
        assert_eq!(thread_counts([0_usize; 0]), [0_usize; 0]);
    }

    #[test]
    fn arguments_are_lent_copied_or_seen_as_text() {
        let one = &1;
        let twice = &one;
        assert_eq!(<&u8 as Arg<u8>>::get(one), 1);
        assert_eq!(<&&u8 as Arg<u8>>::get(twice), 1);
        assert_eq!(<&String as Arg<&str>>::get(&"a".to_owned()), "a");
        assert_eq!(<&Cow<'_, str> as Arg<&str>>::get(&Cow::Borrowed("a")), "a");
        assert_eq!(<&String as Arg<&String>>::get(&"a".to_owned()), "a");
    }
}
