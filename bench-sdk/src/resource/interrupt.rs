//! Ctrl-C, turned into a flag.

use std::sync::atomic::{AtomicU32, Ordering};

static INTERRUPTS: AtomicU32 = AtomicU32::new(0);

/// Whether the user has asked to stop since [`watch_interrupts`].
pub(crate) fn interrupted() -> bool {
    INTERRUPTS.load(Ordering::Relaxed) > 0
}

/// Counts interrupt and termination signals from now on instead of dying of them; the second one
/// ends the process at once.
#[cfg(unix)]
pub(crate) fn watch_interrupts() {
    extern "C" fn count(_signal: libc::c_int) {
        if INTERRUPTS.fetch_add(1, Ordering::Relaxed) > 0 {
            // SAFETY: `_exit` is one of the functions that POSIX allows in a signal handler.
            unsafe { libc::_exit(130) };
        }
    }
    for signal in [libc::SIGINT, libc::SIGTERM] {
        // SAFETY: all zeroes is a valid `sigaction`: no flags, an empty mask.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        let handler: extern "C" fn(libc::c_int) = count;
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_RESTART;
        // SAFETY: the handler only touches an atomic and calls `_exit`; both pointers are valid.
        unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    }
}

/// Interrupts end the process here; they are not watched on this system.
#[cfg(not(unix))]
pub(crate) fn watch_interrupts() {}
