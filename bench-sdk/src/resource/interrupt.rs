//! Ctrl-C, turned into a flag.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

static INTERRUPTS: AtomicU32 = AtomicU32::new(0);
/// Whether the process must not end before it has cleaned up.
static HELD: AtomicBool = AtomicBool::new(false);

/// Whether the user has asked to stop since [`watch_interrupts`].
pub(crate) fn interrupted() -> bool {
    INTERRUPTS.load(Ordering::Relaxed) > 0
}

/// Counts interrupt and termination signals from now on instead of dying of them; the second one
/// ends the process at once.
pub(crate) fn watch_interrupts() {
    #[cfg(unix)]
    for signal in [libc::SIGINT, libc::SIGTERM] {
        count(signal);
    }
}

/// The same, and no signal ends the process: it has something to put back. That the terminal is
/// gone counts too.
#[cfg(feature = "cli")]
pub(crate) fn hold_interrupts() {
    HELD.store(true, Ordering::Relaxed);
    watch_interrupts();
    #[cfg(unix)]
    count(libc::SIGHUP);
}

#[cfg(unix)]
fn count(signal: libc::c_int) {
    extern "C" fn count(_signal: libc::c_int) {
        let is_second = INTERRUPTS.fetch_add(1, Ordering::Relaxed) > 0;
        if is_second && !HELD.load(Ordering::Relaxed) {
            // SAFETY: `_exit` is one of the functions that POSIX allows in a signal handler.
            unsafe { libc::_exit(130) };
        }
    }
    // SAFETY: all zeroes is a valid `sigaction`: no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    let handler: extern "C" fn(libc::c_int) = count;
    action.sa_sigaction = handler as *const () as usize;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: the handler only touches atomics and calls `_exit`; both pointers are valid.
    unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
}
