//! The benches that the program comes to. Whoever started it decides what happens there: the first
//! process only takes their names down and hands them to the harness, whose workers run the program
//! again, each up to the one bench that it was started for.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::exit;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bench_sdk::__private::{
    HeldStdout, IdFilter, ReachedPlace, Settings, Target, awaited_case, main_of_front_end,
    one_line, profile_reached, refuse, serve_reached_and_exit, target_of_executable, unique,
};
use bench_sdk::Benchmark;
use bench_sdk::record::CaseId;

use crate::arguments::Translated;
use crate::settings::Asked;
use crate::{BenchmarkFilter, BenchmarkId, Throughput};

/// The case this process was started for, if it is a worker.
static AWAITED: LazyLock<Option<String>> = LazyLock::new(awaited_case);
/// How long to keep which benches running, where that was asked for instead of measuring.
static PROFILED: LazyLock<Option<(Duration, BenchmarkFilter)>> = LazyLock::new(|| {
    // Arguments that are wrong are told at the end.
    let read = Translated::of(std::env::args_os().skip(1), None).ok()?;
    Some((read.profile_time?, read.filter))
});
static PROGRAM: LazyLock<Mutex<Program>> = LazyLock::new(Mutex::default);

/// What is known of the program so far.
#[derive(Default)]
struct Program {
    benches: Vec<Found>,
    names: BTreeSet<CaseId>,
    /// Whether its benches have been run before.
    has_run: bool,
    /// Keeps what the program prints around its benches off standard output, which is for results.
    held: Option<HeldStdout>,
    /// Settings without a meaning here that were used.
    without_effect: BTreeSet<&'static str>,
    /// An option that the program's code asks for, and its value.
    implied: Option<[String; 2]>,
}

/// A bench that was taken down.
struct Found {
    name: String,
    settings: Settings,
    place: ReachedPlace,
    /// Whether the filter takes it that the program's code has set.
    taken: bool,
}

fn program() -> MutexGuard<'static, Program> {
    // What panicked was the program, and its names are still those it had.
    PROGRAM.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One bench of the program.
pub(crate) struct Reached<'a> {
    pub(crate) group: &'a str,
    pub(crate) id: &'a BenchmarkId,
    pub(crate) asked: Asked,
    pub(crate) throughput: Option<&'a Throughput>,
    /// The filter that the program's code has set.
    pub(crate) filter: &'a BenchmarkFilter,
}

