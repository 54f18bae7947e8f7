//! `constant-arrival-rate` and `ramping-arrival-rate`: iterations start when they are planned.

use std::cell::Cell;
use std::iter::Peekable;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use super::conduct::at_work;
use super::crew::{Crew, Member};
use super::pool::{Place, Pool};
use crate::load::race::{First, race};
use crate::load::schedule::{ArrivalSchedule, Planned, phase_at};
use crate::load::target::Target;
use crate::record::load::WhenBusy;

/// The rules of an open scenario on one thread.
pub(super) struct Open<T: Target> {
    pub(super) crew: Rc<Crew<T>>,
    pub(super) pool: Rc<Pool>,
    pub(super) max_vus: u64,
    pub(super) when_busy: WhenBusy,
    /// Whether a further virtual user is being made ready.
    pub(super) growing: Rc<Cell<bool>>,
}

impl<T: Target> Clone for Open<T> {
    fn clone(&self) -> Self {
        Self {
            crew: Rc::clone(&self.crew),
            pool: Rc::clone(&self.pool),
            growing: Rc::clone(&self.growing),
            ..*self
        }
    }
}

/// Starts what this thread's share of the schedule plans, and ends when the last one has been given
/// away and all virtual users have ended theirs.
pub(super) async fn run<T: Target>(open: &Open<T>, members: Vec<Member<T::User>>, seed: u64) {
    let Some(schedule) = ArrivalSchedule::new(&open.crew.scenario.executor, seed) else { return };
    // Its virtual users end with it, also where it is cut off.
    let mut tasks = JoinSet::new();
    for member in members {
        // Free before the first arrival, whoever of the two comes to run first.
        let place = open.pool.place();
        if release(open, &place) {
            tasks.spawn_local(serve(open.clone(), member, place));
        }
    }
    let (share, mailboxes) = (open.crew.share, &open.crew.common.mailboxes);
    let Some(receiver) = mailboxes.receiver(share.index) else { return };
    let mut inbox = Inbox { pool: &open.pool, receiver };
    let sent = async {
        dispatch(open, &schedule, &mut tasks).await;
        mailboxes.sent_last();
        mailboxes.all_sent().await;
    };
    let _ = race(inbox.receive(), sent).await;
    drop(inbox);
    open.pool.close();
    while tasks.join_next().await.is_some() {}
}

/// What other threads hand over. What lies in it in the end was sent before they said that it was
/// their last.
struct Inbox<'a> {
    pool: &'a Pool,
    receiver: UnboundedReceiver<Planned>,
}

impl Inbox<'_> {
    async fn receive(&mut self) {
        while let Some(arrival) = self.receiver.recv().await {
            self.pool.give_reserved(arrival);
        }
    }
}

impl Drop for Inbox<'_> {
    fn drop(&mut self) {
        while let Ok(arrival) = self.receiver.try_recv() {
            self.pool.give_reserved(arrival);
        }
    }
}

/// The arrivals of a thread that are still to come. Where they are given up before their end, those
/// that are left are dropped ones, unless it was the run that was stopped.
struct ToCome<'a, T: Target, A: Iterator<Item = Planned>> {
    crew: &'a Crew<T>,
    arrivals: Peekable<A>,
}

impl<T: Target, A: Iterator<Item = Planned>> Drop for ToCome<'_, T, A> {
    fn drop(&mut self) {
        if self.crew.stop.is_stopping() {
            return;
        }
        if self.crew.phased {
            self.arrivals.by_ref().for_each(|arrival| dropped(self.crew, arrival));
        } else {
            self.crew.recorder.dropped(self.arrivals.by_ref().count() as u64, true, None);
        }
    }
}

