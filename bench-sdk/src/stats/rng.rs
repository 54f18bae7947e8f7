//! Seeded randomness: the only source of chance in the crate.

/// The odd constant of splitmix64, 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A generator of pseudo-random numbers: xoshiro256++, seeded through splitmix64.
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
/// Mathematical Software 47 (2021); Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014. The same seed gives the same numbers on every platform, up to the
/// last bits of [`normal`](Self::normal). Not for secrets: the output can be predicted.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// A generator for this seed; every seed is a good one, 0 included.
    pub fn new(seed: u64) -> Self {
        let mut state = [0; 4];
        let mut counter = seed;
        for word in &mut state {
            counter = counter.wrapping_add(GOLDEN);
            *word = mix(counter);
        }
        Self { state }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let output = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        output
    }

    /// A number in [0, 1): one of the 2^53 multiples of 2^-53, all equally likely.
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * STEP
    }

    /// A whole number below `n`, all equally likely; 0 where `n` is 0.
    ///
    /// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // Of the 2^64 inputs, 2^64 mod n are too many to share out evenly: these are drawn again.
        let surplus = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(n);
            if wide as u64 >= surplus {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Puts the items in a random order, all orders equally likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let chosen = self.below(last as u64 + 1) as usize;
            items.swap(last, chosen);
        }
    }

    /// A generator of its own for the stream `stream`, fixed by the present state and that number.
    ///
    /// `self` does not move on: streams may be forked in any order, and the same fork made twice
    /// gives the same numbers twice.
    #[cfg(test)]
    pub fn fork(&self, stream: u64) -> Self {
        let mut seed = mix(stream.wrapping_add(GOLDEN));
        for word in self.state {
            seed = mix(seed.wrapping_add(GOLDEN) ^ word);
        }
        Self::new(seed)
    }

    /// A draw from the normal distribution with mean 0 and standard deviation 1; always finite.
    ///
    /// Box and Muller, "A note on the generation of random normal deviates", Annals of
    /// Mathematical Statistics 29 (1958). Nothing beyond 8.6 is ever drawn.
    pub fn normal(&mut self) -> f64 {
        // 1 - unit is never 0, so the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// The finaliser of splitmix64: a bijection that lets every input bit reach every output bit.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xoshiro_gives_the_published_numbers() {
        // From the reference implementation, https://prng.di.unimi.it/xoshiro256plusplus.c
        let published = [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
            14_011_001_112_246_962_877,
            12_406_186_145_184_390_807,
            15_849_039_046_786_891_736,
            10_450_023_813_501_588_000,
        ];
        let mut rng = Rng { state: [1, 2, 3, 4] };
        for expected in published {
            assert_eq!(rng.next_u64(), expected);
        }
    }

    #[test]
    fn seeding_is_splitmix64() {
        // From the reference implementation, https://prng.di.unimi.it/splitmix64.c
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
        ];
        assert_eq!(Rng::new(1_234_567).state, published);
    }

    #[test]
    fn units_fill_the_half_open_interval_evenly() {
        let mut rng = Rng::new(0);
        let mut tenths = [0_u32; 10];
        for _ in 0..50_000 {
            let unit = rng.unit();
            assert!((0.0..1.0).contains(&unit));
            tenths[(unit * 10.0) as usize] += 1;
        }
        // 5,000 expected in each, with a standard deviation of 67.
        assert!(tenths.iter().all(|count| count.abs_diff(5_000) < 300), "{tenths:?}");
    }

    #[test]
    fn below_is_unbiased_and_in_range() {
        let mut rng = Rng::new(1);
        let mut seen = [0_u32; 3];
        for _ in 0..30_000 {
            seen[rng.below(3) as usize] += 1;
        }
        assert!(seen.iter().all(|count| count.abs_diff(10_000) < 400), "{seen:?}");
        // A plain remainder would put half of all draws into the lower third here.
        let bound = (1_u64 << 63) + (1 << 62);
        let mut low = 0_u32;
        for _ in 0..20_000 {
            low += u32::from(rng.below(bound) < bound / 3);
        }
        assert!(low.abs_diff(6_667) < 350, "{low}");
        assert_eq!((rng.below(0), rng.below(1)), (0, 0));
        assert!(rng.below(u64::MAX) < u64::MAX);
    }

    #[test]
    fn shuffle_reaches_every_order_equally_often() {
        let mut rng = Rng::new(2);
        let mut seen = std::collections::BTreeMap::<[u8; 4], u32>::new();
        for _ in 0..24_000 {
            let mut items = [0, 1, 2, 3];
            rng.shuffle(&mut items);
            *seen.entry(items).or_default() += 1;
        }
        assert_eq!(seen.len(), 24);
        assert!(seen.values().all(|count| count.abs_diff(1_000) < 160), "{seen:?}");
        rng.shuffle::<u8>(&mut []);
    }

    #[test]
    fn forks_repeat_and_differ() {
        let root = Rng::new(3);
        let mut firsts = Vec::new();
        for stream in 0..1_000 {
            let first = root.fork(stream).next_u64();
            assert_eq!(root.fork(stream).next_u64(), first);
            firsts.push(first);
        }
        firsts.push(root.clone().next_u64());
        firsts.push(Rng::new(4).fork(0).next_u64());
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), 1_002);
    }

    #[test]
    fn normals_have_the_right_moments() {
        let mut rng = Rng::new(5);
        let (mut sum, mut squares, mut fourths) = (0.0, 0.0, 0.0);
        for _ in 0..50_000 {
            let value = rng.normal();
            sum += value;
            squares += value * value;
            fourths += value.powi(4);
        }
        assert!((sum / 50_000.0).abs() < 0.02, "{sum}");
        assert!((squares / 50_000.0 - 1.0).abs() < 0.03, "{squares}");
        assert!((fourths / 50_000.0 - 3.0).abs() < 0.2, "{fourths}");
    }
}
