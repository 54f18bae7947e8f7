fn main() {}

#[divan::bench]
fn f(bencher: divan::Bencher, size: usize) {
    bencher.bench(|| size);
}
