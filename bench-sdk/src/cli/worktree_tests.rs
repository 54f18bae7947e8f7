//! Worktrees of a scratch repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder with a repository in `repo`, and a crate beside it; removed with the value.
struct Scratch(PathBuf);

impl Scratch {
    /// Two commits of a workspace in the folder `below` of the repository.
    fn new(below: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("hub-bench-worktree-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let scratch = Self(folder.canonicalize().unwrap());
        let manifest = format!(
            "[workspace]\n[package]\nname = \"a\"\n[dependencies]\nb = {{ path = \"{}b\" }}\n",
            "../".repeat(1 + below.split('/').filter(|part| !part.is_empty()).count())
        );
        scratch.put(&format!("{below}/Cargo.toml"), &manifest);
        scratch.put(&format!("{below}/src/lib.rs"), "// first");
        scratch.git(&["init", "-q"]);
        scratch.commit("first");
        scratch.put(&format!("{below}/src/lib.rs"), "// second");
        scratch.commit("second");
        scratch
    }

    fn repo(&self) -> PathBuf {
        self.0.join("repo")
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.repo().join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) -> Commit {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.around("").resolve("HEAD").unwrap()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.repo());
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn around(&self, below: &str) -> Repository {
        Repository::around(&self.repo().join(below)).unwrap()
    }

    fn gate(&self) -> PathBuf {
        self.repo().join("target/gate")
    }

    fn prepare(&self, below: &str, revision: &str) -> Worktree {
        let repository = self.around(below);
        let commit = repository.resolve(revision).unwrap();
        Worktree::prepare(&repository, &commit, &self.gate(), || ()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.as_ref().display()))
}

/// What git would show, and every file that it knows.
fn state(scratch: &Scratch) -> (String, String) {
    let status = scratch.git(&["status", "--porcelain", "--untracked-files=no"]);
    (status, scratch.git(&["ls-files", "-s"]))
}

#[test]
fn a_revision_is_checked_out_and_the_users_tree_stays() {
    let scratch = Scratch::new("ws/inner");
    scratch.put("ws/inner/src/lib.rs", "// not committed");
    let before = state(&scratch);
    let worktree = scratch.prepare("ws/inner/src", "HEAD~1");
    assert_eq!(read(worktree.root.join("src/lib.rs")), "// first");
    assert!(worktree.root.ends_with("tree/ws/inner"), "{}", worktree.root.display());
    assert_eq!(read(scratch.repo().join("ws/inner/src/lib.rs")), "// not committed");
    assert_eq!(state(&scratch), before);
    assert_eq!(worktree.target_dir.parent(), worktree.root.ancestors().nth(3));
}

#[test]
fn dependencies_outside_of_the_repository_are_found() {
    let scratch = Scratch::new("ws");
    let worktree = scratch.prepare("ws", "HEAD");
    let manifest = read(worktree.root.join("Cargo.toml"));
    let expected = format!("b = {{ path = \"{}\" }}", scratch.0.join("b").display());
    assert!(manifest.contains(&expected), "{manifest}");
}

#[test]
fn the_lock_file_is_that_of_the_revision_or_the_present_one() {
    let scratch = Scratch::new("");
    scratch.put("Cargo.lock", "present");
    let lock = |revision: &str| read(scratch.prepare("", revision).root.join("Cargo.lock"));
    assert_eq!(lock("HEAD"), "present");
    scratch.commit("locked");
    scratch.put("Cargo.lock", "changed");
    assert_eq!(lock("HEAD"), "present");
    assert_eq!(read(scratch.repo().join("Cargo.lock")), "changed");
}

#[test]
fn a_second_gate_finds_the_tree_and_the_build_of_the_first() {
    let scratch = Scratch::new("");
    let first = scratch.prepare("", "HEAD~1");
    let (root, target_dir) = (first.root.clone(), first.target_dir.clone());
    fs::create_dir_all(&target_dir).unwrap();
    fs::write(target_dir.join("built"), "").unwrap();
    fs::write(root.join("mark"), "").unwrap();
    drop(first);
    let second = scratch.prepare("", "HEAD~1");
    assert_eq!((&second.root, &second.target_dir), (&root, &target_dir));
    assert!(root.join("mark").exists() && target_dir.join("built").exists());
}

#[test]
fn what_a_killed_gate_left_is_made_anew() {
    let scratch = Scratch::new("");
    let worktree = scratch.prepare("", "HEAD~1");
    let (root, target_dir) = (worktree.root.clone(), worktree.target_dir.clone());
    drop(worktree);
    fs::create_dir_all(&target_dir).unwrap();
    for broken in ["not ready", "no git file", "half a tree"] {
        match broken {
            "not ready" => fs::remove_file(root.parent().unwrap().join(READY)).unwrap(),
            "no git file" => fs::remove_file(root.join(".git")).unwrap(),
            _ => fs::remove_dir_all(&root).unwrap(),
        }
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("src/lib.rs"), "// half").unwrap();
        let worktree = scratch.prepare("", "HEAD~1");
        assert_eq!(read(worktree.root.join("src/lib.rs")), "// first", "{broken}");
        assert!(target_dir.exists(), "{broken}");
    }
    let listed = scratch.git(&["worktree", "list"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

#[test]
fn old_and_broken_revisions_are_removed_unless_in_use() {
    let scratch = Scratch::new("");
    let broken = scratch.gate().join("0123456789ab");
    fs::create_dir_all(broken.join(TREE)).unwrap();
    let strange = scratch.gate().join("candidate");
    fs::create_dir_all(&strange).unwrap();
    let held = scratch.prepare("", "HEAD");
    assert!(!broken.exists() && strange.exists());
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    let mut commits = vec![held.commit.clone()];
    for number in 0..5_u32 {
        let commit = scratch.commit(&number.to_string());
        // Whoever held it has held it for days.
        let ready = fs::File::options()
            .write(true)
            .open(scratch.gate().join(commits[number as usize].short()).join(READY))
            .unwrap();
        let modified = ready.metadata().unwrap().modified().unwrap() - day * (10 - number);
        ready.set_modified(modified).unwrap();
        drop(scratch.prepare("", commit.hash()));
        commits.push(commit);
    }
    let there: Vec<bool> =
        commits.iter().map(|commit| scratch.gate().join(commit.short()).exists()).collect();
    assert_eq!(there, [true, false, false, true, true, true]);
    assert_eq!(scratch.git(&["worktree", "list"]).lines().count(), 5);
}

#[test]
fn two_gates_of_one_revision_wait_for_each_other() {
    let scratch = Scratch::new("");
    let first = scratch.prepare("", "HEAD");
    let (told, waiting) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let repository = scratch.around("");
            let commit = repository.resolve("HEAD").unwrap();
            let wait = move || told.send(()).unwrap();
            Worktree::prepare(&repository, &commit, &scratch.gate(), wait).unwrap();
        });
        waiting.recv().unwrap();
        drop(first);
    });
}

