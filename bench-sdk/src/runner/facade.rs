//! The runner that applications embed.

use std::path::PathBuf;

use super::header::{HeaderParts, clock_record, new_header};
use super::session::{Session, Stop};
use super::worker::entry_called;
use crate::clock::calibrate;
use crate::launch::{LocalLauncher, ProcessLauncher};
use crate::plan::{Layer, Selection, SettingSources, plan};
use crate::record::{Event, Mode, RunRecord, Settings};
use crate::registry::{Benchmark, Catalog};
use crate::report::{Fanout, Reporter};
use crate::resource::environment;
use crate::store::RunStore;

/// Runs benches from within an application and gives the record back as a value.
///
/// Nothing is printed; reporters decide what is shown.
///
/// ```
/// use bench_sdk::{Benchmark, Runner, record::{Event, Settings}, report::from_fn};
///
/// let record = Runner::empty()
///     .settings(Settings { sample_count: Some(5), ..Settings::quick() })
///     .add(Benchmark::new("square", |b| b.bench(|| std::hint::black_box(7_u64).pow(2))))
///     .reporter("log", from_fn(|event: &Event| {
///         if let Event::CaseFinished { record } = event {
///             println!("{}", record.id);
///         }
///     }))
///     .run()?;
/// assert!(record.case("square").is_some());
/// # Ok::<(), bench_sdk::RunError>(())
/// ```
pub struct Runner {
    registered: bool,
    selection: Selection,
    settings: Settings,
    benchmarks: Vec<Benchmark>,
    reporters: Fanout,
    isolated: bool,
    seed: Option<u64>,
    keep_in: Option<PathBuf>,
}

/// Why a run gave no record.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// [`Runner::isolated`] needs [`worker_entry`](crate::worker_entry) in `main`.
    NoWorkerEntry,
    /// Benchmarks added at run time do not exist in worker processes.
    CannotIsolate(String),
    /// Nothing is registered in this executable and nothing was added.
    Empty,
    /// A worker process could not be started.
    Launch(String),
    /// The record could not be kept; it is here all the same.
    NotKept {
        /// What was measured.
        record: Box<RunRecord>,
        /// Why it was not kept.
        reason: String,
    },
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoWorkerEntry => f.write_str(
                "isolated runs start this executable again: call `bench_sdk::worker_entry()` as \
                 the first line of `main`",
            ),
            Self::CannotIsolate(name) => write!(
                f,
                "`{name}` was added at run time and does not exist in a fresh process: run it \
                 without `isolated()`, or register it with `#[hub_bench]`"
            ),
            Self::Empty => f.write_str("no benchmarks are registered in this executable"),
            Self::Launch(error) => f.write_str(error),
            Self::NotKept { reason, .. } => write!(f, "the result was not kept: {reason}"),
        }
    }
}

impl std::error::Error for RunError {}

impl Default for Runner {
    fn default() -> Self {
        Self::new()
    }
}

impl Runner {
    /// A runner of everything registered in this executable.
    pub fn new() -> Self {
        Self {
            registered: true,
            selection: Selection::default(),
            settings: Settings::default(),
            benchmarks: Vec::new(),
            reporters: Fanout::new(),
            isolated: false,
            seed: None,
            keep_in: None,
        }
    }

    /// A runner of nothing but what is added.
    pub fn empty() -> Self {
        Self { registered: false, ..Self::new() }
    }

    /// Runs only cases whose id contains the text; several filters add up.
    #[must_use]
    pub fn filter(mut self, text: impl Into<String>) -> Self {
        self.selection.filters.push(text.into());
        self
    }

    /// Sampling settings, stronger than those at the benchmarks. What they leave open is as in
    /// [`Settings::quick`].
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Adds a benchmark.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the name that builders of suites have")]
    pub fn add(mut self, benchmark: Benchmark) -> Self {
        self.benchmarks.push(benchmark);
        self
    }

    /// Adds a reporter; its name stands in the record if it fails.
    #[must_use]
    pub fn reporter(mut self, name: impl Into<String>, reporter: impl Reporter + 'static) -> Self {
        self.reporters.add(name, Box::new(reporter));
        self
    }

    /// Measures in worker processes: aborts, exits and hangs of benches are outcomes then, and
    /// several launches are worth their name. Needs [`worker_entry`](crate::worker_entry).
    #[must_use]
    pub fn isolated(self) -> Self {
        Self { isolated: true, ..self }
    }

    /// The seed of every random choice; a fresh one if not given.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Keeps the record in a run folder below that folder.
    #[must_use]
    pub fn keep_in(self, folder: impl Into<PathBuf>) -> Self {
        Self { keep_in: Some(folder.into()), ..self }
    }

    /// Measures, and gives the record. Benches that broke are in it, with their status.
    ///
    /// # Errors
    /// Where nothing could be measured at all, or the record could not be kept.
    pub fn run(mut self) -> Result<RunRecord, RunError> {
        let mut catalog = if self.registered { Catalog::collect(None) } else { Catalog::empty() };
        if self.isolated && !entry_called() {
            return Err(RunError::NoWorkerEntry);
        }
        if let (true, Some(added)) = (self.isolated, self.benchmarks.first()) {
            return Err(RunError::CannotIsolate(added.name.clone()));
        }
        catalog.add(std::mem::take(&mut self.benchmarks));
        if catalog.entrants.is_empty() {
            return Err(RunError::Empty);
        }
        let sources = SettingSources {
            above: vec![Layer::new("runner", self.settings.clone())],
            overrides: Vec::new(),
            below: vec![Layer::new("quick mode", Settings::quick())],
            divan_threads: None,
        };
        let plan = plan(&catalog, &self.selection, &sources);
        let timer = calibrate();
        let header = new_header(HeaderParts {
            mode: if self.settings.launches.unwrap_or(1) > 1 { Mode::Full } else { Mode::Quick },
            seed: self.seed,
            launches: self.settings.launches.unwrap_or(1),
            optimized: !cfg!(debug_assertions),
            package: String::new(),
            target: String::new(),
            partition: None,
        });
        let seed = header.seed;
        let session = Session {
            catalog: &catalog,
            plan,
            header,
            environment: environment(None, Some(clock_record(&timer)), cfg!(debug_assertions)),
            reporters: &mut self.reporters,
            fail_fast: false,
        };
        let (record, stop) = if self.isolated {
            let launcher = ProcessLauncher::new(timer, seed, false);
            session.run(&mut launcher.scratch(std::env::temp_dir()))
        } else {
            session.run(&mut LocalLauncher::new(&catalog, timer, || false))
        };
        if let Some(Stop::Launch(error)) = stop {
            return Err(RunError::Launch(error));
        }
        self.finish(record)
    }

    /// Keeps the record where asked to, and announces it.
    fn finish(mut self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        let kept = self.keep_in.take().map(|folder| RunStore::new(folder).save(&record));
        let (folder, failure) = match kept {
            Some(Ok(folder)) => (Some(folder.display().to_string()), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, None),
        };
        self.reporters.send(&Event::RunFinished { record: record.clone(), folder });
        record.run.failed_reporters = self.reporters.failures();
        match failure {
            Some(reason) => Err(RunError::NotKept { record: Box::new(record), reason }),
            None => Ok(record),
        }
    }
}
