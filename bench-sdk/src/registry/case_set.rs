//! The cases of one benchmark, with its arguments behind a common face.

use crate::bencher::Bencher;

/// Cases of one function: one, or one for each argument.
pub trait CaseSet {
    /// Label of each case, in order; `None` for a benchmark without arguments.
    fn labels(&self) -> Vec<Option<Label>>;

    /// Runs case `index`; an error is what the benchmark returned.
    fn run(&self, index: usize, bencher: Bencher<'_>) -> Result<(), String>;
}

/// Label of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(pub String);

struct Single<F>(F);

impl<F: Fn(Bencher<'_>) -> Result<(), String>> CaseSet for Single<F> {
    fn labels(&self) -> Vec<Option<Label>> {
        vec![None]
    }

    fn run(&self, _index: usize, bencher: Bencher<'_>) -> Result<(), String> {
        (self.0)(bencher)
    }
}

/// A benchmark without arguments.
pub fn single<F>(run: F) -> Box<dyn CaseSet>
where
    F: Fn(Bencher<'_>) -> Result<(), String> + 'static,
{
    Box::new(Single(run))
}

struct WithArgs<A, F> {
    args: Vec<A>,
    labels: Vec<Option<String>>,
    run: F,
}

impl<A, F: Fn(Bencher<'_>, &A) -> Result<(), String>> CaseSet for WithArgs<A, F> {
    fn labels(&self) -> Vec<Option<Label>> {
        let by_index = |index: usize, label: &Option<String>| {
            Some(Label(label.clone().unwrap_or_else(|| index.to_string())))
        };
        self.labels.iter().enumerate().map(|(index, label)| by_index(index, label)).collect()
    }

    fn run(&self, index: usize, bencher: Bencher<'_>) -> Result<(), String> {
        let arg = self.args.get(index).ok_or("no argument of that index")?;
        (self.run)(bencher, arg)
    }
}

/// A benchmark with arguments and their labels; an argument without label is named by its index.
pub fn with_args<A: 'static, F>(
    args: Vec<A>,
    labels: Vec<Option<String>>,
    run: F,
) -> Box<dyn CaseSet>
where
    F: Fn(Bencher<'_>, &A) -> Result<(), String> + 'static,
{
    Box::new(WithArgs { args, labels, run })
}
