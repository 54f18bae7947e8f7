fn main() {}

const SIZES: [usize; 21] = [0; 21];

#[divan::bench(consts = SIZES)]
fn f<const N: usize>() {}
