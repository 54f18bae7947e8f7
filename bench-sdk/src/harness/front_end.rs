//! Bench binaries that were written for another tool, and speak its command line.

use std::ffi::OsString;

use super::arguments::{Arguments, Translated};
use super::execute::{Target, catalog_of, run};
use super::exit::Exit;
use super::usage::UsageError;
use crate::harness::tell_line;
use crate::plan::IdFilter;
use crate::record::Settings;
use crate::registry::{Catalog, Origin, crate_of};

/// How a front-end reads filters: those to include, those to skip, and whether they are whole ids.
/// Nothing where there are none; the error says which one cannot be read.
type ReadFilters = Box<dyn Fn(&[String], &[String], bool) -> Result<Option<IdFilter>, String>>;

/// What a front-end has made of its own options, variables and builders.
pub struct FrontEnd {
    /// Whose they are, for `--explain`.
    pub source: &'static str,
    /// Arguments of a bench binary.
    pub arguments: Vec<OsString>,
    /// Settings, stronger than those in the arguments.
    pub settings: Settings,
    /// Numbers of threads for all benchmarks that were written for it.
    pub threads: Option<Vec<usize>>,
    /// Its filters.
    pub filters: ReadFilters,
    /// What is to be said before anything is done, a line each.
    pub remarks: Vec<String>,
    /// Whether this is a build with optimisation, as far as can be told.
    pub optimized: bool,
}

/// Runs everything that is registered in this executable; the exit code. In a worker it serves,
/// and does not return.
pub fn main_of(front_end: FrontEnd) -> u8 {
    let catalog = catalog_of(None);
    for remark in &front_end.remarks {
        tell_line!("{remark}");
    }
    let target = target_of(&catalog, front_end.optimized);
    run(&target, &catalog, arguments(front_end)).code()
}

fn arguments(front_end: FrontEnd) -> Result<Arguments, UsageError> {
    let FrontEnd { source, settings, threads, filters, .. } = front_end;
    let mut arguments = Arguments::parse(front_end.arguments)?;
    let selection = &mut arguments.selection;
    selection.ids =
        filters(&selection.filters, &selection.skips, selection.exact).map_err(UsageError::new)?;
    arguments.translated = Some(Translated { source, settings, threads });
    Ok(arguments)
}

/// A plain function does not know whose `main` calls it: the executable has the name of its target,
/// and benchmarks know their packages.
fn target_of(catalog: &Catalog, optimized: bool) -> Target {
    let name = target_of_executable();
    let mut packages = catalog.entrants.iter().filter_map(|entrant| match &entrant.origin {
        Origin::Attribute(registration, _) => Some(registration),
        Origin::Added(_) => None,
    });
    let first = packages.clone().next();
    let own = packages.find(|registration| crate_of(registration.module_path) == name);
    Target {
        package: own.or(first).map_or("", |registration| registration.package),
        // Once a process.
        target: own.map_or_else(|| name.leak() as &str, |own| crate_of(own.module_path)),
        link: None,
        optimized,
    }
}

/// The target that this executable was built from, by its file's name; empty where that is not known.
pub fn target_of_executable() -> String {
    let executable = std::env::current_exe().unwrap_or_default();
    target_name(&executable.file_stem().unwrap_or_default().to_string_lossy())
}

/// Says what is wrong with a command line, with texts of the user made safe; the exit code.
pub fn refuse(message: &str) -> u8 {
    tell_line!("{}", UsageError::new(message));
    Exit::Usage.code()
}

/// The target as a crate: cargo appends a hash of 16 digits to the names of executables.
fn target_name(stem: &str) -> String {
    let name = match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|c| c.is_ascii_hexdigit()) => {
            name
        }
        _ => stem,
    };
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_has_the_name_of_the_executable() {
        assert_eq!(target_name("my-bench-0123456789abcdef"), "my_bench");
        assert_eq!(target_name("my_bench-12"), "my_bench_12");
        assert_eq!(target_name("bench"), "bench");
    }

    #[test]
    fn filters_are_read_by_the_front_end() {
        let front_end = |arguments: &[&str]| FrontEnd {
            source: "other",
            arguments: arguments.iter().map(Into::into).collect(),
            settings: Settings::default(),
            threads: Some(vec![2]),
            filters: Box::new(|include, skip, exact| match (include, skip, exact) {
                ([bad], ..) if bad == "(" => Err("`(` is no pattern".to_owned()),
                ([], [], _) => Ok(None),
                _ => Ok(Some(IdFilter::new(|id| id == "taken"))),
            }),
            remarks: Vec::new(),
            optimized: true,
        };
        let read = arguments(front_end(&["--skip", "x"])).unwrap_or_default();
        assert!(read.selection.takes_id("taken") && !read.selection.takes_id("left"));
        assert_eq!(read.translated.and_then(|given| given.threads), Some(vec![2]));
        assert_eq!(arguments(front_end(&[])).unwrap_or_default().selection.ids, None);
        assert!(arguments(front_end(&["("])).is_err_and(|error| error.message.contains("`(`")));
    }
}
