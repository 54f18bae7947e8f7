//! What generated code calls to fill in a layer of settings: one function for each option.

use std::time::Duration;

use crate::counter::{BytesCount, CharsCount, Count, CyclesCount, ItemsCount};
use crate::record::{Counter, Settings, parse_duration, parse_ratio};

/// Numbers that stand for a count of samples, iterations or launches.
pub trait IntoCount {
    /// The count; what does not fit is the nearest that does.
    fn into_count(self) -> u32;
}

/// Values that stand for a length of time.
pub trait IntoDuration {
    /// The length; `None` where the text is not one.
    fn into_duration(self) -> Option<Duration>;
}

/// Values that stand for a ratio.
pub trait IntoRatio {
    /// The ratio; `None` where the text is not one.
    fn into_ratio(self) -> Option<f64>;
}

macro_rules! integers {
    ($($number:ty)*) => {$(
        impl IntoCount for $number {
            #[allow(clippy::cast_lossless, reason = "one body for all widths")]
            #[allow(clippy::unnecessary_fallible_conversions, reason = "one body for all widths")]
            fn into_count(self) -> u32 {
                let positive = self.max(0);
                u32::try_from(positive).unwrap_or(u32::MAX)
            }
        }

        impl IntoDuration for $number {
            fn into_duration(self) -> Option<Duration> {
                u64::try_from(self).ok().map(Duration::from_secs)
            }
        }
    )*};
}

integers!(u32 u64 usize i32 i64);

impl IntoDuration for Duration {
    fn into_duration(self) -> Option<Duration> {
        Some(self)
    }
}

impl IntoDuration for f64 {
    fn into_duration(self) -> Option<Duration> {
        Duration::try_from_secs_f64(self).ok()
    }
}

impl IntoDuration for &str {
    fn into_duration(self) -> Option<Duration> {
        parse_duration(self).ok()
    }
}

impl IntoRatio for f64 {
    fn into_ratio(self) -> Option<f64> {
        (self > 0.0 && self.is_finite()).then_some(self)
    }
}

impl IntoRatio for &str {
    fn into_ratio(self) -> Option<f64> {
        parse_ratio(self).ok()
    }
}

macro_rules! setters {
    ($($name:ident($bound:ident) = $convert:expr;)*) => {$(
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        pub fn $name(settings: &mut Settings, value: impl $bound) {
            settings.$name = $convert(value);
        }
    )*};
}

setters! {
    sample_count(IntoCount) = |value| Some(IntoCount::into_count(value));
    sample_size(IntoCount) = |value| Some(IntoCount::into_count(value));
    launches(IntoCount) = |value| Some(IntoCount::into_count(value));
    min_time(IntoDuration) = IntoDuration::into_duration;
    max_time(IntoDuration) = IntoDuration::into_duration;
    warmup(IntoDuration) = IntoDuration::into_duration;
    timeout(IntoDuration) = IntoDuration::into_duration;
    target_ci(IntoRatio) = IntoRatio::into_ratio;
}

/// Sets `skip_ext_time`.
pub fn skip_ext_time(settings: &mut Settings, value: bool) {
    settings.skip_ext_time = Some(value);
}

/// Adds a counter.
pub fn counter(settings: &mut Settings, counter: impl Into<Counter>) {
    let counter = counter.into();
    settings.counters.retain(|other| other.kind != counter.kind);
    settings.counters.push(counter);
}

macro_rules! counts {
    ($($name:ident = $counter:ident;)*) => {$(
        #[doc = concat!("Adds a counter, as `", stringify!($name), "` says.")]
        pub fn $name(settings: &mut Settings, count: impl Count) {
            counter(settings, $counter::new(count));
        }
    )*};
}

counts! {
    items_count = ItemsCount;
    bytes_count = BytesCount;
    chars_count = CharsCount;
    cycles_count = CyclesCount;
}

/// Values that stand for numbers of threads.
pub trait IntoThreads {
    /// The numbers, in order.
    fn into_threads(self) -> Vec<usize>;
}

fn all_processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl IntoThreads for usize {
    fn into_threads(self) -> Vec<usize> {
        vec![self]
    }
}

impl IntoThreads for bool {
    fn into_threads(self) -> Vec<usize> {
        vec![if self { all_processors() } else { 1 }]
    }
}

impl<const N: usize> IntoThreads for [usize; N] {
    fn into_threads(self) -> Vec<usize> {
        self.to_vec()
    }
}

impl IntoThreads for &[usize] {
    fn into_threads(self) -> Vec<usize> {
        self.to_vec()
    }
}

impl IntoThreads for Vec<usize> {
    fn into_threads(self) -> Vec<usize> {
        self
    }
}

/// The numbers of threads that `threads` asks for.
pub fn threads(value: impl IntoThreads) -> Vec<usize> {
    value.into_threads()
}
