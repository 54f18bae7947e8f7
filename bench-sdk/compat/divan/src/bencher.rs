//! The handle that benchmark functions are given, with the types and methods of divan's.

use std::fmt;
use std::marker::PhantomData;

use bench_sdk::__private::{Amounts, CountInput, Uncounted};
use bench_sdk::InputBencher;

use crate::counter::{AsCountUInt, Counter, IntoCounter, Sealed, recorded};

/// Runs and times the body of one case.
///
/// ```no_run
/// use divan::Bencher;
///
/// #[divan::bench]
/// fn copy_from_slice(bencher: Bencher) {
///     let source: Vec<i32> = (0..100).collect();
///     let mut target = vec![0; source.len()];
///     bencher.bench_local(|| divan::black_box(&mut target).copy_from_slice(&source));
/// }
/// # fn main() { divan::main(); }
/// ```
#[must_use = "call `bench` or another measuring method, or the benchmark fails"]
pub struct Bencher<'a, 'b, C = BencherConfig> {
    engine: bench_sdk::Bencher<'a>,
    config: C,
    /// Divan's has a second lifetime, which functions may name.
    second: PhantomData<&'b ()>,
}

/// How inputs are made and counted.
pub struct BencherConfig<G = NoInputs, N = Uncounted> {
    generate: G,
    count: N,
}

/// No inputs are made.
pub struct NoInputs;

impl<C> fmt::Debug for Bencher<'_, '_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bencher").finish_non_exhaustive()
    }
}

impl<'a> Bencher<'a, '_> {
    pub(crate) fn new(engine: bench_sdk::Bencher<'a>) -> Self {
        let config = BencherConfig { generate: NoInputs, count: Uncounted };
        Self { engine, config, second: PhantomData }
    }
}

impl<'a, 'b> Bencher<'a, 'b> {
    /// Measures a function, on as many threads as the case asks for.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher.bench(|| divan::black_box(2_u32).pow(10));
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench<O, B>(self, benched: B)
    where
        B: Fn() -> O + Sync,
    {
        self.engine.bench(benched);
    }

    /// Measures a function on the calling thread alone.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     let mut numbers = Vec::new();
    ///     bencher.bench_local(|| numbers.push(1));
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench_local<O, B>(self, benched: B)
    where
        B: FnMut() -> O,
    {
        self.engine.on_one_thread().bench_local(benched);
    }

    /// Makes a fresh input for every iteration, off the clock.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher.with_inputs(|| vec![3, 1, 2]).bench_refs(|numbers| numbers.sort());
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn with_inputs<G>(self, generate: G) -> Bencher<'a, 'b, BencherConfig<G>> {
        let config = BencherConfig { generate, count: Uncounted };
        Bencher { engine: self.engine, config, second: PhantomData }
    }
}

impl<G, N> Bencher<'_, '_, BencherConfig<G, N>> {
    /// Says what one iteration processes; a counter of the same kind given before is replaced.
    ///
    /// ```no_run
    /// use divan::counter::BytesCount;
    ///
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     let text = "a b c";
    ///     bencher.counter(BytesCount::of_str(text)).bench(|| text.split(' ').count());
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn counter<C>(self, counter: C) -> Self
    where
        C: IntoCounter,
    {
        Self { engine: self.engine.counter(recorded(counter)), ..self }
    }
}

