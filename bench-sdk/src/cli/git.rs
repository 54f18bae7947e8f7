//! The repository around a workspace, asked through git.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::build::shown;
use super::failure::Failure;
use crate::harness::shortened;
use crate::plan::nearest;

/// Characters of a commit that make it known.
const SHORT: usize = 12;
/// Names that a message lists, at most.
const MOST_NAMES: usize = 5;
/// Variables with which git tells its hooks of the repository; they would lead elsewhere.
const GIT_VARIABLES: [&str; 10] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_CONFIG",
    "GIT_SHALLOW_FILE",
];

/// A commit, by its whole name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commit(String);

impl Commit {
    /// Its whole name.
    pub(super) fn hash(&self) -> &str {
        &self.0
    }

    /// Its first twelve characters.
    pub(super) fn short(&self) -> &str {
        self.0.get(..SHORT).unwrap_or(&self.0)
    }
}

/// The working tree around a folder.
#[derive(Clone, Debug)]
pub(super) struct Repository {
    /// The folder of the tree.
    pub(super) top: PathBuf,
    /// Where in it the folder lies; empty if it is the same.
    pub(super) below: PathBuf,
}

impl Repository {
    /// The repository that the folder lies in.
    pub(super) fn around(folder: &Path) -> Result<Self, Failure> {
        let top = git(folder, ["rev-parse", "--show-toplevel"])?.map_err(|_| {
            Failure::usage(format!("{} lies in no git repository", shown(folder)))
                .help("compare with a saved baseline instead of a revision")
        })?;
        let below = git(folder, ["rev-parse", "--show-prefix"])?.unwrap_or_default();
        Ok(Self { top: PathBuf::from(top), below: PathBuf::from(below) })
    }

    /// The commit that a revision names.
    pub(super) fn resolve(&self, revision: &str) -> Result<Commit, Failure> {
        let wanted = format!("{revision}^{{commit}}");
        let found =
            git(&self.top, ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        match found {
            Ok(hash) if !hash.is_empty() => Ok(Commit(hash)),
            _ => Err(self.unknown(revision)),
        }
    }

    /// Whether files that git knows differ from the commit that is checked out.
    pub(super) fn is_dirty(&self) -> Result<bool, Failure> {
        let status = self.git(["status", "--porcelain", "--untracked-files=no"])?;
        Ok(!status.is_empty())
    }

    /// Runs git in the folder of the tree; a failure of it is told with its message.
    pub(super) fn git<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<String, Failure> {
        git_in(&self.top, arguments)
    }

    fn unknown(&self, revision: &str) -> Failure {
        let format = ["for-each-ref", "--format=%(refname:short)", "--sort=-committerdate"];
        let places = ["refs/heads", "refs/tags", "refs/remotes"];
        let names = self.git(format.into_iter().chain(places)).unwrap_or_default();
        let error = Failure::usage(format!("git knows no revision `{}`", shortened(revision)));
        if let Some(near) = nearest(revision, names.lines()) {
            return error.help(format!("did you mean `{}`?", shortened(near)));
        }
        let some: Vec<String> = names.lines().take(MOST_NAMES).map(shortened).collect();
        error.help(if some.is_empty() {
            "there are no branches and tags; has anything been committed?".to_owned()
        } else {
            format!("a commit, HEAD~1, or one of: {}", some.join(", "))
        })
    }
}

/// Runs git in that folder; a failure of it is told with its message.
pub(super) fn git_in<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<String, Failure> {
    let arguments: Vec<A> = arguments.into_iter().collect();
    let words = arguments.iter().map(|word| word.as_ref().to_string_lossy());
    let command = shortened(&words.collect::<Vec<_>>().join(" "));
    git(folder, arguments)?.map_err(|message| {
        Failure::new(format!("`git {command}` failed in {}: {message}", shown(folder)))
    })
}

/// What git prints, without the last line break, or its message; a failure if it does not start.
fn git<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Result<String, String>, Failure> {
    let mut command = Command::new("git");
    // Neither hooks nor locks: what the user does in the repository is not to be disturbed.
    command.arg("-C").arg(folder).args(["-c", "core.hooksPath=/dev/null"]).args(arguments);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    for variable in GIT_VARIABLES {
        command.env_remove(variable);
    }
    let output = command.stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound if folder.is_dir() => Failure::new("git is not installed")
            .help("a revision is built from git; a saved baseline needs no git"),
        _ => Failure::new(format!("failed to start git in {}: {error}", shown(folder))),
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    Ok(if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(shortened(text(&output.stderr).lines().next_back().unwrap_or_default()))
    })
}
