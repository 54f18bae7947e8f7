//! Runs that were kept, found again and read.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::files::{check_regular, is_nothing, is_real_folder, read, read_text};
use super::loads;
use super::runs::{LATEST, RunStore, is_id, read_run};
use crate::record::RunRecord;

/// The name of a run's file in its folder.
const FILE: &str = "run.json";

impl RunStore {
    /// Reads the run of that id, or the last one; `None` where there is no such run.
    pub(crate) fn load(&self, id: Option<&str>) -> Result<Option<RunRecord>, StoreError> {
        self.file(id.unwrap_or(LATEST)).map(|path| read_run(&path)).transpose()
    }

    /// The file of the run of that id, or of the last one, as it is on disk; `None` where there is no
    /// such run.
    pub(crate) fn text(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(path) = self.file(id) else { return Ok(None) };
        read(&path).map(Some).map_err(StoreError::io(&path, "read"))
    }

    /// The file of the run of that id; `None` where there is none.
    fn file(&self, id: &str) -> Option<PathBuf> {
        let path = is_id(id).then(|| self.folder_of(id).join(FILE))?;
        is_there(&path).then_some(path)
    }

    /// The folder that the name of a run stands for, whether there is one or not.
    pub(crate) fn folder_of(&self, name: &str) -> PathBuf {
        let folder = self.runs().join(name);
        if self.is_copy(name) {
            let file = if name == LATEST { FILE } else { loads::FILE };
            let newest = self.ids().into_iter().rev().find(|id| self.has(id, file));
            return newest.map_or(folder, |id| self.runs().join(id));
        }
        // Where the system has no links, `latest` is a file that names the run.
        match read_text(&folder) {
            Ok(named) if is_id(named.trim()) => self.runs().join(named.trim()),
            _ => folder,
        }
    }

    /// Whether that is a name for what is newest, and became a folder as things were copied. It stands
    /// for the newest by name then, as names are in the order of time.
    pub(crate) fn is_copy(&self, name: &str) -> bool {
        [LATEST, loads::LATEST].contains(&name) && is_real_folder(&self.runs().join(name))
    }

    /// Whether there is such a file in the folder of a run, or something in its place.
    pub(crate) fn has(&self, id: &str, file: &str) -> bool {
        is_there(&self.runs().join(id).join(file))
    }

    /// Ids of what is kept, the oldest first.
    pub(crate) fn list(&self) -> Result<Vec<String>, StoreError> {
        let runs = self.runs();
        let entries = match fs::read_dir(&runs) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::io(&runs, "list"))?,
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::io(&runs, "list"))?.file_name();
            ids.extend(name.into_string().ok().filter(|id| is_id(id) && id != LATEST));
        }
        ids.sort();
        Ok(ids)
    }

    /// The same for who can do without; none where they cannot be listed.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.list().unwrap_or_default()
    }
}

/// Whether there is something, readable or not.
fn is_there(path: &Path) -> bool {
    !fs::metadata(path).is_err_and(|error| is_nothing(&error))
}

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
    let is_name = path.file_name().is_some_and(|name| name == LATEST);
    if is_name && let Ok(name) = read_text(path) {
        return find_runs(&path.with_file_name(name.trim()));
    }
    if path.is_file() {
        return Ok(Some(Place::File(path.to_owned())));
    }
    if !path.is_dir() {
        return match check_regular(path) {
            Err(error) if !is_nothing(&error) => Err(StoreError::io(path, "read")(error)),
            _ => Ok(None),
        };
    }
    let own = path.join(FILE);
    if is_there(&own) {
        return Ok(Some(Place::File(own)));
    }
    let files = within(path).map_err(StoreError::io(path, "list"))?;
    Ok((!files.is_empty()).then_some(Place::Files(files)))
}

/// Files of runs in a folder, sorted.
fn within(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut copies) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?.path();
        let file = entry.join(FILE);
        if file.is_file() {
            // `latest` is there twice, as a link or as a copy.
            if is_real_folder(&entry) {
                let is_latest = entry.file_name().is_some_and(|name| name == LATEST);
                if is_latest { copies.push(file) } else { files.push(file) }
            }
        } else if entry.is_file() && entry.extension().is_some_and(|end| end == "json") {
            files.push(entry);
        }
    }
    files.sort();
    Ok(if files.is_empty() { copies } else { files })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::fixture::{Folder, run_of};
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
    #[test]
    fn the_newest_by_name_is_the_last_where_latest_is_a_folder() {
        let folder = Folder::new();
        let store = RunStore::new(folder.path().to_owned());
        let ids = ["20260101_120000_0001", "20260102_120000_0002", "20260103_120000_0003"];
        let [first, second, third] = ids.map(|id| run_of(id, &["a"]));
        store.save(&first).unwrap();
        store.save(&second).unwrap();
        let latest = store.runs().join(LATEST);
        fs::remove_file(&latest).unwrap();
        fs::create_dir(&latest).unwrap();
        fs::copy(store.runs().join(ids[0]).join(FILE), latest.join(FILE)).unwrap();
        assert_eq!(store.load(None).unwrap(), Some(second));
        store.save(&third).unwrap();
        assert_eq!(store.load(None).unwrap(), Some(third));
        assert_eq!(store.folder_of(LATEST), store.runs().join(ids[2]));
        assert!(latest.join(FILE).is_file() && store.is_copy(LATEST));
        assert_eq!(fs::read_dir(store.runs()).unwrap().count(), 4, "no link is left over");
        let files = ids.map(|id| store.runs().join(id).join(FILE)).to_vec();
        assert_eq!(find_runs(&store.runs()).unwrap(), Some(Place::Files(files)));
    }

    #[test]
    fn runs_that_cannot_be_listed_are_not_none() {
        let folder = Folder::new();
        let store = RunStore::new(folder.path().to_owned());
        assert_eq!(store.list().unwrap(), Vec::<String>::new());
        fs::write(store.runs(), "in the way").unwrap();
        assert!(store.list().is_err_and(|error| error.message().starts_with("failed to list")));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_waits_for_a_pipe() {
        let folder = Folder::new();
        let store = RunStore::new(folder.path().to_owned());
        for pipe in ["runs/a/run.json", "runs/a/load.json", "runs/a/comparison.json", "runs/b"] {
            folder.pipe(pipe);
        }
        folder.pipe("measuring.lock");
        let odd = |error: StoreError| error.message().ends_with(": it is no regular file");
        assert!(store.load(Some("a")).is_err_and(odd));
        assert!(store.text("a").is_err_and(odd));
        assert!(store.load_test(Some("a")).is_err_and(odd));
        assert!(store.comparison("a").is_err_and(odd));
        assert!(store.measuring_lock(|| ()).is_err_and(odd));
        assert!(find_runs(&store.runs().join("a")).unwrap().is_some());
        assert!(find_runs(&store.runs().join("b")).is_err_and(odd));
        assert_eq!(store.load(Some("b")).unwrap(), None);
        assert_eq!(store.load_test(Some("b")).unwrap(), None);
        assert_eq!(store.comparison("b").unwrap(), None);
        assert_eq!(store.load_ids(), ["a"]);
    }
}
