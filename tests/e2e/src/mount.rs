//! File systems of their own for a test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A mounted file system; gone with the value.
#[derive(Debug)]
pub struct Mounted(PathBuf);

impl Mounted {
    /// A file system in memory of so many bytes; `None` where that may not be done.
    pub fn tiny(at: &Path, bytes: u64) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "none"]).arg(at);
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then(|| Self(at.to_owned()))
    }

    /// Nothing can be written any more.
    pub fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(&self.0);
        assert!(mount.status().is_ok_and(|status| status.success()), "it cannot be remounted");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // What stays mounted is in the folder for temporary files.
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
