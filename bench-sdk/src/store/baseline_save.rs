//! Saving a baseline.

use std::fs;
use std::path::Path;

use super::baseline_file::{self, case_ids, manifest_path, runs_dir};
use super::baseline_name::BaselineName;
use super::baselines::{Baseline, BaselineStore};
use super::error::StoreError;
use super::executable_copy::{self, COPY_PREFIX, ExecutableCopy, ExecutableSource, sha256, short};
use super::files::{create, to_json, write, write_text};
use super::pooling::{PooledRun, Pooling, pooled};
use crate::clock::utc_now;
use crate::record::{
    BASELINE_SCHEMA, BaselineRecord, BaselineRunRecord, ExecutableRecord, RunRecord,
};

/// What names of runs begin with.
const RUN_PREFIX: &str = "run_";

/// What becomes a baseline.
#[derive(Clone, Debug)]
pub(crate) struct Save {
    /// The run, with nothing but cases that have figures.
    pub(crate) record: RunRecord,
    /// What was measured; without it, only records can be compared later.
    pub(crate) executable: Option<ExecutableSource>,
    /// How it goes with what is there.
    pub(crate) pooling: Pooling,
}

/// What a save left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Cases that have figures.
    pub(crate) cases: usize,
    /// Runs.
    pub(crate) runs: usize,
    /// Size of the executables; 0 where there is none.
    pub(crate) executable_bytes: u64,
    /// Whether what another executable had left is gone.
    pub(crate) replaced: bool,
}

impl BaselineStore {
    /// Saves a run. A failure, or a crash at any moment, leaves what was there before.
    pub(crate) fn save(&self, name: &BaselineName, save: Save) -> Result<Saved, StoreError> {
        let run = &save.record.run;
        let folder = self.folder_of(name, &run.package, &run.target);
        let _lock = self.lock()?;
        self.clean();
        create(&runs_dir(&folder))?;
        let before = before(name, &folder, save.pooling)?;
        let saved = write_all(name, &folder, save, before);
        // After a failure what was there before still counts, and what was written does not.
        if let Ok(counts) = baseline_file::read(name, &folder) {
            clean(&folder, counts.as_ref());
        }
        saved
    }
}

/// What the save goes with. Damage is no hindrance where all of it is replaced.
fn before(
    name: &BaselineName,
    folder: &Path,
    pooling: Pooling,
) -> Result<Option<Baseline>, StoreError> {
    let load = |record: BaselineRecord| baseline_file::load(&record, name, folder);
    match baseline_file::read(name, folder).and_then(|found| found.map(load).transpose()) {
        Err(StoreError::Damaged { .. }) if !pooling.partial && !pooling.append => Ok(None),
        other => other,
    }
}

fn write_all(
    name: &BaselineName,
    folder: &Path,
    save: Save,
    before: Option<Baseline>,
) -> Result<Saved, StoreError> {
    let copy = match &save.executable {
        Some(source) => Some(executable_copy::keep(source, folder, name)?),
        None => None,
    };
    let header = save.record.run.clone();
    let mut executables = before.as_ref().map_or_else(Vec::new, |before| {
        before.executables.iter().map(ExecutableCopy::to_record).collect()
    });
    let runs_before = before.map_or_else(Vec::new, pooled_runs);
    let sizes_before = sizes(&runs_before);
    let origin = copy.as_ref().map(|copy: &ExecutableRecord| copy.sha256.clone());
    executables.retain(|known: &ExecutableRecord| Some(&known.sha256) != origin.as_ref());
    executables.extend(copy);
    let new = PooledRun { record: save.record, origin };
    let runs = pooled(runs_before, new, save.pooling);
    let stored = runs.iter().map(|run| write_run(&runs_dir(folder), run));
    let stored: Vec<BaselineRunRecord> = stored.collect::<Result<_, _>>()?;
    let sizes_now = sizes(&runs);
    let is_less = |(id, cases): &(String, usize)| {
        !sizes_now.iter().any(|(now, left)| now == id && left >= cases)
    };
    let replaced = sizes_before.iter().any(is_less);
    executables.retain(|copy| is_newest_somewhere(&copy.sha256, &runs));
    let records: Vec<RunRecord> = runs.into_iter().map(|run| run.record).collect();
    let manifest = BaselineRecord {
        schema: BASELINE_SCHEMA,
        name: name.to_string(),
        package: header.package,
        target: header.target,
        saved_at: utc_now().rfc3339(),
        optimized: header.optimized,
        cases: case_ids(&records).len() as u32,
        runs: stored,
        executables,
    };
    write(&manifest_path(folder), &manifest)?;
    Ok(Saved {
        cases: manifest.cases as usize,
        runs: manifest.runs.len(),
        executable_bytes: manifest.executables.iter().map(|copy| copy.size_bytes).sum(),
        replaced,
    })
}

/// How many cases each run has.
fn sizes(runs: &[PooledRun]) -> Vec<(String, usize)> {
    runs.iter().map(|run| (run.record.run.id.clone(), run.record.cases.len())).collect()
}

fn pooled_runs(baseline: Baseline) -> Vec<PooledRun> {
    let runs = baseline.runs.into_iter().zip(baseline.origins);
    runs.map(|(record, origin)| PooledRun { record, origin }).collect()
}

/// Whether some case has its newest figures from that executable.
fn is_newest_somewhere(sha256: &str, runs: &[PooledRun]) -> bool {
    let newest = |id: &str| runs.iter().rfind(|run| run.record.case(id).is_some());
    let ids = runs.iter().flat_map(|run| run.record.cases.iter().map(|case| case.id.as_str()));
    let mut origins = ids.filter_map(newest).filter_map(|run| run.origin.as_deref());
    origins.any(|origin| origin == sha256)
}

/// Writes a run under a name that its content makes; one that is there already stays.
fn write_run(folder: &Path, run: &PooledRun) -> Result<BaselineRunRecord, StoreError> {
    let id = &run.record.run.id;
    let safe: String =
        id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
    let text = to_json(folder, &run.record)?;
    let sha256 = sha256(text.as_bytes());
    let file = format!("{RUN_PREFIX}{safe}-{}.json", short(&sha256));
    let path = folder.join(&file);
    if !fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
        write_text(&path, &text)?;
    }
    Ok(BaselineRunRecord { id: id.clone(), file, sha256, executable: run.origin.clone() })
}

/// Takes away files of former saves, and of those that were stopped in their middle.
fn clean(folder: &Path, counts: Option<&BaselineRecord>) {
    let runs = counts.map_or(&[][..], |record| &record.runs);
    let copies = counts.map_or(&[][..], |record| &record.executables);
    remove_files(folder, |name| {
        let is_ours = name.starts_with(COPY_PREFIX) || is_temporary(name);
        is_ours && copies.iter().all(|copy| copy.file != name)
    });
    remove_files(&runs_dir(folder), |name| {
        let is_ours = name.starts_with(RUN_PREFIX) || is_temporary(name);
        is_ours && runs.iter().all(|run| run.file != name)
    });
    if counts.is_none() {
        // Empty folders are no baseline; one that is not empty ends this.
        let _ = fs::remove_dir(runs_dir(folder))
            .and_then(|()| fs::remove_dir(folder))
            .and_then(|()| folder.parent().map_or(Ok(()), fs::remove_dir));
    }
}

fn is_temporary(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "tmp")
}

fn remove_files(folder: &Path, doomed: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(&doomed) {
            // What stays costs space only, and the next save tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}
