//! How busy the machine is.

use super::root::{Reading, Root, not_understood};

const LOADAVG: &str = "/proc/loadavg";

/// The load of the machine at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Load {
    /// Average over one minute.
    pub(super) average: f64,
    /// Tasks besides the asking one that run or want to.
    pub(super) others: u32,
}

/// Reads the load.
pub(super) fn load(root: &Root) -> Reading<Load> {
    parse(&root.read(LOADAVG)?).ok_or_else(|| not_understood(LOADAVG))
}

/// `0.02 0.18 0.72 1/84 1154`: three averages, tasks that want a processor of all tasks.
fn parse(text: &str) -> Option<Load> {
    let mut words = text.split_whitespace();
    let average: f64 = words.next()?.parse().ok()?;
    let wanting: u32 = words.nth(2)?.split_once('/')?.0.parse().ok()?;
    let plausible = average.is_finite() && average >= 0.0;
    plausible.then_some(Load { average, others: wanting.saturating_sub(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asking_task_is_not_among_the_others() {
        assert_eq!(parse("0.50 0.18 0.72 3/84 1154\n"), Some(Load { average: 0.5, others: 2 }));
        assert_eq!(parse("0 0 0 0/1 1").map(|load| load.others), Some(0));
    }

    #[test]
    fn garbage_is_no_load() {
        for bad in
            ["", "1.0", "inf 0 0 1/2 3", "NaN 0 0 1/2 3", "-1 0 0 1/2 3", "1 1 1 x/2", "1 1 1 1"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
