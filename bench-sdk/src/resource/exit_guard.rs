//! Keeps code of the user from ending the process with success while it is only being laid out.

use std::sync::{Mutex, Once, PoisonError};

/// What is going on, while it must not end the process.
static GOING_ON: Mutex<Option<String>> = Mutex::new(None);

/// While it lives, the end of the process is a failure: exit code 101, with a line that says what
/// was going on.
pub(crate) struct ExitGuard(());

impl ExitGuard {
    /// Guards what is described; one guard at a time.
    pub(crate) fn new(going_on: &str) -> Self {
        static REGISTERED: Once = Once::new();
        #[cfg(unix)]
        REGISTERED.call_once(|| {
            // SAFETY: the handler is a plain function that lives as long as the process. If there
            // is no room for it, nothing is guarded, as without this type.
            unsafe { libc::atexit(refuse) };
        });
        #[cfg(not(unix))]
        let _ = &REGISTERED;
        set(Some(going_on.to_owned()));
        Self(())
    }
}

impl Drop for ExitGuard {
    fn drop(&mut self) {
        set(None);
    }
}

fn set(going_on: Option<String>) {
    *GOING_ON.lock().unwrap_or_else(PoisonError::into_inner) = going_on;
}

#[cfg(unix)]
extern "C" fn refuse() {
    let Ok(mut going_on) = GOING_ON.try_lock() else { return };
    let Some(going_on) = going_on.take() else { return };
    let message = format!("error: {going_on} ended the process\n");
    // SAFETY: the pointer and length are those of a live string; `_exit` returns to nobody. What
    // cannot be written is lost, the exit code is not.
    unsafe {
        libc::write(2, message.as_ptr().cast(), message.len());
        libc::_exit(101);
    }
}
