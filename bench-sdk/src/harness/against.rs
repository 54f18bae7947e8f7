//! `--baseline`: the run that was just measured, held against a baseline.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use super::arguments::Arguments;
use super::baseline::LIBRARY_PATH;
use super::comparing::{Comparing, announce};
use super::comparison_shown::ComparisonShown;
use super::exit::Exit;
use super::noise::known_noise;
use super::usage::UsageError;
use crate::compare::{BaselineRuns, compare_records};
use crate::harness::tell_line;
use crate::launch::Executable;
use crate::plan::PlannedCase;
use crate::record::{CaseId, ComparisonRecord, Mode, Note, RunRecord, SideRecord, Status};
use crate::report::Fanout;
use crate::resource::{Likeness, PAIR_PROTOCOL, likeness, marker_of};
use crate::runner::PairedCase;
use crate::store::{Baseline, ExecutableCopy, RunStore};

/// A baseline, and the cases of this executable that are held against it.
pub(super) struct Against {
    baseline: Baseline,
    cases: Vec<Known>,
}

/// What is known of a case before anything is measured.
struct Known {
    id: CaseId,
    code_hash: String,
    timeout: Duration,
}

impl Against {
    pub(super) fn new(baseline: Baseline, cases: &[PlannedCase]) -> Self {
        let known = |case: &PlannedCase| Known {
            id: case.id.clone(),
            code_hash: if case.code_hash == 0 {
                String::new()
            } else {
                format!("{:016x}", case.code_hash)
            },
            timeout: Duration::from_nanos(case.settings.timeout_ns),
        };
        Self { baseline, cases: cases.iter().map(known).collect() }
    }

    /// Compares: both executables in turns where the baseline's can run here, else the records. Shows
    /// and keeps what was found, and gives what to end with.
    pub(super) fn compare(
        &self,
        run: &RunRecord,
        arguments: &Arguments,
        store: &RunStore,
        reporters: &mut Fanout,
    ) -> Result<Exit, UsageError> {
        if run.run.mode == Mode::Test || run.run.interrupted {
            tell_line!("not compared with {}: the run was not finished", self.baseline.name);
            return Ok(Exit::Success);
        }
        let (record, failed) = match self.executables(run) {
            Ok(executables) => {
                let comparing = self.comparing(run, arguments, store, &executables)?;
                comparing.carry_out(reporters)
            }
            Err(why) => {
                tell_line!("compared by records only: {why}");
                (self.by_records(run, arguments, store, why), None)
            }
        };
        Ok(tell(&record, failed.as_deref(), run, arguments, store, reporters))
    }

    /// The executables that cases of the baseline come from, by their hash; why they cannot run here,
    /// if one cannot.
    fn executables(
        &self,
        run: &RunRecord,
    ) -> Result<BTreeMap<String, Rc<[Executable; 2]>>, String> {
        let this = std::env::current_exe()
            .map_err(|error| format!("this executable cannot be found: {error}"))?;
        let candidate = Executable { path: this, ..Executable::default() };
        let mut found = BTreeMap::new();
        for known in self.cases.iter().filter(|known| is_measured(run, &known.id)) {
            if self.baseline.runs_of(&known.id).is_empty() {
                continue;
            }
            let copy = self.baseline.executable_of(&known.id);
            let copy = copy.ok_or("the baseline has no executable")?;
            if !found.contains_key(&copy.sha256) {
                can_run(copy)?;
                let pair = Rc::new([started_as_saved(copy), candidate.clone()]);
                found.insert(copy.sha256.clone(), pair);
            }
        }
        Ok(found)
    }

    fn comparing(
        &self,
        run: &RunRecord,
        arguments: &Arguments,
        store: &RunStore,
        executables: &BTreeMap<String, Rc<[Executable; 2]>>,
    ) -> Result<Comparing, UsageError> {
        let mut alike = BTreeMap::new();
        for (hash, pair) in executables {
            let found = likeness(&pair[0].path, &pair[1].path).map_err(|error| {
                UsageError::new(format!("failed to compare the executables: {error}"))
            })?;
            alike.insert(hash.as_str(), found);
        }
        let (mut cases, mut only_in_candidate) = (Vec::new(), Vec::new());
        for known in self.cases.iter().filter(|known| is_measured(run, &known.id)) {
            let copy = self.baseline.executable_of(&known.id);
            match copy.and_then(|copy| executables.get_key_value(&copy.sha256)) {
                None => only_in_candidate.push(known.id.clone()),
                Some((hash, pair)) => cases.push(PairedCase {
                    id: known.id.clone(),
                    executables: Rc::clone(pair),
                    likeness: alike.get(hash.as_str()).copied().unwrap_or(Likeness::Different),
                    code_changed: self.has_other_code(known),
                    timeout: known.timeout,
                }),
            }
        }
        let is_known = |id: &CaseId| self.cases.iter().any(|known| known.id == *id);
        let selected = |id: &CaseId| arguments.selection.takes_id(id.as_str());
        let mut only_in_baseline = self.baseline.cases();
        only_in_baseline.retain(|id| !is_known(id) && selected(id));
        let scratch = store.scratch().map_err(|error| UsageError::new(error.to_string()))?;
        Ok(Comparing {
            baseline: baseline_side(&self.baseline),
            candidate: candidate(run),
            cases,
            only_in_baseline,
            only_in_candidate,
            rules: arguments.comparison.rules(),
            seed: run.run.seed,
            measure_identical: arguments.comparison.measure_identical,
            instructions: arguments.settings.instructions.unwrap_or(false),
            nocapture: arguments.nocapture,
            notes: Vec::new(),
            scratch,
        })
    }

