//! What saves leave on the disk.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::PathBuf;

use super::baseline_file::runs_dir;
use super::fixture::{Folder, run_of};
use super::*;
use crate::record::{CaseId, Mode, Status};

const FULL: Pooling = Pooling { partial: false, append: false };
const PARTIAL: Pooling = Pooling { partial: true, append: false };
const APPEND: Pooling = Pooling { partial: false, append: true };

fn main_() -> BaselineName {
    BaselineName::parse("main").unwrap()
}

/// A store, and a folder to make executables in.
struct Setup {
    folder: Folder,
    store: BaselineStore,
}

impl Setup {
    fn new() -> Self {
        let folder = Folder::new();
        let store = BaselineStore::new(folder.path().join("results"));
        Self { folder, store }
    }

    /// Saves a run with these cases, measured by the executable of that content.
    fn save(&self, id: &str, cases: &[&str], executable: &str, pooling: Pooling) -> Saved {
        self.try_save(id, cases, executable, pooling).unwrap()
    }

    fn try_save(
        &self,
        id: &str,
        cases: &[&str],
        executable: &str,
        pooling: Pooling,
    ) -> Result<Saved, StoreError> {
        let executable = Some(self.folder.executable("bench", executable.as_bytes()));
        let save = Save { record: run_of(id, cases), executable, pooling };
        self.store.save(&main_(), save)
    }

    fn load(&self) -> Baseline {
        let baseline = self.store.load(&main_(), "hub", "bench").unwrap().unwrap();
        baseline.verify_executables().unwrap();
        baseline
    }

