//! Two futures, the first of which wins.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// Which one was first.
pub(crate) enum First<A, B> {
    /// The one on the left.
    Left(A),
    /// The one on the right.
    Right(B),
}

/// Waits for the first of two futures and drops the other. Where both are ready the left one wins.
pub(crate) async fn race<A, B>(
    left: impl Future<Output = A>,
    right: impl Future<Output = B>,
) -> First<A, B> {
    let mut left = pin!(left);
    let mut right = pin!(right);
    std::future::poll_fn(move |context| {
        if let Poll::Ready(value) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(value));
        }
        right.as_mut().poll(context).map(First::Right)
    })
    .await
}

/// Whether a future waited for anything.
pub(crate) struct Waited<T> {
    /// What it gave.
    pub(crate) value: T,
    /// Whether it gave way to others before it was done.
    pub(crate) waited: bool,
}

/// Runs a future and says whether it gave way: one that never does would keep its thread from
/// everybody else if it were run again and again.
pub(crate) async fn watched<T>(future: impl Future<Output = T>) -> Waited<T> {
    let mut future = pin!(future);
    let mut waited = false;
    std::future::poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Waited { value, waited }),
        Poll::Pending => {
            waited = true;
            Poll::Pending
        }
    })
    .await
}
