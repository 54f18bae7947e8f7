fn main() {}

#[divan::bench(tags = ["slow"])]
fn f() {}