    /// The runs with their cases: `1:a,b 2:a`.
    fn runs(&self) -> String {
        let shown = |run: &crate::record::RunRecord| {
            let cases: Vec<&str> = run.cases.iter().map(|case| case.id.as_str()).collect();
            format!("{}:{}", run.run.id, cases.join(","))
        };
        self.load().runs.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    /// The content of the executable that the case comes from.
    fn origin(&self, case: &str) -> String {
        let baseline = self.load();
        let copy = baseline.executable_of(&CaseId::from(case)).unwrap();
        fs::read_to_string(&copy.path).unwrap()
    }

    fn place(&self) -> PathBuf {
        self.store.folder_of(&main_(), "hub", "bench")
    }

    /// How many files the baseline has.
    fn files(&self) -> usize {
        let count = |folder: PathBuf| {
            let entries = fs::read_dir(folder).unwrap().flatten();
            entries.filter(|entry| entry.path().is_file()).count()
        };
        count(self.place()) + count(runs_dir(&self.place()))
    }
}

#[test]
fn the_same_executable_adds_a_run() {
    let setup = Setup::new();
    let first = setup.save("1", &["a", "b"], "X", FULL);
    let bytes = Saved { cases: 2, runs: 1, executable_bytes: 1, replaced: false };
    assert_eq!(first, bytes);
    let second = setup.save("2", &["a", "b"], "X", FULL);
    assert_eq!(second, Saved { runs: 2, ..bytes });
    assert_eq!(setup.runs(), "1:a,b 2:a,b");
    assert_eq!(setup.files(), 4);
    let baseline = setup.load();
    assert_eq!(baseline.executable().unwrap().library_path.as_deref(), Some("/opt/lib"));
    assert_eq!(baseline.executable().unwrap().working_dir, setup.folder.path());
    assert_eq!(baseline.runs_of(&CaseId::from("a")).len(), 2);
    assert_eq!((baseline.name, baseline.optimized), (main_(), true));
}

#[test]
fn another_executable_replaces_all() {
    let setup = Setup::new();
    setup.save("1", &["a", "b"], "X", FULL);
    assert!(setup.save("2", &["a"], "Y", FULL).replaced);
    assert_eq!((setup.runs(), setup.origin("a")), ("2:a".to_owned(), "Y".to_owned()));
    assert_eq!(setup.files(), 3);
}

#[test]
fn appending_pools_what_executables_measured() {
    let setup = Setup::new();
    setup.save("1", &["a", "b"], "X", FULL);
    assert!(!setup.save("2", &["a", "b"], "Y", APPEND).replaced);
    assert_eq!((setup.runs(), setup.origin("a")), ("1:a,b 2:a,b".to_owned(), "Y".to_owned()));
    // What the two differ by is not how much times vary.
    assert_eq!(setup.load().runs_of(&CaseId::from("a")).len(), 1);
    assert_eq!(setup.files(), 4);
}

#[test]
fn a_partial_save_replaces_its_cases_only() {
    let setup = Setup::new();
    setup.save("1", &["a", "b"], "X", FULL);
    setup.save("2", &["b"], "X", PARTIAL);
    assert_eq!(setup.runs(), "1:a,b 2:b");
    assert!(setup.save("3", &["b", "c"], "Y", PARTIAL).replaced);
    assert_eq!(setup.runs(), "1:a 3:b,c");
    assert_eq!((setup.origin("a"), setup.origin("b")), ("X".to_owned(), "Y".to_owned()));
    assert_eq!(setup.load().executable(), None);
    // Nothing needs X any more.
    setup.save("4", &["a"], "Y", PARTIAL);
    assert_eq!(setup.runs(), "3:b,c 4:a");
    assert_eq!(setup.load().executables.len(), 1);
    assert_eq!(setup.files(), 4);
}

#[test]
fn several_processes_contribute_to_one_run() {
    let setup = Setup::new();
    setup.save("1", &["a"], "X", PARTIAL);
    assert_eq!(setup.save("1", &["b"], "X", PARTIAL).runs, 1);
    assert_eq!(setup.save("1", &["b"], "X", PARTIAL).cases, 2);
    assert_eq!(setup.runs(), "1:a,b");
    assert_eq!(setup.files(), 3);
}

#[test]
fn records_alone_are_a_baseline_too() {
    let setup = Setup::new();
    let records = |id: &str, cases: &[&str]| {
        let save = Save { record: run_of(id, cases), executable: None, pooling: FULL };
        setup.store.save(&main_(), save).unwrap()
    };
    assert_eq!(records("1", &["a"]).executable_bytes, 0);
    assert_eq!(setup.load().executable(), None);
    assert!(records("2", &["a"]).replaced);
    assert_eq!(setup.runs(), "2:a");
    // The record of a run that is in it already does not drive its executable out.
    setup.save("3", &["a"], "X", FULL);
    setup.save("4", &["a"], "X", FULL);
    records("3", &["a"]);
    assert_eq!((setup.runs(), setup.origin("a")), ("4:a 3:a".to_owned(), "X".to_owned()));
}

#[test]
fn only_cases_with_figures_stay() {
    let mut run = run_of("1", &["a", "b", "c"]);
    run.cases[1].status = Status::Panicked;
    run.cases[2].status = Status::BudgetFailed;
    let (left, left_out) = with_figures(&run);
    let ids: Vec<&str> = left.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!((ids, left_out), (vec!["a", "c"], 1));
    assert_eq!(left.run.mode, Mode::Full);
}

#[test]
fn damage_is_told_and_saving_again_heals_it() {
    let setup = Setup::new();
    setup.save("1", &["a"], "X", FULL);
    let files = |folder: PathBuf| fs::read_dir(folder).unwrap().flatten().map(|e| e.path());
    let manifest = setup.place().join("baseline.json");
    let run = files(runs_dir(&setup.place())).next().unwrap();
    for path in [manifest, run] {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() / 2]).unwrap();
        let error = setup.store.load(&main_(), "hub", "bench").unwrap_err().to_string();
        let file = path.file_name().unwrap().to_str().unwrap();
        assert!(error.contains(file) && error.contains("--save-baseline main"), "{error}");
        // What would be kept cannot be read, so only a save of everything goes.
        assert!(setup.try_save("2", &["a"], "X", PARTIAL).is_err());
        assert!(setup.try_save("2", &["a"], "X", APPEND).is_err());
        setup.save("1", &["a"], "X", FULL);
        assert_eq!(setup.runs(), "1:a");
    }
    let copy = setup.load().executables.remove(0).path;
    fs::write(&copy, "Y").unwrap();
    let baseline = setup.store.load(&main_(), "hub", "bench").unwrap().unwrap();
    assert!(baseline.verify_executables().is_err());
    setup.save("2", &["a"], "X", FULL);
    assert_eq!(setup.origin("a"), "X");
}

