//! Standard output, kept apart from what benchmarks print.

use std::fs::File;
use std::io;
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

/// Puts standard output back where it went before it was taken.
pub(crate) fn give_stdout_back(kept: &File) {
    // SAFETY: `dup2` touches no memory; the descriptor is open as long as the file lives.
    unsafe { libc::dup2(kept.as_raw_fd(), libc::STDOUT_FILENO) };
}
