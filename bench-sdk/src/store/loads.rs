//! Load tests that were kept: `runs/YYYYMMDD_HHMMSS_xxxx/load.json`, and `latest-load` beside them.
//!
//! A load test has a run folder of its own, named as those of runs, so that names stay in the order
//! of time; `latest` goes on naming the last run of benchmarks.

use std::path::PathBuf;

use super::error::StoreError;
use super::files::{create, point, write};
use super::runs::RunStore;
use crate::record::load::LoadRecord;

/// The record of a load test in its folder.
pub(super) const FILE: &str = "load.json";
/// The last load test.
pub(super) const LATEST: &str = "latest-load";

impl RunStore {
    /// Keeps a load test; gives its folder. It is there whole or not at all.
    pub(crate) fn save_load(&self, record: &LoadRecord) -> Result<PathBuf, StoreError> {
        let folder = self.runs().join(&record.run.id);
        create(&folder)?;
        write(&folder.join(FILE), record)?;
        point(&self.runs().join(LATEST), &record.run.id)?;
        Ok(folder)
    }
}

/// What the command reads of them.
#[cfg(feature = "cli")]
mod reading {
    use std::path::Path;

    use serde_json::Value;

    use super::super::error::StoreError;
    use super::super::files::{is_nothing, read};
    use super::super::runs::{RunStore, is_id};
    use super::{FILE, LATEST};
    use crate::record::load::{LOAD_SCHEMA, LoadRecord};

    impl RunStore {
        /// Reads the load test of that id, or the last one; `None` where there is no such test.
        pub(crate) fn load_test(&self, id: Option<&str>) -> Result<Option<LoadRecord>, StoreError> {
            if id.is_some_and(|id| !is_id(id) && id != LATEST) {
                return Ok(None);
            }
            let path = self.folder_of(id.unwrap_or(LATEST)).join(FILE);
            match read(&path) {
                Ok(bytes) => parse(&path, &bytes).map(Some),
                Err(error) if is_nothing(&error) => Ok(None),
                Err(error) => Err(StoreError::io(&path, "read")(error)),
            }
        }

        /// Ids of the load tests that are kept, the oldest first.
        pub(crate) fn load_ids(&self) -> Vec<String> {
            let mut ids = self.ids();
            ids.retain(|id| self.has(id, FILE));
            ids
        }
    }

    /// Reads the record of a load test from its file.
    pub(crate) fn read_load(path: &Path) -> Result<LoadRecord, StoreError> {
        let bytes = read(path).map_err(StoreError::io(path, "read"))?;
        parse(path, &bytes)
    }

    /// The schema number comes first: a newer layout is refused, not guessed at.
    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<LoadRecord, StoreError> {
        let unusable = |why: String| StoreError::Load { path: path.to_owned(), why };
        let damaged =
            |error: serde_json::Error| unusable(format!("is damaged or not a load test: {error}"));
        let value: Value = serde_json::from_slice(bytes).map_err(damaged)?;
        match value["schema"].as_u64() {
            None => Err(unusable("has no schema number".to_owned())),
            Some(schema) if schema > u64::from(LOAD_SCHEMA) => Err(unusable(format!(
                "has schema {schema}, this version reads up to {LOAD_SCHEMA}; update bench-sdk"
            ))),
            Some(_) => serde_json::from_value(value).map_err(damaged),
        }
    }
}

#[cfg(feature = "cli")]
pub(crate) use reading::read_load;

#[cfg(feature = "cli")]
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::fs;

    use super::super::fixture::{Folder, run_of};
    use super::*;

    /// A complete record, written once and never changed: files like it exist.
    const SAMPLE: &str = include_str!("../../../tests/architecture/samples/load-schema-1.json");

    fn sample(id: &str) -> LoadRecord {
        let mut record: LoadRecord = serde_json::from_str(SAMPLE).unwrap();
        record.run.id = id.to_owned();
        record
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let folder = Folder::new();
        let store = RunStore::new(folder.path().to_owned());
        assert_eq!(store.load_test(None).unwrap(), None);
        assert!(store.load_ids().is_empty());
        let (first, second) = (sample("20260101_120000_0001"), sample("20260101_130000_0002"));
        let at = store.save_load(&first).unwrap();
        store.save_load(&second).unwrap();
        assert_eq!(at, folder.path().join("runs/20260101_120000_0001"));
        assert_eq!(fs::read_dir(&at).unwrap().count(), 1, "nothing is left over");
        assert_eq!(store.load_ids(), [first.run.id.clone(), second.run.id.clone()]);
        assert_eq!(store.load_test(Some(&first.run.id)).unwrap(), Some(first.clone()));
        assert_eq!(store.load_test(None).unwrap(), Some(second));
        assert_eq!(read_load(&at.join(FILE)).unwrap(), first);
        for nowhere in ["20990101_000000_ffff", "../runs/20260101_120000_0001", "", "latest"] {
            assert_eq!(store.load_test(Some(nowhere)).unwrap(), None, "{nowhere}");
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn the_last_run_of_benchmarks_stays_the_latest() {
        let folder = Folder::new();
        let store = RunStore::new(folder.path().to_owned());
        let run = run_of("20260101_110000_3f2a", &["a::b"]);
        store.save(&run).unwrap();
        store.save_load(&sample("20260101_120000_0001")).unwrap();
        assert_eq!(store.load(None).unwrap(), Some(run));
        assert_eq!(store.load(Some("20260101_120000_0001")).unwrap(), None);
        assert_eq!(store.load_ids(), ["20260101_120000_0001"]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (text, why) in [
            (
                r#"{"schema": 2, "what": "ever"}"#,
                "load.json has schema 2, this version reads up to 1",
            ),
            (r#"{"what": "ever"}"#, "has no schema number"),
            (r#"{"schema": 1, "run":"#, "load.json is damaged or not a load test: EOF"),
            (r#"{"schema": 1}"#, "not a load test: missing field"),
        ] {
            let read = super::reading::parse(std::path::Path::new("load.json"), text.as_bytes());
            assert!(read.is_err_and(|error| error.message().contains(why)), "{text}");
        }
    }
}
