//! The parent's side: starts workers, gives orders, outlives whatever they do.

use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::callgrind::{Scratch, why_not_started};
use super::capture::Tail;
use super::protocol::{Answer, Hello, Order, Outcome, Ready, receive, send};
use super::wire::Wire;
use super::{LaunchError, Launcher};
use crate::bencher::Broken;
use crate::clock::{Stopwatch, TimerSpec};
use crate::resource::{has_exited, interrupted, kill_group};
use crate::stats::Rng;

/// Tells a process that it is a worker; its value is the process id of the parent.
pub(crate) const WORKER_VARIABLE: &str = "HUB_BENCH_WORKER";
/// Padding of random length, which shifts the initial stack as environments of different users do.
const PADDING_VARIABLE: &str = "HUB_BENCH_PADDING";
/// How often a wait looks up to see whether the user wants to stop.
const LOOK_UP: Duration = Duration::from_millis(100);
/// A worker has this long to start: a page cache may be cold, but not for ever.
const START_LIMIT: Duration = Duration::from_secs(60);
/// A program runs so many times slower under Callgrind, and then some.
const CALLGRIND_SLOWDOWN: u64 = 50;
/// Most padding of environment and stack, each in bytes.
const MAX_OFFSET: u64 = 4096;

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
    worker: Option<Worker>,
}

struct Worker {
    child: Child,
    reaped: bool,
    channel: UnixStream,
    tail: Tail,
    drains: Vec<std::thread::JoinHandle<()>>,
}

impl ProcessLauncher {
    pub(crate) fn new(timer: TimerSpec, seed: u64, pass_output: bool) -> Self {
        let arguments = Vec::new();
        let rng = Rng::new(seed);
        Self { timer, rng, pass_output, arguments, scratch: None, worker: None }
    }

    /// Starts workers with these arguments: what leads a test executable to one test.
    pub(crate) fn arguments(self, arguments: Vec<String>) -> Self {
        Self { arguments, ..self }
    }

    /// Lets Callgrind write into a folder below that one.
    pub(crate) fn scratch(self, below: PathBuf) -> Self {
        Self { scratch: Some(below), ..self }
    }

    /// Starts a worker whose memory lies where it happens to.
    fn start(&mut self) -> io::Result<Worker> {
        let command = Command::new(std::env::current_exe()?);
        let offsets = (self.rng.below(MAX_OFFSET), self.rng.below(MAX_OFFSET));
        self.start_with(command, offsets)
    }

    fn start_with(
        &self,
        mut command: Command,
        (padding, stack_offset): (u64, u64),
    ) -> io::Result<Worker> {
        let (ours, theirs) = UnixStream::pair()?;
        let output = || if self.pass_output { Stdio::inherit() } else { Stdio::piped() };
        command
            .args(&self.arguments)
            .env(WORKER_VARIABLE, std::process::id().to_string())
            .env(PADDING_VARIABLE, "x".repeat(padding as usize))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(output())
            .stderr(output())
            // Ctrl-C in the terminal is for the parent; it decides what becomes of its workers.
            .process_group(0);
        let mut child = command.spawn()?;
        // The command holds the worker's end of the channel; closing it here lets the parent see
        // the worker's death as the end of the stream.
        drop(command);
        let tail = Tail::default();
        let mut drains = Vec::new();
        if let Some(pipe) = child.stdout.take() {
            drains.push(tail.drain(pipe));
        }
        if let Some(pipe) = child.stderr.take() {
            drains.push(tail.drain(pipe));
        }
        let mut worker = Worker { child, reaped: false, channel: ours, tail, drains };
        let hello = Hello { timer: self.timer, stack_offset: stack_offset as u32 };
        let ready = Ready { process: worker.child.id() };
        let greeting = send(&worker.channel, &hello)
            .and_then(|()| worker.receive::<Ready>(START_LIMIT))
            .map_err(|error| worker.explain_start(&error))?;
        match greeting {
            Heard::Message(said) if said == ready => Ok(worker),
            Heard::Interrupted => Err(ErrorKind::Interrupted.into()),
            _ => Err(worker.explain_start(&io::Error::other("it did not answer"))),
        }
    }
}

