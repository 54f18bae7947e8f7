//! Virtual users that come and go along stages: when each one is to be active.

use crate::record::load::Stage;

/// From that instant on, so many virtual users are planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// From the start of the scenario.
    pub(crate) at_ns: u64,
    /// How many.
    pub(crate) vus: u64,
}

/// A stretch in which one virtual user is to be active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Active {
    /// Its start.
    pub(crate) from_ns: u64,
    /// Its end.
    pub(crate) until_ns: u64,
}

/// The steps of a scenario: one virtual user at a time, each at the instant at which the straight
/// line between the stages reaches its number; stages without length jump.
pub(crate) fn steps(start_vus: u64, stages: &[Stage]) -> Vec<Step> {
    let mut steps = vec![Step { at_ns: 0, vus: start_vus }];
    let (mut from, mut begins_ns) = (start_vus, 0_u64);
    for stage in stages {
        let ends_ns = begins_ns + stage.duration_ns;
        if stage.duration_ns == 0 && stage.target != from {
            steps.push(Step { at_ns: ends_ns, vus: stage.target });
        } else {
            steps.extend(ramp(from, *stage, begins_ns));
        }
        (from, begins_ns) = (stage.target, ends_ns);
    }
    steps
}

fn ramp(from: u64, stage: Stage, begins_ns: u64) -> impl Iterator<Item = Step> {
    let distance = from.abs_diff(stage.target);
    (1..=distance).map(move |nth| {
        let part = u128::from(stage.duration_ns) * u128::from(nth) / u128::from(distance);
        let vus = if stage.target > from { from + nth } else { from - nth };
        // Never more than the stage is long.
        Step { at_ns: begins_ns + part as u64, vus }
    })
}

/// When each virtual user is to be active, by its number from 0, in a scenario that ends at
/// `end_ns`. The one with the greatest number is the first to go.
pub(crate) fn active_times(steps: &[Step], end_ns: u64) -> Vec<Vec<Active>> {
    let most = steps.iter().map(|step| step.vus).max().unwrap_or(0);
    let mut times: Vec<Vec<Active>> = vec![Vec::new(); most as usize];
    let mut active = 0;
    for step in steps {
        for user in active..step.vus {
            resume(&mut times[user as usize], step.at_ns, end_ns);
        }
        for user in step.vus..active {
            if let Some(last) = times[user as usize].last_mut() {
                last.until_ns = step.at_ns;
            }
        }
        active = step.vus;
    }
    for of_user in &mut times {
        of_user.retain(|stretch| stretch.until_ns > stretch.from_ns);
    }
    times
}

/// One that goes and comes back in the same instant was never gone.
fn resume(of_user: &mut Vec<Active>, at_ns: u64, end_ns: u64) {
    match of_user.last_mut() {
        Some(last) if last.until_ns == at_ns => last.until_ns = end_ns,
        _ => of_user.push(Active { from_ns: at_ns, until_ns: end_ns }),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::stats::Rng;

    const SECOND: u64 = 1_000_000_000;

    fn stages(of: &[(u64, u64)]) -> Vec<Stage> {
        of.iter()
            .map(|(seconds, target)| Stage { duration_ns: seconds * SECOND, target: *target })
            .collect()
    }

    fn in_seconds(steps: &[Step]) -> Vec<(u64, u64)> {
        steps.iter().map(|step| (step.at_ns / SECOND, step.vus)).collect()
    }

    /// The answers that k6's own tests expect (`TestRampingVUsExecutionTupleTests`).
    #[test]
    fn steps_as_k6_does() {
        let stages = stages(&[
            (2, 6),
            (5, 1),
            (4, 5),
            (4, 1),
            (3, 4),
            (2, 4),
            (0, 1),
            (3, 1),
            (0, 5),
            (3, 5),
            (0, 0),
            (2, 2),
            (2, 0),
            (4, 4),
        ]);
        let expected = [
            (0, 4),
            (1, 5),
            (2, 6),
            (3, 5),
            (4, 4),
            (5, 3),
            (6, 2),
            (7, 1),
            (8, 2),
            (9, 3),
            (10, 4),
            (11, 5),
            (12, 4),
            (13, 3),
            (14, 2),
            (15, 1),
            (16, 2),
            (17, 3),
            (18, 4),
            (20, 1),
            (23, 5),
            (26, 0),
            (27, 1),
            (28, 2),
            (29, 1),
            (30, 0),
            (31, 1),
            (32, 2),
            (33, 3),
            (34, 4),
        ];
        assert_eq!(in_seconds(&steps(4, &stages)), expected);
    }

    /// The corner cases of k6's tests (`TestRampingVUsGetRawExecutionStepsCornerCases`).
    #[test]
    fn corner_cases_as_k6_has_them() {
        let of = |start, list: &[(u64, u64)]| in_seconds(&steps(start, &stages(list)));
        assert_eq!(of(2, &[(0, 5), (2, 3)]), [(0, 2), (0, 5), (1, 4), (2, 3)]);
        assert_eq!(of(3, &[(2, 5)]), [(0, 3), (1, 4), (2, 5)]);
        assert_eq!(
            of(0, &[(2, 2), (2, 0), (2, 2), (2, 0)]),
            [(0, 0), (1, 1), (2, 2), (3, 1), (4, 0), (5, 1), (6, 2), (7, 1), (8, 0)]
        );
    }

    #[test]
    fn the_last_to_come_is_the_first_to_go() {
        let times = active_times(&steps(0, &stages(&[(2, 2), (2, 0)])), 4 * SECOND);
        let active =
            |from, until| vec![Active { from_ns: from * SECOND, until_ns: until * SECOND }];
        assert_eq!(times, [active(1, 4), active(2, 3)]);
    }

    #[test]
    fn a_jump_there_and_back_is_no_time() {
        let times = active_times(&steps(1, &stages(&[(1, 1), (0, 3), (0, 1), (1, 1)])), 2 * SECOND);
        assert_eq!(times[0], [Active { from_ns: 0, until_ns: 2 * SECOND }]);
        assert!(times[1].is_empty() && times[2].is_empty());
    }

    /// At any instant as many are active as the last step before it says.
    #[test]
    fn active_times_are_the_steps() {
        let mut rng = Rng::new(11);
        for _ in 0..100 {
            let list: Vec<_> = (0..=rng.below(6)).map(|_| (rng.below(8), rng.below(40))).collect();
            let stages = stages(&list);
            let steps = steps(rng.below(40), &stages);
            let end = stages.iter().map(|stage| stage.duration_ns).sum();
            let times = active_times(&steps, end);
            assert!(steps.iter().map(|step| step.at_ns).is_sorted(), "{steps:?}");
            for _ in 0..50 {
                let at = rng.below(end.max(1));
                let active = |of: &Active| of.from_ns <= at && at < of.until_ns;
                let found = times.iter().flatten().filter(|of| active(of)).count() as u64;
                let planned = steps.iter().rev().find(|step| step.at_ns <= at).map(|step| step.vus);
                assert!(end == 0 || Some(found) == planned, "at {at} of {list:?}");
            }
        }
    }

    #[test]
    fn a_day_of_a_thousand_users_is_planned_at_once() {
        let hour = 3600;
        let course: Vec<_> = (0..24).map(|i| (hour, [1000, 10, 500][i % 3])).collect();
        let steps = steps(0, &stages(&course));
        let end = steps.last().expect("steps");
        assert_eq!((end.at_ns, end.vus), (24 * hour * SECOND, 500));
        assert_eq!(active_times(&steps, 24 * hour * SECOND).len(), 1000);
    }
}
