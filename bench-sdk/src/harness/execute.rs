//! From the command line to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use super::against::Against;
use super::arguments::{Action, Arguments};
use super::baseline::{check_build, find_baseline, refused, save};
use super::environment::{Surroundings, called_from};
use super::exit::Exit;
use super::explain::explain_case;
use super::loaded::compare_loaded;
use super::loads::{listed_loads, told_of_loads};
use super::outputs::{check, list_style, print, reporters, stdout_for, written};
use super::profiling::profile;
use super::progress::write_progress;
use super::usage::{UsageError, help};
use crate::clock::calibrate;
use crate::harness::{tell, tell_line};
use crate::launch::{ProcessLauncher, find_callgrind};
use crate::plan::{IdFilter, Ignored, Layer, Plan, Selection, SettingSources, plan};
use crate::record::{Event, Mode, RunHeader, RunRecord, SCHEMA, ScalingRecord, Settings};
use crate::registry::{Benchmark, Catalog};
use crate::report::{ListedCase, render_list};
use crate::resource::{environment, mark_executable, watch_interrupts};
use crate::runner::{
    HeaderParts, Session, Stop, clock_record, is_worker, new_header, serve_and_exit,
};
use crate::store::{Baseline, BaselineStore, RunStore, StoreError};

/// What `main!` knows of the executable.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Cargo package.
    pub package: &'static str,
    /// Cargo target.
    pub target: &'static str,
    /// Crates whose benches belong to it; `None` for all.
    pub link: Option<&'static [&'static str]>,
    /// Whether it was built with optimisation, as far as can be told.
    pub optimized: bool,
}

/// Runs the bench binary.
pub fn main(target: Target) -> ExitCode {
    let catalog = catalog_of(target.link);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    #[cfg(feature = "load")]
    if let Some((profile, arguments)) = super::load::load_wanted(&arguments) {
        return ExitCode::from(super::load::main_of_load(&target, profile, arguments).code());
    }
    ExitCode::from(run(&target, &catalog, Arguments::parse(arguments)).code())
}

/// What is registered in this executable. In a worker this serves, and does not return.
pub(super) fn catalog_of(link: Option<&[&str]>) -> Catalog {
    mark_executable();
    let catalog = Catalog::collect(link);
    if is_worker() {
        serve_and_exit(&catalog);
    }
    catalog
}

/// Runs benchmarks that a program has come to by running, given the arguments of a bench binary; the
/// exit code. `ids` are those that its filters take, of which `--skip` takes away. Workers never come
/// here: they measure where the program comes to their case.
pub fn main_of_front_end(
    target: Target,
    benchmarks: Vec<Benchmark>,
    arguments: Vec<OsString>,
    ids: Option<IdFilter>,
) -> u8 {
    mark_executable();
    let is_empty = benchmarks.is_empty();
    let mut catalog = Catalog::empty();
    catalog.add(benchmarks);
    let arguments = Arguments::parse(arguments).map(|mut arguments| {
        let skips = arguments.selection.skips.clone();
        let is_left = move |id: &str| skips.iter().any(|skip| id.contains(skip.as_str()));
        arguments.selection.ids =
            ids.map(|ids| IdFilter::new(move |id| ids.takes(id) && !is_left(id)));
        arguments
    });
    if is_empty && arguments.as_ref().is_ok_and(|arguments| arguments.action == Action::Run) {
        tell_line!("{}", nothing_reached(&target));
        return Exit::Empty.code();
    }
    run(&target, &catalog, arguments).code()
}

/// What to do about a program that has come to no benchmark.
fn nothing_reached(target: &Target) -> String {
    format!(
        "error: {} has come to no benchmark while it ran\n  \
         help: call the functions that hold benchmarks from `main`, or name them in its groups",
        target.target
    )
}

/// Does what the arguments say, or says what is wrong with them.
pub(super) fn run(
    target: &Target,
    catalog: &Catalog,
    arguments: Result<Arguments, UsageError>,
) -> Exit {
    let done = arguments.and_then(|arguments| carry_out(target, catalog, &arguments));
    done.unwrap_or_else(|error| {
        tell_line!("{error}");
        Exit::Usage
    })
}

