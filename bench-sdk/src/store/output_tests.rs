//! What becomes of what a path leads to.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::fixture::Folder;
use super::output::{GrowingFile, check_writable, place_of, replace};

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A folder with one folder in it.
fn with_sub() -> (Folder, PathBuf) {
    let folder = Folder::new();
    let sub = folder.path().join("sub");
    fs::create_dir_all(&sub).unwrap();
    (folder, sub)
}

#[test]
fn a_file_is_created_and_replaced() {
    let folder = Folder::new();
    let file = folder.path().join("a");
    replace(&file, b"one").unwrap();
    replace(&file, b"two").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"two");
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn what_cannot_be_written_is_told_and_leaves_nothing() {
    let (folder, sub) = with_sub();
    for path in [sub.clone(), folder.path().join("no/such"), folder.path().join("new/")] {
        assert!(check_writable(&path).is_err(), "{}", path.display());
        assert!(replace(&path, b"x").is_err(), "{}", path.display());
    }
    let long = folder.path().join("x".repeat(300));
    assert!(check_writable(&long).is_err() && replace(&long, b"x").is_err());
    check_writable(&folder.path().join("new")).unwrap();
    assert_eq!(names(folder.path()), ["sub"]);
    assert_eq!(names(&sub), [""; 0]);
}

#[test]
fn a_growing_file_is_emptied_when_something_comes() {
    let folder = Folder::new();
    let file = folder.path().join("a");
    fs::write(&file, "a long old content").unwrap();
    let mut growing = GrowingFile::new(file.clone());
    growing.flush().unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"a long old content");
    growing.write_all(b"1\n").unwrap();
    growing.write_all(b"2\n").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"1\n2\n");
    let mut new = GrowingFile::new(folder.path().join("b"));
    assert_eq!(names(folder.path()), ["a"]);
    new.write_all(b"3\n").unwrap();
    assert_eq!(fs::read(folder.path().join("b")).unwrap(), b"3\n");
}

#[test]
fn a_place_has_one_name() {
    let (folder, sub) = with_sub();
    let path = folder.path();
    fs::write(path.join("a"), "").unwrap();
    assert_eq!(place_of(&path.join("a")), place_of(&sub.join("../a")));
    assert_eq!(place_of(&path.join("new")), place_of(&path.join("./sub/../new")));
    assert_eq!(place_of(&path.join("x/y/new")), place_of(&path.join("./x/./y/new")));
    assert_ne!(place_of(&path.join("new")), place_of(&sub.join("new")));
}

#[cfg(unix)]
mod on_unix {
    use std::io::Read;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;
    use crate::store::output::is_device;

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn is_link(path: &Path) -> bool {
        fs::symlink_metadata(path).unwrap().is_symlink()
    }

    #[test]
    fn permissions_stay() {
        let folder = Folder::new();
        let file = folder.path().join("a");
        for kept in [0o600, 0o644, 0o640, 0o666, 0o755] {
            fs::write(&file, "old").unwrap();
            set_mode(&file, kept);
            let before = fs::metadata(&file).unwrap().ino();
            replace(&file, b"new").unwrap();
            assert_eq!((fs::read(&file).unwrap().as_slice(), mode(&file)), (&b"new"[..], kept));
            assert_ne!(fs::metadata(&file).unwrap().ino(), before, "it was not replaced at once");
        }
    }

    #[test]
    fn links_are_followed_and_stay() {
        let (folder, sub) = with_sub();
        let (link, second) = (folder.path().join("link"), folder.path().join("second"));
        symlink("sub/file", &link).unwrap();
        symlink("link", &second).unwrap();
        // The first time there is nothing behind them.
        for content in ["one", "two"] {
            check_writable(&second).unwrap();
            replace(&second, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(sub.join("file")).unwrap(), content);
            assert!(is_link(&link) && is_link(&second));
            assert_eq!(place_of(&second), place_of(&sub.join("file")));
        }
        assert_eq!((names(folder.path()).len(), names(&sub)), (3, vec!["file".to_owned()]));
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        let folder = Folder::new();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        symlink("other", &one).unwrap();
        symlink("one", &other).unwrap();
        symlink("no/such", folder.path().join("gone")).unwrap();
        for path in [one, other, folder.path().join("gone")] {
            assert!(check_writable(&path).is_err() && replace(&path, b"x").is_err());
            assert!(is_link(&path));
            // It ends.
            let _ = place_of(&path);
        }
    }

    #[test]
    fn a_pipe_is_written_into() {
        let folder = Folder::new();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        check_writable(&pipe).unwrap();
        let read = || {
            let pipe = pipe.clone();
            std::thread::spawn(move || {
                let mut text = String::new();
                fs::File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
                text
            })
        };
        let reader = read();
        replace(&pipe, b"a page").unwrap();
        assert_eq!(reader.join().unwrap(), "a page");
        let reader = read();
        let mut growing = GrowingFile::new(pipe.clone());
        growing.write_all(b"a line").unwrap();
        drop(growing);
        assert_eq!(reader.join().unwrap(), "a line");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo() && !is_device(&pipe));
        assert_eq!(names(folder.path()), ["pipe"]);
    }

    /// A device with these numbers; `None` where none may be made.
    fn device(folder: &Folder, name: &str, minor: &str) -> Option<PathBuf> {
        let path = folder.path().join(name);
        let made = Command::new("mknod").arg(&path).args(["c", "1", minor]).output();
        let made = made.is_ok_and(|made| made.status.success());
        // Folders for temporary files may be mounted without devices.
        (made && fs::OpenOptions::new().write(true).open(&path).is_ok()).then_some(path)
    }

    #[test]
    fn a_device_stays_a_device() {
        let folder = Folder::new();
        let (Some(null), Some(full)) = (device(&folder, "null", "3"), device(&folder, "full", "7"))
        else {
            return;
        };
        replace(&null, b"a page").unwrap();
        let error = replace(&full, b"a page").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        for path in [&null, &full] {
            assert!(fs::metadata(path).unwrap().file_type().is_char_device() && is_device(path));
        }
        assert_eq!(names(folder.path()), ["full", "null"]);
    }

    #[test]
    fn a_file_in_a_closed_folder_is_written_into_and_a_closed_file_is_left_alone() {
        let (_folder, sub) = with_sub();
        let (open, closed) = (sub.join("open"), sub.join("closed"));
        for file in [&open, &closed] {
            fs::write(file, "a long old content").unwrap();
        }
        set_mode(&closed, 0o444);
        set_mode(&sub, 0o555);
        let is_root = fs::write(sub.join("new"), "").is_ok();
        if !is_root {
            replace(&open, b"new").unwrap();
            assert_eq!(fs::read(&open).unwrap(), b"new");
            assert!(check_writable(&sub.join("other")).is_err());
        }
        set_mode(&sub, 0o755);
        if !is_root {
            assert!(check_writable(&closed).is_err() && replace(&closed, b"new").is_err());
            assert_eq!(fs::read(&closed).unwrap(), b"a long old content");
        }
    }
}
