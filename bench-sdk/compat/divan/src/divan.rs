//! The builder of a run.

use std::ffi::OsString;
use std::fmt::Display;
use std::time::Duration;

use bench_sdk::__private::{FrontEnd, IdFilter, main_of, refuse};
use bench_sdk::record::Settings;

use crate::__private::set;
use crate::arguments::Given;
use crate::counter::{BytesCount, BytesFormat, CharsCount, CyclesCount, IntoCounter, ItemsCount};
use crate::pattern::Pattern;

/// Runs benchmarks as it is told.
///
/// What it measures with is stronger than what stands at benchmarks, as with divan.
///
/// ```no_run
/// use divan::Divan;
///
/// fn main() {
///     Divan::from_args().sample_count(50).skip_exact("slow::one").main();
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Divan {
    action: Action,
    settings: Settings,
    threads: Option<Vec<usize>>,
    skips: Vec<Skip>,
    /// Arguments of a bench binary; of two that exclude each other the later one counts.
    words: Vec<OsString>,
    without_effect: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Action {
    #[default]
    Bench,
    Test,
    List,
}

#[derive(Clone, Debug)]
enum Skip {
    Pattern(String),
    Exact(String),
}

/// Doing it.
impl Divan {
    /// Does what it was told to; measures, if it was told nothing.
    ///
    /// ```no_run
    /// divan::Divan::from_args().main();
    /// ```
    pub fn main(&self) {
        self.run(self.action);
    }

    /// Measures.
    ///
    /// ```no_run
    /// divan::Divan::default().run_benches();
    /// ```
    pub fn run_benches(&self) {
        self.run(Action::Bench);
    }

    /// Runs every benchmark once.
    ///
    /// ```no_run
    /// divan::Divan::default().test_benches();
    /// ```
    pub fn test_benches(&self) {
        self.run(Action::Test);
    }

    /// Lists benchmarks.
    ///
    /// ```no_run
    /// divan::Divan::default().list_benches();
    /// ```
    pub fn list_benches(&self) {
        self.run(Action::List);
    }

    /// Ends the process if something went wrong; divan's benchmarks panic through `main` then.
    fn run(&self, action: Action) {
        let code = main_of(FrontEnd {
            source: "divan's options",
            arguments: self.arguments(action),
            settings: self.settings.clone(),
            threads: self.threads.clone(),
            filters: read_filters(self.skips.clone()),
            remarks: self.remarks(),
            optimized: !cfg!(debug_assertions),
        });
        if code != 0 {
            std::process::exit(code.into());
        }
    }

    fn arguments(&self, action: Action) -> Vec<OsString> {
        let flag = match action {
            Action::Bench => "--bench",
            Action::Test => "--test",
            Action::List => "--list",
        };
        std::iter::once(flag.into()).chain(self.words.iter().cloned()).collect()
    }

    fn remarks(&self) -> Vec<String> {
        if self.without_effect.is_empty() {
            return Vec::new();
        }
        vec![format!("note: without effect here: {}", self.without_effect.join(", "))]
    }
}

type Filters = Box<dyn Fn(&[String], &[String], bool) -> Result<Option<IdFilter>, String>>;

/// Filters are patterns, or whole ids with `--exact`; what is skipped is skipped.
fn read_filters(skipped: Vec<Skip>) -> Filters {
    Box::new(move |include, skip, exact| {
        let read = |text: &String| {
            if exact { Ok(Filter::Exact(text.clone())) } else { Filter::pattern(text) }
        };
        let include = include.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut skip = skip.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        for skipped in &skipped {
            skip.push(match skipped {
                Skip::Pattern(text) => Filter::pattern(text)?,
                Skip::Exact(text) => Filter::Exact(text.clone()),
            });
        }
        if include.is_empty() && skip.is_empty() {
            return Ok(None);
        }
        Ok(Some(IdFilter::new(move |id| {
            let hit = |filter: &Filter| filter.hits(id);
            !skip.iter().any(hit) && (include.is_empty() || include.iter().any(hit))
        })))
    })
}

enum Filter {
    Pattern(Pattern),
    Exact(String),
}

impl Filter {
    fn pattern(text: &str) -> Result<Self, String> {
        Pattern::new(text).map(Self::Pattern)
    }

    /// Divan's ids do not tell threads apart.
    fn hits(&self, id: &str) -> bool {
        let plain = id.rsplit_once("{t=").map_or(id, |(plain, _)| plain);
        match self {
            Self::Pattern(pattern) => pattern.matches(plain),
            Self::Exact(text) => text == plain || text == id,
        }
    }
}

/// Telling it what to do.
impl Divan {
    /// As the command line says.
    ///
    /// ```no_run
    /// divan::Divan::from_args().main();
    /// ```
    pub fn from_args() -> Self {
        Self::default().config_with_args()
    }

    /// As the command line and the variables `DIVAN_..` say, where they say anything.
    ///
    /// ```no_run
    /// divan::Divan::default().sample_count(10).config_with_args().main();
    /// ```
    #[must_use]
    pub fn config_with_args(mut self) -> Self {
        // The arguments of a worker are not the user's.
        bench_sdk::worker_entry();
        let arguments = std::env::args_os().skip(1);
        match Given::read(arguments, |name| std::env::var(name).ok()) {
            Ok(given) => self.take(given),
            Err(error) => std::process::exit(refuse(&error).into()),
        }
        self
    }

    fn take(&mut self, given: Given) {
        let mode = given.mode;
        self.action = if mode.list {
            Action::List
        } else if mode.test || !(mode.bench || mode.quick) {
            Action::Test
        } else {
            Action::Bench
        };
        self.settings = given.settings.over(std::mem::take(&mut self.settings));
        self.threads = given.threads.or_else(|| self.threads.take());
        self.words.extend(given.rest);
        self.without_effect.extend(given.without_effect);
    }

    /// Whether output has colours; with `None` the terminal decides.
    ///
    /// ```
    /// let divan = divan::Divan::default().color(false);
    /// ```
    #[must_use]
    pub fn color(mut self, yes: impl Into<Option<bool>>) -> Self {
        let when = match yes.into() {
            None => "auto",
            Some(true) => "always",
            Some(false) => "never",
        };
        self.words.push("--color".into());
        self.words.push(when.into());
        self
    }

    /// Runs ignored benchmarks too.
    ///
    /// ```
    /// let divan = divan::Divan::default().run_ignored();
    /// ```
    #[must_use]
    pub fn run_ignored(mut self) -> Self {
        self.words.push("--include-ignored".into());
        self
    }

    /// Runs ignored benchmarks only.
    ///
    /// ```
    /// let divan = divan::Divan::default().run_only_ignored();
    /// ```
    #[must_use]
    pub fn run_only_ignored(mut self) -> Self {
        self.words.push("--ignored".into());
        self
    }

    /// Leaves out benchmarks whose ids match a regular expression: a text, or a `Regex`. One that
    /// is not understood ends the run before it begins.
    ///
    /// ```
    /// let divan = divan::Divan::default().skip_regex("(add|sub)").skip_regex("collections.*new");
    /// ```
    #[must_use]
    pub fn skip_regex(mut self, filter: impl Display) -> Self {
        self.skips.push(Skip::Pattern(filter.to_string()));
        self
    }

    /// Leaves out the benchmark of that id.
    ///
    /// ```
    /// let divan = divan::Divan::default().skip_exact("arithmetic::add");
    /// ```
    #[must_use]
    pub fn skip_exact(mut self, filter: impl Into<String>) -> Self {
        self.skips.push(Skip::Exact(filter.into()));
        self
    }

    /// Samples of a launch.
    ///
    /// ```
    /// let divan = divan::Divan::default().sample_count(50);
    /// ```
    #[must_use]
    pub fn sample_count(mut self, count: u32) -> Self {
        self.settings.sample_count = Some(count);
        self
    }

    /// Iterations of a sample.
    ///
    /// ```
    /// let divan = divan::Divan::default().sample_size(1000);
    /// ```
    #[must_use]
    pub fn sample_size(mut self, count: u32) -> Self {
        self.settings.sample_size = Some(count);
        self
    }

    /// Numbers of threads for all benchmarks; 0 is as many as there are processors.
    ///
    /// ```
    /// let divan = divan::Divan::default().threads([1, 4]);
    /// ```
    #[must_use]
    pub fn threads<T>(mut self, threads: T) -> Self
    where
        T: IntoIterator<Item = usize>,
    {
        self.threads = Some(threads.into_iter().collect());
        self
    }

    /// Least time spent on a benchmark, over all launches.
    ///
    /// ```
    /// let divan = divan::Divan::default().min_time(std::time::Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn min_time(mut self, time: Duration) -> Self {
        self.settings.min_time = Some(time);
        self
    }

    /// Most time spent on a benchmark, over all launches.
    ///
    /// ```
    /// let divan = divan::Divan::default().max_time(std::time::Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn max_time(mut self, time: Duration) -> Self {
        self.settings.max_time = Some(time);
        self
    }

    /// Whether these limits count timed regions only.
    ///
    /// ```
    /// let divan = divan::Divan::default().skip_ext_time(true);
    /// ```
    #[must_use]
    pub fn skip_ext_time(mut self, skip: bool) -> Self {
        self.settings.skip_ext_time = Some(skip);
        self
    }
}

