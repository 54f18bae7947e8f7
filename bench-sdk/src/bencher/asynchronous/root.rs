//! Drives a future without any runtime's leave, on a thread that already drives one.
//!
//! Whoever only wants to let others go first (`tokio::task::yield_now`) leaves its waker with the
//! scheduler of the thread, to be called after this poll. Here that is the outer one, which gets no
//! turn. So the future is also polled without having been woken, as every future has to bear.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{Thread, current, park_timeout};
use std::time::Duration;

/// How often a future that has not been woken is polled at once.
const EAGER_POLLS: u32 = 32;
/// How long it is left alone after that.
const PAUSE: Duration = Duration::from_micros(100);

/// Wakes the thread up.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Drives the future to its end on the calling thread.
pub(super) fn drive<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        for _ in 0..EAGER_POLLS {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
        }
        park_timeout(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn it_waits_for_what_another_thread_does() {
        let (done, mut started) = (Arc::new(AtomicBool::new(false)), false);
        let output = drive(std::future::poll_fn(|context| {
            if !started {
                started = true;
                let (done, waker) = (Arc::clone(&done), context.waker().clone());
                std::thread::spawn(move || {
                    done.store(true, Ordering::SeqCst);
                    waker.wake();
                });
            }
            if done.load(Ordering::SeqCst) { Poll::Ready("done") } else { Poll::Pending }
        }));
        assert_eq!(output, "done");
    }

    #[test]
    fn a_future_whose_waker_is_with_another_scheduler_goes_on() {
        let mut polls = 0;
        let output = drive(std::future::poll_fn(|_| {
            polls += 1;
            if polls == 200 { Poll::Ready("done") } else { Poll::Pending }
        }));
        assert_eq!((output, polls), ("done", 200));
    }
}