impl<'a, 'b, I, G, N> Bencher<'a, 'b, BencherConfig<G, N>>
where
    G: FnMut() -> I,
    N: CountInput<I>,
{
    /// Counts what every input stands for, such as its bytes; the throughput shown is the mean.
    ///
    /// ```no_run
    /// use divan::counter::{BytesCount, CharsCount};
    ///
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher
    ///         .with_inputs(|| String::from("naïve"))
    ///         .input_counter(BytesCount::of_str)
    ///         .input_counter(CharsCount::of_str)
    ///         .bench_refs(|text| text.chars().rev().count());
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn input_counter<C, F>(
        self,
        make_counter: F,
    ) -> Bencher<'a, 'b, BencherConfig<G, AlsoBy<N, F>>>
    where
        F: Fn(&I) -> C + Sync + 'static,
        C: IntoCounter,
    {
        self.counted(|before| AlsoBy { before, make_counter })
    }

    /// Counts inputs, which are numbers, as so many of something.
    ///
    /// ```no_run
    /// use divan::counter::ItemsCount;
    ///
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher
    ///         .with_inputs(|| 100_usize)
    ///         .count_inputs_as::<ItemsCount>()
    ///         .bench_values(|n| (0..n).collect::<Vec<_>>());
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn count_inputs_as<C>(self) -> Bencher<'a, 'b, BencherConfig<G, AlsoAs<N, C>>>
    where
        C: Counter,
        I: AsCountUInt,
    {
        self.counted(|before| AlsoAs { before, counter: PhantomData })
    }

    fn counted<M>(self, count: impl FnOnce(N) -> M) -> Bencher<'a, 'b, BencherConfig<G, M>> {
        let BencherConfig { generate, count: before } = self.config;
        let config = BencherConfig { generate, count: count(before) };
        Bencher { engine: self.engine, config, second: PhantomData }
    }

    /// Measures a function that takes its input by value, on as many threads as the case asks for.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher.with_inputs(|| vec![3, 1, 2]).bench_values(Vec::into_boxed_slice);
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench_values<O, B>(self, benched: B)
    where
        B: Fn(I) -> O + Sync,
        G: Fn() -> I + Sync,
        N: Sync,
    {
        with_inputs(self.engine, self.config).bench_values(benched);
    }

    /// [`bench_values`](Self::bench_values) on the calling thread alone.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     let mut sum = 0;
    ///     bencher.with_inputs(|| 3).bench_local_values(|n| sum += n);
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench_local_values<O, B>(self, benched: B)
    where
        B: FnMut(I) -> O,
    {
        with_inputs(self.engine.on_one_thread(), self.config).bench_local_values(benched);
    }

    /// Measures a function that takes its input by mutable reference; the input is dropped off the
    /// clock.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     bencher.with_inputs(|| vec![3, 1, 2]).bench_refs(|numbers| numbers.reverse());
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench_refs<O, B>(self, benched: B)
    where
        B: Fn(&mut I) -> O + Sync,
        G: Fn() -> I + Sync,
        N: Sync,
    {
        with_inputs(self.engine, self.config).bench_refs(benched);
    }

    /// [`bench_refs`](Self::bench_refs) on the calling thread alone.
    ///
    /// ```no_run
    /// #[divan::bench]
    /// fn bench(bencher: divan::Bencher) {
    ///     let mut seen = Vec::new();
    ///     bencher.with_inputs(|| 3).bench_local_refs(|n| seen.push(*n));
    /// }
    /// # fn main() { divan::main(); }
    /// ```
    pub fn bench_local_refs<O, B>(self, benched: B)
    where
        B: FnMut(&mut I) -> O,
    {
        with_inputs(self.engine.on_one_thread(), self.config).bench_local_refs(benched);
    }
}

fn with_inputs<G, N>(
    engine: bench_sdk::Bencher<'_>,
    config: BencherConfig<G, N>,
) -> InputBencher<'_, G, N> {
    engine.with_inputs(config.generate).counted_by(config.count)
}

/// Counts inputs by a function, besides how they were counted before.
pub struct AlsoBy<N, F> {
    before: N,
    make_counter: F,
}

impl<I, C: IntoCounter, N: CountInput<I>, F: Fn(&I) -> C> CountInput<I> for AlsoBy<N, F> {
    fn count(&self, input: &I, amounts: &mut Amounts) {
        self.before.count(input, amounts);
        amounts.add(recorded((self.make_counter)(input)));
    }
}

/// Counts inputs as the numbers that they are, besides how they were counted before.
pub struct AlsoAs<N, C> {
    before: N,
    counter: PhantomData<fn() -> C>,
}

impl<I: AsCountUInt, N: CountInput<I>, C: Counter> CountInput<I> for AlsoAs<N, C> {
    fn count(&self, input: &I, amounts: &mut Amounts) {
        self.before.count(input, amounts);
        amounts.add(recorded(<C as Sealed>::of_count(input.as_max_uint())));
    }
}
