//! Another process that uses half of a core.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Context, Result};

/// It works so long, and then sleeps so long.
const HALF: Duration = Duration::from_millis(5);
/// What it takes to be under way.
const SETTLING: Duration = Duration::from_millis(30);

/// The process; it ends with this.
#[derive(Debug)]
pub(crate) struct Spinner(Child);

impl Spinner {
    /// Starts it on that core.
    pub(crate) fn on(core: usize) -> Result<Self> {
        let own = std::env::current_exe().context(|| "finding this executable".to_owned())?;
        let mut command = Command::new("taskset");
        command.args(["-c", &core.to_string()]).arg(own).arg("spin").stdin(Stdio::null());
        let child = command.spawn().context(|| "starting `taskset`, of util-linux".to_owned())?;
        let mut spinner = Self(child);
        std::thread::sleep(SETTLING);
        match spinner.0.try_wait().context(|| "watching the spinner".to_owned())? {
            None => Ok(spinner),
            Some(status) => None.context(|| format!("the spinner on core {core} ended: {status}")),
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        // One that has ended already needs no end, and it ends by itself when its parent has.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// Works and sleeps by turns until the process that started this one is gone.
pub(crate) fn spin() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        let started = Instant::now();
        while started.elapsed() < HALF {
            std::hint::spin_loop();
        }
        std::thread::sleep(HALF);
    }
}