    /// Whether the benchmark's own code is not that of the baseline.
    fn has_other_code(&self, known: &Known) -> bool {
        let newest = self.baseline.runs_of(&known.id).pop();
        let before = newest.and_then(|run| run.case(known.id.as_str()));
        before.is_some_and(|case| {
            !case.code_hash.is_empty()
                && !known.code_hash.is_empty()
                && case.code_hash != known.code_hash
        })
    }

    fn by_records(
        &self,
        run: &RunRecord,
        arguments: &Arguments,
        store: &RunStore,
        why: String,
    ) -> ComparisonRecord {
        let runs = BaselineRuns { runs: &self.baseline.runs, one_executable: false };
        let (noise, note) = known_noise(store, run);
        let rules = arguments.comparison.rules();
        let mut record = compare_records(runs, run, rules, noise.as_ref());
        record.notes.extend(note);
        record.baseline = baseline_side(&self.baseline);
        record.candidate = candidate(run);
        record.notes.insert(0, Note::warning("unpaired", why));
        record
    }
}

/// Keeps and shows the comparison; what to end with.
fn tell(
    record: &ComparisonRecord,
    failed: Option<&str>,
    run: &RunRecord,
    arguments: &Arguments,
    store: &RunStore,
    reporters: &mut Fanout,
) -> Exit {
    let kept = store.save_comparison(&run.run.id, record);
    announce(record, kept.as_ref().ok().map(|path| path.display().to_string()), reporters);
    let mut exit = Exit::of_comparison(record, arguments.strict);
    let beside = arguments.outputs.iter().any(|output| output.file.is_none());
    let shown = ComparisonShown { color: arguments.color, verbose: false };
    if let Err(error) = shown.show(record, exit, None, beside) {
        tell_line!("{error}");
        exit = exit.and(Exit::NotKept);
    }
    if let Some(why) = failed {
        tell_line!("error: {why}");
    }
    match kept {
        Ok(_) => exit,
        Err(error) => {
            tell_line!("error: the comparison was not kept: {error}");
            exit.and(Exit::NotKept)
        }
    }
}
/// The baseline, as a comparison names it.
pub(crate) fn baseline_side(baseline: &Baseline) -> SideRecord {
    let newest = baseline.runs.last();
    SideRecord {
        name: baseline.name.to_string(),
        commit: newest.and_then(|run| run.environment.git_commit.clone()),
        dirty: newest.and_then(|run| run.environment.git_dirty),
        runs: Some(baseline.runs.len() as u32),
    }
}

fn candidate(run: &RunRecord) -> SideRecord {
    SideRecord {
        name: "this executable".to_owned(),
        commit: run.environment.git_commit.clone(),
        dirty: run.environment.git_dirty,
        runs: None,
    }
}

fn is_measured(run: &RunRecord, id: &CaseId) -> bool {
    let status = run.case(id.as_str()).map(|case| case.status);
    matches!(status, Some(Status::Measured | Status::BudgetFailed))
}

/// Why the copy cannot be one side, if it cannot.
fn can_run(copy: &ExecutableCopy) -> Result<(), String> {
    copy.verify().map_err(|error| error.to_string())?;
    let marker = marker_of(&copy.path)
        .map_err(|error| format!("the baseline's executable cannot be read: {error}"))?;
    match marker {
        Some(marker) if marker.pair_protocol == PAIR_PROTOCOL => {}
        _ => return Err("the baseline's executable holds another version of bench-sdk".to_owned()),
    }
    for folder in [&copy.working_dir, &copy.package_dir] {
        if !folder.is_dir() {
            return Err(format!("{} is not there any more", folder.display()));
        }
    }
    Ok(())
}

/// Working folder, package folder and library path are those of the save.
pub(crate) fn started_as_saved(copy: &ExecutableCopy) -> Executable {
    let package = ("CARGO_MANIFEST_DIR".into(), copy.package_dir.clone().into_os_string());
    let library = copy.library_path.as_ref().map(|path| (LIBRARY_PATH.into(), path.into()));
    let variables: Vec<(OsString, OsString)> = std::iter::once(package).chain(library).collect();
    Executable {
        path: copy.path.clone(),
        working_dir: Some(Path::new(&copy.working_dir).to_owned()),
        variables,
    }
}
