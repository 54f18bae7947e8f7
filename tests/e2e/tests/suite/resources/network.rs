//! Bytes of the network.

use super::{BRIEFLY, expect_in, measure};

/// The figures are those of the whole namespace, where others may talk as well; there are none of a
/// kind that would double what is sent here.
#[test]
fn what_crosses_the_loopback_is_counted_with_little_around_it() {
    let record = measure("resources::network::sends", &BRIEFLY);
    for metric in ["net_sent", "net_received"] {
        expect_in(&record, "network::sends", metric, 100_001.0..105_000.0);
    }
    for metric in ["net_packets_sent", "net_packets_received"] {
        expect_in(&record, "network::sends", metric, 3.0..100.0);
    }
    let record = measure("resources::processor::spins", &BRIEFLY);
    expect_in(&record, "processor::spins", "net_sent", 0.0..1_000.0);
}
