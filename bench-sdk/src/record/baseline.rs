//! What is on disk of a baseline, besides its runs and executables.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Number of the layout of `baseline.json` that this version reads and writes.
pub(crate) const BASELINE_SCHEMA: u32 = 1;

/// What a baseline keeps of one target of one package; `baseline.json` is this value.
///
/// It alone decides which of the files beside it count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BaselineRecord {
    /// Layout number, [`BASELINE_SCHEMA`].
    pub(crate) schema: u32,
    /// What the user calls it.
    pub(crate) name: String,
    /// Cargo package of the executable.
    pub(crate) package: String,
    /// Cargo target of the executable.
    pub(crate) target: String,
    /// When it was last saved, in UTC, such as `2026-01-01T12:00:00Z`.
    pub(crate) saved_at: String,
    /// Whether the executable that was saved last was built with optimisation.
    pub(crate) optimized: bool,
    /// Cases that have figures in it.
    pub(crate) cases: u32,
    /// Its runs, in the order they were saved in.
    pub(crate) runs: Vec<BaselineRunRecord>,
    /// Copies of the executables that its cases come from; none where only records were saved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) executables: Vec<ExecutableRecord>,
}

/// One run of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BaselineRunRecord {
    /// Id of the run.
    pub(crate) id: String,
    /// Name of the file below `runs`.
    pub(crate) file: String,
    /// SHA-256 of that file, in hexadecimal.
    pub(crate) sha256: String,
    /// SHA-256 of the executable that was measured, where it was saved with the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) executable: Option<String>,
}

/// The copy of an executable, and what it was started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExecutableRecord {
    /// SHA-256 of its bytes, in hexadecimal.
    pub(crate) sha256: String,
    /// Name of the copy.
    pub(crate) file: String,
    /// Name of the original.
    pub(crate) file_name: String,
    /// Its size.
    pub(crate) size_bytes: u64,
    /// The folder it was working in.
    pub(crate) working_dir: PathBuf,
    /// The folder of its package.
    pub(crate) package_dir: PathBuf,
    /// Where it looked for libraries, as `LD_LIBRARY_PATH` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) library_path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written once and never changed: files like it exist.
    const SAMPLE: &str = r#"{
  "schema": 1,
  "name": "main",
  "package": "hub",
  "target": "all",
  "saved_at": "2026-01-01T12:00:24Z",
  "optimized": true,
  "cases": 31,
  "runs": [
    {
      "id": "20260101_120000_3f2a",
      "file": "run_20260101_120000_3f2a-ba7816bf8f01cfea.json",
      "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "executable": "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    },
    {
      "id": "20260102_120000_77aa",
      "file": "run_20260102_120000_77aa-248d6a61d20638b8.json",
      "sha256": "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    }
  ],
  "executables": [
    {
      "sha256": "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      "file": "executable-cdc76e5c9914fb92",
      "file_name": "all-0a1b2c3d4e5f6071",
      "size_bytes": 12345678,
      "working_dir": "/src/hub",
      "package_dir": "/src/hub",
      "library_path": "/src/target/release/deps"
    }
  ]
}
"#;

    #[test]
    fn the_frozen_sample_reads_back_unchanged() {
        let read: Result<BaselineRecord, _> = serde_json::from_str(SAMPLE);
        assert!(read.as_ref().is_ok_and(|record| record.schema == BASELINE_SCHEMA), "{read:?}");
        let written = read.and_then(|record| crate::record::indented_json(&record));
        assert_eq!(written.unwrap_or_default(), SAMPLE);
    }
}
