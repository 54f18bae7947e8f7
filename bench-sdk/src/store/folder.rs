//! Where results are kept.

use std::path::{Path, PathBuf};

use super::files::read_text;

/// The folder for results: what the caller was told, else `target/hub-bench` of the workspace that
/// holds `start`.
pub(crate) fn results_dir(told: Option<&Path>, start: &Path, target_dir: Option<&Path>) -> PathBuf {
    if let Some(told) = told {
        return told.to_owned();
    }
    let target = target_dir.map_or_else(|| workspace_of(start).join("target"), Path::to_owned);
    target.join("hub-bench")
}

/// The outermost folder above with a Cargo.lock or a workspace, else the nearest with a
/// Cargo.toml, else the folder itself.
pub(crate) fn workspace_of(start: &Path) -> PathBuf {
    let is_root = |folder: &&Path| {
        let manifest = read_text(&folder.join("Cargo.toml"));
        manifest.is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
    };
    let root = start.ancestors().find(is_root);
    let package = || start.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
    root.or_else(package).unwrap_or(start).to_owned()
}