#[test]
fn a_newer_layout_is_refused_and_left_alone() {
    let setup = Setup::new();
    setup.save("1", &["a"], "X", FULL);
    let manifest = setup.place().join("baseline.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let newer = text.replacen("\"schema\": 1", "\"schema\": 2", 1);
    fs::write(&manifest, &newer).unwrap();
    let error = setup.try_save("2", &["a"], "Y", FULL).unwrap_err();
    assert!(matches!(error, StoreError::Newer { schema: 2, .. }), "{error}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), newer);
    assert_eq!(setup.files(), 3);
}

#[test]
fn a_manifest_that_leads_elsewhere_is_damaged() {
    let setup = Setup::new();
    setup.save("1", &["a"], "X", FULL);
    let manifest = setup.place().join("baseline.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"executable-", "\"../../executable-")).unwrap();
    let error = setup.store.load(&main_(), "hub", "bench").unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn a_failed_save_leaves_what_was_there() {
    let setup = Setup::new();
    setup.save("1", &["a"], "X", FULL);
    // A folder where the run would go.
    let doomed = run_of("2", &["a"]);
    let text = crate::record::indented_json(&doomed).unwrap();
    let hash = executable_copy::sha256(text.as_bytes());
    let taken = format!("run_2-{}.json", executable_copy::short(&hash));
    fs::create_dir(runs_dir(&setup.place()).join(taken)).unwrap();
    assert!(setup.try_save("2", &["a"], "Y", FULL).is_err());
    assert_eq!((setup.runs(), setup.origin("a")), ("1:a".to_owned(), "X".to_owned()));
    assert_eq!(setup.files(), 3);
}

#[test]
fn a_failed_first_save_is_no_baseline() {
    let setup = Setup::new();
    let executable = Some(setup.folder.executable("bench", b"X"));
    fs::remove_file(setup.folder.path().join("bench")).unwrap();
    let save = Save { record: run_of("1", &["a"]), executable, pooling: FULL };
    let error = setup.store.save(&main_(), save).unwrap_err();
    assert!(matches!(error, StoreError::Io { doing: "read", .. }), "{error}");
    assert_eq!(setup.store.names().unwrap(), []);
    assert!(!setup.place().exists());
}

#[test]
fn names_tell_what_there_is() {
    let setup = Setup::new();
    assert_eq!(setup.store.names().unwrap(), []);
    setup.save("1", &["a", "b"], "X", FULL);
    let mut other = run_of("2", &["c"]);
    other.run.target = "other".to_owned();
    let save = Save { record: other, executable: None, pooling: FULL };
    setup.store.save(&main_(), save).unwrap();
    let [summary] = setup.store.names().unwrap().try_into().unwrap();
    assert_eq!((summary.name.as_str(), summary.cases(), summary.runs()), ("main", 3, 1));
    assert!(summary.size_bytes > 100 && summary.damages.is_empty());
    assert_eq!(summary.targets[0].target, "bench");
    fs::write(setup.place().join("baseline.json"), "{").unwrap();
    let [summary] = setup.store.names().unwrap().try_into().unwrap();
    assert_eq!((summary.targets.len(), summary.damages.len()), (1, 1));
}

#[cfg(feature = "cli")]
#[test]
fn a_removed_baseline_is_gone() {
    let setup = Setup::new();
    assert_eq!(setup.store.remove(&main_()).unwrap(), None);
    setup.save("1", &["a"], "X", FULL);
    assert!(setup.store.remove(&main_()).unwrap().is_some_and(|size| size > 100));
    assert!(setup.store.load(&main_(), "hub", "bench").unwrap().is_none());
    assert_eq!(setup.store.names().unwrap(), []);
    let left = fs::read_dir(setup.folder.path().join("results/baselines")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn packages_and_targets_do_not_meet_in_one_folder() {
    let store = BaselineStore::new(PathBuf::new());
    let folder = |package: &str, target: &str| {
        let path = store.folder_of(&main_(), package, target);
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    assert_eq!(folder("hub-tasks", "hub_bench"), "hub-tasks--hub_bench");
    let all = [("a--b", "c"), ("a", "b--c"), ("a-", "b"), ("a", "-b"), ("", ""), ("é", "../x")];
    let mut names: Vec<String> = all.iter().map(|(a, b)| folder(a, b)).collect();
    assert!(names.iter().all(|name| !name.contains(['/', '.']) && name.is_ascii()));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all.len());
}
