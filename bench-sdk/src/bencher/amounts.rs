//! What the inputs of a batch count for.

use crate::record::{Counter, CounterKind};

const KINDS: [CounterKind; 4] =
    [CounterKind::Items, CounterKind::Bytes, CounterKind::Chars, CounterKind::Cycles];

/// The sum over inputs for each kind of counter; nothing for a kind that none of them counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts([Option<f64>; KINDS.len()]);

impl Amounts {
    /// Adds what one input counts for.
    pub fn add(&mut self, counter: Counter) {
        for (kind, sum) in KINDS.iter().zip(&mut self.0) {
            if *kind == counter.kind {
                *sum = Some(sum.unwrap_or(0.0) + counter.count);
            }
        }
    }

    /// Adds what other inputs count for.
    pub(super) fn merge(&mut self, other: &Self) {
        for (kind, sum) in KINDS.into_iter().zip(other.0) {
            if let Some(count) = sum {
                self.add(Counter { kind, count });
            }
        }
    }

    /// What one of so many inputs counts for on average.
    pub(super) fn means(&self, inputs: u64) -> impl Iterator<Item = Counter> {
        let mean = move |sum: f64| sum / inputs.max(1) as f64;
        let sums = KINDS.into_iter().zip(self.0);
        sums.filter_map(move |(kind, sum)| Some(Counter { kind, count: mean(sum?) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_summed_apart_and_what_is_not_counted_is_absent() {
        let bytes = |count| Counter { kind: CounterKind::Bytes, count };
        let items = |count| Counter { kind: CounterKind::Items, count };
        let mut amounts = Amounts::default();
        assert_eq!(amounts.means(3).count(), 0);
        amounts.add(bytes(10.0));
        let mut more = Amounts::default();
        more.add(bytes(2.0));
        more.add(items(4.0));
        amounts.merge(&more);
        let means: Vec<Counter> = amounts.means(4).collect();
        assert_eq!(means, [items(1.0), bytes(3.0)]);
    }
}