impl Launcher for ProcessLauncher {
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError> {
        if interrupted() {
            return Err(LaunchError::Interrupted);
        }
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start().map_err(|error| match error.kind() {
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
        order.timeout_ns = order.timeout_ns.saturating_mul(CALLGRIND_SLOWDOWN);
        // Where memory lies changes a count a little, and it should be the same each time.
        match self.start_with(command, (0, 0)) {
            Ok(worker) => self.ask(worker, order),
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(LaunchError::Interrupted),
            Err(error) => broken(why_not_started(&error)),
        }
    }
}

impl ProcessLauncher {
    /// Has the worker carry out the order.
    fn ask(&mut self, mut worker: Worker, mut order: Order) -> Result<Outcome, LaunchError> {
        worker.tail.take();
        let timeout = Duration::from_nanos(order.timeout_ns);
        order.token = secret();
        let expected = order.token;
        let shared = order.sampling.test;
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

/// A number that differs every time and cannot be computed from the run's seed.
fn secret() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

/// What a wait for the worker brought.
enum Heard<M> {
    Message(M),
    /// Something that is not a message.
    Forged,
    Closed,
    Deadline,
    Interrupted,
}

impl Worker {
    /// Waits for a message, looking up now and then.
    fn receive<M: Wire>(&mut self, limit: Duration) -> io::Result<Heard<M>> {
        let watch = Stopwatch::start();
        self.channel.set_read_timeout(Some(LOOK_UP))?;
        let mut patient = Patient { channel: &self.channel, watch, limit, stopped: None };
        let message = receive(&mut patient);
        match (message, patient.stopped) {
            (_, Some(Stopped::Deadline)) => Ok(Heard::Deadline),
            (_, Some(Stopped::Interrupted)) => Ok(Heard::Interrupted),
            (Ok(Some(message)), None) => Ok(Heard::Message(message)),
            (Ok(None), None) => Ok(Heard::Closed),
            (Err(error), None) if error.kind() == ErrorKind::InvalidData => Ok(Heard::Forged),
            (Err(error), None) => Err(error),
        }
    }

    /// Lets the worker end by itself, as it does when the channel closes, then ends whatever its
    /// benchmarks have left running.
    fn dismiss(&mut self) {
        // A channel that is closed already is just as good.
        let _ = self.channel.shutdown(std::net::Shutdown::Both);
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_secs(1) && !has_exited(self.child.id()) {
            std::thread::sleep(Duration::from_micros(200));
        }
        self.kill();
    }

    /// Ends the worker and whatever it has started in its process group; gives what it printed.
    fn kill(&mut self) -> String {
        // Once it is reaped its number may belong to somebody else.
        if !std::mem::replace(&mut self.reaped, true) {
            kill_group(self.child.id());
            // Both fail only where the process is gone already.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        self.output()
    }

    /// What the worker printed last, once its pipes are closed (or held open by a grandchild).
    fn output(&mut self) -> String {
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_millis(200)
            && !self.drains.iter().all(std::thread::JoinHandle::is_finished)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.tail.take()
    }

    /// What a worker that closed its channel died of.
    fn autopsy(&mut self) -> Broken {
        // It may have closed the channel and live on.
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_millis(500) && !has_exited(self.child.id()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let exited = has_exited(self.child.id());
        // Its group is ended while the dead leader still holds the group's number.
        kill_group(self.child.id());
        let status = if exited { self.child.wait().ok() } else { None };
        self.reaped = exited;
        let message = status.map_or_else(
            || "its process closed the channel to its parent".to_owned(),
            how_it_ended,
        );
        let output = self.kill();
        Broken::Died { message, output }
    }

    fn explain_start(&mut self, error: &io::Error) -> io::Error {
        let Broken::Died { message, output } = self.autopsy() else {
            return io::Error::new(error.kind(), error.to_string());
        };
        io::Error::other(format!("{message} before it could measure ({error})\n{output}"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How a process ended, in words.
fn how_it_ended(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("its process was ended by {}", signal_name(signal)),
        (None, Some(code)) => format!("it ended the process with exit code {code}"),
        (None, None) => "its process ended".to_owned(),
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGABRT => "SIGABRT (abort)",
        libc::SIGSEGV => "SIGSEGV (invalid memory access or stack overflow)",
        libc::SIGBUS => "SIGBUS",
        libc::SIGILL => "SIGILL (illegal instruction)",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL (killed, perhaps for want of memory)",
        libc::SIGTERM => "SIGTERM",
        libc::SIGINT => "SIGINT",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}

/// A channel whose reads give up at a deadline or when the user wants to stop, and not before.
struct Patient<'a> {
    channel: &'a UnixStream,
    watch: Stopwatch,
    limit: Duration,
    stopped: Option<Stopped>,
}

/// Why a wait was given up.
enum Stopped {
    Deadline,
    Interrupted,
}

impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if interrupted() {
                self.stopped = Some(Stopped::Interrupted);
                return Err(ErrorKind::TimedOut.into());
            }
            match self.channel.read(buffer) {
                Err(error) if is_timeout(&error) && self.watch.elapsed() < self.limit => {}
                Err(error) if is_timeout(&error) => {
                    self.stopped = Some(Stopped::Deadline);
                    return Err(ErrorKind::TimedOut.into());
                }
                other => return other,
            }
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_in_words() {
        let status = ExitStatus::from_raw(0);
        assert_eq!(how_it_ended(status), "it ended the process with exit code 0");
        let status = ExitStatus::from_raw(libc::SIGABRT);
        assert_eq!(how_it_ended(status), "its process was ended by SIGABRT (abort)");
    }
}
