//! What else the machine does meanwhile: other processes, the hypervisor, the cgroup's quota.
//!
//! Reading it takes tens of microseconds and the kernel counts in ticks of its own, so it is read
//! around whole stretches, and judged over several of them.

use std::fs::File;
use std::io::Read;

use super::cgroup::Quotas;
use super::cpu::cpu_ns;
use super::usage::children_ns;
use crate::resource::meter::Scope;

/// What happened besides over a stretch of time. What is not counted here is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Disturbance {
    /// Length of the stretch.
    pub(crate) wall_ns: f64,
    /// Processors of the machine.
    pub(crate) processors: f64,
    /// Time that processors ran any process of the machine, this one included.
    pub(crate) busy_ns: Option<f64>,
    /// Of that, the time of other processes.
    pub(crate) others_ns: Option<f64>,
    /// Time that processors were wanted and the hypervisor did not give.
    pub(crate) stolen_ns: Option<f64>,
    /// Time that the cgroup had used up its quota; `None` without a quota.
    pub(crate) throttled_ns: Option<f64>,
}

/// Watches for disturbances.
pub(crate) struct DisturbanceWatch {
    stat: Option<File>,
    quotas: Quotas,
    before: Option<Reading>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Reading {
    machine: Option<Machine>,
    own_ns: Option<f64>,
    throttled_ns: Option<f64>,
}

/// Sums over all processors.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Machine {
    busy_ns: f64,
    stolen_ns: f64,
}

impl DisturbanceWatch {
    /// Opens what there is to read.
    pub(crate) fn open() -> Self {
        Self { stat: File::open("/proc/stat").ok(), quotas: Quotas::find(), before: None }
    }

    /// How often the cgroup was stopped for having used up its quota; nothing is read where it has
    /// none.
    pub(crate) fn throttlings(&self) -> u64 {
        self.quotas.throttlings()
    }

    /// A stretch begins.
    pub(crate) fn begin(&mut self) {
        self.before = Some(self.read());
    }

    /// The stretch that took so long is over.
    pub(crate) fn end(&mut self, wall_ns: f64) -> Disturbance {
        let after = self.read();
        let before = self.before.take().unwrap_or(after);
        between(&before, &after, wall_ns)
    }

    fn read(&mut self) -> Reading {
        let own_ns =
            cpu_ns(Scope::Process).zip(children_ns()).map(|(own, children)| own + children);
        Reading {
            machine: self.stat.as_mut().and_then(|stat| machine(&head(stat)?, tick_ns()?)),
            own_ns,
            throttled_ns: self.quotas.throttled_ns(),
        }
    }
}

fn between(before: &Reading, after: &Reading, wall_ns: f64) -> Disturbance {
    let grown = |pick: fn(&Reading) -> Option<f64>| {
        pick(before).zip(pick(after)).map(|(before, after)| (after - before).max(0.0))
    };
    let busy_ns = grown(|reading| Some(reading.machine?.busy_ns));
    let own_ns = grown(|reading| reading.own_ns);
    Disturbance {
        wall_ns,
        processors: processors(),
        busy_ns,
        // Below zero where the tick has missed some of this process: sums over stretches then
        // come out right.
        others_ns: busy_ns.zip(own_ns).map(|(busy, own)| busy - own),
        stolen_ns: grown(|reading| Some(reading.machine?.stolen_ns)),
        throttled_ns: grown(|reading| reading.throttled_ns),
    }
}

/// The beginning of the file, where the sums stand; the whole is long on large machines.
fn head(stat: &mut File) -> Option<String> {
    use std::io::{Seek, SeekFrom};
    stat.seek(SeekFrom::Start(0)).ok()?;
    let mut bytes = [0; 512];
    let length = stat.read(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes[..length]).into_owned())
}

/// The first line: user, nice, system, idle, iowait, irq, softirq, steal. Interrupts are left out,
/// since they serve this process as well as others.
fn machine(stat: &str, tick_ns: f64) -> Option<Machine> {
    let mut fields = stat.lines().next()?.split_whitespace();
    if fields.next() != Some("cpu") {
        return None;
    }
    let ticks: Vec<f64> = fields.map_while(|field| field.parse().ok()).collect();
    let [user, nice, system, _, _, _, _, steal, ..] = ticks[..] else { return None };
    Some(Machine { busy_ns: (user + nice + system) * tick_ns, stolen_ns: steal * tick_ns })
}

/// The unit of `/proc/stat`.
fn tick_ns() -> Option<f64> {
    #[cfg(unix)]
    {
        // SAFETY: `sysconf` takes a plain number and touches no memory of ours.
        let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
        (per_second > 0).then(|| 1e9 / per_second as f64)
    }
    #[cfg(not(unix))]
    None
}

/// Processors that are running.
fn processors() -> f64 {
    #[cfg(unix)]
    {
        // SAFETY: as in `tick_ns`.
        let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
        count.max(1) as f64
    }
    #[cfg(not(unix))]
    std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "cpu  970 30 126 1372 64 5 10 19 0 0\ncpu0 440 29 58 738 16 0 2 9 0 0\n";

    #[test]
    fn busy_is_what_processes_ran_and_stolen_stands_apart() {
        let machine = machine(STAT, 10.0);
        assert_eq!(machine, Some(Machine { busy_ns: 11_260.0, stolen_ns: 190.0 }));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in ["", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3", "cpu 1 2 x 4 5 6 7 8 9"] {
            assert_eq!(machine(text, 10.0), None, "{text}");
        }
    }

    #[test]
    fn others_are_what_this_process_was_not() {
        let reading = |busy_ns, own_ns| Reading {
            machine: Some(Machine { busy_ns, stolen_ns: 0.5 * busy_ns }),
            own_ns: Some(own_ns),
            throttled_ns: None,
        };
        let seen = between(&reading(100.0, 10.0), &reading(190.0, 60.0), 80.0);
        assert_eq!((seen.wall_ns, seen.busy_ns, seen.others_ns), (80.0, Some(90.0), Some(40.0)));
        assert_eq!((seen.stolen_ns, seen.throttled_ns), (Some(45.0), None));
    }

    #[test]
    fn nothing_is_claimed_where_nothing_can_be_read() {
        let seen = between(&Reading::default(), &Reading::default(), 5.0);
        assert_eq!((seen.wall_ns, seen.others_ns, seen.stolen_ns), (5.0, None, None));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_stretch_has_figures_here() {
        let mut watch = DisturbanceWatch::open();
        watch.begin();
        let seen = watch.end(5.0);
        assert!(seen.processors >= 1.0 && seen.others_ns.is_some() && seen.stolen_ns.is_some());
    }
}
