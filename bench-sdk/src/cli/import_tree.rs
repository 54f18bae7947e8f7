//! Finds in criterion's folder tree what belongs to one baseline.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::harness::{CRITERION_BASELINE, called_from, shortened};
use crate::report::escape;

/// What was measured.
pub(super) const BENCHMARK: &str = "benchmark.json";
/// What was found.
pub(super) const ESTIMATES: &str = "estimates.json";
/// Each batch; some do without.
pub(super) const SAMPLE: &str = "sample.json";

/// Folders within folders: group, function, value and baseline, and the folder itself may be named
/// from farther above.
const MAX_DEPTH: usize = 8;
/// Folders of criterion's that are no baselines.
const OTHERS: [&str; 2] = ["change", "report"];

/// Folders by the baseline that they belong to.
type Folders = BTreeMap<String, Vec<PathBuf>>;

/// Folders that hold results.
#[derive(Debug, Default)]
struct Found {
    whole: Folders,
    /// A file is missing, so there is a benchmark of which nothing can be said.
    cut: Folders,
}

/// The folders with results of one baseline, and the name of it.
pub(super) fn result_folders(
    folder: &Path,
    baseline: Option<&str>,
) -> Result<(Vec<PathBuf>, String), Failure> {
    let mut found = Found::default();
    collect(folder, MAX_DEPTH, &mut found)?;
    let wanted = baseline.unwrap_or(CRITERION_BASELINE);
    let is_wanted = |name: &&String| found.whole.is_empty() || *name == wanted;
    none_cut(&found, found.cut.keys().find(is_wanted))?;
    let name = chosen(folder, &found.whole, baseline)?;
    none_cut(&found, Some(&name))?;
    Ok((found.whole.remove(&name).unwrap_or_default(), name))
}

/// A place in a tree, uncut: its end says which benchmark it is.
pub(super) fn place(path: &Path) -> String {
    let from_here = path.strip_prefix(called_from()).unwrap_or(path);
    escape(&from_here.display().to_string())
}

/// Fails where the baseline of that name has a benchmark without its results.
fn none_cut(found: &Found, name: Option<&String>) -> Result<(), Failure> {
    let cut = name.and_then(|name| found.cut.get(name)?.first());
    let Some(cut) = cut else { return Ok(()) };
    let missing = [BENCHMARK, ESTIMATES].into_iter().find(|file| !cut.join(file).is_file());
    let missing = missing.unwrap_or(ESTIMATES);
    let error = format!("{} is missing or no file", place(&cut.join(missing)));
    Err(Failure::new(error).help(format!("measure it again, or remove {}", place(cut))))
}

/// Finds the folders that hold results, by the baseline that they belong to.
fn collect(folder: &Path, depth: usize, found: &mut Found) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("failed to list {}: {error}", place(folder)));
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !OTHERS.contains(&name.as_str()) {
        let is_there = |file: &&str| folder.join(file).symlink_metadata().is_ok();
        if [BENCHMARK, ESTIMATES].iter().all(|file| folder.join(file).is_file()) {
            found.whole.entry(name).or_default().push(folder.to_owned());
        } else if [BENCHMARK, ESTIMATES, SAMPLE].iter().any(is_there) {
            found.cut.entry(name).or_default().push(folder.to_owned());
        }
    }
    if depth == 0 {
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() && !path.is_symlink() {
            below.push(path);
        }
    }
    below.sort();
    below.iter().try_for_each(|path| collect(path, depth - 1, found))
}

/// The baseline that is asked for, else the last run's, else the only one.
fn chosen(folder: &Path, found: &Folders, asked: Option<&str>) -> Result<String, Failure> {
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let listed = names.iter().map(|name| format!("`{}`", shortened(name))).collect::<Vec<_>>();
    let wanted = asked.unwrap_or(CRITERION_BASELINE);
    match names.as_slice() {
        _ if names.contains(&wanted) => Ok(wanted.to_owned()),
        [] => Err(Failure::new(format!("{} holds no results of criterion", place(folder))).help(
            "they are folders with benchmark.json and estimates.json, as in target/criterion",
        )),
        _ if asked.is_some() => {
            Err(Failure::usage(format!("there is no baseline `{}`", shortened(wanted)))
                .help(format!("known: {}", listed.join(", "))))
        }
        [only] => Ok((*only).to_owned()),
        _ => Err(Failure::usage(format!("there are baselines {}", listed.join(", ")))
            .help("say which one: --baseline NAME")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_is_named_or_the_only_one() {
        let found = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect::<BTreeMap<_, _>>()
        };
        let folder = Path::new("x");
        let chosen = |names: &[&str], asked| {
            chosen(folder, &found(names), asked).map_err(|failure| failure.to_string())
        };
        assert_eq!(chosen(&["base", "new"], None), Ok("new".to_owned()));
        assert_eq!(chosen(&["main"], None), Ok("main".to_owned()));
        assert_eq!(chosen(&["base", "new"], Some("base")), Ok("base".to_owned()));
        assert!(chosen(&["a", "b"], None).is_err_and(|e| e.contains("`a`, `b`")));
        assert!(chosen(&["a"], Some("b")).is_err_and(|e| e.contains("no baseline `b`")));
        assert!(chosen(&[], None).is_err_and(|e| e.contains("no results of criterion")));
    }
}
