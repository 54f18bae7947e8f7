use bench_sdk::hub_bench;

struct Queue(u8);

impl Queue {
    #[hub_bench]
    fn push(&self) -> u8 {
        self.0
    }
}

fn main() {}
