//! The search against targets whose capacity is known.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use super::{Search, SearchStep};
use crate::record::load::{Capacity, Probed};
use crate::stats::Rng;

/// Runs a search against a target: what it says of a rate.
fn search(mut target: impl FnMut(f64, bool) -> Probed) -> Capacity {
    let mut search = Search::new(10.0, 10.0, 1e6, 1);
    for _ in 0..100 {
        match search.next() {
            SearchStep::Try { rate, .. } => search.tell(target(rate, false)),
            SearchStep::Confirm { rate, .. } => search.tell(target(rate, true)),
            SearchStep::Done(capacity) => return *capacity,
        }
    }
    panic!("the search does not end")
}

fn probed(rate: f64, passed: bool, limited: bool) -> Probed {
    Probed {
        planned_per_second: rate,
        reached_per_second: rate,
        in_flight: rate / 100.0,
        p95_ns: Some(1e7),
        failed: 0.0,
        passed,
        limited,
    }
}

#[test]
fn the_knee_is_found_to_five_percent_wherever_it_is() {
    let mut rng = Rng::new(3);
    for _ in 0..40 {
        let knee = 1.0 + 20_000.0 * (rng.normal().abs());
        let found = search(|rate, _| probed(rate, rate <= knee, false));
        let claimed = found.knee_per_second.unwrap_or_else(|| panic!("{knee}: {}", found.words));
        assert!(claimed <= knee && found.confirmed, "{knee} {claimed}");
        let failed = found.failed_at_per_second.unwrap_or_else(|| panic!("{knee}"));
        assert!(failed > knee && (failed / claimed <= 1.05 || failed - claimed <= 1.0), "{knee}");
        assert!(found.probes.len() < 30, "{knee}: {}", found.probes.len());
    }
}

#[test]
fn nothing_is_claimed_where_the_generator_is_the_limit() {
    let found = search(|rate, _| probed(rate, rate < 500.0, rate >= 300.0));
    assert_eq!((found.knee_per_second, found.confirmed), (None, false));
    assert_eq!(
        found.words,
        "160/s held; beyond that the generator was the limit, so nothing is said of the target's \
         capacity"
    );
}

#[test]
fn a_rate_that_does_not_hold_again_is_not_the_knee() {
    // Holds up to 1000 for a short window, and up to 600 for a long one.
    let found =
        search(|rate, confirms| probed(rate, rate <= if confirms { 600.0 } else { 1000.0 }, false));
    let claimed = found.knee_per_second.unwrap_or(0.0);
    assert!(!found.confirmed || claimed <= 600.0, "{}", found.words);
    let never = search(|rate, confirms| probed(rate, rate <= 1000.0 && !confirms, false));
    assert!(!never.confirmed);
    assert!(never.words.contains("unconfirmed"), "{}", never.words);
}

#[test]
fn a_target_that_bears_nothing_is_said_to() {
    let found = search(|rate, _| probed(rate, false, false));
    assert_eq!(found.knee_per_second, None);
    assert_eq!(found.words, "no rate held: the thresholds do not hold at 1/s either");
    let down = search(|rate, _| Probed { failed: 1.0, ..probed(rate, false, false) });
    assert_eq!(
        down.words,
        "no rate held: every iteration failed or was dropped at every rate tried"
    );
}

#[test]
fn a_search_ends_in_time() {
    let mut search = Search::new(10.0, 10.0, 35.0, 1);
    let mut tries = 0;
    let capacity = loop {
        match search.next() {
            SearchStep::Done(capacity) => break capacity,
            SearchStep::Try { rate, .. } | SearchStep::Confirm { rate, .. } => {
                tries += 1;
                search.tell(probed(rate, true, false));
            }
        }
    };
    assert_eq!(tries, 3);
    assert_eq!(
        capacity.words,
        "40/s held in one window, unconfirmed: the time for the search was over"
    );
}

#[test]
fn the_scalability_law_is_found_in_the_probes() {
    // X(N) = 100 N / (1 + 0.05 (N - 1)), by its inverse: N = X (1 - 0.05) / (100 - 0.05 X).
    let found = search(|rate, _| {
        let in_flight = rate * 0.95 / (100.0 - 0.05 * rate);
        let passed = rate < 1_500.0;
        let in_flight = if passed { in_flight } else { 100.0 };
        let reached = 100.0 * in_flight / (1.0 + 0.05 * (in_flight - 1.0));
        Probed { in_flight, reached_per_second: reached, ..probed(rate, passed, false) }
    });
    let law = found.law.unwrap_or_else(|| panic!("a law"));
    assert!((law.lambda.estimate - 100.0).abs() < 1.0, "{law:?}");
    assert!((law.sigma.estimate - 0.05).abs() < 0.001, "{law:?}");
}
