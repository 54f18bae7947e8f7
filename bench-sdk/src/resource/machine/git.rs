//! The working tree that the benches were built from.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use super::root::Reading;

/// Commit and dirtiness.
pub(super) fn working_tree(folder: Option<&Path>) -> (Reading<String>, Reading<bool>) {
    let Some(folder) = folder else {
        let reason = "an embedded run does not know its sources".to_owned();
        return (Err(reason.clone()), Err(reason));
    };
    let commit = git(folder, &["rev-parse", "HEAD"]);
    let dirty = commit
        .clone()
        .and_then(|_| git(folder, &["status", "--porcelain", "--untracked-files=no"]))
        .map(|status| !status.is_empty());
    (commit, dirty)
}

fn git(folder: &Path, arguments: &[&str]) -> Reading<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // A status must not wait for, or disturb, what the user does in the repository.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => "git is not installed".to_owned(),
            _ => "git cannot be started".to_owned(),
        })?;
    if !output.status.success() {
        return Err("the sources lie in no git repository that has a commit".to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_outside_of_any_repository_has_a_reason() {
        let (commit, dirty) = working_tree(Some(Path::new("/proc")));
        assert!(commit.is_err() && dirty.is_err());
        assert!(working_tree(None).0.is_err_and(|reason| reason.contains("embedded")));
    }
}
