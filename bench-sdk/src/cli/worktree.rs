//! Another revision, checked out beside the user's tree.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::build::shown;
use super::failure::Failure;
use super::git::{Commit, Repository, git_in};
use super::manifests::{root_in, settle};
use crate::store::{lock_file, try_lock_file, write_atomically};

/// Revisions that are kept, at most: the one that is asked for and older ones.
const MOST_KEPT: usize = 4;
/// Name of the folder with the checked out tree.
const TREE: &str = "tree";
/// File that says that the tree is complete.
const READY: &str = "ready";

/// A revision that is checked out for building; nobody else uses it as long as the value lives.
#[derive(Debug)]
pub(super) struct Worktree {
    /// The folder that corresponds to the one that the repository was asked about; where that
    /// revision does not have it, the nearest one above with a manifest.
    pub(super) root: PathBuf,
    /// Target folder for its builds, kept from one gate to the next.
    pub(super) target_dir: PathBuf,
    /// What is checked out.
    pub(super) commit: Commit,
    _lock: File,
}

impl Worktree {
    /// Checks out a revision below the gate folder, or takes the one that is there. Waits, after
    /// calling `waiting`, while another process uses it.
    ///
    /// The user's tree and index stay as they are; submodules are left empty.
    pub(super) fn prepare(
        repository: &Repository,
        commit: &Commit,
        gate_dir: &Path,
        waiting: impl FnOnce(),
    ) -> Result<Self, Failure> {
        let locks = gate_dir.join("locks");
        create(&locks)?;
        let lock = lock_file(&locks.join(commit.short()), waiting)
            .map_err(|error| Failure::new(error.to_string()))?;
        let folder = gate_dir.join(commit.short());
        if !is_ready(&folder, commit) {
            check_out(repository, commit, &folder)?;
        }
        // Its time tells how long ago a revision was last used.
        write(&folder.join(READY), commit.hash())?;
        forget_old(repository, gate_dir, commit);
        Ok(Self {
            root: root_in(&folder.join(TREE), &repository.below)?,
            target_dir: folder.join("target"),
            commit: commit.clone(),
            _lock: lock,
        })
    }
}

/// Whether the tree was checked out to its end, and is still one that git knows.
fn is_ready(folder: &Path, commit: &Commit) -> bool {
    let noted = fs::read_to_string(folder.join(READY)).unwrap_or_default();
    let tree = folder.join(TREE);
    // Without its own `.git`, git would answer for the user's tree around it.
    let head = || git_in(&tree, ["rev-parse", "HEAD"]);
    noted == commit.hash()
        && tree.join(".git").is_file()
        && head().is_ok_and(|head| head == commit.hash())
}

fn check_out(repository: &Repository, commit: &Commit, folder: &Path) -> Result<(), Failure> {
    remove_if_there(&folder.join(READY))?;
    remove_if_there(&folder.join(TREE))?;
    create(folder)?;
    // What a killed gate has left behind is forgotten by git too.
    repository.git(["worktree", "prune"])?;
    let tree = folder.join(TREE);
    let add = ["worktree", "add", "--detach", "--force", "--quiet"].map(Into::into);
    let place = [tree.clone().into_os_string(), commit.hash().into()];
    repository.git(add.into_iter().chain(place))?;
    settle(repository, &tree)
}

/// Removes what is broken, and all but the revisions that were used last. One that is in use stays,
/// and so does one that cannot be removed: that is no reason to stop a gate.
fn forget_old(repository: &Repository, gate_dir: &Path, current: &Commit) {
    let Ok(entries) = fs::read_dir(gate_dir) else { return };
    let mut kept = Vec::new();
    for folder in entries.flatten().map(|entry| entry.path()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !is_commit(&name) || name == current.short() {
            continue;
        }
        let used = fs::metadata(folder.join(READY)).and_then(|ready| ready.modified()).ok();
        let is_whole = used.is_some() && folder.join(TREE).join(".git").is_file();
        kept.push((is_whole.then_some(used).flatten(), name, folder));
    }
    // The broken ones first, then the oldest.
    kept.sort();
    let mut surplus = (kept.len() + 1).saturating_sub(MOST_KEPT);
    let mut removed = false;
    for (used, name, folder) in kept {
        if surplus == 0 && used.is_some() {
            break;
        }
        let lock = try_lock_file(&gate_dir.join("locks").join(&name));
        if matches!(lock, Ok(Some(_))) && fs::remove_dir_all(&folder).is_ok() {
            removed = true;
            surplus = surplus.saturating_sub(1);
        }
    }
    if removed {
        // What git still notes of them is pruned by the next gate if it is not now.
        let _ = repository.git(["worktree", "prune"]);
    }
}

/// Whether it is the name that a revision's folder has.
fn is_commit(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomically(path, text.as_bytes())
        .map_err(|error| Failure::new(format!("failed to write {}: {error}", shown(path))))
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("failed to create the folder {}: {error}", shown(folder)))
    })
}

/// Removes a file or a folder.
fn remove_if_there(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("failed to remove {}: {error}", shown(path)))
                .help("it was left by a killed gate and may be removed by hand"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]
#[path = "worktree_tests.rs"]
mod tests;
