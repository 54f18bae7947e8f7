//! Benchmarks that need more than one call of one function.

use std::hint::black_box;

use bench_sdk::{Bencher, ItemsCount, hub_bench};

use crate::consensus::{Agreement, ConsensusError, reach_agreement};
use crate::flock::{Flock, Neighbours, Rules, step};
use crate::topology::Topology;

/// Wanted by `inputs` alone, which is gone when the attribute does not expand.
#[bench_sdk::bench_only]
use crate::topology::small_world;

/// The same step as [`step`] measures in place, with the neighbours from a grid.
#[hub_bench(args = [16, 64, 256, 1024, 4096], tags = ["scaling"])]
fn step_with_grid(b: Bencher, boids: usize) {
    let flock = Flock::scattered(boids, 1);
    let rules = Rules::default();
    b.counter(ItemsCount::new(boids))
        .with_inputs(|| flock.clone())
        .bench_refs(|flock| step(flock, black_box(&rules), Neighbours::Grid));
}

/// From the first word to the agreement of 64 agents, whatever the number of rounds.
#[hub_bench(inputs = (small_world(64, 64, 3), beliefs_of(64)))]
fn agree(topology: &Topology, beliefs: &[f64]) -> Result<Agreement, ConsensusError> {
    reach_agreement(topology, beliefs, 1e-3, 10_000)
}

#[bench_sdk::bench_only]
fn beliefs_of(agents: u32) -> Vec<f64> {
    (0..agents).map(f64::from).collect()
}
