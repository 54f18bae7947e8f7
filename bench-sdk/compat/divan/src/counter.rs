//! What one iteration processes, from which throughput is shown.

use bench_sdk::record;

mod sealed {
    use bench_sdk::record::CounterKind;

    /// What only the counters of this crate know.
    pub trait Sealed: Copy {
        /// What it counts.
        const KIND: CounterKind;

        /// So many of them.
        fn of_count(count: u64) -> Self;

        /// How many.
        fn amount(self) -> u64;
    }
}

pub(crate) use sealed::Sealed;

/// One of [`BytesCount`], [`CharsCount`], [`CyclesCount`] and [`ItemsCount`].
pub trait Counter: Sized + std::any::Any + Sealed {}

/// What can stand for a [`Counter`]; plain unsigned numbers count items.
///
/// ```
/// use divan::counter::{IntoCounter, ItemsCount};
///
/// assert_eq!(7_usize.into_counter(), ItemsCount::new(7_u8));
/// ```
pub trait IntoCounter {
    /// Which counter it stands for.
    type Counter: Counter;

    /// The counter.
    ///
    /// ```
    /// use divan::counter::{BytesCount, IntoCounter};
    ///
    /// assert_eq!(BytesCount::u32(2).into_counter(), BytesCount::new(8_u8));
    /// ```
    fn into_counter(self) -> Self::Counter;
}

impl<C: Counter> IntoCounter for C {
    type Counter = C;

    fn into_counter(self) -> C {
        self
    }
}

/// The counter as it is recorded.
pub(crate) fn recorded(counter: impl IntoCounter) -> record::Counter {
    fn of<C: Counter>(counter: C) -> record::Counter {
        record::Counter { kind: C::KIND, count: counter.amount() as f64 }
    }
    of(counter.into_counter())
}

/// Unsigned numbers up to 64 bits.
pub trait CountUInt: Copy {
    /// The number.
    #[doc(hidden)]
    fn into_max_uint(self) -> u64;
}

/// Unsigned numbers, and references to them.
pub trait AsCountUInt {
    /// The number.
    #[doc(hidden)]
    fn as_max_uint(&self) -> u64;
}

impl<T: AsCountUInt> AsCountUInt for &T {
    fn as_max_uint(&self) -> u64 {
        T::as_max_uint(self)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl CountUInt for $number {
            #[allow(clippy::cast_lossless, reason = "one body for all widths")]
            fn into_max_uint(self) -> u64 {
                self as u64
            }
        }

        impl AsCountUInt for $number {
            fn as_max_uint(&self) -> u64 {
                (*self).into_max_uint()
            }
        }

        impl IntoCounter for $number {
            type Counter = ItemsCount;

            fn into_counter(self) -> ItemsCount {
                ItemsCount::new(self)
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 usize);

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name {
            count: u64,
        }

        impl $name {
            /// That many in one iteration.
            #[doc = concat!(
                "\n```\nuse divan::counter::", stringify!($name), ";\n\n",
                "assert!(", stringify!($name), "::new(2_u8) < ", stringify!($name),
                "::from(&3_usize));\n```"
            )]
            #[inline]
            pub fn new<N: CountUInt>(count: N) -> Self {
                Self { count: count.into_max_uint() }
            }
        }

        impl Sealed for $name {
            const KIND: record::CounterKind = record::CounterKind::$kind;

            fn of_count(count: u64) -> Self {
                Self { count }
            }

            fn amount(self) -> u64 {
                self.count
            }
        }

        impl Counter for $name {}

        impl<C: AsCountUInt> From<C> for $name {
            fn from(count: C) -> Self {
                Self { count: count.as_max_uint() }
            }
        }
    )*};
}

counters! {
    /// Bytes in one iteration.
    BytesCount = Bytes;
    /// Characters in one iteration.
    CharsCount = Chars;
    /// Cycles in one iteration; shown in hertz.
    CyclesCount = Cycles;
    /// Items in one iteration.
    ItemsCount = Items;
}

impl BytesCount {
    /// The bytes of a value of that type.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of::<u32>(), BytesCount::new(4_u8));
    /// ```
    #[inline]
    pub const fn of<T>() -> Self {
        Self { count: size_of::<T>() as u64 }
    }

    /// The bytes of so many values of that type.
    ///
    /// # Panics
    ///
    /// If that number does not fit.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_many::<u32>(3), BytesCount::new(12_u8));
    /// ```
    #[inline]
    pub const fn of_many<T>(count: usize) -> Self {
        let bytes = (size_of::<T>() as u64).checked_mul(count as u64);
        assert!(bytes.is_some(), "the number of bytes is too large");
        match bytes {
            Some(count) => Self { count },
            None => Self { count: u64::MAX },
        }
    }

    /// The bytes of that value, not of what it points to.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_val("naïve"), BytesCount::new(6_u8));
    /// ```
    #[inline]
    pub fn of_val<T: ?Sized>(value: &T) -> Self {
        Self { count: size_of_val(value) as u64 }
    }

    /// The bytes of all values of an iterator.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_iter(0_u16..3), BytesCount::new(6_u8));
    /// ```
    #[inline]
    pub fn of_iter<T, I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::of_many::<T>(values.into_iter().count())
    }

    /// The bytes of a text.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_str(&String::from("naïve")), BytesCount::new(6_u8));
    /// ```
    #[inline]
    pub fn of_str<S: ?Sized + AsRef<str>>(text: &S) -> Self {
        Self::of_val(text.as_ref())
    }

    /// The bytes of the values of a slice.
    ///
    /// ```
    /// use divan::counter::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_slice(&vec![0_u32; 4]), BytesCount::new(16_u8));
    /// ```
    #[inline]
    pub fn of_slice<T, S: ?Sized + AsRef<[T]>>(values: &S) -> Self {
        Self::of_val(values.as_ref())
    }
}

macro_rules! bytes_of {
    ($($number:ident)*) => {
        impl BytesCount {
            $(
                #[doc = concat!("The bytes of so many `", stringify!($number), "`.")]
                #[inline]
                pub const fn $number(count: usize) -> Self {
                    Self::of_many::<$number>(count)
                }
            )*
        }
    };
}

bytes_of!(f32 f64 i8 u8 i16 u16 i32 u32 i64 u64 i128 u128 isize usize);

impl CharsCount {
    /// The characters of a text.
    ///
    /// ```
    /// use divan::counter::CharsCount;
    ///
    /// assert_eq!(CharsCount::of_str("naïve"), CharsCount::new(5_u8));
    /// ```
    #[inline]
    pub fn of_str<S: ?Sized + AsRef<str>>(text: &S) -> Self {
        Self::new(text.as_ref().chars().count())
    }
}

impl ItemsCount {
    /// The values of an iterator.
    ///
    /// ```
    /// use divan::counter::ItemsCount;
    ///
    /// assert_eq!(ItemsCount::of_iter([1, 2, 3]), ItemsCount::new(3_u8));
    /// ```
    #[inline]
    pub fn of_iter<T, I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::new(values.into_iter().count())
    }
}

/// How divan scales bytes; figures are always shown in powers of ten here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BytesFormat {
    /// Powers of 1000.
    #[default]
    Decimal,
    /// Powers of 1024.
    Binary,
}