fn carry_out(
    target: &Target,
    catalog: &Catalog,
    arguments: &Arguments,
) -> Result<Exit, UsageError> {
    match &arguments.action {
        Action::Help => Ok(printed(&help())),
        Action::Version => Ok(printed(concat!("bench-sdk ", env!("CARGO_PKG_VERSION"), "\n"))),
        Action::List(format) => {
            let divan_threads = divan_threads(arguments);
            let sources = SettingSources { divan_threads, ..SettingSources::default() };
            // Ignored benches are listed, as libtest does.
            let ignored = match arguments.selection.ignored {
                Ignored::Leave => Ignored::Include,
                other => other,
            };
            let selection = Selection { ignored, ..arguments.selection.clone() };
            let plan = plan(catalog, &selection, &sources);
            warn_of_broken(&plan);
            let (width, color) = list_style(arguments);
            let loads = listed_loads(target, arguments);
            Ok(printed(&render_list(&listed(&plan), &loads, *format, width, color)))
        }
        Action::Explain(case) => {
            let surroundings = Surroundings::read()?;
            let sources = sources(arguments, &surroundings)?;
            let selection = Selection { ignored: Ignored::Include, ..Selection::default() };
            let plan = plan(catalog, &selection, &sources);
            Ok(printed(&explain_case(&plan, case)?))
        }
        Action::Run => measure(target, catalog, arguments),
    }
}

fn printed(text: &str) -> Exit {
    match print(text) {
        Ok(()) => Exit::Success,
        Err(error) => {
            tell_line!("error: failed to print: {error}");
            Exit::NotKept
        }
    }
}

/// All layers that do not stand at the benchmarks.
fn sources(
    arguments: &Arguments,
    surroundings: &Surroundings,
) -> Result<SettingSources, UsageError> {
    let translated = arguments.translated.iter();
    let mut above: Vec<Layer> =
        translated.map(|given| Layer::new(given.source, given.settings.clone())).collect();
    above.push(Layer::new("command line", arguments.settings.clone()));
    above.push(Layer::new("environment", surroundings.variables.clone()));
    let configuration = &surroundings.configuration;
    if let Some(name) = &arguments.preset {
        let preset = configuration.preset(name).map_err(UsageError::new)?;
        above.push(Layer::new(format!("hub-bench.toml, preset {name}"), preset));
    }
    let (name, mode) = match arguments.mode() {
        Mode::Full => ("full mode", Settings::full()),
        Mode::Quick => ("quick mode", Settings::quick()),
        Mode::Test => ("test mode", Settings::quick()),
    };
    let defaults = Layer::new("hub-bench.toml, defaults", configuration.defaults.clone());
    Ok(SettingSources {
        above,
        overrides: configuration.overrides.clone(),
        below: vec![defaults, Layer::new(name, mode)],
        divan_threads: divan_threads(arguments),
    })
}

fn divan_threads(arguments: &Arguments) -> Option<Vec<usize>> {
    arguments.translated.as_ref().and_then(|given| given.threads.clone())
}