/// Walks along the schedule; ends with it, or when the run is stopped.
async fn dispatch<T: Target>(open: &Open<T>, schedule: &ArrivalSchedule, tasks: &mut JoinSet<()>) {
    let crew = &*open.crew;
    let starts_ns = crew.starts_ns();
    let arrivals = schedule.share(crew.share.index, crew.share.of).map(move |mut arrival| {
        arrival.at_ns = arrival.at_ns.saturating_add(starts_ns);
        arrival
    });
    let mut to_come = ToCome { crew, arrivals: arrivals.peekable() };
    let mut alarm = crew.clock().alarm();
    let mut now_ns = crew.recorder.now_ns();
    let mut at_once = 0;
    while let Some(at_ns) = to_come.arrivals.peek().map(|arrival| arrival.at_ns) {
        at_once += 1;
        if at_once % GIVE_WAY == 0 && at_ns <= now_ns {
            // Far behind: those who could take arrivals must come to run, and the run must end.
            tokio::task::yield_now().await;
            now_ns = crew.recorder.now_ns();
            let is_over = now_ns >= crew.ends_ns().saturating_add(OVERTIME_NS);
            if is_over && open.when_busy == WhenBusy::Drop {
                return;
            }
        }
        if at_ns > now_ns {
            // All that was due has been given away: now others may work.
            let waiting = alarm.until(at_ns);
            if let First::Left(()) = race(crew.stop.stopping(), waiting).await {
                return;
            }
            crew.common.idle_ns.fetch_add(alarm.take_idle_ns(), Ordering::Relaxed);
            now_ns = crew.recorder.now_ns();
            if now_ns >= at_ns + LATE_NS {
                // Behind its time: sleeping is not what made it wait, so give way once.
                tokio::task::yield_now().await;
            }
        }
        if crew.stop.is_stopping() {
            return;
        }
        if let Some(arrival) = to_come.arrivals.next() {
            start(open, arrival, tasks);
        }
    }
}

/// So long after its end a scenario that is still behind drops the rest, all at once.
const OVERTIME_NS: u64 = 1_000_000_000;
/// So many arrivals are given away at once before others may work.
const GIVE_WAY: u64 = 256;
/// From then on a wake-up counts as late.
const LATE_NS: u64 = 1_000_000;

fn start<T: Target>(open: &Open<T>, arrival: Planned, tasks: &mut JoinSet<()>) {
    let crew = &open.crew;
    let mailboxes = &crew.common.mailboxes;
    if mailboxes.reserve(crew.share.index) {
        return open.pool.give_reserved(arrival);
    }
    if mailboxes.hand_over(crew.share.index, arrival) {
        return;
    }
    grow(open, tasks);
    match open.when_busy {
        WhenBusy::Queue => open.pool.queue(arrival),
        WhenBusy::Drop => dropped(crew, arrival),
        WhenBusy::Fail => {
            dropped(crew, arrival);
            let max = open.max_vus;
            crew.give_up(format!("an iteration of `{}` found none of {max} virtual users free, and the scenario says `when_busy = \"fail\"`", crew.scenario.name));
        }
    }
}

/// Counts an arrival that never began.
pub(super) fn dropped<T: Target>(crew: &Crew<T>, arrival: Planned) {
    let phase = crew
        .phased
        .then(|| phase_at(&crew.scenario, arrival.at_ns.saturating_sub(crew.starts_ns())));
    crew.recorder.dropped(1, true, phase);
}

/// Makes one more virtual user ready in the background, where there may be one.
fn grow<T: Target>(open: &Open<T>, tasks: &mut JoinSet<()>) {
    // Those that have ended leave room.
    while tasks.try_join_next().is_some() {}
    let ready = &open.crew.common.ready;
    if open.growing.get() || ready.load(Ordering::Relaxed) >= open.max_vus {
        return;
    }
    open.growing.set(true);
    let open = open.clone();
    tasks.spawn_local(async move {
        let made = open.crew.member().await;
        open.growing.set(false);
        match made {
            Ok(member) => {
                let place = open.pool.place();
                if release(&open, &place) {
                    serve(open, member, place).await;
                }
            }
            Err(why) => open.crew.give_up(why),
        }
    });
}

/// A virtual user's life: wait for an arrival, run it, and again.
async fn serve<T: Target>(open: Open<T>, mut member: Member<T::User>, place: Rc<Place>) {
    let _at_work = at_work(&open.crew.common);
    while let Some(arrival) = place.next().await {
        open.crew.iterate(&mut member, arrival.number, Some(arrival.at_ns)).await;
        if !release(&open, &place) {
            return;
        }
    }
}

/// A virtual user is free; `false` where none is needed any more.
fn release<T: Target>(open: &Open<T>, place: &Rc<Place>) -> bool {
    open.pool.release(place, open.crew.common.mailboxes.idle(open.crew.share.index))
}
