//! A machine whose switches are set for as long as something runs.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::failure::Failure;
use crate::harness::{Exit, shortened, tell_line};
use crate::resource::{Switch, hold_interrupts, interrupted, switches};

/// How often is looked whether to stop; rarely, since something is measured meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);

/// Sets what may be set, runs the command, or waits for Enter or a signal, and puts all back.
pub(super) fn tuned(command: &[OsString]) -> Result<Exit, Failure> {
    let switches = switches();
    if switches.is_empty() {
        tell_line!("nothing to set: no switch for clocks here, or all stand well");
        if command.is_empty() {
            return Ok(Exit::Success);
        }
    }
    hold_interrupts();
    let mut tuned = Tuned::set(switches)?;
    let ended = if command.is_empty() { Ok(wait()) } else { run(command, &mut tuned) };
    let back = tuned.undo();
    let exit = ended?;
    back.map(|()| exit)
}

/// Switches that are set; they are put back with the value at the latest.
struct Tuned(Vec<Switch>);

impl Tuned {
    /// Sets all, or none: at the first that may not be set, what was set is put back.
    fn set(switches: Vec<Switch>) -> Result<Self, Failure> {
        let mut tuned = Self(Vec::new());
        let commands: Vec<String> = switches.iter().map(Switch::command).collect();
        for switch in switches {
            if let Err(error) = switch.set() {
                let failure = Failure::new(format!("failed to set {}: {error}", switch.path))
                    .help(format!("as root, or by hand:\n    {}", commands.join("\n    ")));
                return tuned.undo().and(Err(failure));
            }
            tell_line!("set {}: {} → {}", switch.path, shortened(&switch.before), switch.after);
            tuned.0.push(switch);
        }
        Ok(tuned)
    }

    /// Puts all back, the last first; what stays is told with the command that puts it back.
    fn undo(&mut self) -> Result<(), Failure> {
        let mut left = Vec::new();
        let any = !self.0.is_empty();
        for switch in std::mem::take(&mut self.0).into_iter().rev() {
            if let Err(error) = switch.undo() {
                left.push(format!("{}    # {error}", switch.undo_command()));
            }
        }
        if left.is_empty() {
            if any {
                tell_line!("put back as it was");
            }
            return Ok(());
        }
        Err(Failure::new("not all could be put back")
            .help(format!("by hand:\n    {}", left.join("\n    "))))
    }
}

impl Drop for Tuned {
    fn drop(&mut self) {
        if let Err(failure) = self.undo() {
            failure.tell();
        }
    }
}

/// Waits for Enter or a signal.
fn wait() -> Exit {
    tell_line!("Enter or Ctrl-C puts it back");
    let lines = lines();
    while !interrupted() {
        match lines.recv_timeout(PATIENCE) {
            Ok(()) => break,
            Err(RecvTimeoutError::Timeout) => {}
            // Standard input is closed: only a signal ends it.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(PATIENCE),
        }
    }
    Exit::Success
}

/// Tells of the first line on standard input.
fn lines() -> Receiver<()> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).is_ok_and(|length| length > 0) {
            // Nobody waits any more if a signal came first.
            let _ = tell.send(());
        }
    });
    told
}

/// Runs the command; a signal puts all back at once, whatever the command makes of it.
fn run(command: &[OsString], tuned: &mut Tuned) -> Result<Exit, Failure> {
    let Some((program, arguments)) = command.split_first() else { return Ok(Exit::Success) };
    let failed = |error: std::io::Error| {
        let program = shortened(&program.to_string_lossy());
        Failure::new(format!("failed to run `{program}`: {error}"))
    };
    let mut child = Command::new(program).args(arguments).spawn().map_err(failed)?;
    loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            return Ok(exit_of(status));
        }
        if interrupted() {
            tuned.undo()?;
        }
        std::thread::sleep(PATIENCE);
    }
}

fn exit_of(status: ExitStatus) -> Exit {
    status.code().and_then(Exit::from_code).unwrap_or_else(|| {
        tell_line!("the command ended with {status}");
        Exit::NotKept
    })
}
