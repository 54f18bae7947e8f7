//! Runs that were kept, found again and read.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::StoreError;

/// The name of a run's file in its folder.
const FILE: &str = "run.json";

/// Where records lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The file of one run.
    File(PathBuf),
    /// Files of several runs, the folders and names sorted.
    Files(Vec<PathBuf>),
}

/// The runs at a path: a file is one; a folder has one in `run.json`, else one in each folder or JSON
/// file within. `None` where there is no such path, or no run at it.
pub(crate) fn find_runs(path: &Path) -> Result<Option<Place>, StoreError> {
    // Where the system has no links, `latest` is a file with the name of a folder beside it.
    let named = path.file_name().is_some_and(|name| name == "latest") && path.is_file();
    if named && let Ok(name) = fs::read_to_string(path) {
        return find_runs(&path.with_file_name(name.trim()));
    }
    if path.is_file() {
        return Ok(Some(Place::File(path.to_owned())));
    }
    if !path.is_dir() {
        return Ok(None);
    }
    let own = path.join(FILE);
    if own.is_file() {
        return Ok(Some(Place::File(own)));
    }
    let failed = |error| StoreError::Io { path: path.to_owned(), doing: "list", error };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?.path();
        if entry.join(FILE).is_file() {
            // `latest` is there twice.
            if !entry.is_symlink() {
                files.push(entry.join(FILE));
            }
        } else if entry.is_file() && entry.extension().is_some_and(|end| end == "json") {
            files.push(entry);
        }
    }
    files.sort();
    Ok((!files.is_empty()).then_some(Place::Files(files)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_by_file_folder_and_folder_of_folders() {
        let root = std::env::temp_dir().join(format!("hub-bench-reading-{}", std::process::id()));
        for name in ["b", "a"] {
            fs::create_dir_all(root.join(name)).unwrap();
            fs::write(root.join(name).join(FILE), "{}").unwrap();
        }
        let file = |name: &str| root.join(name).join(FILE);
        assert_eq!(find_runs(&file("a")).unwrap(), Some(Place::File(file("a"))));
        assert_eq!(find_runs(&root.join("a")).unwrap(), Some(Place::File(file("a"))));
        let all = vec![file("a"), file("b")];
        assert_eq!(find_runs(&root).unwrap(), Some(Place::Files(all)));
        assert_eq!(find_runs(&root.join("c")).unwrap(), None);
        fs::write(root.join("latest"), "b\n").unwrap();
        assert_eq!(find_runs(&root.join("latest")).unwrap(), Some(Place::File(file("b"))));
        fs::remove_dir_all(&root).unwrap();
    }
}
