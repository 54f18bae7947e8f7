//! Reading `baseline.json` and the runs that it names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::baseline_name::BaselineName;
use super::baselines::Baseline;
use super::error::StoreError;
use super::executable_copy::{ExecutableCopy, sha256};
use crate::record::{
    BASELINE_SCHEMA, BaselineRecord, BaselineRunRecord, CaseId, RunRecord, SCHEMA,
};

/// The file that decides.
pub(super) fn manifest_path(folder: &Path) -> PathBuf {
    folder.join("baseline.json")
}

/// The folder of the runs.
pub(super) fn runs_dir(folder: &Path) -> PathBuf {
    folder.join("runs")
}

/// Reads `baseline.json`; `None` where there is none.
pub(super) fn read(
    name: &BaselineName,
    folder: &Path,
) -> Result<Option<BaselineRecord>, StoreError> {
    let path = manifest_path(folder);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if is_nothing(&error) => return Ok(None),
        Err(error) => return Err(StoreError::io(&path, "read")(error)),
    };
    let record: BaselineRecord = parse(name, &path, &bytes, BASELINE_SCHEMA)?;
    let runs = record.runs.iter().map(|run| &run.file);
    let executables = record.executables.iter().map(|copy| &copy.file);
    // Names that lead elsewhere were not written here.
    match runs.chain(executables).find(|file| !is_plain(file)) {
        None => Ok(Some(record)),
        Some(file) => Err(damaged(name, &path, format!("{file:?} is not the name of a file"))),
    }
}

/// Whether there is no such file.
fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn is_plain(file: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !file.is_empty() && file.chars().all(fits) && !file.starts_with('.')
}

/// Reads the runs that it names; executables are not looked at.
pub(super) fn load(
    record: &BaselineRecord,
    name: &BaselineName,
    folder: &Path,
) -> Result<Baseline, StoreError> {
    let runs = record.runs.iter().map(|run| read_run(name, &runs_dir(folder), run));
    let copies = record.executables.iter().cloned();
    Ok(Baseline {
        name: name.clone(),
        package: record.package.clone(),
        target: record.target.clone(),
        saved_at: record.saved_at.clone(),
        optimized: record.optimized,
        runs: runs.collect::<Result<_, _>>()?,
        executables: copies.map(|copy| ExecutableCopy::of(copy, name, folder)).collect(),
        origins: record.runs.iter().map(|run| run.executable.clone()).collect(),
    })
}

fn read_run(
    name: &BaselineName,
    folder: &Path,
    run: &BaselineRunRecord,
) -> Result<RunRecord, StoreError> {
    let path = folder.join(&run.file);
    let bytes = fs::read(&path).map_err(|error| damaged(name, &path, error.to_string()))?;
    if sha256(&bytes) != run.sha256 {
        return Err(damaged(name, &path, "its SHA-256 is not the one it was saved with".into()));
    }
    parse(name, &path, &bytes, SCHEMA)
}

/// Reads JSON: the schema number first, since a newer layout is refused, not guessed at.
fn parse<T: DeserializeOwned>(
    name: &BaselineName,
    path: &Path,
    bytes: &[u8],
    known: u32,
) -> Result<T, StoreError> {
    let damage = |error: serde_json::Error| damaged(name, path, error.to_string());
    let value: Value = serde_json::from_slice(bytes).map_err(damage)?;
    match value["schema"].as_u64() {
        None => Err(damaged(name, path, "it has no schema number".to_owned())),
        Some(schema) if schema > u64::from(known) => {
            Err(StoreError::Newer { path: path.to_owned(), schema })
        }
        Some(_) => serde_json::from_value(value).map_err(damage),
    }
}

fn damaged(name: &BaselineName, path: &Path, error: String) -> StoreError {
    StoreError::Damaged { name: name.clone(), path: path.to_owned(), error }
}

/// Ids of the cases of all the runs, sorted, each once.
pub(super) fn case_ids(runs: &[RunRecord]) -> Vec<CaseId> {
    let ids = runs.iter().flat_map(|run| run.cases.iter().map(|case| case.id.clone()));
    let mut ids: Vec<CaseId> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}
