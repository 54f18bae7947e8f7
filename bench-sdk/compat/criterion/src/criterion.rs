//! The handle that groups of benches are given.

use std::path::Path;
use std::time::Duration;

use crate::measurement::{Measurement, WallTime};
use crate::profiler::Profiler;
use crate::reached::{finish_unnamed, imply, is_empty, is_filtered, is_pending, without_effect};
use crate::settings::Asked;
use crate::{Bencher, BenchmarkFilter, BenchmarkGroup, BenchmarkId, PlottingBackend};

/// Configures benches and runs them.
///
/// ```
/// use criterion::Criterion;
///
/// fn addition(c: &mut Criterion) {
///     c.bench_function("addition", |b| b.iter(|| std::hint::black_box(1) + 1));
/// }
/// # fn main() {}
/// ```
pub struct Criterion<M: Measurement = WallTime> {
    measurement: M,
    configuration: Configuration,
}

/// All that does not depend on what is measured.
struct Configuration {
    asked: Asked,
    filter: BenchmarkFilter,
    /// Whether somebody else runs the benches when all groups have been gone through.
    in_group: bool,
}

impl Default for Criterion {
    fn default() -> Self {
        let configuration = Configuration {
            asked: Asked::default(),
            filter: BenchmarkFilter::AcceptAll,
            in_group: false,
        };
        Self { measurement: WallTime, configuration }
    }
}

impl<M: Measurement> Criterion<M> {
    /// Measures something else than time on the wall. Its values are recorded as the metric
    /// `custom_UNIT`, UNIT being what [`ValueFormatter::scale_for_machines`] calls it; there is no
    /// `time` then.
    ///
    /// [`ValueFormatter::scale_for_machines`]: crate::measurement::ValueFormatter::scale_for_machines
    pub fn with_measurement<M2: Measurement>(self, measurement: M2) -> Criterion<M2> {
        Criterion { measurement, configuration: self.configuration }
    }

