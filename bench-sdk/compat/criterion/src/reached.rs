//! The benches that the program comes to. Whoever started it decides what happens there: the first
//! process only takes their names down and hands them to the harness, whose workers run the program
//! again, each up to the one bench that it was started for.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::exit;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bench_sdk::__private::{
    HeldStdout, IdFilter, ReachedPlace, Settings, Target, awaited_case, main_of_front_end,
    one_line, profile_reached, serve_reached_and_exit,
};
use bench_sdk::Benchmark;

use crate::arguments::Translated;
use crate::settings::Asked;
use crate::{BenchmarkFilter, BenchmarkId, Throughput};

/// The case this process was started for, if it is a worker.
static AWAITED: LazyLock<Option<String>> = LazyLock::new(awaited_case);
/// How long to keep which benches running, where that was asked for instead of measuring.
static PROFILED: LazyLock<Option<(Duration, BenchmarkFilter)>> = LazyLock::new(|| {
    // Arguments that are wrong are told at the end.
    let read = Translated::of(std::env::args_os().skip(1), &[]).ok()?;
    Some((read.profile_time?, read.filter))
});
static PROGRAM: LazyLock<Mutex<Program>> = LazyLock::new(Mutex::default);

/// What is known of the program so far.
#[derive(Default)]
struct Program {
    benches: Vec<Found>,
    names: BTreeSet<String>,
    /// Keeps what the program prints around its benches off standard output, which is for results.
    held: Option<HeldStdout>,
    /// Settings without a meaning here that were used.
    without_effect: BTreeSet<&'static str>,
    /// Arguments that the program's code asks for.
    implied: Vec<String>,
}

/// A bench that was taken down.
struct Found {
    name: String,
    settings: Settings,
    place: ReachedPlace,
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
}

/// Takes the bench down, or measures it and ends the process, where it is the one to be measured.
pub(crate) fn reach(
    bench: &Reached<'_>,
    run: &mut dyn FnMut(bench_sdk::Bencher<'_>) -> Result<(), String>,
) {
    let name = program().unique(&one_line(&bench.id.within(bench.group)));
    let settings = bench.asked.settings(bench.throughput);
    match AWAITED.as_deref() {
        Some(awaited) if awaited == name => serve_reached_and_exit(&settings, run),
        Some(_) => {}
        None if PROFILED.is_some() => profile(&name, &settings, run),
        None => {
            let place = place(bench.group, bench.id);
            program().held.get_or_insert_with(HeldStdout::hold);
            program().benches.push(Found { name, settings, place });
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
        let mut free = name.to_owned();
        let mut number = 1_u32;
        while !self.names.insert(free.clone()) {
            number += 1;
            free = format!("{name}#{number}");
        }
        free
    }

    /// What is to be run now; names stay taken.
    fn take(&mut self) -> (Vec<Found>, BTreeSet<&'static str>, Vec<String>) {
        let benches = std::mem::take(&mut self.benches);
        (benches, std::mem::take(&mut self.without_effect), std::mem::take(&mut self.implied))
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

/// Has the harness behave as if these arguments had been given.
pub(crate) fn imply(arguments: [&str; 2]) {
    program().implied.extend(arguments.map(str::to_owned));
}

/// Whether there are benches that nobody has run yet. Not in a worker: its bench may still come.
pub(crate) fn is_pending() -> bool {
    AWAITED.is_none() && !program().benches.is_empty()
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
    let (benches, without_effect, implied) = program().take();
    // From here on it is the harness that prints.
    program().held = None;
    let translated = Translated::of(std::env::args_os().skip(1), &implied);
    let Translated { arguments, filter, profile_time, ignored } =
        translated.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            exit(2)
        });
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
    if benches.is_empty() {
        eprintln!("{target}: the program has come to no bench");
        return 0;
    }
    // Named once, and for as long as the process lives.
    let leaked = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let target = Target {
        package: leaked(package),
        target: leaked(target),
        link: None,
        optimized: !cfg!(debug_assertions),
    };
    let benchmark = |Found { name, settings, mut place }: Found| {
        target.target.clone_into(&mut place.crate_name);
        Benchmark::reached(name, settings, place)
    };
    let benchmarks = benches.into_iter().map(benchmark).collect();
    // The harness has to know that there is a filter: a baseline keeps the benches that it leaves out.
    let ids = match filter {
        BenchmarkFilter::AcceptAll => None,
        filter => Some(IdFilter::new(move |id| filter.takes(id))),
    };
    main_of_front_end(target, benchmarks, arguments, ids)
}

/// Says once what was accepted and does nothing.
fn tell_ignored(settings: BTreeSet<String>) {
    if !settings.is_empty() {
        let names: Vec<String> = settings.into_iter().collect();
        eprintln!("note: accepted, without effect here: {}", names.join(", "));
    }
}

/// The package and the target as they can be known at run time.
pub(crate) fn finish_unnamed() {
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let path = std::env::current_exe().unwrap_or_default();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    // Behind the name stands a hash, where cargo built it.
    let target = match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 => name.to_owned(),
        _ => stem,
    };
    let package = if package.is_empty() { target.clone() } else { package };
    finish(&package, &target);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered() {
        let mut program = Program::default();
        let names = ["a", "b", "a", "a"].map(|name| program.unique(name));
        assert_eq!(names, ["a", "b", "a#2", "a#3"]);
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
