//! Bytes and calls of reading and writing, from `/proc/self/io`.
//!
//! Linux counts `read` and `write` and their kin whatever they are used on, but neither `send` and
//! `recv` nor memory that is mapped; storage is counted where pages are fetched or become dirty.

use super::open::absent;
use super::proc_file::{BUFFER, ProcFile, number};
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const QUANTITIES: [Quantity; 6] = [
    Quantity::IoRead,
    Quantity::IoWritten,
    Quantity::ReadCalls,
    Quantity::WriteCalls,
    Quantity::DiskRead,
    Quantity::DiskWritten,
];
const NAMES: [&str; 6] = ["rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes"];

struct Io {
    file: ProcFile,
    /// What reading the file has added to the very counters in it.
    own_bytes: u64,
    own_calls: u64,
}

pub(super) fn open(scope: Scope) -> Opened {
    let path = match scope {
        Scope::Process => "/proc/self/io",
        Scope::Thread => "/proc/thread-self/io",
    };
    let refuse = |error: String| absent(&QUANTITIES, format!("{path}: {error}"));
    let file = ProcFile::open(path).map_err(|error| refuse(error.to_string()))?;
    let mut io = Io { file, own_bytes: 0, own_calls: 0 };
    io.read(&mut Tally::default()).map_err(refuse)?;
    Ok(Box::new(io))
}

impl Probe for Io {
    fn quantities(&self) -> &'static [Quantity] {
        &QUANTITIES
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        let mut buffer = BUFFER;
        let text = self.file.read(&mut buffer).map_err(|error| error.to_string())?;
        let mut values = [0; 6];
        for (value, name) in values.iter_mut().zip(NAMES) {
            *value = number(text, name).ok_or_else(|| format!("no `{name}` in it"))?;
        }
        let length = text.len() as u64;
        values[0] = values[0].saturating_sub(self.own_bytes);
        values[2] = values[2].saturating_sub(self.own_calls);
        self.own_bytes += length;
        self.own_calls += 1;
        for (quantity, value) in QUANTITIES.into_iter().zip(values) {
            into.set(quantity, value as f64);
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn only_the_calls_between_two_readings_are_counted() {
        let Ok(mut probe) = open(Scope::Thread) else { return };
        let mut null = std::fs::File::options().write(true).open("/dev/null").ok();
        let (mut before, mut after) = (Tally::default(), Tally::default());
        assert_eq!(probe.read(&mut before), Ok(()));
        for _ in 0..3 {
            let _ = null.as_mut().map(|null| null.write_all(&[0; 100]));
        }
        assert_eq!(probe.read(&mut after), Ok(()));
        let used = after.since(&before);
        let counted = |quantity| used.get(quantity);
        assert_eq!(counted(Quantity::IoWritten), Some(300.0));
        assert_eq!(counted(Quantity::WriteCalls), Some(3.0));
        assert_eq!(counted(Quantity::IoRead), Some(0.0));
        assert_eq!(counted(Quantity::ReadCalls), Some(0.0));
    }
}
