fn main() {}

#[divan::bench]
fn f<T: Default>() -> T {
    T::default()
}
