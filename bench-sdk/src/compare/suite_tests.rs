//! Rules of a suite, one at a time.

use super::simulate::suite_of;
use super::suite::{Judgement, Suite};
use crate::record::{Rules, ThresholdVerdict, Verdict};

/// A suite of so many comparisons, of which the first has these launches.
fn first_of(comparisons: usize, launches: &[f64]) -> Suite {
    let mut suite = suite_of(comparisons, 0.01);
    for d in launches {
        suite.push(0, *d);
    }
    suite
}

fn judged(suite: &Suite) -> Judgement {
    suite.judge().swap_remove(0)
}

/// So many launches around `effect`, all different, out of order.
fn around(effect: f64, count: u32) -> Vec<f64> {
    (0..count).map(|at| effect + 1e-5 * f64::from(at * 7 % 11)).collect()
}

/// Launches against a threshold of 5 %.
fn thresholded(launches: &[f64]) -> Suite {
    let mut suite = Suite::new(Rules::default());
    suite.add(0.01, Some(0.05));
    for d in launches {
        suite.push(0, *d);
    }
    suite
}

#[test]
fn ten_launches_of_one_mind_settle_it() {
    let verdict = |effect, count| {
        let suite = first_of(1, &around(effect, count));
        (suite.settled(0), judged(&suite).verdict)
    };
    assert_eq!(verdict(0.03, 9), (false, Verdict::Inconclusive));
    assert_eq!(verdict(0.03, 10), (true, Verdict::Regressed));
    assert_eq!(verdict(-0.03, 10), (true, Verdict::Improved));
    assert_eq!(verdict(0.001, 9), (false, Verdict::Inconclusive));
    assert_eq!(verdict(0.001, 10), (true, Verdict::Equivalent));
    // Neither zero nor a border counts as beyond itself.
    assert_eq!(first_of(1, &[0.0; 30]).verdicts()[0].0, Verdict::Equivalent);
    assert_eq!(first_of(1, &[0.01_f64.ln_1p(); 30]).verdicts()[0].0, Verdict::Regressed);
    assert_eq!(first_of(1, &[-0.01_f64.ln_1p(); 30]).verdicts()[0].0, Verdict::Improved);
}

#[test]
fn what_is_slower_by_less_than_matters_is_not_called() {
    // All slower, almost half of them by more than 1 %, but the median by 0.98 %.
    let launches: Vec<f64> = (0..30).map(|at| 0.0085 + 9e-5 * f64::from(at * 7 % 30)).collect();
    let judgement = judged(&first_of(1, &launches));
    assert_eq!(judgement.verdict, Verdict::Inconclusive, "{judgement:?}");
    assert!(judgement.e_value.is_some_and(|e| e > 1e6), "{judgement:?}");
}

#[test]
fn a_large_suite_asks_for_more_until_there_is_company() {
    // E'(10, 10) = 511, E'(13, 13) = 3,735, E'(14, 14) = 7,266; one of 200 needs 4,000.
    for (launches, settled) in [(10, false), (13, false), (14, true)] {
        let suite = first_of(100, &around(0.03, launches));
        assert_eq!(suite.settled(0), settled, "{launches}");
        let verdict = if settled { Verdict::Regressed } else { Verdict::Inconclusive };
        assert_eq!(judged(&suite).verdict, verdict, "{launches}");
    }
    let mut suite = first_of(100, &around(0.03, 13));
    let open = judged(&suite);
    assert!(open.evidence[1].contains("not for one of 100"), "{open:?}");
    for d in around(-0.04, 13) {
        assert!(!suite.settled(1));
        suite.push(1, d);
    }
    // Two together need 2,000 each.
    assert!(suite.settled(0) && suite.settled(1) && !suite.settled(2));
    let verdicts: Vec<Verdict> = suite.judge().iter().take(3).map(|j| j.verdict).collect();
    assert_eq!(verdicts, [Verdict::Regressed, Verdict::Improved, Verdict::Inconclusive]);
}

#[test]
fn a_large_suite_sees_less_in_as_many_launches() {
    let outlook = |comparisons| suite_of(comparisons, 0.01).outlook(0.02, 30);
    assert_eq!(outlook(1), super::blocks::outlook(0.02, 30, &Rules::default()));
    assert_eq!(outlook(1), outlook(10));
    assert!(outlook(100) > outlook(10), "{:?}", outlook(100));
}

#[test]
fn company_that_is_not_called_does_not_count() {
    let mut suite = first_of(100, &around(0.03, 13));
    // Slower beyond doubt, but by half of what matters.
    for d in around(0.005, 13) {
        suite.push(1, d);
    }
    assert!(suite.settled(1) && !suite.settled(0));
    // Company that thinks better of it takes its support along.
    let mut suite = first_of(100, &around(0.03, 13));
    for d in around(0.03, 13) {
        suite.push(1, d);
    }
    assert!(suite.settled(0));
    for _ in 0..8 {
        suite.push(1, -0.02);
    }
    assert!(!suite.settled(0) && !suite.settled(1));
}

