//! Workers under Callgrind: whether it is there, how it is called, where it writes.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::resource::Callgrind;

/// What is run.
const VALGRIND: &str = "valgrind";
/// Attempts to find a name for a folder that nobody has taken.
const ATTEMPTS: u32 = 16;

/// Sees whether Callgrind can count here; the error says what to install.
pub(crate) fn find_callgrind() -> Result<(), String> {
    if !Callgrind::SUPPORTED {
        return Err("Callgrind counts instructions on x86_64 and aarch64 only".to_owned());
    }
    let mut version = Command::new(VALGRIND);
    version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match version.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{VALGRIND} --version` failed: {status}")),
        Err(error) => Err(why_not_started(&error)),
    }
}

/// Why Valgrind did not start.
pub(super) fn why_not_started(error: &io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        "instructions are counted by Valgrind's tool Callgrind, and there is no `valgrind` here; \
         install it: `apt-get install valgrind` (Debian, Ubuntu), `dnf install valgrind` (Fedora); \
         on macOS see https://valgrind.org/downloads"
            .to_owned()
    } else {
        format!("failed to start `{VALGRIND}`: {error}")
    }
}

/// A private folder for what Callgrind writes, removed with the value.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A folder below that one, for this user only; `name` makes up parts of names.
    pub(super) fn new(below: &Path, mut name: impl FnMut() -> u64) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        for _ in 0..ATTEMPTS {
            let folder = below.join(format!("hub-bench-callgrind-{:016x}", name()));
            match builder.create(&folder) {
                Ok(()) => return Ok(Self(folder)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    let text = format!("failed to create {}: {error}", folder.display());
                    return Err(io::Error::new(error.kind(), text));
                }
            }
        }
        Err(io::Error::other(format!("all names are taken in {}", below.display())))
    }

    /// How the files are named, each with its number behind a dot. Workers are told in words.
    pub(super) fn prefix(&self) -> io::Result<String> {
        let prefix = self.0.join("part").into_os_string();
        prefix.into_string().map_err(|name| {
            io::Error::other(format!("{} is not valid UTF-8", Path::new(&name).display()))
        })
    }

    /// The executable under Callgrind. It counts from when it is asked to.
    pub(super) fn command(&self, executable: &Path) -> io::Result<Command> {
        let mut command = Command::new(VALGRIND);
        command
            .arg("--tool=callgrind")
            // Neither variables nor files of the user change a figure.
            .arg("--command-line-only=yes")
            .args(["--quiet", "--vgdb=no", "--fair-sched=try", "--child-silent-after-fork=yes"])
            .args(["--instr-atstart=no", "--collect-atstart=yes", "--separate-threads=no"])
            // A per cent sign would begin a placeholder.
            .arg(format!("--callgrind-out-file={}", self.prefix()?.replace('%', "%%")))
            .arg("--")
            .arg(executable);
        Ok(command)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_packages() {
        let why = why_not_started(&ErrorKind::NotFound.into());
        for part in ["`valgrind`", "apt-get install", "dnf install", "valgrind.org"] {
            assert!(why.contains(part), "{why}");
        }
        assert!(why_not_started(&ErrorKind::PermissionDenied.into()).contains("denied"));
    }

    #[test]
    fn folders_are_private_and_go_with_their_value() {
        let below = std::env::temp_dir();
        let seed = u64::from(std::process::id()) << 32;
        let mut numbers = [seed, seed, seed + 1].into_iter();
        let mut name = || numbers.next().unwrap_or(0);
        let first = Scratch::new(&below, &mut name).unwrap();
        // The name that comes next is taken.
        let second = Scratch::new(&below, &mut name).unwrap();
        assert_ne!(first.0, second.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(first.0.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
        std::fs::create_dir(first.0.join("more")).unwrap();
        let gone = first.0.clone();
        drop(first);
        assert!(!gone.exists() && second.0.exists());
        assert!(Scratch::new(&gone.join("missing"), || 1).is_err());
    }

    #[test]
    fn a_per_cent_sign_in_a_path_is_itself() {
        let scratch = std::mem::ManuallyDrop::new(Scratch(PathBuf::from("/50%p")));
        let command = scratch.command(Path::new("/bench")).unwrap();
        assert!(command.get_args().any(|a| a == "--callgrind-out-file=/50%%p/part"));
        assert_eq!(command.get_args().last(), Some("/bench".as_ref()));
    }
}
