//! Standard output, kept apart from what benchmarks print.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, BorrowedFd};

/// Gives standard output to the caller alone: whatever is printed from now on, by this process and
/// by those that it starts, goes to standard error.
///
/// Benchmarks are code of the user's. Their arguments are evaluated in this very process, and with
/// `--nocapture` their workers print where it prints.
pub(crate) fn take_stdout() -> io::Result<File> {
    // SAFETY: the descriptor is only borrowed for the call, which fails if it is not open.
    let stdout = unsafe { BorrowedFd::borrow_raw(libc::STDOUT_FILENO) };
    let kept = File::from(stdout.try_clone_to_owned()?);
    // SAFETY: `dup2` touches no memory; both numbers are those of standard streams.
    let moved = unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) };
    if moved < 0 { Err(io::Error::last_os_error()) } else { Ok(kept) }
}

/// Standard output, held back from whatever prints there until this value goes.
#[derive(Debug)]
pub struct HeldStdout(Option<File>);

impl HeldStdout {
    /// Holds it back; what is printed meanwhile goes to standard error. Where a stream is not open
    /// there is nothing to hold back.
    pub fn new() -> Self {
        // What was printed before belongs where it was printed.
        let _ = io::stdout().flush();
        Self(take_stdout().ok())
    }
}

impl Default for HeldStdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for HeldStdout {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        if let Some(kept) = &self.0 {
            // SAFETY: `dup2` touches no memory; the descriptor is open as long as the file lives.
            unsafe { libc::dup2(kept.as_raw_fd(), libc::STDOUT_FILENO) };
        }
    }
}
