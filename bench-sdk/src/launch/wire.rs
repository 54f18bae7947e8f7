//! How messages look on the channel: fields one after the other, numbers little-endian.
//!
//! Both ends are the same executable, so there is no version and no name of a field. Compared with
//! a general format this is exact to the last bit of a float, and compiles in a fraction of the
//! time: the cold build of this crate is somebody's wait before every first run.

use crate::bencher::{Broken, LaunchSamples, Sample, Sampling};
use crate::clock::TimerSpec;
use crate::record::{CaseId, Counter, CounterKind, Warmup};
use crate::resource::{Disturbance, Faults};

/// A value that can cross the channel.
pub(super) trait Wire: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Takes the value from the front; `None` where the bytes are not one.
    fn take(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

numbers!(u8 u32 u64 f64);

impl Wire for usize {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u64).put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        Self::try_from(u64::take(from)?).ok()
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let length = usize::take(from)?;
        let (bytes, rest) = from.split_at_checked(length)?;
        *from = rest;
        Self::from_utf8(bytes.to_vec()).ok()
    }
}

impl Wire for CaseId {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_str().to_owned().put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        String::take(from).map(Self::from)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        if bool::take(from)? { T::take(from).map(Some) } else { Some(None) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for value in self {
            value.put(out);
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let length = usize::take(from)?;
        // Every element takes a byte at least: a longer list is a lie.
        if length > from.len() {
            return None;
        }
        let mut list = Self::new();
        for _ in 0..length {
            list.push(T::take(from)?);
        }
        Some(list)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        Some((A::take(from)?, B::take(from)?))
    }
}

/// Structures are their fields in order.
macro_rules! fields {
    ($($name:ident { $($field:ident),* $(,)? })*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                $(let $field = Wire::take(from)?;)*
                Some(Self { $($field),* })
            }
        }
    )*};
}
pub(super) use fields;

fields! {
    TimerSpec { tsc_ns_per_tick, precision_ns, cost_ns }
    Sampling {
        test, sample_count, sample_size, min_ns, max_ns, warmup_ns, skip_ext_time, probes, callgrind,
    }
    Counter { kind, count }
    Warmup { spent_ns, settled }
    Faults { minor, major }
    Disturbance { wall_ns, processors, busy_ns, others_ns, stolen_ns, throttled_ns }
    Sample { iterations, elapsed_ns, voided }
    LaunchSamples {
        first_ns, first_voided, first_faults, warmup, samples, latencies_ns, latencies_seen, loop_ns, counters,
        threads, foreign_runtime, usage, absent, allocating_ns, disturbance,
    }
}

impl Wire for CounterKind {
    fn put(&self, out: &mut Vec<u8>) {
        let number: u8 = match self {
            Self::Items => 0,
            Self::Bytes => 1,
            Self::Chars => 2,
            Self::Cycles => 3,
        };
        number.put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        [Self::Items, Self::Bytes, Self::Chars, Self::Cycles]
            .get(usize::from(u8::take(from)?))
            .copied()
    }
}

/// Only what a worker can say of itself; how it died is the parent's to find out.
impl Wire for Broken {
    fn put(&self, out: &mut Vec<u8>) {
        let panicked = matches!(self, Self::Panicked { .. });
        panicked.put(out);
        self.message().to_owned().put(out);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let panicked = bool::take(from)?;
        let message = String::take(from)?;
        Some(if panicked { Self::Panicked { message } } else { Self::Failed { message } })
    }
}

impl<T: Wire> Wire for Result<T, Broken> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_ok().put(out);
        match self {
            Ok(value) => value.put(out),
            Err(broken) => broken.put(out),
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        if bool::take(from)? { Wire::take(from).map(Ok) } else { Wire::take(from).map(Err) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> LaunchSamples {
        LaunchSamples {
            first_ns: 0.1 + 0.2,
            first_voided: false,
            first_faults: Some(Faults { minor: 3, major: 1 }),
            warmup: Warmup { spent_ns: 5e6, settled: true },
            samples: vec![Sample { iterations: 7, elapsed_ns: 1.5, voided: false }],
            latencies_ns: vec![1.0, f64::MIN_POSITIVE],
            latencies_seen: 9,
            loop_ns: (0.3, 0.6),
            counters: vec![Counter { kind: CounterKind::Bytes, count: 64.0 }],
            threads: 1,
            foreign_runtime: false,
            usage: vec![("allocs".to_owned(), 2.0)],
            absent: vec![("energy".to_owned(), "no such file".to_owned())],
            allocating_ns: Some(7.5),
            disturbance: Disturbance {
                wall_ns: 5e7,
                others_ns: Some(-1.0),
                ..Disturbance::default()
            },
        }
    }

    fn bytes(value: &impl Wire) -> Vec<u8> {
        let mut out = Vec::new();
        value.put(&mut out);
        out
    }

    #[test]
    fn values_come_back_to_the_last_bit() {
        let sent: Result<LaunchSamples, Broken> = Ok(samples());
        let bytes = bytes(&sent);
        let mut rest = bytes.as_slice();
        assert_eq!(Wire::take(&mut rest), Some(sent));
        assert!(rest.is_empty());
    }

    #[test]
    fn cut_or_foreign_bytes_are_refused() {
        let whole = bytes(&samples());
        for length in 0..whole.len() {
            assert_eq!(LaunchSamples::take(&mut &whole[..length]), None, "{length}");
        }
        assert_eq!(Vec::<u8>::take(&mut [255; 16].as_slice()), None);
        assert_eq!(String::take(&mut bytes(&vec![0xff_u8, 0xfe]).as_slice()), None);
        assert_eq!(bool::take(&mut [2].as_slice()), None);
        assert_eq!(CounterKind::take(&mut [9].as_slice()), None);
    }
}
