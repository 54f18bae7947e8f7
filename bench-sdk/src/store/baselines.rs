//! Baselines: `baselines/NAME/PACKAGE--TARGET/` with `baseline.json`, `executable-HASH` and
//! `runs/ID-HASH.json`.
//!
//! Files beside `baseline.json` carry a hash of their content in their names and are never changed,
//! and `baseline.json` is written last: whatever happens, it names the files of one save, whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::baseline_file;
use super::baseline_name::BaselineName;
use super::error::StoreError;
use super::executable_copy::ExecutableCopy;
use super::files::create;
use super::lock::lock_file;
use crate::record::{CaseId, RunRecord, fnv1a};

/// How often a baseline is read again that another process replaced meanwhile.
const MAX_READS: usize = 5;
/// What the name of a folder begins with whose baseline is being removed.
const REMOVED_PREFIX: &str = ".removed-";

/// The baselines kept under one results folder.
#[derive(Clone, Debug)]
pub(crate) struct BaselineStore {
    results_dir: PathBuf,
}

/// What a baseline has of one target of one package.
#[derive(Clone, Debug)]
pub(crate) struct Baseline {
    /// What the user calls it.
    pub(crate) name: BaselineName,
    /// Cargo package.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "told by the command"))]
    pub(crate) package: String,
    /// Cargo target.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "told by the command"))]
    pub(crate) target: String,
    /// When it was last saved, in UTC.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "told by the command"))]
    pub(crate) saved_at: String,
    /// Whether the executable that was saved last was built with optimisation.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "told by the command"))]
    pub(crate) optimized: bool,
    /// Its runs, the oldest first; each has only cases that count, all with figures.
    pub(crate) runs: Vec<RunRecord>,
    /// The executables that its cases come from; see [`executable_of`](Self::executable_of).
    pub(crate) executables: Vec<ExecutableCopy>,
    /// SHA-256 of the executable of each run, where it was saved.
    pub(super) origins: Vec<Option<String>>,
}

impl Baseline {
    /// Ids of the cases that have figures, sorted.
    pub(crate) fn cases(&self) -> Vec<CaseId> {
        baseline_file::case_ids(&self.runs)
    }

    /// The executable of the newest run that has the case; `None` where only records were saved.
    ///
    /// After a filtered save, cases can come from several executables.
    pub(crate) fn executable_of(&self, id: &CaseId) -> Option<&ExecutableCopy> {
        let newest = self.runs.iter().rposition(|run| run.case(id.as_str()).is_some())?;
        let sha256 = self.origins.get(newest)?.as_ref()?;
        self.executables.iter().find(|copy| copy.sha256 == *sha256)
    }

    /// The one executable that all cases come from; `None` where there are several, or only records.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn executable(&self) -> Option<&ExecutableCopy> {
        let only_one = self.cases().iter().all(|id| {
            self.executable_of(id).is_some_and(|copy| Some(copy) == self.executables.first())
        });
        self.executables.first().filter(|_| only_one)
    }

    /// The runs that have the case and come from one executable, that of the newest, oldest first:
    /// only these tell how much times vary by themselves.
    pub(crate) fn runs_of(&self, id: &CaseId) -> Vec<&RunRecord> {
        let with_case = || {
            let runs = self.runs.iter().zip(&self.origins);
            runs.filter(|(run, _)| run.case(id.as_str()).is_some())
        };
        let Some((_, newest)) = with_case().next_back() else { return Vec::new() };
        with_case().filter(|(_, origin)| *origin == newest).map(|(run, _)| run).collect()
    }

    /// Whether every executable still is what was saved.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn verify_executables(&self) -> Result<(), StoreError> {
        self.executables.iter().try_for_each(ExecutableCopy::verify)
    }
}

/// A baseline, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaselineSummary {
    /// What the user calls it.
    pub(crate) name: BaselineName,
    /// What it has of each target, in the order of packages and targets.
    pub(crate) targets: Vec<TargetSummary>,
    /// Space that it takes.
    pub(crate) size_bytes: u64,
    /// What of it cannot be read.
    pub(crate) damages: Vec<String>,
}

/// What a baseline has of one target of one package, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetSummary {
    /// Cargo package.
    pub(crate) package: String,
    /// Cargo target.
    pub(crate) target: String,
    /// How many runs it has.
    pub(crate) runs: usize,
    /// How many cases have figures.
    pub(crate) cases: usize,
    /// When it was last saved, in UTC.
    pub(crate) saved_at: String,
    /// Space that executables take.
    pub(crate) executable_bytes: u64,
}

impl BaselineSummary {
    /// Runs, of the target that has most.
    pub(crate) fn runs(&self) -> usize {
        self.targets.iter().map(|target| target.runs).max().unwrap_or(0)
    }

    /// Cases, over all targets.
    #[cfg(any(test, feature = "cli"))]
    pub(crate) fn cases(&self) -> usize {
        self.targets.iter().map(|target| target.cases).sum()
    }

    /// When something of it was last saved, in UTC.
    pub(crate) fn saved_at(&self) -> Option<&str> {
        self.targets.iter().map(|target| target.saved_at.as_str()).max()
    }
}

impl BaselineStore {
    /// The baselines in that results folder, which need not exist.
    pub(crate) fn new(results_dir: PathBuf) -> Self {
        Self { results_dir }
    }

    /// What the baseline has of that target; `None` where it has nothing.
    pub(crate) fn load(
        &self,
        name: &BaselineName,
        package: &str,
        target: &str,
    ) -> Result<Option<Baseline>, StoreError> {
        load_from(name, &self.folder_of(name, package, target))
    }

