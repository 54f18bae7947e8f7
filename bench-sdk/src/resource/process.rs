//! Descriptors, locks and the terminal.

use std::fs::File;
use std::io;

/// Takes over standard input: returns a private copy of it that child processes do not inherit,
/// and leaves the null device in its place for the benchmarks.
#[cfg(unix)]
pub(crate) fn detach_stdin() -> io::Result<std::os::fd::OwnedFd> {
    use std::os::fd::{AsFd, AsRawFd};
    let channel = io::stdin().as_fd().try_clone_to_owned()?;
    let null = File::open("/dev/null")?;
    // SAFETY: both descriptors are open; descriptor 0 belongs to this process and what it was is
    // kept alive by `channel`.
    let replaced = unsafe { libc::dup2(null.as_raw_fd(), 0) };
    if replaced == -1 { Err(io::Error::last_os_error()) } else { Ok(channel) }
}

/// Has the kernel kill this process when its parent is gone, whatever the parent died of.
pub(crate) fn die_with_parent() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // SAFETY: this option takes a plain signal number and touches no memory. A failure leaves
        // things as they were, and the worker still notices the closed channel between cases.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    }
}

/// Takes the lock on that file, waiting for it if it must; `waiting` is called before that. The lock
/// is given back when the file is closed, also by a crash.
pub(crate) fn lock_exclusive(file: &File, waiting: impl FnOnce()) -> io::Result<()> {
    match flock(file, false) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            waiting();
            flock(file, true)
        }
        other => other,
    }
}

/// Takes the lock on that file if nobody has it; whether it did.
#[cfg(feature = "cli")]
pub(crate) fn try_lock_exclusive(file: &File) -> io::Result<bool> {
    match flock(file, false) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// What `File::lock` and `File::try_lock` do, which came with Rust 1.89.
fn flock(file: &File, wait: bool) -> io::Result<()> {
    #[cfg(unix)]
    loop {
        use std::os::fd::AsRawFd;
        let operation = if wait { libc::LOCK_EX } else { libc::LOCK_EX | libc::LOCK_NB };
        // SAFETY: the descriptor is open for as long as `file` is borrowed.
        if unsafe { libc::flock(file.as_raw_fd(), operation) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted || super::interrupted() {
            return Err(error);
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (file, wait);
        Ok(())
    }
}

/// Columns of the terminal behind that descriptor, if it is one.
pub(crate) fn terminal_width(descriptor: i32) -> Option<usize> {
    #[cfg(unix)]
    {
        let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: the request fills in a `winsize`, and the pointer is to one.
        let failed = unsafe { libc::ioctl(descriptor, libc::TIOCGWINSZ, &raw mut size) } != 0;
        (!failed && size.ws_col > 0).then_some(usize::from(size.ws_col))
    }
    #[cfg(not(unix))]
    {
        let _ = descriptor;
        None
    }
}

/// Has this thread, and those it starts from now on, stay on those processors.
pub(crate) fn stay_on(processors: &[u32]) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // SAFETY: all zeroes is a valid, empty set of processors.
        let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
        for processor in processors {
            if *processor >= libc::CPU_SETSIZE as u32 {
                return Err(io::Error::other(format!("there is no processor {processor}")));
            }
            // SAFETY: the set is valid and the number is one that it has room for.
            unsafe { libc::CPU_SET(*processor as usize, &mut set) };
        }
        let size = std::mem::size_of::<libc::cpu_set_t>();
        // SAFETY: the pointer is to a set of that size, only read; 0 is the calling thread.
        let failed = unsafe { libc::sched_setaffinity(0, size, &raw const set) } != 0;
        if failed { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = processors;
        Ok(())
    }
}

/// Processors that this process may run on; empty where the system does not tell, or where nothing
/// can be made to stay on one.
pub(crate) fn allowed_processors() -> Vec<u32> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // SAFETY: all zeroes is a valid, empty set of processors.
        let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
        let size = std::mem::size_of::<libc::cpu_set_t>();
        // SAFETY: the pointer is to a set of that size, valid for writes; 0 is this thread.
        if unsafe { libc::sched_getaffinity(0, size, &raw mut set) } != 0 {
            return Vec::new();
        }
        // SAFETY: the set is valid and no number is larger than it has room for.
        let is_set = |at: &u32| unsafe { libc::CPU_ISSET(*at as usize, &set) };
        (0..libc::CPU_SETSIZE as u32).filter(is_set).collect()
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    Vec::new()
}

/// Ends every process of the group that this process leads.
pub(crate) fn kill_group(leader: u32) {
    #[cfg(unix)]
    if let Ok(group) = libc::pid_t::try_from(leader) {
        // SAFETY: `kill` touches no memory; a group that is gone is an error we do not mind.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
    #[cfg(not(unix))]
    let _ = leader;
}

/// Whether that child has ended; it stays a zombie, so that its process group keeps its name.
pub(crate) fn has_exited(child: u32) -> bool {
    #[cfg(unix)]
    {
        let mut info = std::mem::MaybeUninit::<libc::siginfo_t>::zeroed();
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: the pointer is to memory of the right type, valid for writes.
        let failed = unsafe { libc::waitid(libc::P_PID, child, info.as_mut_ptr(), options) } != 0;
        // SAFETY: all zeroes is a valid `siginfo_t`, and stays if no child has ended.
        let signal = unsafe { info.assume_init() }.si_signo;
        failed || signal != 0
    }
    #[cfg(not(unix))]
    {
        let _ = child;
        true
    }
}
