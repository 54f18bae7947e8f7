//! Counters: what one iteration processes, from which throughput is shown.

#[cfg(not(feature = "bench"))]
pub(crate) use inert::Counter;

#[cfg(not(feature = "bench"))]
mod inert {
    /// Any of the counters.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Counter(pub(super) f64);
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name(f64);

        impl $name {
            /// That many in one iteration.
            pub fn new(count: impl Count) -> Self {
                Self(count.count())
            }

            /// How many in one iteration.
            pub fn count(self) -> f64 {
                self.0
            }
        }

        #[cfg(feature = "bench")]
        impl From<$name> for crate::record::Counter {
            fn from(counter: $name) -> Self {
                Self { kind: crate::record::CounterKind::$kind, count: counter.0 }
            }
        }

        #[cfg(not(feature = "bench"))]
        impl From<$name> for Counter {
            fn from(counter: $name) -> Self {
                Self(counter.0)
            }
        }
    )*};
}

counters! {
    /// Items in one iteration.
    ///
    /// ```
    /// assert_eq!(bench_sdk::ItemsCount::new(1_000_u32).count(), 1000.0);
    /// ```
    ItemsCount = Items;
    /// Bytes in one iteration.
    ///
    /// ```
    /// use bench_sdk::BytesCount;
    ///
    /// assert_eq!(BytesCount::of_str("naïve").count(), 6.0);
    /// assert_eq!(BytesCount::of_slice(&[0_u32; 4]).count(), 16.0);
    /// ```
    BytesCount = Bytes;
    /// Characters in one iteration.
    ///
    /// ```
    /// assert_eq!(bench_sdk::CharsCount::of_str("naïve").count(), 5.0);
    /// ```
    CharsCount = Chars;
    /// Cycles in one iteration; shown in hertz.
    ///
    /// ```
    /// assert_eq!(bench_sdk::CyclesCount::new(8).count(), 8.0);
    /// ```
    CyclesCount = Cycles;
}

impl BytesCount {
    /// The bytes of a value of that type.
    pub fn of<T>() -> Self {
        Self::new(size_of::<T>())
    }

    /// The bytes of the text.
    pub fn of_str(text: &(impl AsRef<str> + ?Sized)) -> Self {
        Self::new(text.as_ref().len())
    }

    /// The bytes of the slice.
    pub fn of_slice<T>(slice: &[T]) -> Self {
        Self::new(size_of_val(slice))
    }
}

impl CharsCount {
    /// The characters of the text.
    pub fn of_str(text: &(impl AsRef<str> + ?Sized)) -> Self {
        Self::new(text.as_ref().chars().count())
    }
}

/// Numbers that can count; negative ones count as zero.
pub trait Count {
    /// The number as it is recorded.
    fn count(self) -> f64;
}

macro_rules! count {
    ($($number:ty)*) => {$(
        impl Count for $number {
            #[allow(clippy::cast_lossless, reason = "one body for all widths")]
            fn count(self) -> f64 {
                (self as f64).max(0.0)
            }
        }
    )*};
}

count!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
