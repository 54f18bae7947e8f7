//! Records by what the user calls them.

use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use crate::harness::{shortened, tell_line};
use crate::plan::nearest;
use crate::record::RunRecord;
use crate::record::load::LoadRecord;
use crate::report::escape;
use crate::store::{BaselineStore, Place, RunStore, StoreError, find_runs, read_load, read_run};

/// Runs that a name stands for, the oldest first.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) runs: Vec<RunRecord>,
    /// Whether they are known to come from one executable.
    pub(super) one_executable: bool,
}

/// The runs of that name: a baseline, the id of a run or `latest`, else a file or a folder.
pub(super) fn records(name: &str, results_dir: &Path) -> Result<Records, Failure> {
    let store = RunStore::new(results_dir.to_owned());
    let is_plain = matches!(
        Path::new(name).components().collect::<Vec<_>>().as_slice(),
        [Component::Normal(_)]
    );
    if let Some(found) = of_baseline(name, results_dir)? {
        return Ok(found);
    }
    if is_plain && store.is_copy(name) {
        tell_line!("{}", copied(&store, name));
    }
    let kept = is_plain.then(|| store.folder_of(name)).filter(|path| path.exists());
    let place = kept.unwrap_or_else(|| PathBuf::from(name));
    if let Some(other) = no_run(name, &place, &store) {
        return Err(other);
    }
    let found = find_runs(&place).map_err(|error| unreadable(&error))?;
    let files = match found {
        None => return Err(unknown(name, &place, &store)),
        Some(Place::File(file)) => vec![file],
        Some(Place::Files(files)) => files,
    };
    let load = |file: &PathBuf| read_run(file).map_err(|error| unreadable(&error));
    let mut runs = files.iter().map(load).collect::<Result<Vec<RunRecord>, Failure>>()?;
    runs.sort_by(|a, b| (&a.run.started_at, &a.run.id).cmp(&(&b.run.started_at, &b.run.id)));
    Ok(Records { runs, one_executable: false })
}

/// The load test of that name: its id or `latest-load`, else its file or a folder that has one and no
/// run. `None` where the name stands for something else, or nothing.
pub(super) fn load_record(name: &str, results_dir: &Path) -> Result<Option<LoadRecord>, Failure> {
    let store = RunStore::new(results_dir.to_owned());
    if let Some(record) = store.load_test(Some(name)).map_err(|error| unreadable(&error))? {
        if store.is_copy(name) {
            tell_line!("{}", copied(&store, name));
        }
        return Ok(Some(record));
    }
    let path = Path::new(name);
    let file = if path.is_dir() && !path.join("run.json").exists() {
        path.join("load.json")
    } else {
        path.to_owned()
    };
    let is_load = file.file_name().is_some_and(|file| file == "load.json") && file.is_file();
    let read = is_load.then(|| read_load(&file)).transpose();
    read.map_err(|error| unreadable(&error))
}

/// The runs of a baseline of that name.
fn of_baseline(name: &str, results_dir: &Path) -> Result<Option<Records>, Failure> {
    let store = BaselineStore::new(results_dir.to_owned());
    let known = store.names().map_err(|error| unreadable(&error))?;
    let Some(found) = known.iter().find(|summary| summary.name.as_str() == name) else {
        return Ok(None);
    };
    let [target] = found.targets.as_slice() else {
        return Err(Failure::usage(format!("baseline `{name}` has runs of several targets"))
            .help("name a run of one target, as `cargo hub-bench baseline show` lists them"));
    };
    let loaded = store.load(&found.name, &target.package, &target.target);
    let loaded = loaded.map_err(|error| unreadable(&error))?;
    Ok(loaded.map(|baseline| Records {
        one_executable: baseline.executables.len() == 1,
        runs: baseline.runs,
    }))
}

fn unreadable(error: &StoreError) -> Failure {
    Failure::new(escape(&error.to_string()))
}

/// Says that a name for what is newest is a folder, and what is taken in its place.
pub(super) fn copied(store: &RunStore, name: &str) -> String {
    let folder = escape(&store.runs().display().to_string());
    format!(
        "note: `{name}` in {folder} is a folder and no link, as copying makes one; it stays as it is, \
         and the newest by name is taken for it"
    )
}

/// Files of ours in a results folder besides runs.
const OF_RESULTS: [&str; 4] = ["measuring.lock", "progress.jsonl", "doctor.json", "noise.json"];

/// What is whole and known, and has no cases of its own; `None` where there may be a run.
fn no_run(name: &str, place: &Path, store: &RunStore) -> Option<Failure> {
    let shown = shortened(name);
    let has = |file: &str| place.join(file).exists();
    let is_comparison = match place.file_name() {
        Some(file) if place.is_file() => file == "comparison.json",
        _ => has("comparison.json") && !has("run.json"),
    };
    if is_comparison {
        let error = format!("`{shown}` is a comparison and has no cases of its own");
        return Some(Failure::usage(error).help(
            "cargo hub-bench report shows it; `compare` and `export` take the runs that `bench` keeps",
        ));
    }
    let is_known = place == store.results_dir() || OF_RESULTS.iter().any(|file| has(file));
    if !is_known || !place.join("runs").is_dir() || has("run.json") {
        return None;
    }
    let runs = escape(&place.join("runs").display().to_string());
    let error = format!("`{shown}` is a results folder, and a run or a baseline is needed");
    let help = format!("name a baseline (--baseline NAME), or a run by its id or place in {runs}");
    Some(Failure::usage(error).help(help))
}

/// There is nothing of that name; says what there is.
fn unknown(name: &str, place: &Path, store: &RunStore) -> Failure {
    let shown = shortened(name);
    if place.is_dir() {
        return Failure::usage(format!("there is no run in the folder `{shown}`"))
            .help("a folder is taken for the runs in it: run.json, */run.json or *.json");
    }
    let mut known = match store.list() {
        Ok(ids) => ids,
        Err(error) => return unreadable(&error),
    };
    known.retain(|id| store.has(id, "run.json"));
    let failure = Failure::usage(format!("there is no run, folder or file `{shown}`"));
    let names = known.iter().map(String::as_str).chain(["latest"]);
    let near = nearest(name, names.filter(|_| !known.is_empty())).map(shortened);
    let last = known.last().map(|id| shortened(id));
    let looked = escape(&store.runs().display().to_string());
    match (near, last) {
        (Some(near), _) => failure.help(format!("did you mean `{near}`?")),
        (None, Some(last)) => failure.help(format!("the last run in {looked} is {last}")),
        (None, None) => {
            failure.help(format!("no run is kept in {looked}; measure something first"))
        }
    }
}
