#[bench_sdk::bench_only(when = true)]
fn f() {}

fn main() {}
