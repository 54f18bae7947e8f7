//! Sums of what probes read.

/// Something that probes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    CpuNs,
    SwitchesVoluntary,
    SwitchesInvoluntary,
    FaultsMinor,
    FaultsMajor,
    DiskRead,
    DiskWritten,
    IoRead,
    IoWritten,
    ReadCalls,
    WriteCalls,
    NetReceived,
    NetSent,
    NetPacketsReceived,
    NetPacketsSent,
    Instructions,
    Cycles,
    CacheMisses,
    BranchMisses,
    Joules,
}

const COUNT: usize = Quantity::Joules as usize + 1;

/// One figure for each quantity; `None` where nobody counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally([Option<f64>; COUNT]);

impl Tally {
    pub(crate) fn get(&self, quantity: Quantity) -> Option<f64> {
        self.0[quantity as usize]
    }

    pub(crate) fn set(&mut self, quantity: Quantity, value: f64) {
        self.0[quantity as usize] = Some(value);
    }

    /// Forgets a quantity that nobody counts any more.
    pub(super) fn clear(&mut self, quantity: Quantity) {
        self.0[quantity as usize] = None;
    }

    /// Adds the other's figures; what either of the two counts is counted.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, value) in self.0.iter_mut().zip(other.0) {
            if let Some(value) = value {
                *sum = Some(sum.unwrap_or(0.0) + value);
            }
        }
    }

    /// What was added between two readings, where both have the quantity. It may be below zero: what
    /// readings cost varies, and cutting each difference at zero would make the sum too large.
    pub(super) fn since(&self, before: &Self) -> Self {
        let mut difference = Self::default();
        for ((out, now), then) in difference.0.iter_mut().zip(self.0).zip(before.0) {
            *out = now.zip(then).map(|(now, then)| now - then);
        }
        difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_both_readings_have_is_a_difference() {
        let (mut before, mut after) = (Tally::default(), Tally::default());
        before.set(Quantity::CpuNs, 5.0);
        after.set(Quantity::CpuNs, 7.0);
        after.set(Quantity::Joules, 1.0);
        let mut sum = after.since(&before);
        assert_eq!((sum.get(Quantity::CpuNs), sum.get(Quantity::Joules)), (Some(2.0), None));
        sum.add(&after);
        assert_eq!((sum.get(Quantity::CpuNs), sum.get(Quantity::Joules)), (Some(9.0), Some(1.0)));
    }
}
