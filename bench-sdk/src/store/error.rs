//! What can go wrong with results on disk.

use std::io;
use std::path::{Path, PathBuf};

use super::baseline_name::BaselineName;
use crate::record::SCHEMA;

/// Why a result was not kept or could not be read.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The file system refused.
    Io { path: PathBuf, doing: &'static str, error: io::Error },
    /// The file is not a run.
    Malformed { path: PathBuf, error: String },
    /// The file was written by a later version.
    Newer { path: PathBuf, schema: u64 },
    /// The file tells nothing of the machine's noise.
    Noise { path: PathBuf, why: String },
    /// The file is not a comparison of a version that this one reads.
    #[cfg(feature = "cli")]
    Comparison { path: PathBuf, why: String },
    /// The file is not a load test of a version that this one reads.
    #[cfg(feature = "cli")]
    Load { path: PathBuf, why: String },
    /// A file of a baseline is not what was saved.
    Damaged { name: BaselineName, path: PathBuf, error: String },
    /// The executable could not be copied as it is.
    Unsteady { path: PathBuf },
}

impl StoreError {
    /// Makes an error of the file system tell what was tried.
    pub(super) fn io(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.to_owned(), doing, error }
    }

    /// What happened, on one line.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Io { path, doing, error } => {
                format!("failed to {doing} {}: {error}", path.display())
            }
            Self::Malformed { path, error } => {
                format!("{} is damaged or not a run: {error}", path.display())
            }
            Self::Newer { path, schema } => format!(
                "{} has schema {schema}, this version reads up to {SCHEMA}; update bench-sdk",
                path.display()
            ),
            Self::Noise { path, why } => format!("{} {why}", path.display()),
            #[cfg(feature = "cli")]
            Self::Comparison { path, why } => format!("{} {why}", path.display()),
            #[cfg(feature = "cli")]
            Self::Load { path, why } => format!("{} {why}", path.display()),
            Self::Damaged { name, path, error } => {
                format!("baseline `{name}` is damaged: {}: {error}", path.display())
            }
            Self::Unsteady { path } => {
                format!("{} changed while it was copied", path.display())
            }
        }
    }

    /// What to do about it, where that is known.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::Damaged { name, .. } => Some(format!("save it again: --save-baseline {name}")),
            Self::Unsteady { .. } => {
                Some("something builds at the same time; run it again afterwards".to_owned())
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())?;
        self.help().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}