/// Takes the bench down, or measures it and ends the process, where it is the one to be measured.
pub(crate) fn reach(
    bench: &Reached<'_>,
    run: &mut dyn FnMut(bench_sdk::Bencher<'_>) -> Result<(), String>,
) {
    let whole = bench.id.within(bench.group);
    let taken = bench.filter.takes(&whole);
    let name = program().unique(&one_line(&whole));
    let settings = bench.asked.settings(bench.throughput);
    match AWAITED.as_deref() {
        Some(awaited) if awaited == name => serve_reached_and_exit(&settings, run),
        Some(_) => {}
        None if PROFILED.is_some() => {
            if taken {
                profile(&name, &settings, run);
            }
        }
        None => {
            let place = place(bench.group, bench.id);
            program().held.get_or_insert_with(HeldStdout::hold);
            program().benches.push(Found { name, settings, place, taken });
        }
    }
}

fn profile(
    name: &str,
    settings: &Settings,
    run: &mut dyn FnMut(bench_sdk::Bencher<'_>) -> Result<(), String>,
) {
    if let Some((time, filter)) = &*PROFILED
        && filter.takes(name)
        && !profile_reached(name, *time, settings, run)
    {
        exit(101);
    }
}

impl Program {
    /// The name, with a number where another bench has it already.
    fn unique(&mut self, name: &str) -> String {
        unique(&CaseId::from(name.to_owned()), &mut self.names).to_string()
    }
}

/// Where a bench is shown.
fn place(group: &str, id: &BenchmarkId) -> ReachedPlace {
    // What has no function of its own bears the name of its group.
    let (group, name) = match &id.function {
        Some(function) => (one_line(group), one_line(function)),
        None => (String::new(), one_line(group)),
    };
    let arg = id.parameter.as_deref().map(one_line);
    ReachedPlace { crate_name: String::new(), group, name, arg }
}

/// Notes that a setting was used that has no meaning here.
pub(crate) fn without_effect(setting: &'static str) {
    program().without_effect.insert(setting);
}

/// Has the harness behave as if this option had been given.
pub(crate) fn imply(option: [&str; 2]) {
    program().implied = Some(option.map(str::to_owned));
}

/// Whether the command line has filters, in the place of those that the program's code sets.
pub(crate) fn is_filtered() -> bool {
    let read = Translated::of(std::env::args_os().skip(1), None);
    read.is_ok_and(|read| !matches!(read.filter, BenchmarkFilter::AcceptAll))
}

/// Whether there are benches that nobody has run yet. Not in a worker: its bench may still come.
pub(crate) fn is_pending() -> bool {
    AWAITED.is_none() && !program().benches.is_empty()
}

/// Whether the program has run none, and has none to run.
pub(crate) fn is_empty() -> bool {
    let program = program();
    AWAITED.is_none() && !program.has_run && program.benches.is_empty()
}

/// Runs the benches that the program has come to; ends the process where that did not go well.
pub fn finish(package: &str, target: &str) {
    if let Some(awaited) = AWAITED.as_deref() {
        let gone = format!(
            "the program did not come to `{awaited}` in a fresh process: its benches must be the \
             same from one start to the next"
        );
        serve_reached_and_exit(&Settings::default(), &mut |_| Err(gone.clone()));
    }
    let reached = std::mem::take(&mut *program());
    let Program { benches, names, held, without_effect, implied, .. } = reached;
    // Names stay taken.
    *program() = Program { names, has_run: true, ..Program::default() };
    // From here on it is the harness that prints.
    drop(held);
    let translated = Translated::of(std::env::args_os().skip(1), implied.as_ref());
    let Translated { arguments, filter, profile_time, ignored } =
        translated.unwrap_or_else(|error| exit(i32::from(refuse(&error))));
    tell_ignored(without_effect.into_iter().map(str::to_owned).chain(ignored).collect());
    if profile_time.is_some() {
        return;
    }
    let code = run((package, target), benches, filter, arguments);
    if code != 0 {
        exit(i32::from(code));
    }
}

fn run(
    (package, target): (&str, &str),
    benches: Vec<Found>,
    filter: BenchmarkFilter,
    arguments: Vec<OsString>,
) -> u8 {
    // Named once, and for as long as the process lives.
    let leaked = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let target = Target {
        package: leaked(package),
        target: leaked(target),
        link: None,
        optimized: !cfg!(debug_assertions),
    };
    let ids = selected(&benches, filter);
    let benchmark = |Found { name, settings, mut place, .. }: Found| {
        target.target.clone_into(&mut place.crate_name);
        Benchmark::reached(name, settings, place)
    };
    let benchmarks = benches.into_iter().map(benchmark).collect();
    main_of_front_end(target, benchmarks, arguments, ids)
}

/// What the filters of command line and code leave; `None` where there are none. The harness has to
/// know that there are: a baseline keeps the benches that they leave out.
fn selected(benches: &[Found], filter: BenchmarkFilter) -> Option<IdFilter> {
    let left: BTreeSet<String> =
        benches.iter().filter(|found| !found.taken).map(|found| found.name.clone()).collect();
    let takes_all = left.is_empty() && matches!(filter, BenchmarkFilter::AcceptAll);
    (!takes_all).then(|| IdFilter::new(move |id| !left.contains(id) && filter.takes(id)))
}

/// Says once what was accepted and does nothing.
fn tell_ignored(settings: BTreeSet<String>) {
    if !settings.is_empty() {
        let names: Vec<String> = settings.into_iter().collect();
        let note = format!("note: accepted, without effect here: {}\n", names.join(", "));
        // Where standard error cannot be written there is nobody to be told.
        let _ = std::io::stderr().write_all(note.as_bytes());
    }
}

/// The package and the target as they can be known at run time.
pub(crate) fn finish_unnamed() {
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let target = target_of_executable();
    let package = if package.is_empty() { target.clone() } else { package };
    finish(&package, &target);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_code_and_command_line_both_count() {
        let found = |name: &str, taken| Found {
            name: name.to_owned(),
            settings: Settings::default(),
            place: place("", &BenchmarkId::of_group()),
            taken,
        };
        let benches = [found("a/1", true), found("a/2", false), found("b", true)];
        assert!(selected(&benches[..1], BenchmarkFilter::AcceptAll).is_none());
        let all = selected(&benches, BenchmarkFilter::AcceptAll);
        assert!(all.is_some_and(|ids| ids.takes("a/1") && !ids.takes("a/2") && ids.takes("b")));
        let exact = selected(&benches, BenchmarkFilter::Exact("a/1".to_owned()));
        assert!(exact.is_some_and(|ids| ids.takes("a/1") && !ids.takes("a/2") && !ids.takes("b")));
    }

    #[test]
    fn a_bench_stands_below_its_group() {
        let shown = place("sort", &BenchmarkId::new("stable", 3));
        assert_eq!((shown.group.as_str(), shown.name.as_str()), ("sort", "stable"));
        assert_eq!(shown.arg.as_deref(), Some("3"));
        let alone = place("sort", &BenchmarkId::from_parameter(3));
        assert_eq!((alone.group.as_str(), alone.name.as_str()), ("", "sort"));
    }
}
