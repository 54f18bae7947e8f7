//! Benches that belong together.

use std::collections::HashSet;
use std::time::Duration;

use crate::measurement::{Measurement, WallTime};
use crate::reached::{Reached, reach, without_effect};
use crate::settings::Asked;
use crate::{
    Bencher, BenchmarkId, Criterion, IntoBenchmarkId, PlotConfiguration, SamplingMode, Throughput,
};

/// Benches under one name, with settings of their own.
///
/// ```
/// use criterion::{BenchmarkId, Criterion};
///
/// fn lookups(c: &mut Criterion) {
///     let mut group = c.benchmark_group("lookup");
///     group.sample_size(50).bench_function("first", |b| b.iter(|| "abc".find('a')));
///     for letter in ['b', 'c'] {
///         group.bench_with_input(BenchmarkId::new("letter", letter), &letter, |b, letter| {
///             b.iter(|| "abc".find(*letter));
///         });
///     }
///     group.finish();
/// }
/// # fn main() {}
/// ```
pub struct BenchmarkGroup<'a, M: Measurement = WallTime> {
    criterion: &'a mut Criterion<M>,
    name: String,
    asked: Asked,
    throughput: Option<Throughput>,
    ids: HashSet<BenchmarkId>,
}

impl<'a, M: Measurement> BenchmarkGroup<'a, M> {
    pub(crate) fn new(criterion: &'a mut Criterion<M>, name: String) -> Self {
        let (asked, throughput, ids) = (Asked::default(), None, HashSet::new());
        Self { criterion, name, asked, throughput, ids }
    }

    /// How many samples to take, over all processes together.
    ///
    /// # Panics
    /// When it is below 10, as criterion does.
    pub fn sample_size(&mut self, n: usize) -> &mut Self {
        assert!(n >= 10, "a sample size is at least 10");
        self.asked.sample_size = Some(n);
        self
    }

    /// How long to warm up in each process.
    pub fn warm_up_time(&mut self, dur: Duration) -> &mut Self {
        self.asked.warm_up_time = Some(dur);
        self
    }

    /// How long to measure, over all processes together.
    pub fn measurement_time(&mut self, dur: Duration) -> &mut Self {
        self.asked.measurement_time = Some(dur);
        self
    }

    /// Accepted, without effect: nothing is resampled.
    pub fn nresamples(&mut self, _n: usize) -> &mut Self {
        self.ignoring("nresamples")
    }

    /// Accepted, without effect: `--minimum-effect` says what matters.
    pub fn noise_threshold(&mut self, _threshold: f64) -> &mut Self {
        self.ignoring("noise_threshold")
    }

    /// Accepted, without effect: intervals have the level that their launches allow.
    pub fn confidence_level(&mut self, _cl: f64) -> &mut Self {
        self.ignoring("confidence_level")
    }

    /// Accepted, without effect: the rate of false alarms is fixed.
    pub fn significance_level(&mut self, _sl: f64) -> &mut Self {
        self.ignoring("significance_level")
    }

    /// Accepted, without effect.
    pub fn plot_config(&mut self, _new_config: PlotConfiguration) -> &mut Self {
        self.ignoring("plot_config")
    }

    /// Accepted, without effect: samples are of one length.
    pub fn sampling_mode(&mut self, _new_mode: SamplingMode) -> &mut Self {
        self.ignoring("sampling_mode")
    }

    fn ignoring(&mut self, setting: &'static str) -> &mut Self {
        without_effect(setting);
        self
    }

    /// What one iteration works through, from now on.
    pub fn throughput(&mut self, throughput: Throughput) -> &mut Self {
        self.throughput = Some(throughput);
        self
    }

    /// A bench of this group.
    pub fn bench_function<ID: IntoBenchmarkId, F>(&mut self, id: ID, mut f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>),
    {
        self.bench(&id.into_benchmark_id(), &mut |bencher| f(bencher));
        self
    }

    /// A bench of this group that is lent an input.
    pub fn bench_with_input<ID: IntoBenchmarkId, F, I>(
        &mut self,
        id: ID,
        input: &I,
        mut f: F,
    ) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>, &I),
        I: ?Sized,
    {
        self.bench(&id.into_benchmark_id(), &mut |bencher| f(bencher, input));
        self
    }

    /// Ends the group.
    pub fn finish(self) {
        drop(self);
    }

    fn bench(&mut self, id: &BenchmarkId, f: &mut dyn FnMut(&mut Bencher<'_, M>)) {
        let within = id.within(&self.name);
        assert!(self.ids.insert(id.clone()), "two benches of a group are called `{within}`");
        let measurement = self.criterion.measurement();
        let mut run = |engine: bench_sdk::Bencher<'_>| {
            let mut bencher = Bencher::new(engine, measurement);
            f(&mut bencher);
            bencher.check()
        };
        let bench = Reached {
            group: &self.name,
            id,
            asked: self.asked.over(self.criterion.asked()),
            throughput: self.throughput.as_ref(),
            filter: self.criterion.filter(),
        };
        reach(&bench, &mut run);
    }
}
