//! What is measured: time on the wall, or whatever a bench file implements a [`Measurement`] for.

use std::time::{Duration, Instant};

use crate::Throughput;

/// Writes measured values for people.
pub trait ValueFormatter {
    /// One value with its unit.
    fn format_value(&self, value: f64) -> String {
        let mut values = [value];
        let unit = self.scale_values(value, &mut values);
        format!("{:>6.4} {unit}", values[0])
    }

    /// A value as throughput.
    fn format_throughput(&self, throughput: &Throughput, value: f64) -> String {
        let mut values = [value];
        let unit = self.scale_throughputs(value, throughput, &mut values);
        format!("{:>6.4} {unit}", values[0])
    }

    /// Scales values for the unit that suits the typical one; the unit.
    fn scale_values(&self, typical_value: f64, values: &mut [f64]) -> &'static str;

    /// Scales values to throughput; the unit.
    fn scale_throughputs(
        &self,
        typical_value: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str;

    /// Scales values for machines; the unit.
    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str;
}

/// Something that can be measured around code.
pub trait Measurement {
    /// What is known when it begins.
    type Intermediate;
    /// What was measured.
    type Value;

    /// Begins.
    fn start(&self) -> Self::Intermediate;
    /// Ends.
    fn end(&self, i: Self::Intermediate) -> Self::Value;
    /// The sum of two values.
    fn add(&self, v1: &Self::Value, v2: &Self::Value) -> Self::Value;
    /// Nothing.
    fn zero(&self) -> Self::Value;
    /// The value as a number.
    fn to_f64(&self, value: &Self::Value) -> f64;
    /// Writes it.
    fn formatter(&self) -> &dyn ValueFormatter;

    /// Whether it is time in nanoseconds, by the clock on the wall.
    #[doc(hidden)]
    fn __is_wall_time(&self) -> bool {
        false
    }
}

/// Time on the wall.
///
/// ```
/// use criterion::measurement::{Measurement, WallTime};
///
/// let elapsed = WallTime.end(WallTime.start());
/// assert!(WallTime.to_f64(&elapsed) >= 0.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct WallTime;

impl Measurement for WallTime {
    type Intermediate = Instant;
    type Value = Duration;

    fn start(&self) -> Instant {
        Instant::now()
    }

    fn end(&self, start: Instant) -> Duration {
        start.elapsed()
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Nanoseconds
    }

    fn __is_wall_time(&self) -> bool {
        true
    }
}

/// Writes nanoseconds.
struct Nanoseconds;

/// Units of time and of throughput, each with what it is worth.
const TIMES: [(f64, &str); 5] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns"), (1e-3, "ps")];

impl ValueFormatter for Nanoseconds {
    fn scale_values(&self, typical_value: f64, values: &mut [f64]) -> &'static str {
        let suits = |(worth, _): &&(f64, &str)| typical_value >= *worth;
        let (worth, unit) = TIMES.iter().find(suits).unwrap_or(&TIMES[TIMES.len() - 1]);
        for value in values {
            *value /= worth;
        }
        unit
    }

    fn scale_throughputs(
        &self,
        _typical_value: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        let (amount, unit) = match throughput {
            Throughput::Bits(count) => (*count, "bit/s"),
            Throughput::Bytes(count) | Throughput::BytesDecimal(count) => (*count, "B/s"),
            Throughput::Elements(count) | Throughput::ElementsAndBytes { elements: count, .. } => {
                (*count, "elem/s")
            }
        };
        for value in values {
            *value = amount as f64 * 1e9 / *value;
        }
        unit
    }

    fn scale_for_machines(&self, _values: &mut [f64]) -> &'static str {
        "ns"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_the_unit_that_suits() {
        let formatter = WallTime.formatter();
        assert_eq!(formatter.format_value(1500.0), "1.5000 µs");
        assert_eq!(formatter.format_value(0.25), "250.0000 ps");
        assert_eq!(formatter.format_throughput(&Throughput::Elements(2), 1e9), "2.0000 elem/s");
    }
}
