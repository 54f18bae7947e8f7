//! What generated code calls to fill in the options of a scenario: one function for each option of
//! `load(..)`.

use super::set::IntoDuration;

#[cfg(feature = "load")]
pub use crate::record::load::LoadOptions;
#[cfg(feature = "load")]
use crate::record::load::{Arrivals, Stage, WhenBusy};

/// The options of a scenario, which nothing reads without the feature `load`.
#[cfg(not(feature = "load"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions;

/// Numbers of virtual users, iterations or arrivals.
pub trait IntoNumber {
    /// The number; 0 where it is negative.
    fn into_number(self) -> u64;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoNumber for $number {
            #[allow(clippy::unnecessary_fallible_conversions, reason = "one body for all widths")]
            fn into_number(self) -> u64 {
                u64::try_from(self).unwrap_or(0)
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 usize i32 i64);

/// Functions that fill in an option; without the feature `load` they take their values only.
macro_rules! setters {
    ($($(#[$doc:meta])+ fn $name:ident($options:ident, $($value:ident: $of:ty),+) $body:block)*) => {$(
        $(#[$doc])+
        pub fn $name($options: &mut LoadOptions, $($value: $of),+) {
            #[cfg(feature = "load")]
            $body
            #[cfg(not(feature = "load"))]
            {
                let _ = ($options, $($value),+);
            }
        }
    )*};
}

macro_rules! numbers_of {
    ($($name:ident)*) => { setters! {$(
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        fn $name(options, value: impl IntoNumber) {
            options.$name = Some(value.into_number());
        }
    )*} };
}

macro_rules! durations_of {
    ($($name:ident)*) => { setters! {$(
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        fn $name(options, value: impl IntoDuration) {
            options.$name = value.into_duration();
        }
    )*} };
}

numbers_of!(vus iterations rate start_vus start_rate pre_allocated_vus max_vus);
durations_of!(duration time_unit start_time graceful_stop graceful_ramp_down max_duration);

setters! {
    /// Sets the executor; the attribute has checked its name.
    fn executor(options, name: &str) {
        options.executor = name.parse().ok();
    }

    /// Adds a stage.
    fn stage(options, duration: impl IntoDuration, target: impl IntoNumber) {
        let duration = duration.into_duration().unwrap_or_default();
        let stage = Stage::new(duration, target.into_number());
        options.stages.get_or_insert_default().push(stage);
    }

    /// Adds a threshold.
    fn threshold(options, text: &str) {
        options.thresholds.get_or_insert_default().push(text.into());
    }

    /// Adds a variable.
    fn env(options, name: impl Into<String>, value: impl Into<String>) {
        options.env.insert(name.into(), value.into());
    }

    /// Adds a tag.
    fn tag(options, name: impl Into<String>, value: impl Into<String>) {
        options.tags.insert(name.into(), value.into());
    }

    /// Sets how arrivals lie in time; the attribute has checked the word.
    fn arrivals(options, word: &str) {
        options.arrivals =
            Some(if word == "poisson" { Arrivals::Poisson } else { Arrivals::Uniform });
    }

    /// Sets what becomes of arrivals that find no free virtual user; the attribute has checked the
    /// word.
    fn when_busy(options, word: &str) {
        options.when_busy = Some(match word {
            "queue" => WhenBusy::Queue,
            "fail" => WhenBusy::Fail,
            _ => WhenBusy::Drop,
        });
    }
}

#[cfg(test)]
#[cfg(feature = "load")]
mod tests {
    use super::*;
    use crate::record::load::ExecutorKind;
    use std::time::Duration;

    #[test]
    fn each_option_is_filled_in() {
        let mut options = LoadOptions::default();
        let o = &mut options;
        executor(o, "ramping-arrival-rate");
        rate(o, 5_u32);
        vus(o, -1);
        time_unit(o, "1m");
        graceful_stop(o, 2);
        stage(o, "1m", 10);
        stage(o, Duration::from_secs(2), 1000_u64);
        threshold(o, "checks: rate > 0.9");
        env(o, "A", "1");
        tag(o, "b", String::from("2"));
        arrivals(o, "poisson");
        when_busy(o, "queue");
        assert_eq!(options.executor, Some(ExecutorKind::RampingArrivalRate));
        assert_eq!((options.rate, options.vus), (Some(5), Some(0)));
        assert_eq!(options.time_unit, Some(Duration::from_secs(60)));
        assert_eq!(options.graceful_stop, Some(Duration::from_secs(2)));
        let stages = [(60, 10), (2, 1000)]
            .map(|(seconds, target)| Stage::new(Duration::from_secs(seconds), target));
        assert_eq!(options.stages.as_deref(), Some(&stages[..]));
        let texts: Vec<_> = options.thresholds.iter().flatten().map(|t| &*t.text).collect();
        assert_eq!(texts, ["checks: rate > 0.9"]);
        assert_eq!(options.env.get("A").map(String::as_str), Some("1"));
        assert_eq!(options.tags.get("b").map(String::as_str), Some("2"));
        assert_eq!(options.arrivals, Some(Arrivals::Poisson));
        assert_eq!(options.when_busy, Some(WhenBusy::Queue));
    }
}
