fn main() {}

#[divan::bench(items_count = "many")]
fn f() {}
