//! Bytes and packets of the network namespace, from `/proc/self/net/dev`.
//!
//! The kernel counts by interface, not by process: everything in the namespace counts, and what
//! crosses the loopback interface is both sent and received.

use super::open::absent;
use super::proc_file::{BUFFER, ProcFile};
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const PATH: &str = "/proc/self/net/dev";
const QUANTITIES: [Quantity; 4] = [
    Quantity::NetReceived,
    Quantity::NetPacketsReceived,
    Quantity::NetSent,
    Quantity::NetPacketsSent,
];
/// Columns of a line, behind the name of the interface, in the order of [`QUANTITIES`].
const COLUMNS: [usize; 4] = [0, 1, 8, 9];

struct Network(ProcFile);

pub(super) fn open(scope: Scope) -> Opened {
    let refuse = |error: String| absent(&QUANTITIES, error);
    if scope == Scope::Thread {
        return Err(refuse("the network is counted for all threads together".to_owned()));
    }
    let named = |error: String| refuse(format!("{PATH}: {error}"));
    let file = ProcFile::open(PATH).map_err(|error| named(error.to_string()))?;
    let mut network = Network(file);
    network.read(&mut Tally::default()).map_err(named)?;
    Ok(Box::new(network))
}

impl Probe for Network {
    fn quantities(&self) -> &'static [Quantity] {
        &QUANTITIES
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        let mut buffer = BUFFER;
        let text = self.0.read(&mut buffer).map_err(|error| error.to_string())?;
        let sums = sums(text).ok_or("not the layout that is known")?;
        for (quantity, sum) in QUANTITIES.into_iter().zip(sums) {
            into.set(quantity, sum as f64);
        }
        Ok(())
    }
}

/// The sums over all interfaces.
fn sums(text: &str) -> Option<[u64; 4]> {
    let mut sums = [0_u64; 4];
    // Two lines of titles stand first.
    for line in text.lines().skip(2) {
        let (_, numbers) = line.split_once(':')?;
        let mut fields = [0_u64; 16];
        let mut count = 0;
        for (field, text) in fields.iter_mut().zip(numbers.split_whitespace()) {
            *field = text.parse().ok()?;
            count += 1;
        }
        if count != fields.len() {
            return None;
        }
        for (sum, column) in sums.iter_mut().zip(COLUMNS) {
            *sum = sum.wrapping_add(fields[column]);
        }
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    6386      58    0    0    0     0          0         0     6386      58    0    0    0     0       0          0
  eth0:335081593   17773    0    0    0     0          0         0  1032010   11348    0    0    0     0       0          0
";

    #[test]
    fn interfaces_are_added_up() {
        assert_eq!(sums(TEXT), Some([335_087_979, 17_831, 1_038_396, 11_406]));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(sums("a\nb\n eth0: 1 2 3\n"), None);
        assert_eq!(sums("a\nb\n eth0 1 2 3\n"), None);
        assert_eq!(sums("a\nb\n"), Some([0; 4]));
    }
}
