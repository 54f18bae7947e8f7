fn main() {}

#[divan::bench]
async fn f() {}
