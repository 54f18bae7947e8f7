//! The time of day, and a stopwatch for everything that is not a timed region.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Measures how long something coarse takes: limits, deadlines, estimates of time left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Nanoseconds since the start.
    pub(crate) fn elapsed_ns(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e9
    }
}

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Utc {
    year: i64,
    month: u32,
    day: u32,
    second_of_day: u32,
    /// Nanoseconds within the second; also a source of seeds.
    pub(crate) nanos: u32,
}

/// The time of day; 1970 if the system's clock stands before it.
pub(crate) fn utc_now() -> Utc {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    Utc::from_unix(seconds, since.subsec_nanos())
}

impl Utc {
    fn from_unix(seconds: i64, nanos: u32) -> Self {
        let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        Self { year, month, day, second_of_day: second_of_day as u32, nanos }
    }

    fn clock(&self) -> (u32, u32, u32) {
        let s = self.second_of_day;
        (s / 3600, s / 60 % 60, s % 60)
    }

    /// `2026-01-01T12:00:00Z`
    pub(crate) fn rfc3339(&self) -> String {
        let (h, m, s) = self.clock();
        let Self { year, month, day, .. } = self;
        format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}Z")
    }

    /// `20260101_120000`
    pub(crate) fn folder(&self) -> String {
        let (h, m, s) = self.clock();
        let Self { year, month, day, .. } = self;
        format!("{year:04}{month:02}{day:02}_{h:02}{m:02}{s:02}")
    }
}

/// Proleptic Gregorian date of a day number counted from 1970-01-01, after Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms" (2013), `civil_from_days`.
fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        // Checked with `date -u -d @N`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(Utc::from_unix(seconds, 0).rfc3339(), text);
        }
        assert_eq!(Utc::from_unix(1_767_225_600 + 43_200, 0).folder(), "20260101_120000");
    }
}
