//! Arrivals of open scenarios: from the number of an arrival to its instant.

use crate::record::load::{Arrivals, Executor, Stage};
use crate::stats::Rng;

/// The arrivals of one scenario. Instants are computed from the number alone, never from the
/// instant before, so that nothing adds up to a drift.
///
/// Areas under the rate curve are whole numbers: rates are whole, and the area of a stage in units
/// of half an arrival times the time unit is `(from + to) * duration`.
#[derive(Clone, Debug)]
pub(crate) struct ArrivalSchedule {
    segments: Vec<Segment>,
    /// Area of all segments.
    whole: u128,
    /// Area of one arrival: twice the time unit.
    each: u128,
    /// Area at which the arrival with number 0 lies, in arrivals: 0 or 1.
    first: u64,
    poisson_seed: Option<u64>,
}

/// A stretch with a rate that moves in a straight line.
#[derive(Clone, Copy, Debug)]
struct Segment {
    starts_ns: u64,
    length_ns: u64,
    from: u64,
    to: u64,
    /// Area of all segments before it.
    before: u128,
}

/// An arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Its number in the scenario, from 0.
    pub(crate) number: u64,
    /// When, from the start of the scenario.
    pub(crate) at_ns: u64,
}

impl ArrivalSchedule {
    /// The schedule of an open scenario; `None` for a closed one.
    pub(crate) fn new(executor: &Executor, seed: u64) -> Option<Self> {
        let (segments, unit, first, arrivals) = match executor {
            Executor::ConstantArrivalRate { rate, time_unit_ns, duration_ns, arrivals, .. } => {
                let stage = Stage { duration_ns: *duration_ns, target: *rate };
                (segments(*rate, &[stage]), *time_unit_ns, 0, *arrivals)
            }
            Executor::RampingArrivalRate { start_rate, time_unit_ns, stages, arrivals, .. } => {
                (segments(*start_rate, stages), *time_unit_ns, 1, *arrivals)
            }
            _ => return None,
        };
        let whole = segments.last().map_or(0, |last| last.before + last.area());
        Some(Self {
            segments,
            whole,
            each: 2 * u128::from(unit.max(1)),
            first,
            poisson_seed: (arrivals == Arrivals::Poisson).then_some(seed),
        })
    }

    /// How many arrivals there are; `None` where chance decides it.
    pub(crate) fn count(&self) -> Option<u64> {
        if self.poisson_seed.is_some() {
            return None;
        }
        // From 0 on: those before the end. From 1 on: those up to the end.
        let count =
            if self.first == 0 { self.whole.div_ceil(self.each) } else { self.whole / self.each };
        Some(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// When the arrival with that number is, at even distances; `None` past the last one.
    pub(crate) fn at(&self, number: u64) -> Option<u64> {
        if self.count().is_some_and(|count| number >= count) {
            return None;
        }
        self.at_area(u128::from(number + self.first) * self.each)
    }

    /// Every `of`th arrival from the one with number `share` on, in their order.
    pub(crate) fn share(&self, share: u64, of: u64) -> Box<dyn Iterator<Item = Planned> + '_> {
        let of = of.max(1);
        match self.poisson_seed {
            None => Box::new((share..).step_by(of as usize).map_while(|number| {
                let at_ns = self.at(number)?;
                Some(Planned { number, at_ns })
            })),
            // All shares walk along the same chance, and keep their own.
            Some(seed) => {
                Box::new(self.poisson(seed).filter(move |planned| planned.number % of == share))
            }
        }
    }

    /// A Poisson process of that rate: areas between arrivals are exponential with mean 1.
    fn poisson(&self, seed: u64) -> impl Iterator<Item = Planned> + '_ {
        let mut rng = Rng::new(seed);
        let mut area = 0.0_f64;
        (0..).map_while(move |number| {
            area += -(1.0 - rng.unit()).ln();
            let at_ns = self.at_area((area * self.each as f64) as u128)?;
            Some(Planned { number, at_ns })
        })
    }

    /// When the area under the rate curve has reached that much.
    fn at_area(&self, area: u128) -> Option<u64> {
        if area > self.whole {
            return None;
        }
        // The last segment that begins at or before the area, and has any.
        let after = self.segments.partition_point(|segment| segment.before < area).max(1);
        let segment = self.segments.get(after - 1)?;
        Some(segment.starts_ns + segment.time_of(area - segment.before))
    }
}

