//! Waking up on time.

use super::RunClock;

/// No wait is shorter, in nanoseconds. Setting a timer, going to sleep and waking up take as long as
/// a request does; arrivals closer than this start together, late by no more than the kernel's own
/// slack.
#[cfg(all(target_os = "linux", not(test)))]
const LEAST_NS: u64 = 50_000;

/// Waits until an instant. On Linux with a timer of the kernel's, which is late by less than
/// a tenth of a millisecond; elsewhere, and where there is none to be had, with tokio's, which is late by up to
/// two milliseconds.
pub(crate) struct Alarm {
    clock: RunClock,
    #[cfg(all(target_os = "linux", not(test)))]
    timer: Option<linux::Timer>,
}

impl Alarm {
    /// One that goes by that clock; must be made inside a runtime.
    pub(crate) fn new(clock: RunClock) -> Self {
        Self {
            clock,
            #[cfg(all(target_os = "linux", not(test)))]
            timer: linux::Timer::new(),
        }
    }

    /// Waits until that many nanoseconds after the clock's start; returns at once where that is
    /// past.
    pub(crate) async fn until(&mut self, at_ns: u64) {
        #[cfg(all(target_os = "linux", not(test)))]
        {
            let ahead = at_ns.saturating_sub(self.clock.now_ns());
            if ahead == 0 {
                return;
            }
            if let Some(timer) = &self.timer
                && timer.wait(ahead.max(LEAST_NS)).await.is_ok()
            {
                return;
            }
        }
        self.clock.until(at_ns).await;
    }
}

#[cfg(all(target_os = "linux", not(test)))]
mod linux {
    use std::io;
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
    use std::time::Duration;

    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A timer of the kernel's that a runtime waits for with its sockets.
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        pub(super) fn new() -> Option<Self> {
            let flags = libc::TFD_CLOEXEC | libc::TFD_NONBLOCK;
            // SAFETY: takes no pointers; a negative result is looked at.
            let descriptor = unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) };
            if descriptor < 0 {
                return None;
            }
            // SAFETY: the descriptor was just opened and belongs to nobody else.
            let owned = unsafe { OwnedFd::from_raw_fd(descriptor) };
            // SAFETY: `OwnedFd` keeps its descriptor open and always gives the same one.
            unsafe { AsyncFd::register_with_interest(owned, Interest::READABLE) }.ok().map(Self)
        }

        /// Waits that long.
        pub(super) async fn wait(&self, ahead_ns: u64) -> io::Result<()> {
            self.set(Duration::from_nanos(ahead_ns))?;
            loop {
                let mut ready = self.0.readable().await?;
                if ready.try_io(|timer| expirations(timer.get_ref())).is_ok() {
                    // It goes off once and is quiet now; otherwise the next wait would read again
                    // to learn that.
                    ready.clear_ready();
                    return Ok(());
                }
            }
        }

        fn set(&self, ahead: Duration) -> io::Result<()> {
            let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
            let once = libc::timespec {
                tv_sec: libc::time_t::try_from(ahead.as_secs()).unwrap_or(libc::time_t::MAX),
                tv_nsec: ahead.subsec_nanos().into(),
            };
            let when = libc::itimerspec { it_interval: never, it_value: once };
            let descriptor = self.0.get_ref().as_raw_fd();
            // SAFETY: `when` lives through the call, and no former value is asked for.
            let set = unsafe {
                libc::timerfd_settime(descriptor, 0, &raw const when, std::ptr::null_mut())
            };
            if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
        }
    }

    /// Reads how often the timer went off, which makes it quiet again.
    fn expirations(timer: &OwnedFd) -> io::Result<u64> {
        let mut expired = 0_u64;
        // SAFETY: the kernel writes eight bytes into `expired`, or fails.
        let read =
            unsafe { libc::read(timer.as_raw_fd(), (&raw mut expired).cast(), size_of::<u64>()) };
        if read < 0 { Err(io::Error::last_os_error()) } else { Ok(expired) }
    }
}
