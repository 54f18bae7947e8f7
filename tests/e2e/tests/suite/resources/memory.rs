//! Faults and resident memory.

use super::{BRIEFLY, expect, expect_in, measure};

const MIB: f64 = 1024.0 * 1024.0;

#[test]
fn faults_are_as_many_as_pages_were_touched() {
    let record = measure("resources::memory::touches", &BRIEFLY);
    expect_in(&record, "memory::touches_fresh_pages", "faults_minor", 200.0..204.0);
    expect_in(&record, "memory::touches_nothing", "faults_minor", 0.0..0.5);
    expect_in(&record, "memory::touches_known_pages", "faults_minor", 0.0..0.01);
    for case in ["touches_fresh_pages", "touches_nothing", "touches_known_pages"] {
        expect(&record, &format!("memory::{case}"), &[("faults_major", 0.0)]);
    }
}

#[test]
fn the_peak_of_resident_memory_is_that_of_the_launch() {
    let record = measure("resources::memory::h", &BRIEFLY);
    expect_in(&record, "memory::holds_a_large_buffer", "rss_growth", 60.0 * MIB..80.0 * MIB);
    expect_in(&record, "memory::holds_a_large_buffer", "peak_rss", 64.0 * MIB..96.0 * MIB);
    expect_in(&record, "memory::held_a_large_buffer_before", "rss_growth", 0.0..4.0 * MIB);
    expect_in(&record, "memory::held_a_large_buffer_before", "peak_rss", 1.0..32.0 * MIB);
}