/// Throughput of all benchmarks.
impl Divan {
    /// What one iteration processes.
    ///
    /// ```
    /// let divan = divan::Divan::default().counter(7_u32);
    /// ```
    #[must_use]
    pub fn counter<C: IntoCounter>(mut self, counter: C) -> Self {
        set::counter(&mut self.settings, counter);
        self
    }

    /// So many items.
    ///
    /// ```
    /// let divan = divan::Divan::default().items_count(7_u32);
    /// ```
    #[must_use]
    pub fn items_count<C: Into<ItemsCount>>(self, count: C) -> Self {
        self.counter(count.into())
    }

    /// So many bytes.
    ///
    /// ```
    /// let divan = divan::Divan::default().bytes_count(7_u32);
    /// ```
    #[must_use]
    pub fn bytes_count<C: Into<BytesCount>>(self, count: C) -> Self {
        self.counter(count.into())
    }

    /// How divan scales bytes; without effect here.
    ///
    /// ```
    /// let divan = divan::Divan::default().bytes_format(divan::counter::BytesFormat::Binary);
    /// ```
    #[must_use]
    pub fn bytes_format(mut self, format: BytesFormat) -> Self {
        if format != BytesFormat::default() {
            self.without_effect.push("bytes_format".to_owned());
        }
        self
    }

