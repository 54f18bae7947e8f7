fn main() {}

#[divan::bench(args = [1, 2])]
fn f() {}
