//! The `#[test]` that stands beside every annotated function.

use std::process::{ExitCode, Termination};

use super::session::order;
use super::worker::{is_worker, serve_and_exit};
use crate::analysis::{Budget, Conditions, Measured, summarise};
use crate::clock::calibrate;
use crate::launch::{Launcher, ProcessLauncher};
use crate::plan::{Ignored, Layer, Plan, PlannedCase, Selection, SettingSources, plan};
use crate::record::metric_name::Nature;
use crate::record::{CaseRecord, Settings};
use crate::registry::{Catalog, Registration};

/// Outcome of the generated test; a failure is printed and fails the test.
#[derive(Debug)]
pub struct TestOutcome(Result<(), String>);

impl TestOutcome {
    /// That outcome.
    pub(super) fn of(outcome: Result<(), String>) -> Self {
        Self(outcome)
    }
}

impl Termination for TestOutcome {
    fn report(self) -> ExitCode {
        match self.0 {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("{message}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs every case of the benchmark once, in a child process of the same test executable, so that
/// an abort, an `exit` or a hang fails this test and no other.
pub fn run_as_test(registration: &'static Registration) -> TestOutcome {
    let catalog = Catalog::only(registration);
    if is_worker() {
        serve_and_exit(&catalog);
    }
    // Whether an ignored test runs has been decided by the test harness.
    let selection = Selection { ignored: Ignored::Include, ..Selection::default() };
    let plan = plan(&catalog, &selection, &sources());
    let test = test_path(registration.module_path, registration.function);
    let outcome = run_once(&catalog, &plan, test);
    if let Some(complexity) = registration.complexity {
        println!("not checked here: complexity = \"{complexity}\"");
    }
    TestOutcome(outcome)
}

fn sources() -> SettingSources {
    let quick = Layer::new("test", Settings::quick());
    SettingSources { below: vec![quick], ..SettingSources::default() }
}

/// Runs every case of the plan once; `test` is the path of the test that workers serve in.
pub(super) fn run_once(catalog: &Catalog, plan: &Plan, test: String) -> Result<(), String> {
    if let Some(error) = plan.broken.first() {
        return Err(format!("{}: {}", error.case.id, error.message));
    }
    let arguments = [
        test,
        "--exact".to_owned(),
        "--include-ignored".to_owned(),
        "--nocapture".to_owned(),
        "--test-threads=1".to_owned(),
    ];
    let mut launcher = ProcessLauncher::new(calibrate(), 1, false).arguments(arguments.into());
    let failures: Vec<String> =
        plan.cases.iter().filter_map(|case| run_case(catalog, case, &mut launcher)).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Path of the generated test, as libtest has it: without the crate.
pub(super) fn test_path(module_path: &str, function: &str) -> String {
    let test = format!("hub_bench_{function}");
    match module_path.split_once("::") {
        Some((_, module)) => format!("{module}::{test}"),
        None => test,
    }
}

/// What is wrong with the case, if anything.
fn run_case(
    catalog: &Catalog,
    case: &PlannedCase,
    launcher: &mut ProcessLauncher,
) -> Option<String> {
    let failed = |why: String| Some(format!("{}: {why}", case.id));
    match launcher.measure(order(catalog, case, true, 1)) {
        Err(error) => failed(error.to_string()),
        Ok(outcome) => match outcome.result {
            Err(broken) => failed(broken.to_string()),
            Ok(samples) => {
                let measured = Measured { launches: vec![samples], ..Measured::default() };
                let conditions = Conditions { optimized: false, test: true };
                let record = summarise(case, &measured, conditions);
                case.thresholds.iter().find_map(|text| failed(over(text, &record)?))
            }
        },
    }
}

/// Why one run breaks the budget. A single cold iteration says nothing about speed or the system,
/// and what this executable does not count is left to the bench binary.
fn over(text: &str, record: &CaseRecord) -> Option<String> {
    match Budget::parse(text) {
        Err(error) => Some(error),
        Ok(budget) if budget.nature() != Nature::Deterministic || !budget.is_measured(record) => {
            println!("not checked here: {text}");
            None
        }
        Ok(budget) => budget.check(record).err(),
    }
}
