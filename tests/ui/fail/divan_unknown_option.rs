fn main() {}

#[divan::bench(sample_cout = 10)]
fn f() {}