#[test]
fn a_threshold_keeps_it_going() {
    let stand = |launches: &[f64]| {
        let suite = thresholded(launches);
        let judgement = judged(&suite);
        (suite.settled(0), judgement.verdict, judgement.threshold)
    };
    assert_eq!(stand(&around(0.08, 10)), (true, Verdict::Regressed, Some(ThresholdVerdict::Over)));
    assert_eq!(stand(&around(0.03, 10)), (true, Verdict::Regressed, Some(ThresholdVerdict::Under)));
    assert_eq!(stand(&around(0.0, 10)), (true, Verdict::Equivalent, Some(ThresholdVerdict::Under)));
    let mixed = |more: f64| -> Vec<f64> {
        let mut launches = Vec::new();
        for at in 0..21 {
            launches.push(if at % 2 == 0 { more } else { 0.098 - more });
        }
        launches
    };
    assert_eq!(
        stand(&mixed(0.06)),
        (false, Verdict::Regressed, Some(ThresholdVerdict::ProbablyOver))
    );
    assert_eq!(
        stand(&mixed(0.04)),
        (false, Verdict::Regressed, Some(ThresholdVerdict::ProbablyUnder))
    );
    assert_eq!(thresholded(&[]).judge()[0].threshold, None);
    assert_eq!(first_of(1, &around(0.08, 10)).judge()[0].threshold, None);
}

#[test]
fn verdicts_come_with_their_grounds() {
    let slower = judged(&thresholded(&around(0.08, 14)));
    assert_eq!(
        slower.evidence,
        ["14 of 14 launches slower", "14 of 14 launches more than 5.0 % slower"]
    );
    assert_eq!((slower.launches, slower.notes.len()), (14, 0));
    let ratio = slower.ratio.and_then(|r| Some((r.estimate, r.low?, r.high?, r.level?)));
    assert!(ratio.is_some_and(|(e, l, h, level)| l < e && e < h && (level - 0.995).abs() < 1e-12));
    // The interval ends at the largest value, 8.01 % on the scale of d.
    let excluded = slower.smallest_effect.map(|effect| (effect - 0.0801_f64.exp_m1()).abs());
    assert!(excluded.is_some_and(|distance| distance < 1e-12), "{slower:?}");
    let same = judged(&first_of(1, &around(0.0, 12)));
    assert_eq!(
        same.evidence,
        ["12 of 12 launches less than 1.0 % slower", "12 of 12 launches less than 1.0 % faster"]
    );
    let nothing = judged(&first_of(1, &[]));
    assert_eq!(nothing.evidence, ["no launch gave a value"]);
    assert_eq!((nothing.ratio, nothing.e_value, nothing.smallest_effect), (None, None, None));
}

#[test]
fn launches_without_a_value_are_left_out_and_said() {
    let mut suite = first_of(1, &around(0.03, 9));
    for d in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        suite.push(0, d);
    }
    let judgement = judged(&suite);
    assert_eq!((judgement.launches, judgement.verdict), (9, Verdict::Inconclusive));
    assert_eq!(judgement.notes[0].code, "launches_ignored");
    // Below ten launches there is an estimate and no interval.
    let ratio = judgement.ratio.map(|r| (r.low, r.high, r.level));
    assert_eq!((ratio, judgement.smallest_effect), (Some((None, None, None)), None));
    suite.push(7, 0.1);
    assert!(suite.settled(7) && suite.judge().len() == 1);
}

#[test]
fn a_second_mode_that_matters_is_not_equivalent() {
    let two = |upper: f64| -> Vec<f64> {
        let mut launches = around(0.0, 40);
        for at in [3, 8, 12, 17, 22, 26, 31, 36] {
            launches[at] += upper;
        }
        launches
    };
    let far = judged(&first_of(1, &two(0.05)));
    assert_eq!(far.verdict, Verdict::Inconclusive, "{far:?}");
    assert!(far.notes[0].text.contains("around +5.1 % in 20 % of them, around +0.0 %"), "{far:?}");
    assert!(far.evidence[1].starts_with("cannot be called equivalent"), "{far:?}");
    // Two modes of which neither matters leave nothing open.
    assert_eq!(judged(&first_of(1, &two(0.004))).verdict, Verdict::Equivalent);
}

#[test]
fn launches_that_depend_on_each_other_count_in_fours() {
    let drifting =
        |count: u32| -> Vec<f64> { (0..count).map(|at| 0.03 + 1e-4 * f64::from(at)).collect() };
    let early = judged(&first_of(1, &drifting(39)));
    assert_eq!(early.verdict, Verdict::Inconclusive, "{early:?}");
    assert_eq!(early.notes[0].code, "dependent_launches");
    let late = judged(&first_of(1, &drifting(43)));
    assert_eq!(late.verdict, Verdict::Regressed, "{late:?}");
    assert_eq!(late.evidence, ["10 of 10 medians of four launches slower"]);
    // The estimate is that of all launches, and lies within the interval.
    let ratio = late.ratio.and_then(|r| Some((r.low?, r.estimate, r.high?)));
    assert!(ratio.is_some_and(|(low, estimate, high)| low < estimate && estimate < high));
}

#[test]
fn rules_that_make_no_sense_call_nothing() {
    for rules in [
        Rules { alpha: f64::NAN, ..Rules::default() },
        Rules { alpha: 0.0, ..Rules::default() },
        Rules { q: f64::NAN, ..Rules::default() },
        Rules { q: 0.0, ..Rules::default() },
    ] {
        let mut suite = Suite::new(rules);
        suite.add(0.01, Some(f64::NAN));
        for d in around(0.03, 20) {
            suite.push(0, d);
        }
        let judgement = judged(&suite);
        assert_eq!((judgement.verdict, judgement.threshold), (Verdict::Inconclusive, None));
        assert!(!suite.settled(0));
    }
}
