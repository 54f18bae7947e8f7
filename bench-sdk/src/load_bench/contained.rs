//! Panics of load benches are outcomes: they are caught, and not printed one by one.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll};

use crate::bencher::panic_text;

thread_local! {
    /// Whether code of a load bench runs on this thread.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
    /// Where it panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Awaits a future; a panic in it ends it, with what the panic said and where. Dropping the result
/// drops the future.
pub(super) async fn contained<F: Future>(future: F) -> Result<F::Output, String> {
    let mut held = Held(Some(Box::pin(future)));
    poll_fn(|context| held.poll(context)).await
}

/// Calls a function; a panic in it is an error, with what it said and where.
pub(super) fn contain<R>(function: impl FnOnce() -> R) -> Result<R, String> {
    quiet_contained_panics();
    let outer = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(function));
    CONTAINED.set(outer);
    outcome.map_err(|payload| {
        let text = text_of(payload);
        match PLACE.take() {
            Some(place) => format!("{text} at {place}"),
            None => text,
        }
    })
}

/// The text of a payload. One that panics while it is dropped is left alone.
fn text_of(payload: Box<dyn std::any::Any + Send>) -> String {
    let text = panic_text(&*payload);
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
    text
}

/// A future of a load bench, which may panic also while it is dropped.
struct Held<F>(Option<Pin<Box<F>>>);

impl<F: Future> Held<F> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<F::Output, String>> {
        let Some(future) = &mut self.0 else { return Poll::Pending };
        match contain(|| future.as_mut().poll(context)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(self.let_go().map(|()| output)),
            Err(words) => {
                // The first panic is the one to tell of.
                let _ = self.let_go();
                Poll::Ready(Err(words))
            }
        }
    }
}

impl<F> Held<F> {
    fn let_go(&mut self) -> Result<(), String> {
        let future = self.0.take();
        contain(|| drop(future))
    }
}

impl<F> Drop for Held<F> {
    fn drop(&mut self) {
        // The iteration was cut off; a panic on its way out is nobody's outcome.
        let _ = self.let_go();
    }
}

/// Has panics of load benches leave their place instead of being printed: a test that fails a
/// thousand times a second would bury everything else.
fn quiet_contained_panics() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            let contained = CONTAINED.try_with(Cell::get).unwrap_or(false);
            if contained {
                let place = panic.location().map(ToString::to_string);
                let _ = PLACE.try_with(|last| last.replace(place));
            } else {
                others(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test may fail by panicking"
    )]

    use std::future::{pending, ready};

    use super::*;

    fn run<F: Future>(future: F) -> Result<F::Output, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(contained(future))
    }

    struct Loud;

    impl Drop for Loud {
        fn drop(&mut self) {
            panic!("on the way out");
        }
    }

    #[test]
    fn a_panic_is_an_error_with_its_words_and_place() {
        let outcome = run(async {
            ready(()).await;
            let nobody: Option<u8> = std::hint::black_box(None);
            nobody.expect("somebody is there")
        });
        let words = outcome.unwrap_err();
        assert!(words.starts_with("somebody is there at ") && words.contains("contained.rs:"));
    }

    #[test]
    fn what_does_not_panic_is_let_through() {
        assert_eq!(run(async { 3 }), Ok(3));
    }

    #[test]
    fn a_panic_while_the_future_is_dropped_is_contained_as_well() {
        let half_way = run(async {
            let inner = async {
                let _loud = Loud;
                pending::<()>().await;
            };
            let _ = tokio::time::timeout(std::time::Duration::ZERO, inner).await;
        });
        assert!(half_way.is_err_and(|words| words.starts_with("on the way out")));
        let mut cut_off = Held(Some(Box::pin(async {
            let _loud = Loud;
            pending::<()>().await;
        })));
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(cut_off.poll(&mut context).is_pending());
        drop(cut_off);
    }
}
