fn main() {}

#[divan::bench_group(args = [1, 2])]
mod m {}
