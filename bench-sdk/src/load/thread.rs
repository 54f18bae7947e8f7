//! One thread of the generator: its own runtime, its share of every scenario.

use std::rc::Rc;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, mpsc};

use tokio::sync::watch;
use tokio::task::LocalSet;

use super::executor::{Common, Crew, Member, Share, conduct};
use super::ledger::Ledger;
use super::recorder::Recorder;
use super::stop::Stop;
use super::target::Target;
use crate::clock::RunClock;
use crate::record::load::{Executor, LoadPlan, Tags};
use crate::resource::thread_id;

/// What a thread says to the one that conducts them.
pub(super) enum Said {
    /// Its virtual users are ready; with the kernel's number of the thread.
    Ready(Option<u32>),
    /// It cannot go on.
    Failed(String),
    /// It has done its share.
    Done,
}

/// What a thread needs.
pub(super) struct Work<T: Target> {
    pub(super) target: Arc<T>,
    pub(super) plan: Arc<LoadPlan>,
    pub(super) share: Share,
    pub(super) clock: RunClock,
    pub(super) stop: Stop,
    pub(super) ledger: Arc<Mutex<Ledger>>,
    /// One for each scenario.
    pub(super) common: Vec<Arc<Common>>,
    pub(super) numbers: Arc<AtomicU64>,
    pub(super) fault: Arc<Mutex<Option<String>>>,
    /// The start of the run, once all are ready.
    pub(super) epoch: watch::Receiver<Option<u64>>,
    pub(super) said: mpsc::Sender<Said>,
}

/// A crew and its virtual users.
type Manned<T> = (Rc<Crew<T>>, Vec<Member<<T as Target>::User>>);

impl<T: Target> Work<T> {
    /// Does a thread's share of a run. Nobody listens only when the run has been given up.
    pub(super) fn run(self) {
        let said = self.said.clone();
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let _ = said.send(Said::Failed(format!("no runtime could be started: {error}")));
                return;
            }
        };
        let tasks = LocalSet::new();
        let ended = tasks.block_on(&runtime, self.serve());
        // Whatever was cut off is dropped here, and counted.
        drop(tasks);
        // A look-up under way, which nobody waits for any more, would be waited for.
        runtime.shutdown_background();
        let _ = said.send(match ended {
            Ok(()) => Said::Done,
            Err(why) => Said::Failed(why),
        });
    }

    async fn serve(mut self) -> Result<(), String> {
        let crews = self.crews().await?;
        let _ = self.said.send(Said::Ready(thread_id()));
        let epoch_ns = match self.epoch.wait_for(Option::is_some).await {
            Ok(epoch) => epoch.unwrap_or_default(),
            // Another thread could not get ready.
            Err(_) => return Ok(()),
        };
        let scenarios = crews.into_iter().map(|(crew, members)| {
            crew.epoch_ns.set(epoch_ns);
            tokio::task::spawn_local(conduct(crew, members))
        });
        for scenario in scenarios.collect::<Vec<_>>() {
            scenario.await.map_err(|error| format!("a scenario broke off: {error}"))?;
        }
        Ok(())
    }

    /// Makes the virtual users of this thread ready.
    async fn crews(&self) -> Result<Vec<Manned<T>>, String> {
        let mut crews = Vec::new();
        for (number, common) in self.common.iter().enumerate() {
            let crew = Rc::new(self.crew(number, common));
            let mut members = Vec::new();
            for _ in 0..self.share.count(ready_users(&crew.scenario.executor)) {
                if self.stop.is_stopping() {
                    break;
                }
                members.push(crew.member().await?);
            }
            crews.push((crew, members));
        }
        Ok(crews)
    }

    fn crew(&self, number: usize, common: &Arc<Common>) -> Crew<T> {
        let scenario = &self.plan.scenarios[number];
        let mut base = Tags::from([("scenario".to_owned(), scenario.name.clone())]);
        base.extend(scenario.tags.clone());
        let recorder = Recorder::new(Arc::clone(&self.ledger), self.clock, number, base);
        Crew::new(
            Arc::clone(&self.target),
            Rc::new(scenario.clone()),
            self.share,
            recorder,
            Arc::clone(common),
            self.stop.clone(),
            Arc::clone(&self.numbers),
            self.plan.seed,
            Arc::clone(&self.fault),
        )
    }
}

/// Virtual users that are made ready before the start.
pub(super) fn ready_users(executor: &Executor) -> u64 {
    match executor {
        Executor::ConstantArrivalRate { pre_allocated_vus, .. }
        | Executor::RampingArrivalRate { pre_allocated_vus, .. } => *pre_allocated_vus,
        closed => closed.max_vus(),
    }
}
