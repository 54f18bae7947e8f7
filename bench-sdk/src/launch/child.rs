//! A process that measures, seen from its parent: started, listened to, outlived.

use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use super::capture::Tail;
use super::protocol::{Ready, receive, send};
use super::wire::Wire;
use crate::bencher::Broken;
use crate::clock::Stopwatch;
use crate::resource::{has_exited, interrupted, kill_group};

/// Tells a process that it is a worker; its value is the process id of the parent.
pub(crate) const WORKER_VARIABLE: &str = "HUB_BENCH_WORKER";
/// Names the case that the worker will be asked for first, to programs that come to their cases by
/// running.
pub(crate) const CASE_VARIABLE: &str = "HUB_BENCH_CASE";
/// How often a wait looks up to see whether the user wants to stop.
const LOOK_UP: Duration = Duration::from_millis(100);
/// A worker has this long to start: a page cache may be cold, but not for ever.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Padding of random length, which shifts the initial stack as environments of different users do.
pub(super) const PADDING_VARIABLE: &str = "HUB_BENCH_PADDING";
/// Most padding of environment and stack, each in bytes.
pub(super) const MAX_OFFSET: u64 = 4096;

/// A number that differs every time and cannot be computed from the run's seed.
pub(super) fn secret() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

/// A worker, and what belongs to it.
pub(super) struct Child {
    process: std::process::Child,
    reaped: bool,
    pub(super) channel: UnixStream,
    pub(super) tail: Tail,
    drains: Vec<std::thread::JoinHandle<()>>,
}

/// What a wait for the worker brought.
pub(super) enum Heard<M> {
    Message(M),
    /// Something that is not a message.
    Forged,
    Closed,
    Deadline,
    Interrupted,
}

impl Child {
    /// Starts the command as a worker of this process, for that case first, with a channel as its
    /// standard input.
    pub(super) fn spawn(mut command: Command, id: &str, pass_output: bool) -> io::Result<Self> {
        let (channel, theirs) = UnixStream::pair()?;
        let output = || if pass_output { Stdio::inherit() } else { Stdio::piped() };
        command
            .env(WORKER_VARIABLE, std::process::id().to_string())
            .env(CASE_VARIABLE, id)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(output())
            .stderr(output())
            // Ctrl-C in the terminal is for the parent; it decides what becomes of its workers.
            .process_group(0);
        let mut process = command.spawn()?;
        // The command holds the worker's end of the channel; closing it here lets the parent see
        // the worker's death as the end of the stream.
        drop(command);
        let tail = Tail::default();
        let mut drains = Vec::new();
        if let Some(pipe) = process.stdout.take() {
            drains.push(tail.drain(pipe));
        }
        if let Some(pipe) = process.stderr.take() {
            drains.push(tail.drain(pipe));
        }
        channel.set_read_timeout(Some(LOOK_UP))?;
        Ok(Self { process, reaped: false, channel, tail, drains })
    }

    /// Says hello and waits until the worker is ready.
    pub(super) fn greet(&mut self, hello: &impl Wire) -> io::Result<()> {
        let ready = Ready { process: self.process.id() };
        let greeting = send(&self.channel, hello)
            .and_then(|()| self.receive::<Ready>(START_LIMIT))
            .map_err(|error| self.explain_start(&error))?;
        match greeting {
            Heard::Message(said) if said == ready => Ok(()),
            Heard::Interrupted => Err(ErrorKind::Interrupted.into()),
            _ => Err(self.explain_start(&io::Error::other("it did not answer"))),
        }
    }

    /// Waits for a message, looking up now and then.
    pub(super) fn receive<M: Wire>(&mut self, limit: Duration) -> io::Result<Heard<M>> {
        let watch = Stopwatch::start();
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

    /// Closes the channel: the worker ends by itself when it notices.
    pub(super) fn hang_up(&self) {
        // A channel that is closed already is just as good.
        let _ = self.channel.shutdown(std::net::Shutdown::Both);
    }

    /// Lets the worker end by itself, as it does when the channel closes, then ends whatever its
    /// benchmarks have left running.
    pub(super) fn dismiss(&mut self) {
        self.hang_up();
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_secs(1) && !has_exited(self.process.id()) {
            std::thread::sleep(Duration::from_micros(200));
        }
        self.kill();
    }

    /// Ends the worker and whatever it has started in its process group; gives what it printed.
    pub(super) fn kill(&mut self) -> String {
        // Once it is reaped its number may belong to somebody else.
        if !std::mem::replace(&mut self.reaped, true) {
            kill_group(self.process.id());
            // Both fail only where the process is gone already.
            let _ = self.process.kill();
            let _ = self.process.wait();
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
    pub(super) fn autopsy(&mut self) -> Broken {
        // It may have closed the channel and live on.
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_millis(500) && !has_exited(self.process.id()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let exited = has_exited(self.process.id());
        // Its group is ended while the dead leader still holds the group's number.
        kill_group(self.process.id());
        let status = if exited { self.process.wait().ok() } else { None };
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

impl Drop for Child {
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
