//! Benchmarks of methods, and of what needs a prepared registry.

use std::hint::black_box;

use bench_sdk::{Bencher, hub_bench};

use crate::agent::{Agent, AgentId};
use crate::capability::{Capability, CapabilitySet};
use crate::message::Address;
use crate::router::Mailbox;
use crate::sample;

/// Finding agents, with the figures of one lookup.
#[bench_sdk::hub_bench_group(name = "lookup", tags = ["read"])]
mod lookup {
    use super::{Agent, AgentId, Bencher, Capability, CapabilitySet, black_box, hub_bench, sample};

    #[hub_bench(args = [64, 256, 1024, 4096, 16_384], tags = ["scaling"], complexity = "n")]
    fn find_by_capability(b: Bencher, agents: usize) {
        let registry = sample::registry(agents);
        b.bench(|| {
            let found = black_box(&registry).find_by_capability(black_box(Capability::Review));
            found.map(Agent::free_slots).sum::<u32>()
        });
    }

    #[hub_bench(args = [64, 4096])]
    fn least_loaded(b: Bencher, agents: usize) {
        let registry = sample::registry(agents);
        let required = CapabilitySet::EMPTY.with(Capability::Code).with(Capability::Review);
        b.bench(|| {
            let agent = black_box(&registry).least_loaded(black_box(required));
            agent.map(|agent| agent.id)
        });
    }

    #[hub_bench]
    fn by_name(b: Bencher) {
        let registry = sample::registry(1024);
        b.bench(|| black_box(&registry).by_name(black_box("sample-777")).map(Agent::free_slots));
    }

    /// Every agent once: a single lookup is too short to be told from an empty loop.
    #[hub_bench(items_count = 1024)]
    fn by_id(b: Bencher) {
        let registry = sample::registry(1024);
        let ids: Vec<_> = (0..1024).rev().map(AgentId::new).collect();
        b.bench(|| {
            let agents = ids.iter().filter_map(|&id| registry.get(black_box(id)));
            agents.map(Agent::free_slots).sum::<u32>()
        });
    }
}

/// One agent reads a mailbox of 32 messages.
#[hub_bench(items_count = 32)]
fn read_mailbox(b: Bencher) {
    let message = std::sync::Arc::new(sample::message(Address::Everyone, 64));
    let mut full = sample::router(1);
    for _ in 0..32 {
        let mailbox = full.mailbox(AgentId::new(0));
        mailbox.map(|mailbox| mailbox.deliver(message.clone()));
    }
    b.with_inputs(|| full.clone()).bench_refs(|router| {
        let mut bytes = 0;
        while let Some(message) = router.mailbox(AgentId::new(0)).and_then(Mailbox::take) {
            bytes += message.body.len();
        }
        bytes
    });
}
