//! Allocations, to the last byte.

use super::{BRIEFLY, expect, figure, measure};

const COUNTS: [&str; 5] = ["allocs", "alloc_bytes", "frees", "peak_live", "leaked"];

/// Cases with their allocations, bytes, frees, peak and leak.
const EXACT: [(&str, [f64; 5]); 6] = [
    ("two_waiting_threads", [5.0, 4_000.0, 5.0, 4_000.0, 0.0]),
    ("transient_peak", [12.0, 1_049_676.0, 12.0, 1_049_576.0, 0.0]),
    ("grows_and_shrinks", [4.0, 5_000.0, 1.0, 5_000.0, 0.0]),
    ("returns", [1.0, 100.0, 0.0, 100.0, 0.0]),
    ("consumes", [0.0, 0.0, 1.0, 0.0, 0.0]),
    ("is_refused", [0.0, 0.0, 0.0, 0.0, 0.0]),
];

#[test]
fn counts_bytes_and_peaks_are_those_that_were_made() {
    for arguments in [&BRIEFLY[..], &["--test"]] {
        let record = measure("resources::allocations::", arguments);
        for (case, counts) in EXACT {
            let expected: Vec<_> = COUNTS.into_iter().zip(counts).collect();
            expect(&record, &format!("allocations::{case}"), &expected);
        }
        let busy_over_idle = COUNTS.map(|metric| {
            let count = |case| figure(&record, &format!("allocations::{case}"), metric);
            count("two_busy_threads") - count("two_idle_threads")
        });
        let [counts @ .., peak, leak] = busy_over_idle;
        assert_eq!((counts, [leak]), ([4.0, 6_000.0, 4.0], [0.0]), "{arguments:?}");
        // The idle ones may have their peak while they start.
        assert!((5_500.0..=6_000.0).contains(&peak), "{peak} {arguments:?}");
    }
}

#[test]
fn only_what_grows_with_every_iteration_is_a_leak() {
    let record = measure("resources::leaks::", &BRIEFLY);
    expect(&record, "leaks::sixty_four_bytes", &[("leaked", 64.0), ("frees", 0.0)]);
    for innocent in ["pushes_into_spare_room", "fills_a_table", "keeps_the_last"] {
        expect(&record, &format!("leaks::{innocent}"), &[("leaked", 0.0)]);
    }
}
