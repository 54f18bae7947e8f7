//! The parent's side: starts workers, gives orders, outlives whatever they do.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::callgrind::{Scratch, why_not_started};
use super::child::{Child, Heard, MAX_OFFSET, PADDING_VARIABLE, secret};
use super::protocol::{Answer, Hello, Order, Outcome, send};
use super::{LaunchError, Launcher};
use crate::bencher::Broken;
use crate::clock::TimerSpec;
use crate::resource::interrupted;
use crate::stats::Rng;

/// A program runs so many times slower under Callgrind, and then some.
pub(super) const CALLGRIND_SLOWDOWN: u32 = 50;

/// Measures in worker processes of the same executable: a fresh one for each launch of each case.
/// Only where cases are run once and not measured do they share one, until a case breaks it.
pub(crate) struct ProcessLauncher {
    timer: TimerSpec,
    rng: Rng,
    /// Whether what benchmarks print is passed through instead of kept.
    pass_output: bool,
    /// Arguments of the worker's command line.
    arguments: Vec<String>,
    /// Where Callgrind may write meanwhile.
    scratch: Option<PathBuf>,
    /// Whether no two cases share a worker, ever.
    alone: bool,
    worker: Option<Child>,
}

impl ProcessLauncher {
    pub(crate) fn new(timer: TimerSpec, seed: u64, pass_output: bool) -> Self {
        let arguments = Vec::new();
        let rng = Rng::new(seed);
        Self { timer, rng, pass_output, arguments, scratch: None, alone: false, worker: None }
    }

    /// Starts workers with these arguments: what leads a test executable to one test.
    pub(crate) fn arguments(self, arguments: Vec<String>) -> Self {
        Self { arguments, ..self }
    }

    /// Starts a worker for each case also where cases are not measured.
    pub(crate) fn alone(self, alone: bool) -> Self {
        Self { alone, ..self }
    }

    /// Lets Callgrind write into a folder below that one.
    pub(crate) fn scratch(self, below: PathBuf) -> Self {
        Self { scratch: Some(below), ..self }
    }

    /// Starts a worker whose memory lies where it happens to.
    fn start(&mut self, id: &str) -> io::Result<Child> {
        let command = Command::new(std::env::current_exe()?);
        let offsets = (self.rng.below(MAX_OFFSET), self.rng.below(MAX_OFFSET));
        self.start_with(command, id, offsets)
    }

    fn start_with(
        &self,
        mut command: Command,
        id: &str,
        (padding, stack_offset): (u64, u64),
    ) -> io::Result<Child> {
        command.args(&self.arguments).env(PADDING_VARIABLE, "x".repeat(padding as usize));
        let mut worker = Child::spawn(command, id, self.pass_output)?;
        let hello = Hello { timer: self.timer, stack_offset: stack_offset as u32 };
        worker.greet(&hello)?;
        Ok(worker)
    }
}

impl Launcher for ProcessLauncher {
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError> {
        if interrupted() {
            return Err(LaunchError::Interrupted);
        }
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start(order.id.as_str()).map_err(|error| match error.kind() {
                ErrorKind::Interrupted => LaunchError::Interrupted,
                _ => LaunchError::Start(error),
            })?,
        };
        self.ask(worker, order)
    }

    fn count_instructions(&mut self, mut order: Order) -> Result<Outcome, LaunchError> {
        if interrupted() {
            return Err(LaunchError::Interrupted);
        }
        let broken = |why: String| Ok(Outcome::broken(Broken::failed(why)));
        let Some(below) = &self.scratch else {
            return broken("there is no folder for what Callgrind writes".to_owned());
        };
        let prepared = Scratch::new(below, secret).and_then(|scratch| {
            let command = scratch.command(&std::env::current_exe()?)?;
            order.sampling.callgrind = Some(scratch.prefix()?);
            Ok((scratch, command))
        });
        // The folder goes when all is done, the worker's process included.
        let (_scratch, command) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return broken(error.to_string()),
        };
        order.timeout_ns = order.timeout_ns.saturating_mul(u64::from(CALLGRIND_SLOWDOWN));
        // Where memory lies changes a count a little, and it should be the same each time.
        match self.start_with(command, order.id.as_str(), (0, 0)) {
            Ok(worker) => self.ask(worker, order),
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(LaunchError::Interrupted),
            Err(error) => broken(why_not_started(&error)),
        }
    }
}

impl ProcessLauncher {
    /// Has the worker carry out the order.
    fn ask(&mut self, mut worker: Child, mut order: Order) -> Result<Outcome, LaunchError> {
        worker.tail.take();
        let timeout = Duration::from_nanos(order.timeout_ns);
        order.token = secret();
        let expected = order.token;
        let shared = order.sampling.test && !self.alone;
        let heard = send(&worker.channel, &order).and_then(|()| worker.receive::<Answer>(timeout));
        match heard {
            Ok(Heard::Message(answer)) if answer.token == expected => {
                // A figure must not depend on which cases ran before: they leave a heap behind, or
                // a second thread, after which the allocator takes locks for good.
                if shared {
                    self.worker = Some(worker);
                } else {
                    worker.dismiss();
                }
                Ok(answer.outcome)
            }
            Ok(Heard::Message(_) | Heard::Forged) => {
                let output = worker.kill();
                let message = "it wrote into the channel between its process and the parent";
                Ok(Outcome::broken(Broken::Died { message: message.to_owned(), output }))
            }
            Ok(Heard::Interrupted) => Err(LaunchError::Interrupted),
            Ok(Heard::Deadline) => {
                let output = worker.kill();
                let message = format!("no result within {timeout:?}; the process was ended");
                Ok(Outcome::broken(Broken::TimedOut { message, output }))
            }
            Ok(Heard::Closed) | Err(_) => Ok(Outcome::broken(worker.autopsy())),
        }
    }
}
