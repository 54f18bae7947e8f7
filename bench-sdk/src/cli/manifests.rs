//! Makes a tree that was checked out elsewhere build as it would in its place.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::build::shown;
use super::failure::Failure;
use super::git::{Repository, git_in};
use super::worktree::write;
use crate::store::workspace_of;

/// Changes the tree, which is ours, so that it builds: paths that lead out of the repository lead
/// where they did, `Cargo.lock` is there, and no workspace further up claims its packages.
pub(super) fn settle(repository: &Repository, tree: &Path) -> Result<(), Failure> {
    let listed = git_in(tree, ["ls-files", "-z", "--", "Cargo.toml", "**/Cargo.toml"])?;
    for manifest in listed.split('\0').filter(|path| !path.is_empty()) {
        let file = tree.join(manifest);
        let text = read(&file)?;
        let folder = Path::new(manifest).parent().unwrap_or(Path::new(""));
        if let Some(text) = absolute_paths(&text, folder, &repository.top) {
            write(&file, &text)?;
        }
    }
    let root = root_in(tree, &repository.below)?;
    let workspace = workspace_of(&root);
    if !workspace.starts_with(tree) {
        // The package is older than the workspace that the user's tree has around it.
        let file = root.join("Cargo.toml");
        write(&file, &format!("{}\n[workspace]\n", read(&file)?))?;
    }
    provide_lock(repository, tree, &root)
}

/// The folder below the tree, or the nearest one above it, in which cargo can start.
pub(super) fn root_in(tree: &Path, below: &Path) -> Result<PathBuf, Failure> {
    let folder = tree.join(below);
    let inside = folder.ancestors().take_while(|folder| folder.starts_with(tree));
    let mut roots = inside.filter(|folder| folder.join("Cargo.toml").is_file());
    roots.next().map(Path::to_owned).ok_or_else(|| {
        Failure::new(format!("that revision has no Cargo.toml in {}", shown(below)))
            .help("the package or workspace must exist in both revisions")
    })
}

/// Where that revision has no `Cargo.lock`, the user's present one decides on versions.
fn provide_lock(repository: &Repository, tree: &Path, root: &Path) -> Result<(), Failure> {
    let workspace = workspace_of(root);
    let lock = workspace.join("Cargo.lock");
    let below = workspace.strip_prefix(tree).unwrap_or(Path::new(""));
    let present = repository.top.join(below).join("Cargo.lock");
    if lock.exists() || !present.is_file() {
        return Ok(());
    }
    fs::copy(&present, &lock).map(drop).map_err(|error| {
        Failure::new(format!("failed to copy {} to {}: {error}", shown(&present), shown(&lock)))
    })
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(file))))
}

/// The manifest with each `path = ".."` that leads out of the repository made absolute; `None` if
/// there is none. `folder` is where in the repository the manifest lies.
fn absolute_paths(manifest: &str, folder: &Path, top: &Path) -> Option<String> {
    let mut changed = false;
    let mut out = String::with_capacity(manifest.len());
    for line in manifest.split_inclusive('\n') {
        match path_value(line) {
            Some((start, end)) if leads_out(&folder.join(&line[start..end])) => {
                let absolute = normal(&top.join(folder).join(&line[start..end]));
                let quoted = absolute.display().to_string().replace('\\', "/");
                out.push_str(&line[..start]);
                out.push_str(&quoted);
                out.push_str(&line[end..]);
                changed = true;
            }
            _ => out.push_str(line),
        }
    }
    changed.then_some(out)
}

/// Where in a line the text of a key `path` stands.
fn path_value(line: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = line[from..].find("path") {
        let at = from + found;
        from = at + "path".len();
        let before = line[..at].chars().next_back();
        let is_key = before.is_none_or(|c| c.is_whitespace() || matches!(c, '{' | ',' | '.'));
        let rest = line[from..].trim_start();
        let Some(rest) = rest.strip_prefix('=').filter(|_| is_key) else { continue };
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let start = line.len() - rest.len() + 1;
        let length = line[start..].find(quote)?;
        return Some((start, start + length));
    }
    None
}

/// Whether a path, taken from the top of the repository, leaves it.
fn leads_out(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().any(|component| {
        match component {
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
        depth < 0
    }) && path.is_relative()
}

/// The path without `.` and `..`, links in it not followed.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(manifest: &str, folder: &str) -> Option<String> {
        absolute_paths(manifest, Path::new(folder), Path::new("/home/x/repo"))
    }

    #[test]
    fn paths_out_of_the_repository_become_absolute() {
        let one = |manifest: &str| changed(manifest, "app").unwrap_or_default();
        assert_eq!(
            one("a = { version = \"1\", path = \"../../main/a\" } # path\n"),
            "a = { version = \"1\", path = \"/home/x/main/a\" } # path\n"
        );
        assert_eq!(one("path='../../a'"), "path='/home/x/a'");
        assert_eq!(one("a.path = \"./../../../b/../a\"\n"), "a.path = \"/home/a\"\n");
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for line in [
            "a = { path = \"../b\" }\n",
            "path = \"/abs/../..\"\n",
            "xpath = \"../../a\"\n",
            "path = [\"../../a\"]\n",
            "# a path is nothing\npath = \"src/lib.rs\"",
            "path = \"../../a",
            "members = [\"../../a\"]",
        ] {
            assert_eq!(changed(line, "app"), None, "{line}");
        }
        assert_eq!(changed("path = \"../b\"", "app"), None);
        assert_eq!(changed("path = \"../b\"", "").as_deref(), Some("path = \"/home/x/b\""));
    }
}
