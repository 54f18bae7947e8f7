fn main() {}

#[divan::bench(args = ["a", "b"])]
fn f(size: usize) -> usize {
    size
}
