//! Values that say how to measure and how to show.

/// How many inputs may be alive at once.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchSize {
    /// Inputs are small: as many as suit the clock.
    SmallInput,
    /// Inputs are large. They are made for no longer than a millisecond before they are used, as
    /// all inputs are, so that this is the same as `SmallInput`.
    LargeInput,
    /// One at a time, each timed by itself.
    PerIteration,
    /// So many batches; as `SmallInput`.
    NumBatches(u64),
    /// So many inputs: one is `PerIteration`, more are as `SmallInput`.
    NumIterations(u64),
}

impl BatchSize {
    pub(crate) fn is_one(self) -> bool {
        matches!(self, Self::PerIteration | Self::NumIterations(1))
    }

    /// How many inputs each batch has, of so many iterations; `most` are alive at once.
    pub(crate) fn batches(self, iterations: u64, most: u64) -> impl Iterator<Item = u64> {
        let each = if self.is_one() { 1 } else { most };
        let full = iterations / each;
        let rest = iterations % each;
        (0..full).map(move |_| each).chain((rest > 0).then_some(rest))
    }
}

/// What one iteration works through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Throughput {
    /// Bits.
    Bits(u64),
    /// Bytes.
    Bytes(u64),
    /// Bytes, to be shown in powers of ten.
    BytesDecimal(u64),
    /// Elements.
    Elements(u64),
    /// Both.
    ElementsAndBytes {
        /// Elements.
        elements: u64,
        /// Bytes.
        bytes: u64,
    },
}

/// The scale of an axis; plots here choose their own.
#[derive(Clone, Copy, Debug, Default)]
pub enum AxisScale {
    /// Even.
    #[default]
    Linear,
    /// By powers.
    Logarithmic,
}

/// How a group is drawn; accepted, without effect.
#[derive(Clone, Debug, Default)]
pub struct PlotConfiguration {
    _scale: AxisScale,
}

impl PlotConfiguration {
    /// Chooses the scale of the summary.
    ///
    /// ```
    /// use criterion::{AxisScale, PlotConfiguration};
    ///
    /// let _ = PlotConfiguration::default().summary_scale(AxisScale::Logarithmic);
    /// ```
    #[must_use]
    pub fn summary_scale(self, new_scale: AxisScale) -> Self {
        Self { _scale: new_scale }
    }
}

/// How samples grow; accepted, without effect: samples here are of one length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SamplingMode {
    /// As it suits.
    #[default]
    Auto,
    /// Longer and longer.
    Linear,
    /// Of one length.
    Flat,
}

/// What draws plots; accepted, without effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlottingBackend {
    /// The program gnuplot.
    Gnuplot,
    /// The library plotters.
    Plotters,
    /// Nothing.
    None,
}

/// What to do with a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// Compare, where it is there.
    CompareLenient,
    /// Compare; it must be there.
    CompareStrict,
    /// Save.
    Save,
    /// Keep nothing.
    Discard,
}

/// Which benches to run.
#[derive(Clone, Debug)]
pub enum BenchmarkFilter {
    /// All.
    AcceptAll,
    /// Those whose name the expression matches somewhere.
    Regex(regex_lite::Regex),
    /// The one of that name.
    Exact(String),
    /// None.
    RejectAll,
}

impl BenchmarkFilter {
    /// The filter of that text, an expression or the whole name.
    pub(crate) fn new(text: &str, exact: bool) -> Result<Self, String> {
        if exact {
            return Ok(Self::Exact(text.to_owned()));
        }
        regex_lite::Regex::new(text)
            .map(Self::Regex)
            .map_err(|error| format!("the filter `{text}` is no regular expression: {error}"))
    }

    pub(crate) fn takes(&self, id: &str) -> bool {
        match self {
            Self::AcceptAll => true,
            Self::Regex(regex) => regex.is_match(id),
            Self::Exact(exact) => id == exact,
            Self::RejectAll => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_expressions_or_whole_names() {
        let takes = |text, exact, id| BenchmarkFilter::new(text, exact).is_ok_and(|f| f.takes(id));
        assert!(takes("so.t/1", false, "group/sort/10") && !takes("^sort", false, "group/sort"));
        assert!(takes("a/b", true, "a/b") && !takes("a", true, "a/b"));
        assert!(BenchmarkFilter::new("(", false).is_err_and(|error| error.contains("`(`")));
        assert!(BenchmarkFilter::AcceptAll.takes("") && !BenchmarkFilter::RejectAll.takes(""));
    }

    #[test]
    fn batches_hold_all_iterations() {
        let of = |iterations, size: BatchSize| size.batches(iterations, 64).collect::<Vec<_>>();
        assert_eq!(of(130, BatchSize::SmallInput), [64, 64, 2]);
        assert_eq!(of(2, BatchSize::PerIteration), [1, 1]);
        assert_eq!(of(0, BatchSize::SmallInput), [0; 0]);
    }

    #[test]
    fn one_input_at_a_time_is_asked_for_in_two_ways() {
        assert!(BatchSize::PerIteration.is_one() && BatchSize::NumIterations(1).is_one());
        assert!(!BatchSize::NumIterations(2).is_one() && !BatchSize::LargeInput.is_one());
    }
}
