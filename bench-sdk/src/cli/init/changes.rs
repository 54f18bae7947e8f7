//! Which files are written, and how that is shown.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::manifest::{Source, TARGETS, has_target, with_benches};
use crate::cli::build::shown;
use crate::cli::failure::Failure;
use crate::cli::metadata::Package;
use crate::cli::worktree::write;
use crate::report::escape;

const WORKFLOW: &str = include_str!("workflow.yml");
const WORKFLOW_PATH: &str = ".github/workflows/benchmarks.yml";

/// One file, as it is and as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    path: PathBuf,
    old: Option<String>,
    new: String,
}

/// What is to be done to that package with that library; nothing of what is there already. The
/// manifest comes last: until it is written, nothing depends on the rest.
pub(super) fn changes(
    (package, library): (&Package, &str),
    repository: &Path,
    source: &Source,
    with_workflow: bool,
) -> Result<Vec<Change>, Failure> {
    let manifest = &package.manifest_path;
    let old = std::fs::read_to_string(manifest)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(manifest))))?;
    let own = source.seen_from(package.folder(), repository);
    let new = with_benches(&old, &own).map_err(|error| {
        Failure::new(format!("{} is not understood: {}", shown(manifest), escape(&error)))
    })?;
    let mut changes = Vec::new();
    let main = format!("bench_sdk::main!(link = [{library}]);\n");
    for (kind, name) in TARGETS {
        let folder = if kind == "bench" { "benches" } else { "tests" };
        let path = package.folder().join(folder).join(name).with_extension("rs");
        let is_theirs = std::fs::read_to_string(&path).is_ok_and(|text| text != main);
        if is_theirs && !has_target(&old, kind, name) {
            return Err(Failure::usage(format!("{} is something else already", shown(&path)))
                .help("rename it: a target of that name is added, without libtest's harness"));
        }
        changes.push(Change { path, old: None, new: main.clone() });
    }
    if with_workflow {
        let install = source.seen_from(repository, repository).install();
        let new = WORKFLOW.replace("{SOURCE}", &install);
        changes.push(Change { path: repository.join(WORKFLOW_PATH), old: None, new });
    }
    changes.retain(|change| !change.path.exists());
    if new != old {
        changes.push(Change { path: manifest.clone(), old: Some(old), new });
    }
    Ok(changes)
}

/// Lists the changes for people: new files whole, of others the lines that are new.
pub(super) fn listed(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let word = if change.old.is_some() { "change" } else { "new" };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{word}  {}", shown(&change.path));
        let old: Vec<&str> = change.old.iter().flat_map(|old| old.lines()).collect();
        for line in change.new.lines().filter(|line| line.trim().is_empty() || !old.contains(line))
        {
            if !line.trim().is_empty() {
                let _ = writeln!(text, "  + {}", escape(line));
            }
        }
        text.push('\n');
    }
    text
}

/// Writes all of it.
pub(super) fn carry_out(changes: &[Change]) -> Result<(), Failure> {
    for change in changes {
        if let Some(folder) = change.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("failed to create the folder {}: {error}", shown(folder)))
            })?;
        }
        write(&change.path, &change.new)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_lines_are_listed() {
        let change = |path: &str, old: Option<&str>, new: &str| Change {
            path: path.into(),
            old: old.map(str::to_owned),
            new: new.to_owned(),
        };
        let changes = [
            change("/w/Cargo.toml", Some("[package]\n"), "[package]\n\n[lib]\nbench = false\n"),
            change("/w/benches/hub.rs", None, "one\u{1b}[31m\n"),
        ];
        let text = listed(&changes);
        assert!(text.contains("change  /w/Cargo.toml\n  + [lib]\n  + bench = false\n"), "{text}");
        assert!(text.contains("new  /w/benches/hub.rs\n  + one"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("+ [package]"), "{text}");
    }

    #[test]
    fn the_workflow_names_where_the_command_comes_from() {
        assert_eq!(WORKFLOW.matches("{SOURCE}").count(), 1);
    }
}
