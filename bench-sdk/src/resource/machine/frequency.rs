//! What sets the clock frequency.

use super::root::{Absences, Reading, Root, not_understood};
use crate::record::Frequency;

const CPUS: &str = "/sys/devices/system/cpu";

/// The governor and the frequencies of one processor.
pub(super) fn frequency(
    root: &Root,
    cpu: u32,
    is_virtual: bool,
    absent: &mut Absences,
) -> (Option<String>, Frequency) {
    let folder = format!("{CPUS}/cpu{cpu}/cpufreq");
    let hidden = || {
        let why = if is_virtual {
            "the hypervisor does not show frequencies"
        } else {
            "the kernel sets no frequencies here"
        };
        format!("no cpufreq files: {why}")
    };
    let shown = root.exists(&folder);
    let hertz = |name: &str| {
        if !shown {
            return Err(hidden());
        }
        let path = format!("{folder}/{name}");
        root.number(&path)?.checked_mul(1000).ok_or_else(|| not_understood(&path))
    };
    let governor =
        if shown { root.word(&format!("{folder}/scaling_governor")) } else { Err(hidden()) };
    let frequency = Frequency {
        turbo: absent.system(
            "frequency.turbo",
            turbo(root, &folder).unwrap_or_else(|| {
                Err(if shown { "the driver has no switch for it".to_owned() } else { hidden() })
            }),
        ),
        min_hz: absent.system("frequency.min_hz", hertz("scaling_min_freq")),
        max_hz: absent.system("frequency.max_hz", hertz("scaling_max_freq")),
    };
    (absent.system("governor", governor), frequency)
}

/// The switch of whichever driver there is; `None` where there is no switch.
fn turbo(root: &Root, folder: &str) -> Option<Reading<bool>> {
    let switches = [
        (format!("{CPUS}/intel_pstate/no_turbo"), false),
        (format!("{CPUS}/cpufreq/boost"), true),
        (format!("{folder}/boost"), true),
    ];
    let (path, on) = switches.into_iter().find(|(path, _)| root.exists(path))?;
    Some(root.number(&path).and_then(|value| match value {
        0 => Ok(!on),
        1 => Ok(on),
        _ => Err(not_understood(&path)),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    const GOVERNOR: &str = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    const NO_TURBO: &str = "sys/devices/system/cpu/intel_pstate/no_turbo";
    const BOOST: &str = "sys/devices/system/cpu/cpufreq/boost";

    fn read(
        tree: &Tree,
        is_virtual: bool,
    ) -> (Option<String>, Frequency, std::collections::BTreeMap<String, String>) {
        let mut absent = Absences::on("linux");
        let (governor, frequency) = frequency(&tree.root(), 0, is_virtual, &mut absent);
        (governor, frequency, absent.into_reasons())
    }

    #[test]
    fn intel_without_turbo() {
        let tree = Tree::of(&[
            (GOVERNOR, "powersave\n"),
            (NO_TURBO, "1\n"),
            // Left behind by another driver; the one in charge is asked.
            (BOOST, "1\n"),
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq", "800000\n"),
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "4700000\n"),
        ]);
        let (governor, frequency, absent) = read(&tree, false);
        assert_eq!(governor.as_deref(), Some("powersave"));
        let expected = Frequency {
            turbo: Some(false),
            min_hz: Some(800_000_000),
            max_hz: Some(4_700_000_000),
        };
        assert_eq!((frequency, absent.len()), (expected, 0));
        tree.put(&[(NO_TURBO, "0")]);
        assert_eq!(read(&tree, false).1.turbo, Some(true));
    }

    #[test]
    fn boost_says_yes_where_no_turbo_says_no() {
        let tree = Tree::of(&[(GOVERNOR, "schedutil"), (BOOST, "1\n")]);
        assert_eq!(read(&tree, false).1.turbo, Some(true));
        tree.put(&[(BOOST, "0\n")]);
        assert_eq!(read(&tree, false).1.turbo, Some(false));
    }

    #[test]
    fn what_hides_frequencies_is_named() {
        let (governor, frequency, absent) = read(&Tree::of(&[]), true);
        assert_eq!((governor, frequency), (None, Frequency::default()));
        assert_eq!(
            absent["governor"],
            "no cpufreq files: the hypervisor does not show frequencies"
        );
        assert_eq!(absent.len(), 4);
        let (_, _, absent) = read(&Tree::of(&[]), false);
        assert_eq!(
            absent["frequency.turbo"],
            "no cpufreq files: the kernel sets no frequencies here"
        );
        let (_, _, absent) = read(&Tree::of(&[(GOVERNOR, "performance")]), false);
        assert_eq!(absent["frequency.turbo"], "the driver has no switch for it");
    }

    #[test]
    fn garbage_is_not_believed() {
        let tree = Tree::of(&[
            (GOVERNOR, "\u{0}\n"),
            (NO_TURBO, "perhaps"),
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq", "-1"),
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "18446744073709551615"),
        ]);
        let (governor, frequency, absent) = read(&tree, false);
        assert_eq!((governor, frequency, absent.len()), (None, Frequency::default(), 4));
        tree.put(&[(NO_TURBO, "2")]);
        assert_eq!(read(&tree, false).1.turbo, None);
    }
}