fn measure(target: &Target, catalog: &Catalog, arguments: &Arguments) -> Result<Exit, UsageError> {
    let told = told_of_loads(target, arguments);
    if catalog.entrants.is_empty() {
        let Some(told) = told else {
            tell_line!("{}", empty_registry(target, arguments.translated.is_some()));
            return Ok(Exit::Empty);
        };
        tell_line!("{told}");
        return Ok(Exit::Success);
    }
    check_build(target, &arguments.saving)?;
    check(&arguments.outputs)?;
    let stdout = stdout_for(&arguments.outputs);
    let surroundings = Surroundings::read()?;
    let sources = sources(arguments, &surroundings)?;
    let mut plan = plan(catalog, &arguments.selection, &sources);
    if plan.cases.is_empty() && plan.broken.is_empty() && plan.skipped.is_empty() {
        let selected = format!("0 of {} selected", plan.registered);
        tell_line!("{}: {selected}", target.target);
        if arguments.selection.partition.is_some() && !keep_empty(target, &plan, arguments)? {
            return Ok(Exit::NotKept);
        }
        return Ok(if arguments.strict { Exit::Empty } else { Exit::Success });
    }
    if let Some(time) = arguments.profile_time {
        return Ok(profile(catalog, &plan, time));
    }
    if let Some(name) = &arguments.comparison.loaded {
        let baselines = BaselineStore::new(surroundings.results_dir.clone());
        let find = |name| find_baseline(&baselines, name, target.package, target.target);
        let loaded = find(name)?;
        let baseline = baseline_of(target, arguments, &surroundings)?;
        return compare_loaded(baseline, &loaded, &plan, arguments, &surroundings);
    }
    if arguments.mode() != Mode::Full && arguments.settings.launches.is_none() {
        // A quick run is one launch, whatever stands at the benchmarks.
        for case in &mut plan.cases {
            case.settings.launches = 1;
        }
    }
    if plan.cases.iter().any(|case| case.settings.instructions)
        && let Err(why) = find_callgrind()
    {
        tell_line!("error: {why}");
        return Ok(Exit::NotKept);
    }
    let against = baseline_of(target, arguments, &surroundings)?;
    let against = against.map(|baseline| Against::new(baseline, &plan.cases));
    let columns = arguments.columns.clone().or_else(|| surroundings.columns.clone());
    let mut reporters = reporters(arguments, &columns.unwrap_or_default(), stdout)?;
    let store = RunStore::new(surroundings.results_dir.clone());
    // Two processes that measure at once would measure each other.
    let lock = store.measuring_lock(|| {
        tell_line!("waiting for another run that measures with {}", store.shown());
    });
    if lock.is_ok() {
        write_progress(&store, &mut reporters);
    }
    watch_interrupts();
    let timer = calibrate();
    let most = plan.cases.iter().map(|case| case.settings.launches).max().unwrap_or(1);
    let header = header(target, arguments, most);
    let mut launcher = ProcessLauncher::new(timer, header.seed, arguments.nocapture)
        .scratch(std::env::temp_dir())
        .alone(catalog.is_reached_by_running());
    let clock = Some(clock_record(&timer));
    let session = Session {
        catalog,
        plan,
        header,
        environment: environment(Some(&surroundings.package_dir), clock, !target.optimized),
        reporters: &mut reporters,
        fail_fast: arguments.fail_fast,
    };
    let (mut record, stop) = session.run(&mut launcher);
    drop(launcher);
    let kept = keep(&store, &mut record, surroundings.joined_run.as_deref());
    let folder = kept.as_ref().ok().map(|path| shown_path(path));
    reporters.send(&Event::RunFinished { record: record.clone(), folder });
    if reporters.failures().is_empty() {
        tell(format_args!("{}", written(&arguments.outputs)));
    }
    if let Some(told) = told {
        tell_line!("{told}");
    }
    let (saving, selection) = (&arguments.saving, &arguments.selection);
    let saved = save(saving, selection, &surroundings, &record, stop.is_none());
    let saved = saved.map(|told| told.iter().for_each(|told| tell_line!("{told}")));
    let compared = match &against {
        Some(against) => against.compare(&record, arguments, &store, &mut reporters)?,
        None => Exit::Success,
    };
    let failures = Failures { lock: lock.err(), kept: kept.err(), saved: saved.err(), stop };
    let complete = tell_failures(&reporters.failures(), failures);
    Ok(Exit::of(&record, complete).and(compared))
}

/// The baseline to compare with, where one was asked for.
fn baseline_of(
    target: &Target,
    arguments: &Arguments,
    surroundings: &Surroundings,
) -> Result<Option<Baseline>, UsageError> {
    let comparison = &arguments.comparison;
    let Some(name) = &comparison.baseline else { return Ok(None) };
    let baselines = BaselineStore::new(surroundings.results_dir.clone());
    if !comparison.lenient {
        return find_baseline(&baselines, name, target.package, target.target).map(Some);
    }
    let found = baselines.load(name, target.package, target.target);
    let found = found.map_err(|error| refused(&error))?;
    if found.is_none() {
        tell_line!("note: there is no baseline `{name}` of this target: nothing is compared");
    }
    Ok(found)
}

/// Keeps the run of a partition without cases, so that whoever puts partitions together can tell it
/// from one that is missing; whether it was kept.
fn keep_empty(target: &Target, plan: &Plan, arguments: &Arguments) -> Result<bool, UsageError> {
    let surroundings = Surroundings::read()?;
    let mut run = header(target, arguments, 0);
    run.registered = plan.registered;
    let source = Some(surroundings.package_dir.as_path());
    let environment = environment(source, None, !target.optimized);
    let mut record =
        RunRecord { schema: SCHEMA, run, environment, cases: Vec::new(), scaling: Vec::new() };
    let store = RunStore::new(surroundings.results_dir.clone());
    let kept = keep(&store, &mut record, surroundings.joined_run.as_deref());
    Ok(tell_failures(&[], Failures { kept: kept.err(), ..Failures::default() }))
}

