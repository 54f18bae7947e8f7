//! Virtual users that wait for arrivals.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

use tokio::sync::mpsc;

use crate::load::schedule::Planned;

/// Where a virtual user waits for its next arrival.
#[derive(Default)]
pub(super) struct Place {
    arrival: Cell<Option<Planned>>,
    waker: RefCell<Option<Waker>>,
    closed: Cell<bool>,
}

impl Place {
    /// Waits for an arrival; `None` when there will be none.
    pub(super) async fn next(&self) -> Option<Planned> {
        std::future::poll_fn(|context| {
            if let Some(arrival) = self.arrival.take() {
                return Poll::Ready(Some(arrival));
            }
            if self.closed.get() {
                return Poll::Ready(None);
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn give(&self, arrival: Planned) {
        self.arrival.set(Some(arrival));
        self.wake();
    }

    fn close(&self) {
        self.closed.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

/// The virtual users of one thread that are free, and arrivals that wait for one.
#[derive(Default)]
pub(super) struct Pool {
    places: RefCell<Vec<Rc<Place>>>,
    free: RefCell<Vec<Rc<Place>>>,
    waiting: RefCell<VecDeque<Planned>>,
    closed: Cell<bool>,
}

impl Pool {
    /// Where a further virtual user will wait.
    pub(super) fn place(&self) -> Rc<Place> {
        let place = Rc::new(Place::default());
        self.places.borrow_mut().push(Rc::clone(&place));
        place
    }

    /// A virtual user has nothing to do; `false` where it may go.
    pub(super) fn release(&self, place: &Rc<Place>, idle: &AtomicU64) -> bool {
        if let Some(arrival) = self.waiting.borrow_mut().pop_front() {
            place.give(arrival);
            return true;
        }
        if self.closed.get() {
            return false;
        }
        self.free.borrow_mut().push(Rc::clone(place));
        idle.fetch_add(1, Ordering::AcqRel);
        true
    }

    /// Gives an arrival to a virtual user that was reserved for it.
    pub(super) fn give_reserved(&self, arrival: Planned) {
        match self.free.borrow_mut().pop() {
            Some(place) => place.give(arrival),
            // Cannot be: whoever reserves takes one away from those that are free.
            None => self.waiting.borrow_mut().push_back(arrival),
        }
    }

    /// Lets an arrival wait for the next virtual user that becomes free.
    pub(super) fn queue(&self, arrival: Planned) {
        self.waiting.borrow_mut().push_back(arrival);
    }

    /// There will be no arrivals but those that wait already.
    pub(super) fn close(&self) {
        self.closed.set(true);
        self.free.borrow_mut().drain(..).for_each(|place| place.close());
    }

    /// Takes the arrivals that nobody will begin any more.
    pub(super) fn left(&self) -> Vec<Planned> {
        let places = self.places.borrow();
        let given = places.iter().filter_map(|place| place.arrival.take());
        given.chain(self.waiting.borrow_mut().drain(..)).collect()
    }
}

/// How threads of one scenario hand arrivals to one another: an arrival is dropped only where no
/// thread has a virtual user that is free.
pub(super) struct Mailboxes {
    boxes: Vec<Mailbox>,
    /// Threads that may still send.
    pub(super) senders: AtomicU64,
    pub(super) done: tokio::sync::Notify,
}

struct Mailbox {
    /// Virtual users of that thread that are free and not reserved.
    idle: AtomicU64,
    sender: mpsc::UnboundedSender<Planned>,
    receiver: Mutex<Option<mpsc::UnboundedReceiver<Planned>>>,
}

impl Mailboxes {
    pub(super) fn new(threads: u64) -> Self {
        let boxes = (0..threads).map(|_| {
            let (sender, receiver) = mpsc::unbounded_channel();
            Mailbox { idle: AtomicU64::new(0), sender, receiver: Mutex::new(Some(receiver)) }
        });
        Self {
            boxes: boxes.collect(),
            senders: AtomicU64::new(threads),
            done: tokio::sync::Notify::new(),
        }
    }

    pub(super) fn idle(&self, thread: u64) -> &AtomicU64 {
        &self.boxes[thread as usize].idle
    }

    /// Takes the right to one free virtual user of a thread.
    pub(super) fn reserve(&self, thread: u64) -> bool {
        let one_less = |free: u64| free.checked_sub(1);
        self.idle(thread).fetch_update(Ordering::AcqRel, Ordering::Relaxed, one_less).is_ok()
    }

    /// Hands an arrival to another thread than that one which has a virtual user free.
    pub(super) fn hand_over(&self, from: u64, arrival: Planned) -> bool {
        let count = self.boxes.len() as u64;
        let others = (1..count).map(|step| (from + step) % count);
        others.into_iter().any(|thread| {
            self.reserve(thread) && self.boxes[thread as usize].sender.send(arrival).is_ok()
        })
    }

    /// What arrives for a thread; given once.
    pub(super) fn receiver(&self, thread: u64) -> Option<mpsc::UnboundedReceiver<Planned>> {
        self.boxes[thread as usize].receiver.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A thread has sent its last; the last of them wakes all.
    pub(super) fn sent_last(&self) {
        if self.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.notify_waiters();
        }
    }

    /// Waits until every thread has sent its last.
    pub(super) async fn all_sent(&self) {
        loop {
            let notified = self.done.notified();
            if self.senders.load(Ordering::Acquire) == 0 {
                return;
            }
            notified.await;
        }
    }
}
