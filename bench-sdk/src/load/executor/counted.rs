//! `shared-iterations` and `per-vu-iterations`: a given number of iterations.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::conduct::at_work;
use super::crew::{Crew, Member};
use crate::load::target::Target;

/// A virtual user that takes iterations from what is left of all.
pub(super) async fn shared<T: Target>(
    crew: Rc<Crew<T>>,
    mut member: Member<T::User>,
    iterations: u64,
) {
    let _at_work = at_work(&crew.common);
    while crew.may_start(crew.ends_ns()) {
        let number = crew.common.begun.fetch_add(1, Ordering::Relaxed);
        if number >= iterations {
            return;
        }
        crew.iterate(&mut member, number, None).await;
    }
}

/// A virtual user with iterations of its own; what it has not begun in time is dropped.
pub(super) async fn own<T: Target>(
    crew: Rc<Crew<T>>,
    mut member: Member<T::User>,
    iterations: u64,
) {
    let _at_work = at_work(&crew.common);
    let left = Left { crew: &crew, iterations: std::cell::Cell::new(iterations) };
    while left.iterations.get() > 0 && crew.may_start(crew.ends_ns()) {
        left.iterations.set(left.iterations.get() - 1);
        crew.iterate(&mut member, crew.next_number(), None).await;
    }
}

/// Iterations that are dropped with their virtual user, however it ends.
struct Left<'a, T: Target> {
    crew: &'a Crew<T>,
    iterations: std::cell::Cell<u64>,
}

impl<T: Target> Drop for Left<'_, T> {
    fn drop(&mut self) {
        self.crew.recorder.dropped(self.iterations.get(), false, None);
    }
}
