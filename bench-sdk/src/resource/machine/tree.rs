//! Small file trees that stand in for a system.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::root::Root;

/// Files in a folder of their own, removed with the value.
#[derive(Debug)]
pub(super) struct Tree(PathBuf);

impl Tree {
    /// Files given as path and content.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench-sdk-tree-{}-{number}", std::process::id());
        let tree = Self(std::env::temp_dir().join(name));
        tree.put(files);
        tree
    }

    /// Adds or replaces files.
    #[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    pub(super) fn put(&self, files: &[(&str, &str)]) {
        fs::create_dir_all(&self.0).unwrap();
        for (path, text) in files {
            let path = self.0.join(path);
            fs::create_dir_all(path.ancestors().nth(1).unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    pub(super) fn root(&self) -> Root {
        Root::at(&self.0)
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