    /// Accepted, without effect.
    #[must_use]
    pub fn with_profiler<P: Profiler + 'static>(self, _profiler: P) -> Self {
        self.ignoring("with_profiler")
    }

    /// Accepted, without effect.
    #[must_use]
    pub fn plotting_backend(self, _backend: PlottingBackend) -> Self {
        self.ignoring("plotting_backend")
    }

    /// How many samples to take of each bench, over all processes together.
    ///
    /// # Panics
    /// When it is below 10, as criterion does.
    #[must_use]
    pub fn sample_size(mut self, n: usize) -> Self {
        assert!(n >= 10, "a sample size is at least 10");
        self.configuration.asked.sample_size = Some(n);
        self
    }

    /// How long to warm up in each process.
    #[must_use]
    pub fn warm_up_time(mut self, dur: Duration) -> Self {
        self.configuration.asked.warm_up_time = Some(dur);
        self
    }

    /// How long to measure each bench, over all processes together.
    #[must_use]
    pub fn measurement_time(mut self, dur: Duration) -> Self {
        self.configuration.asked.measurement_time = Some(dur);
        self
    }

    /// Accepted, without effect: nothing is resampled.
    #[must_use]
    pub fn nresamples(self, _n: usize) -> Self {
        self.ignoring("nresamples")
    }

    /// Accepted, without effect: `--minimum-effect` says what matters.
    #[must_use]
    pub fn noise_threshold(self, _threshold: f64) -> Self {
        self.ignoring("noise_threshold")
    }

    /// Accepted, without effect: intervals have the level that their launches allow.
    #[must_use]
    pub fn confidence_level(self, _cl: f64) -> Self {
        self.ignoring("confidence_level")
    }

    /// Accepted, without effect: the rate of false alarms is fixed.
    #[must_use]
    pub fn significance_level(self, _sl: f64) -> Self {
        self.ignoring("significance_level")
    }

    /// Accepted, without effect.
    #[must_use]
    pub fn with_plots(self) -> Self {
        self.ignoring("with_plots")
    }

    /// Accepted, without effect: nothing is plotted unless `--plots` is given.
    #[must_use]
    pub fn without_plots(self) -> Self {
        self
    }

    /// Saves the results as a baseline, as `--save-baseline` does.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "criterion's signature")]
    pub fn save_baseline(self, baseline: String) -> Self {
        imply(["--save-baseline", &baseline]);
        self
    }

    /// Compares with a baseline: as `--baseline` does where it has to be there (`strict`), else as
    /// `--baseline-lenient`.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "criterion's signature")]
    pub fn retain_baseline(self, baseline: String, strict: bool) -> Self {
        imply([if strict { "--baseline" } else { "--baseline-lenient" }, &baseline]);
        self
    }

    /// Runs only benches whose name that regular expression matches.
    ///
    /// # Panics
    /// When it is no regular expression.
    #[must_use]
    pub fn with_filter<S: Into<String>>(mut self, filter: S) -> Self {
        let filter = BenchmarkFilter::new(&filter.into(), false);
        match filter {
            Ok(filter) => self.configuration.filter = filter,
            #[expect(clippy::panic, reason = "criterion's contract")]
            Err(error) => panic!("{error}"),
        }
        self
    }

    /// Runs only what the filter takes.
    #[must_use]
    pub fn with_benchmark_filter(mut self, filter: BenchmarkFilter) -> Self {
        self.configuration.filter = filter;
        self
    }

    /// Accepted, without effect: `--color` decides.
    #[must_use]
    pub fn with_output_color(self, _enabled: bool) -> Self {
        self.ignoring("with_output_color")
    }

    /// Accepted, without effect: results go to `target/hub-bench`.
    #[must_use]
    pub fn output_directory(self, _path: &Path) -> Self {
        self.ignoring("output_directory")
    }

    /// Accepted, without effect.
    #[must_use]
    pub fn profile_time(self, profile_time: Option<Duration>) -> Self {
        if profile_time.is_some() { self.ignoring("profile_time") } else { self }
    }

    /// The command line counts in any case. Where it has filters, those that were set before are
    /// forgotten.
    #[must_use]
    pub fn configure_from_args(mut self) -> Self {
        if is_filtered() {
            self.configuration.filter = BenchmarkFilter::AcceptAll;
        }
        self
    }

    /// Runs the benches that the program has come to, and shows what came of it. Where that did not
    /// go well it ends the process.
    pub fn final_summary(&self) {
        if is_pending() || is_empty() {
            finish_unnamed();
        }
    }

    /// A group of that name.
    ///
    /// # Panics
    /// When the name is empty, as criterion does.
    pub fn benchmark_group<S: Into<String>>(&mut self, group_name: S) -> BenchmarkGroup<'_, M> {
        let name = group_name.into();
        assert!(!name.is_empty(), "a group has a name");
        BenchmarkGroup::new(self, name)
    }

    /// A bench by itself.
    pub fn bench_function<F>(&mut self, id: &str, f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>),
    {
        self.benchmark_group(id).bench_function(BenchmarkId::of_group(), f);
        self
    }

    /// A bench by itself that is lent an input.
    ///
    /// # Panics
    /// When the id has no function, as criterion does.
    pub fn bench_with_input<F, I>(&mut self, id: BenchmarkId, input: &I, f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>, &I),
    {
        let BenchmarkId { function, parameter } = id;
        #[expect(clippy::expect_used, reason = "criterion's contract")]
        let name = function.expect("a bench outside of groups needs the name of a function");
        let id = BenchmarkId { function: None, parameter };
        self.benchmark_group(name).bench_with_input(id, input, f);
        self
    }

    /// For generated code: groups are run when all have been gone through.
    #[doc(hidden)]
    #[must_use]
    pub fn __in_group(mut self) -> Self {
        self.configuration.in_group = true;
        self
    }

    pub(crate) fn filter(&self) -> &BenchmarkFilter {
        &self.configuration.filter
    }

    pub(crate) fn asked(&self) -> Asked {
        self.configuration.asked
    }

    pub(crate) fn measurement(&self) -> &M {
        &self.measurement
    }

    fn ignoring(self, setting: &'static str) -> Self {
        without_effect(setting);
        self
    }
}

/// A program with a `main` of its own may never ask for a summary: its benches run when the handle
/// goes, so that none is silently left out.
impl Drop for Configuration {
    fn drop(&mut self) {
        if !self.in_group && !std::thread::panicking() && is_pending() {
            finish_unnamed();
        }
    }
}