    /// So many characters.
    ///
    /// ```
    /// let divan = divan::Divan::default().chars_count(7_u32);
    /// ```
    #[must_use]
    pub fn chars_count<C: Into<CharsCount>>(self, count: C) -> Self {
        self.counter(count.into())
    }

    /// So many cycles.
    ///
    /// ```
    /// let divan = divan::Divan::default().cycles_count(7_u32);
    /// ```
    #[must_use]
    pub fn cycles_count<C: Into<CyclesCount>>(self, count: C) -> Self {
        self.counter(count.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Divan {
        let given = Given::read(line.split_whitespace().map(OsString::from), |_| None);
        let mut divan = Divan::default();
        divan.take(given.unwrap_or_default());
        divan
    }

    fn takes(divan: &Divan, include: &[&str], exact: bool, id: &str) -> Option<bool> {
        let include: Vec<String> = include.iter().map(|text| (*text).to_owned()).collect();
        let filter = read_filters(divan.skips.clone())(&include, &[], exact).ok()?;
        let selection = filter.map(|filter| filter.takes(id));
        Some(selection.unwrap_or(true))
    }

    #[test]
    fn without_bench_it_tests_as_divan_does() {
        assert_eq!(told("").action, Action::Test);
        assert_eq!(told("--bench").action, Action::Bench);
        assert_eq!(told("--bench --test").action, Action::Test);
        assert_eq!(told("--list --bench").action, Action::List);
        assert_eq!(told("--quick").action, Action::Bench);
        assert_eq!(Divan::default().action, Action::Bench);
    }

    #[test]
    fn whoever_speaks_last_is_heard() {
        let builder_last = told("--sample-count 5").sample_count(7);
        assert_eq!(builder_last.settings.sample_count, Some(7));
        let mut arguments_last = Divan::default().sample_count(7).threads([2]);
        let given = Given::read(["--sample-count=5".into()], |_| None);
        arguments_last.take(given.unwrap_or_default());
        assert_eq!(arguments_last.settings.sample_count, Some(5));
        assert_eq!(arguments_last.threads, Some(vec![2]));
        let words = told("--color never").color(true).arguments(Action::Bench);
        assert_eq!(words, ["--bench", "--color", "never", "--color", "always"]);
    }

    #[test]
    fn filters_are_patterns_and_skips_are_stronger() {
        let divan = Divan::default().skip_regex("^a::b").skip_exact("a::c::1");
        assert_eq!(takes(&divan, &[], false, "a::bc"), Some(false));
        assert_eq!(takes(&divan, &[], false, "a::c::1{t=2}"), Some(false));
        assert_eq!(takes(&divan, &[], false, "a::c::2"), Some(true));
        assert_eq!(takes(&divan, &["b|d"], false, "a::c::2"), Some(false));
        assert_eq!(takes(&divan, &["a::c::2"], true, "a::c::2{t=4}"), Some(true));
        assert_eq!(takes(&divan, &["a::c"], true, "a::c::2"), Some(false));
        assert_eq!(takes(&Divan::default(), &[], false, "x"), Some(true));
        assert_eq!(takes(&Divan::default().skip_regex("("), &[], false, "x"), None);
    }

    #[test]
    fn what_has_no_effect_is_said_in_one_line() {
        let divan = told("--sort name --timer os").bytes_format(BytesFormat::Binary);
        assert_eq!(divan.remarks(), ["note: without effect here: --sort, --timer, bytes_format"]);
        assert!(Divan::default().bytes_format(BytesFormat::Decimal).remarks().is_empty());
    }
}
