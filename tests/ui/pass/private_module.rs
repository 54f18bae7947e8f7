//! Benchmarks where nobody sees them.
#![deny(warnings)]

mod outer {
    pub(super) mod inner {
        use bench_sdk::Bencher;

        #[bench_sdk::hub_bench(args = [1])]
        fn hidden(bencher: Bencher, n: u8) {
            bencher.bench(|| n);
        }
    }
}

fn main() {
    #[bench_sdk::hub_bench]
    fn inside() {}
}