fn header(target: &Target, arguments: &Arguments, launches: u32) -> RunHeader {
    new_header(HeaderParts {
        mode: arguments.mode(),
        seed: arguments.seed,
        launches,
        optimized: target.optimized,
        package: target.package.to_owned(),
        target: target.target.to_owned(),
        partition: arguments.selection.partition.map(|(k, n)| format!("{k}/{n}")),
    })
}

/// Keeps the run, as a part of the one that it joins where there is one. Told and judged is what this
/// process did, and the laws of its benchmarks, whoever measured their other points.
fn keep(
    store: &RunStore,
    record: &mut RunRecord,
    joined_run: Option<&str>,
) -> Result<std::path::PathBuf, StoreError> {
    let Some(key) = joined_run else { return store.save(record) };
    let mut whole = record.clone();
    let folder = store.join(&mut whole, key)?;
    record.run.id = whole.run.id;
    let is_own = |fit: &ScalingRecord| record.cases.iter().any(|case| fit.is_of(&case.id));
    record.scaling = whole.scaling.into_iter().filter(is_own).collect();
    Ok(folder)
}

/// The path, from where the user stands if it lies below.
fn shown_path(path: &std::path::Path) -> String {
    path.strip_prefix(called_from()).unwrap_or(path).display().to_string()
}

/// What went wrong around the measuring, besides reporters.
#[derive(Default)]
struct Failures {
    /// Of waiting for other runs.
    lock: Option<StoreError>,
    /// Of keeping the run.
    kept: Option<StoreError>,
    /// Of saving it as a baseline.
    saved: Option<StoreError>,
    /// What ended the run early.
    stop: Option<Stop>,
}

/// Prints what went wrong around the measuring; whether nothing did.
fn tell_failures(reporters: &[String], failures: Failures) -> bool {
    let mut errors: Vec<String> = Vec::new();
    errors.extend(reporters.iter().cloned());
    if let Some(error) = failures.kept {
        errors.push(format!("the result was not kept: {error}"));
    } else if let Some(error) = failures.lock {
        errors.push(error.to_string());
    }
    errors.extend(failures.saved.map(|error| format!("the baseline was not saved: {error}")));
    if let Some(Stop::Launch(error)) = failures.stop {
        errors.push(error);
    }
    for error in &errors {
        tell_line!("error: {error}");
    }
    errors.is_empty()
}

/// Benchmarks that cannot be listed because their arguments panic.
fn warn_of_broken(plan: &Plan) {
    for error in &plan.broken {
        tell_line!("warning: {}: {}", error.case.id, error.message);
    }
}

fn listed(plan: &Plan) -> Vec<ListedCase> {
    let one = |case: &crate::plan::PlannedCase| ListedCase {
        id: case.id.to_string(),
        crate_name: case.crate_name.clone(),
        group: case.group.clone(),
        name: case.name.clone(),
        args: case.args.clone(),
        tags: case.tags.clone(),
        file: case.source.file.clone(),
        line: case.source.line,
        ignored: case.ignored.clone(),
        code_hash: format!("{:016x}", case.code_hash),
    };
    plan.cases.iter().map(one).collect()
}

/// What to do about an executable without benchmarks.
fn empty_registry(target: &Target, by_front_end: bool) -> String {
    let error = "error: no benchmarks are registered in this executable";
    if by_front_end {
        return format!(
            "{error}\n  a crate that this file does not mention is left out\n  \
             help: mention the crates that hold them:  use my_crate as _;"
        );
    }
    let linked = target.link.map(|link| link.iter().filter(|name| **name != target.target));
    let linked: Vec<&str> = linked.into_iter().flatten().copied().collect();
    if linked.is_empty() {
        return format!(
            "{error}\n  nothing is linked: a crate that this file does not mention is left out\n  \
             help: name the crates that hold them:  bench_sdk::main!(link = [my_crate]);"
        );
    }
    let features: Vec<String> =
        linked.iter().map(|name| format!("\"{}/bench\"", name.replace('_', "-"))).collect();
    format!(
        "{error}\n  `link = [{}]` names crates that register none: their feature `bench` may be \
         off\n  help: add  bench = [\"bench-sdk/bench\", {}]  to [features] of {}",
        linked.join(", "),
        features.join(", "),
        target.package
    )
}
