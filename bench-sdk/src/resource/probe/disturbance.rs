//! What else the machine does meanwhile: other processes, the hypervisor, the cgroup's quota.
//!
//! Reading it takes tens of microseconds and the kernel counts in ticks of its own, so it is read
//! around whole stretches, and judged over several of them.

use super::cpu::cpu_ns;
use super::usage::children_ns;
use crate::resource::machine::{MachineTime, Stolen, Throttling};
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
    machine: Option<Stolen>,
    throttling: Option<Throttling>,
    before: Option<Reading>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Reading {
    machine: Option<MachineTime>,
    own_ns: Option<f64>,
    throttled_ns: Option<f64>,
}

impl DisturbanceWatch {
    /// Opens what there is to read.
    pub(crate) fn open() -> Self {
        Self { machine: Stolen::open(), throttling: Throttling::open(), before: None }
    }

    /// How often the cgroup was stopped for having used up its quota; nothing is read where it has
    /// none.
    pub(crate) fn throttlings(&mut self) -> u64 {
        read_or_forget(&mut self.throttling, Throttling::read)
            .map_or(0, |throttled| throttled.times)
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
            machine: read_or_forget(&mut self.machine, Stolen::read),
            own_ns,
            throttled_ns: read_or_forget(&mut self.throttling, Throttling::read)
                .map(|throttled| throttled.ns as f64),
        }
    }
}

/// Reads; what can be read no longer is not read again. The benchmark may have closed its file, whose
/// number may be that of another by now, so it is not ours to close any more.
fn read_or_forget<R, T>(reader: &mut Option<R>, read: fn(&mut R) -> Option<T>) -> Option<T> {
    let value = reader.as_mut().and_then(read);
    if value.is_none() {
        std::mem::forget(reader.take());
    }
    value
}

fn between(before: &Reading, after: &Reading, wall_ns: f64) -> Disturbance {
    let grown = |pick: fn(&Reading) -> Option<f64>| {
        pick(before).zip(pick(after)).map(|(before, after)| (after - before).max(0.0))
    };
    let busy_ns = grown(|reading| Some(reading.machine?.processes_ns as f64));
    let own_ns = grown(|reading| reading.own_ns);
    Disturbance {
        wall_ns,
        processors: processors(),
        busy_ns,
        // Below zero where the tick has missed some of this process: sums over stretches then
        // come out right.
        others_ns: busy_ns.zip(own_ns).map(|(busy, own)| busy - own),
        stolen_ns: grown(|reading| Some(reading.machine?.stolen_ns as f64)),
        throttled_ns: grown(|reading| reading.throttled_ns),
    }
}

/// Processors that are running.
fn processors() -> f64 {
    #[cfg(unix)]
    {
        // SAFETY: `sysconf` takes a plain number and touches no memory of ours.
        let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
        count.max(1) as f64
    }
    #[cfg(not(unix))]
    std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_what_this_process_was_not() {
        let reading = |processes_ns: u64, own_ns| Reading {
            machine: Some(MachineTime {
                busy_ns: processes_ns + 1_000,
                processes_ns,
                stolen_ns: processes_ns / 2,
            }),
            own_ns: Some(own_ns),
            throttled_ns: None,
        };
        let seen = between(&reading(100, 10.0), &reading(190, 60.0), 80.0);
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
