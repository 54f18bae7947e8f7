//! Standard output while a program runs that only comes to its benches.

use std::fs::File;
use std::io::{self, Write};

use crate::resource::{give_stdout_back, take_stdout};

/// Standard output, held back from whatever prints there until this value goes.
#[derive(Debug)]
pub struct HeldStdout(Option<File>);

impl HeldStdout {
    /// Holds it back; what is printed meanwhile goes to standard error. Where a stream is not open
    /// there is nothing to hold back.
    pub fn hold() -> Self {
        // What was printed before belongs where it was printed; a pipe that is closed wants nothing.
        let _ = io::stdout().flush();
        Self(take_stdout().ok())
    }
}

impl Drop for HeldStdout {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        if let Some(kept) = &self.0 {
            give_stdout_back(kept);
        }
    }
}