impl Segment {
    fn area(&self) -> u128 {
        (u128::from(self.from) + u128::from(self.to)) * u128::from(self.length_ns)
    }

    /// From its start until its area has reached that much.
    fn time_of(&self, area: u128) -> u64 {
        if area == 0 {
            return 0;
        }
        if self.from == self.to {
            let time = area / (2 * u128::from(self.from.max(1)));
            return u64::try_from(time).unwrap_or(u64::MAX).min(self.length_ns);
        }
        // area = 2 * from * t + (to - from) * t^2 / length, solved so that nothing cancels.
        let (from, to) = (self.from as f64, self.to as f64);
        let area = area as f64;
        let root = (from * from + (to - from) * area / self.length_ns as f64).max(0.0).sqrt();
        let time = area / (from + root);
        if time.is_finite() { (time.round() as u64).min(self.length_ns) } else { self.length_ns }
    }
}

fn segments(start: u64, stages: &[Stage]) -> Vec<Segment> {
    let mut at = (start, 0_u64, 0_u128);
    let segments = stages.iter().map(|stage| {
        let (from, starts_ns, before) = at;
        // A stage without length jumps.
        let segment =
            Segment { starts_ns, length_ns: stage.duration_ns, from, to: stage.target, before };
        at = (stage.target, starts_ns + stage.duration_ns, before + segment.area());
        segment
    });
    segments.filter(|segment| segment.length_ns > 0).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::record::load::WhenBusy;

    const SECOND: u64 = 1_000_000_000;
    const MS: u64 = 1_000_000;

    fn constant(rate: u64, unit_ns: u64, duration_ns: u64, arrivals: Arrivals) -> ArrivalSchedule {
        let executor = Executor::ConstantArrivalRate {
            rate,
            time_unit_ns: unit_ns,
            duration_ns,
            pre_allocated_vus: 1,
            max_vus: 1,
            arrivals,
            when_busy: WhenBusy::Drop,
        };
        ArrivalSchedule::new(&executor, 7).expect("is open")
    }

    fn ramping(start_rate: u64, unit_ns: u64, stages: &[(u64, u64)]) -> ArrivalSchedule {
        let stages = stages
            .iter()
            .map(|(duration_ns, target)| Stage { duration_ns: *duration_ns, target: *target });
        let executor = Executor::RampingArrivalRate {
            start_rate,
            time_unit_ns: unit_ns,
            stages: stages.collect(),
            pre_allocated_vus: 1,
            max_vus: 1,
            arrivals: Arrivals::Uniform,
            when_busy: WhenBusy::Drop,
        };
        ArrivalSchedule::new(&executor, 7).expect("is open")
    }

    fn times(schedule: &ArrivalSchedule, share: u64, of: u64) -> Vec<u64> {
        schedule.share(share, of).map(|planned| planned.at_ns).collect()
    }

    /// The answers that k6's own tests expect (`TestRampingArrivalRateCal`), to their 0.1 %.
    #[test]
    fn ramps_as_k6_does() {
        let near = |found: &[u64], expected_ms: &[u64]| {
            assert_eq!(found.len(), expected_ms.len(), "{found:?}");
            for (found, expected) in found.iter().zip(expected_ms) {
                let ratio = *found as f64 / (expected * MS) as f64;
                assert!((ratio - 1.0).abs() < 1e-3, "{found} where {expected} ms were expected");
            }
        };
        let stages = [(5 * SECOND, 1), (SECOND, 1), (5 * SECOND, 0)];
        let whole = ramping(0, SECOND, &stages);
        near(&times(&whole, 0, 1), &[3162, 4472, 5500, 6527, 7837, 11000]);
        near(&times(&whole, 0, 3), &[3162, 6527]);
        near(&times(&whole, 1, 3), &[4472, 7837]);
        near(&times(&whole, 2, 3), &[5500, 11000]);
        let faster = ramping(0, SECOND / 3, &stages);
        near(
            &times(&faster, 0, 1),
            &[
                1825, 2581, 3162, 3651, 4082, 4472, 4830, 5166, 5499, 5833, 6169, 6527, 6917, 7348,
                7837, 8418, 9174, 10999,
            ],
        );
    }

    #[test]
    fn a_constant_rate_begins_at_once_and_ends_before_the_end() {
        let schedule = constant(10, SECOND, SECOND, Arrivals::Uniform);
        assert_eq!(times(&schedule, 0, 1), (0..10).map(|i| i * 100 * MS).collect::<Vec<_>>());
        let odd = constant(3, SECOND, SECOND, Arrivals::Uniform);
        assert_eq!(times(&odd, 0, 1), [0, 333_333_333, 666_666_666]);
    }

    #[test]
    fn nothing_drifts_over_a_day() {
        let day = 86_400 * SECOND;
        for (rate, unit) in [(7, SECOND), (1, 3 * SECOND), (9_999, SECOND), (333, 60 * SECOND)] {
            let schedule = constant(rate, unit, day, Arrivals::Uniform);
            let count = schedule.count().expect("known");
            assert_eq!(
                u128::from(count),
                (u128::from(day) * u128::from(rate)).div_ceil(u128::from(unit))
            );
            for number in (0..count).step_by((count / 1000).max(1) as usize).chain([count - 1]) {
                let exact = u128::from(number) * u128::from(unit) / u128::from(rate);
                assert_eq!(schedule.at(number).map(u128::from), Some(exact), "{number} of {rate}");
            }
            assert_eq!(schedule.at(count), None);
        }
    }

    /// A day of stages, walked from the first arrival to the last: each is where the area is.
    #[test]
    fn a_day_of_ramps_is_walked_without_a_drift() {
        let hour = 3600 * SECOND;
        let stages: Vec<_> = (0..24).map(|i| (hour, [50, 10, 200, 0][i % 4])).collect();
        let schedule = ramping(5, SECOND, &stages);
        let mut from = 5;
        let mut area = 0;
        for (length, to) in &stages {
            area += (from + to) * (length / SECOND);
            from = *to;
        }
        assert_eq!(schedule.count(), Some(area / 2));
        let mut last = 0;
        let mut seen = 0;
        for planned in schedule.share(0, 1) {
            assert!(planned.at_ns >= last, "{planned:?} is before {last}");
            (last, seen) = (planned.at_ns, seen + 1);
        }
        assert_eq!(seen, area / 2);
        assert!(last <= 24 * hour);
    }

    #[test]
    fn shares_are_the_whole() {
        let mut rng = Rng::new(3);
        for _ in 0..200 {
            let stages: Vec<_> = (0..=rng.below(6))
                .map(|_| (rng.below(3) * rng.below(5 * SECOND), rng.below(300)))
                .collect();
            let schedule = ramping(rng.below(300), 1 + rng.below(2 * SECOND), &stages);
            let of = 1 + rng.below(7);
            let mut together: Vec<u64> =
                (0..of).flat_map(|share| times(&schedule, share, of)).collect();
            together.sort_unstable();
            let alone = times(&schedule, 0, 1);
            assert!(alone.is_sorted(), "{stages:?}");
            assert_eq!(together, alone, "{stages:?}");
            assert_eq!(schedule.count(), Some(alone.len() as u64));
        }
    }

    #[test]
    fn a_jump_has_no_arrivals_of_its_own() {
        let schedule = ramping(0, SECOND, &[(0, 10), (SECOND, 10), (0, 0), (SECOND, 0)]);
        assert_eq!(times(&schedule, 0, 1), (1..=10).map(|i| i * 100 * MS).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_arrives_at_a_rate_of_zero() {
        assert_eq!(times(&ramping(0, SECOND, &[(SECOND, 0)]), 0, 1), [] as [u64; 0]);
        assert_eq!(times(&constant(0, SECOND, SECOND, Arrivals::Uniform), 0, 1), [] as [u64; 0]);
    }

    /// Gaps of a Poisson process have a standard deviation as great as their mean, and its shares
    /// are the whole.
    #[test]
    fn poisson_arrivals_are_exponential_and_of_that_rate() {
        let schedule = constant(1000, SECOND, 100 * SECOND, Arrivals::Poisson);
        let all = times(&schedule, 0, 1);
        let count = all.len() as f64;
        assert!((count - 100_000.0).abs() < 4.0 * 100_000.0_f64.sqrt(), "{count}");
        let gaps: Vec<f64> = all.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        assert!((variance.sqrt() / mean - 1.0).abs() < 0.02, "{} {mean}", variance.sqrt());
        let mut shares = [times(&schedule, 0, 2), times(&schedule, 1, 2)].concat();
        shares.sort_unstable();
        assert_eq!(shares, all);
        assert_eq!(schedule.count(), None);
    }
}
