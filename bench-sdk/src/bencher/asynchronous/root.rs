//! Drives a future without any runtime's leave.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake};
use std::thread::{Thread, current, park};

/// Tells the thread that the future wants to be polled again.
struct Signal {
    thread: Thread,
    /// The benchmark may use up the thread's own token.
    woken: AtomicBool,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

/// Drives the future to its end on the calling thread, which sleeps meanwhile.
pub(super) fn drive<F: Future>(future: F) -> F::Output {
    let signal = Arc::new(Signal { thread: current(), woken: AtomicBool::new(false) });
    let waker = Arc::clone(&signal).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !signal.woken.swap(false, Ordering::Acquire) {
            park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakings_from_here_and_from_elsewhere_are_heard() {
        let mut polls = 0;
        let output = drive(std::future::poll_fn(|context| {
            polls += 1;
            match polls {
                1 => context.waker().wake_by_ref(),
                2 => {
                    let waker = context.waker().clone();
                    std::thread::spawn(move || waker.wake());
                }
                _ => return Poll::Ready("done"),
            }
            Poll::Pending
        }));
        assert_eq!((output, polls), ("done", 3));
    }
}
