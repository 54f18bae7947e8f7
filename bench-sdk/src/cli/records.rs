//! Records by what the user calls them.

use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use crate::harness::shortened;
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
    let runs = results_dir.join("runs");
    let is_plain = matches!(
        Path::new(name).components().collect::<Vec<_>>().as_slice(),
        [Component::Normal(_)]
    );
    if let Some(found) = of_baseline(name, results_dir)? {
        return Ok(found);
    }
    let kept = is_plain.then(|| runs.join(name)).filter(|path| path.exists());
    let place = kept.unwrap_or_else(|| PathBuf::from(name));
    let found = find_runs(&place).map_err(|error| unreadable(&error))?;
    let files = match found {
        None => return Err(unknown(name, &place, &runs)),
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

/// There is nothing of that name; says what there is.
fn unknown(name: &str, place: &Path, runs: &Path) -> Failure {
    let shown = shortened(name);
    if place.is_dir() {
        return Failure::usage(format!("there is no run in the folder `{shown}`"))
            .help("a folder is taken for the runs in it: run.json, */run.json or *.json");
    }
    let mut known: Vec<String> = std::fs::read_dir(runs)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("run.json").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    known.sort();
    let failure = Failure::usage(format!("there is no run, folder or file `{shown}`"));
    let near = nearest(name, known.iter().map(String::as_str)).map(shortened);
    let last = known.iter().rev().find(|id| *id != "latest").map(|id| shortened(id));
    let looked = escape(&runs.display().to_string());
    match (near, last) {
        (Some(near), _) => failure.help(format!("did you mean `{near}`?")),
        (None, Some(last)) => failure.help(format!("the last run in {looked} is {last}")),
        (None, None) => {
            failure.help(format!("no run is kept in {looked}; measure something first"))
        }
    }
}
