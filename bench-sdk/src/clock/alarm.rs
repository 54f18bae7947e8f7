//! Waking up on time.

use super::RunClock;

/// Shorter waits than this, in nanoseconds, are spent awake. To set a timer, go to sleep and wake up
/// takes about as long, and everything that comes meanwhile would wait for it.
#[cfg(all(target_os = "linux", not(test)))]
const AWAKE_NS: u64 = 25_000;
/// A round of the runtime that takes less, in nanoseconds, had nothing to do.
#[cfg(all(target_os = "linux", not(test)))]
const IDLE_ROUND_NS: u64 = 3_000;

/// Waits until an instant. On Linux awake, letting others work, where it is near, else with a timer of the kernel's, which is late by some tens of microseconds; elsewhere,
/// and where there is none to be had, with tokio's, which is late by up to two milliseconds.
pub(crate) struct Alarm {
    clock: RunClock,
    idle_ns: u64,
    #[cfg(all(target_os = "linux", not(test)))]
    timer: Option<linux::Timer>,
}

impl Alarm {
    /// One that goes by that clock; must be made inside a runtime.
    pub(crate) fn new(clock: RunClock) -> Self {
        Self {
            clock,
            idle_ns: 0,
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
            if ahead <= AWAKE_NS {
                return self.awake_until(at_ns).await;
            }
            if let Some(timer) = &self.timer
                && timer.wait(ahead).await.is_ok()
            {
                return;
            }
        }
        self.clock.until(at_ns).await;
    }

    /// Nanoseconds of processor time that were spent waiting awake while nobody else had anything
    /// to do, since this was last asked.
    pub(crate) fn take_idle_ns(&mut self) -> u64 {
        std::mem::take(&mut self.idle_ns)
    }

    /// Lets others work, round after round.
    #[cfg(all(target_os = "linux", not(test)))]
    async fn awake_until(&mut self, at_ns: u64) {
        let mut since_ns = self.clock.now_ns();
        while since_ns < at_ns {
            tokio::task::yield_now().await;
            let now_ns = self.clock.now_ns();
            if now_ns - since_ns < IDLE_ROUND_NS {
                self.idle_ns += idle_since(since_ns, now_ns);
            }
            since_ns = now_ns;
        }
    }
}

/// Nanoseconds of that round which no other alarm of this thread has counted.
#[cfg(all(target_os = "linux", not(test)))]
fn idle_since(since_ns: u64, now_ns: u64) -> u64 {
    use std::cell::Cell;
    thread_local! {
        static COUNTED_TO: Cell<u64> = const { Cell::new(0) };
    }
    now_ns.saturating_sub(since_ns.max(COUNTED_TO.replace(now_ns)))
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
