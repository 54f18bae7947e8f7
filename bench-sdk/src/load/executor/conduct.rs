//! One scenario on one thread, from its start to its hard end.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::JoinSet;

use super::arrivals::{self, Open};
use super::crew::{Common, Crew, Member};
use super::pool::Pool;
use super::{counted, looping, ramping};
use crate::load::race::{First, race};
use crate::load::schedule::{active_times, steps};
use crate::load::target::Target;
use crate::record::load::{Executor, WhenBusy};

/// Runs this thread's share of a scenario: waits for its start time, runs it, gives iterations
/// under way their graceful stop, and cuts off what is left.
pub(crate) async fn conduct<T: Target>(crew: Rc<Crew<T>>, members: Vec<Member<T::User>>) {
    let mut tasks = JoinSet::new();
    let pool = Rc::new(Pool::default());
    if crew.wait_until(crew.starts_ns()).await {
        spawn(&crew, members, &pool, &mut tasks);
    } else {
        crew.common.mailboxes.sent_last();
    }
    let finished = async { while tasks.join_next().await.is_some() {} };
    if let First::Right(()) = race(finished, hard_end(&crew)).await {
        tasks.shutdown().await;
    }
    settle(&crew, &pool);
}

fn spawn<T: Target>(
    crew: &Rc<Crew<T>>,
    members: Vec<Member<T::User>>,
    pool: &Rc<Pool>,
    tasks: &mut JoinSet<()>,
) {
    let scenario = Rc::clone(&crew.scenario);
    let own = || Rc::clone(crew);
    match &scenario.executor {
        Executor::ConstantVus { .. } => {
            each(members, tasks, |member| looping::constant(own(), member));
        }
        Executor::SharedIterations { iterations, .. } => {
            each(members, tasks, |member| counted::shared(own(), member, *iterations));
        }
        Executor::PerVuIterations { iterations, .. } => {
            each(members, tasks, |member| counted::own(own(), member, *iterations));
        }
        Executor::RampingVus { start_vus, stages, graceful_ramp_down_ns } => {
            let steps = steps(*start_vus, stages);
            let all = active_times(&steps, scenario.executor.duration_ns());
            let mine = all.into_iter().skip(crew.share.index as usize);
            let mut mine = mine.step_by(crew.share.of as usize);
            each(members, tasks, |member| {
                let stretches = mine.next().unwrap_or_default();
                ramping::on_and_off(own(), member, stretches, *graceful_ramp_down_ns)
            });
        }
        Executor::ConstantArrivalRate { max_vus, when_busy, .. }
        | Executor::RampingArrivalRate { max_vus, when_busy, .. } => {
            let open = open(crew, pool, *max_vus, *when_busy);
            let seed = crew.seed;
            tasks.spawn_local(async move { arrivals::run(&open, members, seed).await });
        }
    }
}

fn open<T: Target>(
    crew: &Rc<Crew<T>>,
    pool: &Rc<Pool>,
    max_vus: u64,
    when_busy: WhenBusy,
) -> Open<T> {
    Open {
        crew: Rc::clone(crew),
        pool: Rc::clone(pool),
        max_vus,
        when_busy,
        growing: Rc::new(Cell::new(false)),
    }
}

fn each<U, F: Future<Output = ()> + 'static>(
    members: Vec<Member<U>>,
    tasks: &mut JoinSet<()>,
    mut life: impl FnMut(Member<U>) -> F,
) {
    for member in members {
        tasks.spawn_local(life(member));
    }
}

/// When whatever still runs is cut off: a graceful stop after the scenario's end, or after the run
/// was stopped; at once where that was asked for.
async fn hard_end<T: Target>(crew: &Crew<T>) {
    let graceful_ns = crew.scenario.graceful_stop_ns;
    let planned = crew.clock().until(crew.ends_ns().saturating_add(graceful_ns));
    let stopped = async {
        crew.stop.stopping().await;
        let last_ns = crew.recorder.now_ns().saturating_add(graceful_ns);
        let _ = race(crew.stop.cut_off(), crew.clock().until(last_ns)).await;
    };
    let _ = race(planned, stopped).await;
}

/// Counts what was planned and never began.
fn settle<T: Target>(crew: &Crew<T>, pool: &Pool) {
    pool.left().into_iter().for_each(|arrival| arrivals::dropped(crew, arrival));
    let is_last = crew.common.staying.fetch_sub(1, Ordering::AcqRel) == 1;
    if let Executor::SharedIterations { iterations, .. } = &crew.scenario.executor
        && is_last
    {
        let begun = crew.common.begun.load(Ordering::Acquire);
        crew.recorder.dropped(iterations.saturating_sub(begun), false, None);
    }
}

/// A virtual user that is at work until this is dropped.
pub(super) struct AtWork<'a>(&'a AtomicU64);

pub(super) fn at_work(common: &Common) -> AtWork<'_> {
    common.active.fetch_add(1, Ordering::Relaxed);
    AtWork(&common.active)
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
