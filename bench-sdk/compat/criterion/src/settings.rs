//! What a bench was configured with.

use std::time::Duration;

use bench_sdk::record::{Counter, CounterKind, Settings};

use crate::Throughput;

/// Processes in which a bench is measured, where nothing else is said.
const LAUNCHES: usize = 8;
/// How long criterion measures, where nothing else is said.
const MEASUREMENT_TIME: Duration = Duration::from_secs(5);

/// What was asked for and means something here; `None` leaves a value to the layer below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) sample_size: Option<usize>,
    pub(crate) warm_up_time: Option<Duration>,
    pub(crate) measurement_time: Option<Duration>,
}

impl Asked {
    pub(crate) fn over(self, below: Self) -> Self {
        Self {
            sample_size: self.sample_size.or(below.sample_size),
            warm_up_time: self.warm_up_time.or(below.warm_up_time),
            measurement_time: self.measurement_time.or(below.measurement_time),
        }
    }

    /// The same in the words of the engine. There samples are counted in each process, and here in
    /// all; a number alone does not lift the limit of time that it had.
    pub(crate) fn settings(self, throughput: Option<&Throughput>) -> Settings {
        let count = self.sample_size.map(|count| count.div_ceil(LAUNCHES).max(2));
        let mut settings = Settings {
            sample_count: count.and_then(|count| u32::try_from(count).ok()),
            warmup: self.warm_up_time,
            max_time: self.measurement_time.or(count.map(|_| MEASUREMENT_TIME)),
            ..Settings::default()
        };
        let items = |count: u64| Counter { kind: CounterKind::Items, count: count as f64 };
        let bytes = |count: f64| Counter { kind: CounterKind::Bytes, count };
        match throughput {
            None => {}
            Some(Throughput::Bits(bits)) => settings.counters.push(bytes(*bits as f64 / 8.0)),
            Some(Throughput::Bytes(count) | Throughput::BytesDecimal(count)) => {
                settings.counters.push(bytes(*count as f64));
            }
            Some(Throughput::Elements(count)) => settings.counters.push(items(*count)),
            Some(Throughput::ElementsAndBytes { elements, bytes: of_them }) => {
                settings.counters.extend([items(*elements), bytes(*of_them as f64)]);
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_shared_among_processes() {
        let asked = |sample_size| Asked { sample_size: Some(sample_size), ..Asked::default() };
        let settings = asked(100).settings(None);
        assert_eq!((settings.sample_count, settings.max_time), (Some(13), Some(MEASUREMENT_TIME)));
        assert_eq!(asked(10).settings(None).sample_count, Some(2));
        assert_eq!(Asked::default().settings(None), Settings::default());
        let longer = Asked { measurement_time: Some(Duration::from_secs(9)), ..asked(10) };
        assert_eq!(longer.settings(None).max_time, Some(Duration::from_secs(9)));
        assert_eq!(asked(20).over(longer).sample_size, Some(20));
    }

    #[test]
    fn throughput_becomes_counters() {
        let of = |throughput| Asked::default().settings(Some(&throughput)).counters;
        assert!((of(Throughput::Bits(16))[0].count - 2.0).abs() < 1e-9);
        assert_eq!(of(Throughput::ElementsAndBytes { elements: 3, bytes: 4 }).len(), 2);
    }
}
