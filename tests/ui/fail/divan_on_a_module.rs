fn main() {}

#[divan::bench(sample_count = 10)]
mod m {}
