//! What is said between a comparison and the workers of both sides.
//!
//! The baseline's executable may hold another version of this crate: whatever changes a message
//! here, or how one is encoded, has to raise [`PAIR_PROTOCOL`](crate::resource::PAIR_PROTOCOL),
//! which stands in every executable and is looked up before one is started.

use super::wire::{Wire, fields};
use crate::bencher::{BatchPlan, BatchSize, Broken, Pace, Paced};
use crate::clock::TimerSpec;

/// Tells a worker that it is one side of a comparison.
pub(crate) const PAIR_VARIABLE: &str = "HUB_BENCH_PAIR";

/// What the parent says first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PairHello {
    pub(super) timer: TimerSpec,
    /// Bytes by which the stack is shifted.
    pub(super) stack_offset: u32,
    /// The processor to stay on.
    pub(super) processor: Option<u32>,
}

/// The case of this launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PairOrder {
    /// Repeated in every answer, and known to nobody else.
    pub(super) token: u64,
    pub(super) id: String,
    pub(super) seed: u64,
    /// Whether this launch finds sizes and resources instead of being compared.
    pub(super) scouts: bool,
}

/// What the worker says whenever it has run something.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) token: u64,
    pub(super) done: Result<Paced, Broken>,
}

fields! {
    PairHello { timer, stack_offset, processor }
    PairOrder { token, id, seed, scouts }
    Said { token, done }
    BatchPlan { iterations, usual_ns, short_regions }
    BatchSize { plan, loop_ns, at_floor, has_latencies }
}

impl Wire for Pace {
    fn put(&self, out: &mut Vec<u8>) {
        let mut say = |number: u8, plan: &BatchPlan| {
            number.put(out);
            plan.put(out);
        };
        match self {
            Self::Size => 0_u8.put(out),
            Self::Batch(plan) => say(1, plan),
            Self::Latencies(plan) => say(2, plan),
            Self::Resources(plan) => say(3, plan),
            Self::Instructions(prefix) => {
                4_u8.put(out);
                prefix.put(out);
            }
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Size),
            1 => Wire::take(from).map(Self::Batch),
            2 => Wire::take(from).map(Self::Latencies),
            3 => Wire::take(from).map(Self::Resources),
            4 => Wire::take(from).map(Self::Instructions),
            _ => None,
        }
    }
}

impl Wire for Paced {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Started => 0_u8.put(out),
            Self::Sized(size) => {
                1_u8.put(out);
                size.put(out);
            }
            Self::Batch { elapsed_ns, voided } => {
                2_u8.put(out);
                elapsed_ns.put(out);
                voided.put(out);
            }
            Self::Latencies { p99_ns } => {
                3_u8.put(out);
                p99_ns.put(out);
            }
            Self::Resources(figures) => {
                4_u8.put(out);
                figures.put(out);
            }
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Started),
            1 => Wire::take(from).map(Self::Sized),
            2 => {
                let elapsed_ns = Wire::take(from)?;
                Some(Self::Batch { elapsed_ns, voided: Wire::take(from)? })
            }
            3 => Wire::take(from).map(|p99_ns| Self::Latencies { p99_ns }),
            4 => Wire::take(from).map(Self::Resources),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(message: &impl Wire) -> Vec<u8> {
        let mut bytes = Vec::new();
        message.put(&mut bytes);
        bytes
    }

    fn plan() -> BatchPlan {
        BatchPlan { iterations: 7, usual_ns: 1.5, short_regions: true }
    }

    #[test]
    fn messages_come_back_as_they_went() {
        for pace in [
            Pace::Size,
            Pace::Batch(plan()),
            Pace::Latencies(plan()),
            Pace::Resources(plan()),
            Pace::Instructions("a".to_owned()),
        ] {
            let sent = bytes(&pace);
            assert_eq!(Pace::take(&mut sent.as_slice()), Some(pace));
            assert_eq!(Pace::take(&mut &sent[..sent.len() - 1]), None);
        }
        let size = BatchSize { plan: plan(), loop_ns: 0.3, at_floor: false, has_latencies: true };
        for paced in [
            Paced::Started,
            Paced::Sized(size),
            Paced::Batch { elapsed_ns: 0.1 + 0.2, voided: true },
            Paced::Latencies { p99_ns: 9.0 },
            Paced::Resources(vec![("allocs".to_owned(), 2.0)]),
        ] {
            let sent = bytes(&Ok::<_, Broken>(paced.clone()));
            assert_eq!(Result::<Paced, Broken>::take(&mut sent.as_slice()), Some(Ok(paced)));
        }
        assert_eq!(Pace::take(&mut [9].as_slice()), None);
        assert_eq!(Paced::take(&mut [9].as_slice()), None);
    }

    /// The bytes of version 1. If this fails, older executables are not understood any more: raise
    /// the version.
    #[test]
    fn version_one_is_frozen() {
        let hello = PairHello {
            timer: TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 2.0 },
            stack_offset: 3,
            processor: Some(1),
        };
        assert_eq!(
            bytes(&hello),
            [0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40, 3, 0, 0, 0, 1, 1, 0, 0, 0]
        );
        let order = PairOrder { token: 1, id: "a".to_owned(), seed: 2, scouts: true };
        assert_eq!(
            bytes(&order),
            [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, b'a', 2, 0, 0, 0, 0, 0, 0, 0, 1]
        );
    }
}