#[test]
fn a_tree_older_than_the_workspace_around_it_is_not_claimed_by_that() {
    let scratch = Scratch::new("");
    scratch.put("Cargo.toml", "[package]\nname = \"a\"\n");
    scratch.commit("no workspace");
    scratch.put("Cargo.toml", "[workspace]\nmembers = []\n");
    let worktree = scratch.prepare("", "HEAD");
    assert!(read(worktree.root.join("Cargo.toml")).ends_with("[workspace]\n"));
}

#[test]
fn what_does_not_exist_is_told() {
    let scratch = Scratch::new("");
    let repository = scratch.around("");
    scratch.git(&["branch", "feature"]);
    let error = |revision: &str| repository.resolve(revision).unwrap_err().to_string();
    assert!(error("featrue").contains("did you mean `feature`?"), "{}", error("featrue"));
    assert!(error("0123456").contains("or one of: "), "{}", error("0123456"));
    assert!(error("--help").contains("no revision"));
    let outside = Repository::around(&scratch.0).unwrap_err().to_string();
    assert!(outside.contains("lies in no git repository"), "{outside}");
    scratch.git(&["rm", "-q", "Cargo.toml"]);
    let empty = scratch.commit("no manifest");
    let failure = Worktree::prepare(&scratch.around(""), &empty, &scratch.gate(), || ());
    assert!(failure.unwrap_err().to_string().contains("no Cargo.toml"));
}