    /// All that the baseline has; nothing where it does not exist.
    #[cfg(feature = "cli")]
    pub(crate) fn load_all(&self, name: &BaselineName) -> Result<Vec<Baseline>, StoreError> {
        let mut baselines = Vec::new();
        for folder in folders_in(&self.folder(name))? {
            baselines.extend(load_from(name, &folder)?);
        }
        Ok(baselines)
    }

    /// Every baseline, in the order of names; one that cannot be read is among them.
    pub(crate) fn names(&self) -> Result<Vec<BaselineSummary>, StoreError> {
        let mut summaries = Vec::new();
        for folder in folders_in(&self.baselines())? {
            let name = folder.file_name().and_then(|name| BaselineName::from_os(name).ok());
            let Some(name) = name else { continue };
            let summary = summary(name, &folder)?;
            if !summary.targets.is_empty() || !summary.damages.is_empty() {
                summaries.push(summary);
            }
        }
        Ok(summaries)
    }

    /// Removes the baseline, all of it or nothing; gives the space that it took, `None` where it did
    /// not exist.
    #[cfg(feature = "cli")]
    pub(crate) fn remove(&self, name: &BaselineName) -> Result<Option<u64>, StoreError> {
        let folder = self.folder(name);
        if !folder.is_dir() {
            return Ok(None);
        }
        let _lock = self.lock()?;
        self.clean();
        let size_bytes = size_below(&folder).map_err(StoreError::io(&folder, "read"))?;
        let doomed = self.baselines().join(format!("{REMOVED_PREFIX}{name}"));
        fs::rename(&folder, &doomed).map_err(StoreError::io(&folder, "remove"))?;
        fs::remove_dir_all(&doomed).map_err(StoreError::io(&doomed, "remove"))?;
        Ok(Some(size_bytes))
    }

    /// Takes away what a removal left behind that was stopped in its middle.
    pub(super) fn clean(&self) {
        let Ok(folders) = folders_in(&self.baselines()) else { return };
        for folder in folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(REMOVED_PREFIX) {
                // What stays costs space only, and the next save tries again.
                let _ = fs::remove_dir_all(&folder);
            }
        }
    }

    pub(super) fn lock(&self) -> Result<fs::File, StoreError> {
        create(&self.results_dir)?;
        lock_file(&self.results_dir.join("baselines.lock"), || ())
    }

    fn baselines(&self) -> PathBuf {
        self.results_dir.join("baselines")
    }

    fn folder(&self, name: &BaselineName) -> PathBuf {
        self.baselines().join(name.as_str())
    }

    /// The folder for what the baseline has of that target.
    pub(super) fn folder_of(&self, name: &BaselineName, package: &str, target: &str) -> PathBuf {
        self.folder(name).join(folder_name(package, target))
    }
}

/// `PACKAGE--TARGET`; where that could be mistaken or is no good name, what is good of it and a hash.
fn folder_name(package: &str, target: &str) -> String {
    let is_plain = |text: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        (1..=64).contains(&text.len())
            && text.chars().all(fits)
            && !text.contains("--")
            && !text.starts_with('-')
            && !text.ends_with('-')
    };
    if is_plain(package) && is_plain(target) {
        return format!("{package}--{target}");
    }
    let safe = |text: &str| -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        text.chars().map(safe).take(64).collect()
    };
    let hash = fnv1a(format!("{package}\0{target}").as_bytes());
    format!("{}--{}~{hash:016x}", safe(package), safe(target))
}

/// Reads again where a save removed files between two reads.
fn load_from(name: &BaselineName, folder: &Path) -> Result<Option<Baseline>, StoreError> {
    let mut record = baseline_file::read(name, folder)?;
    for _ in 1..MAX_READS {
        let Some(found) = &record else { return Ok(None) };
        let loaded = baseline_file::load(found, name, folder);
        if loaded.is_ok() {
            return loaded.map(Some);
        }
        let now = baseline_file::read(name, folder)?;
        if now == record {
            return loaded.map(Some);
        }
        record = now;
    }
    record.map(|record| baseline_file::load(&record, name, folder)).transpose()
}

/// The folders in a folder, sorted; none if it does not exist.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(folder, "read the folder")(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut folders: Vec<PathBuf> =
        paths.collect::<io::Result<_>>().map_err(StoreError::io(folder, "read the folder"))?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

fn summary(name: BaselineName, folder: &Path) -> Result<BaselineSummary, StoreError> {
    let mut targets = Vec::new();
    let mut damages = Vec::new();
    for folder in folders_in(folder)? {
        match baseline_file::read(&name, &folder) {
            Ok(None) => {}
            Ok(Some(record)) => targets.push(TargetSummary {
                package: record.package,
                target: record.target,
                runs: record.runs.len(),
                cases: record.cases as usize,
                saved_at: record.saved_at,
                executable_bytes: record.executables.iter().map(|copy| copy.size_bytes).sum(),
            }),
            Err(error) => damages.push(error.to_string()),
        }
    }
    targets.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
    let size_bytes = size_below(folder).map_err(StoreError::io(folder, "read"))?;
    Ok(BaselineSummary { name, targets, size_bytes, damages })
}

/// Bytes of all files in a folder and below.
fn size_below(folder: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = match entry.metadata() {
            // A save that goes on at the same time may have taken it away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        sum += if metadata.is_dir() { size_below(&entry.path())? } else { metadata.len() };
    }
    Ok(sum)
}
