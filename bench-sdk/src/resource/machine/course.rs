//! What became of the machine in the course of a run.

use super::load::load;
use super::root::{Absences, Root};
use super::stolen::{MachineTime, Stolen};
use super::throttling::{Throttled, Throttling};
use crate::record::Environment;

/// Busy time below which a share of it says nothing, since accounts move in ticks.
const MIN_BUSY_NS: u64 = 500_000_000;
const NOT_UNDERSTOOD: &str = "what the kernel counts is not understood";

/// The readings from which the end of a run is told apart from its start.
#[derive(Debug)]
pub(crate) struct Course {
    root: Root,
    throttling: Result<(Throttling, Throttled), String>,
    machine: Result<(Stolen, MachineTime), String>,
}

impl Course {
    /// To be called when measuring starts.
    pub(crate) fn start(environment: &mut Environment) -> Self {
        Self::start_below(Root::system(), environment)
    }

    fn start_below(root: Root, environment: &mut Environment) -> Self {
        let throttling = Throttling::below(&root).and_then(|mut throttling| {
            let throttled = throttling.read().ok_or(NOT_UNDERSTOOD)?;
            Ok((throttling, throttled))
        });
        environment.cgroup.throttled_at_start = throttling.as_ref().ok().map(|(_, at)| at.times);
        let machine = Stolen::below(&root).and_then(|mut stolen| {
            let time = stolen.read().ok_or(NOT_UNDERSTOOD)?;
            Ok((stolen, time))
        });
        Self { root, throttling, machine }
    }

    /// To be called when all is measured.
    pub(crate) fn finish(self, environment: &mut Environment) {
        let before = std::mem::take(&mut environment.absent);
        let mut absent = Absences::on(std::env::consts::OS).with(before);
        let throttled = self.throttling.and_then(|(mut throttling, before)| {
            Ok((before, throttling.read().ok_or(NOT_UNDERSTOOD)?))
        });
        let mut count = |field: &str, of: fn(Throttled, Throttled) -> u64| {
            absent.system(field, throttled.clone().map(|(before, now)| of(before, now)))
        };
        let cgroup = &mut environment.cgroup;
        cgroup.throttled_at_start = count("cgroup.throttled_at_start", |before, _| before.times);
        cgroup.throttled_at_end = count("cgroup.throttled_at_end", |_, now| now.times);
        cgroup.throttled_ns =
            count("cgroup.throttled_ns", |before, now| now.ns.saturating_sub(before.ns));
        let load = load(&self.root).map(|load| load.average);
        environment.load_average_at_end = absent.system("load_average_at_end", load);
        let stolen = self.machine.and_then(|(mut stolen, before)| {
            let now = stolen.read().ok_or(NOT_UNDERSTOOD)?;
            share(before, now).ok_or_else(|| "the run was too short to tell".to_owned())
        });
        environment.stolen = absent.system("stolen", stolen);
        environment.absent = absent.into_reasons();
    }
}

/// The share of what was wanted that others got.
fn share(before: MachineTime, now: MachineTime) -> Option<f64> {
    let stolen = now.stolen_ns.saturating_sub(before.stolen_ns);
    let wanted = now.busy_ns.saturating_sub(before.busy_ns).saturating_add(stolen);
    (wanted >= MIN_BUSY_NS).then(|| stolen as f64 / wanted as f64)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn start_and_end_differ_by_what_happened_between() {
        let tree = Tree::of(&[
            ("proc/loadavg", "0.10 0 0 1/80 9"),
            ("proc/stat", "cpu  1000 0 0 900 0 0 0 50 0 0\n"),
            ("proc/self/cgroup", "0::/\n"),
            ("proc/self/mountinfo", "24 30 0:22 / /cg rw - cgroup2 cgroup2 rw\n"),
            ("cg/cpu.max", "150000 100000\n"),
            ("cg/cpu.stat", "nr_throttled 3\nthrottled_usec 70\n"),
        ]);
        let mut environment = Environment::default();
        let course = Course::start_below(tree.root(), &mut environment);
        assert_eq!(environment.cgroup.throttled_at_start, Some(3));
        tree.put(&[
            ("proc/loadavg", "1.90 0 0 1/80 9"),
            ("proc/stat", "cpu  1900 0 0 900 0 0 0 150 0 0\n"),
            ("cg/cpu.stat", "nr_throttled 15\nthrottled_usec 970\n"),
        ]);
        course.finish(&mut environment);
        assert_eq!(environment.cgroup.throttled_at_end, Some(15));
        assert_eq!(environment.cgroup.throttled_ns, Some(900_000));
        assert_eq!(environment.load_average_at_end, Some(1.9));
        assert_eq!(environment.stolen, Some(0.1));
        assert!(environment.absent.is_empty(), "{:?}", environment.absent);
    }

    #[test]
    fn what_cannot_be_told_has_a_reason() {
        let tree = Tree::of(&[("proc/stat", "cpu  1 0 0 900 0 0 0 5 0 0\n")]);
        let mut environment = Environment::default();
        Course::start_below(tree.root(), &mut environment).finish(&mut environment);
        assert_eq!((environment.stolen, environment.load_average_at_end), (None, None));
        assert_eq!(environment.cgroup.throttled_at_end, None);
        if cfg!(target_os = "linux") {
            assert_eq!(environment.absent["stolen"], "the run was too short to tell");
        }
        assert_eq!(environment.absent.len(), 5);
    }

    #[test]
    fn accounts_that_go_back_are_no_theft() {
        let time = |busy_ns, stolen_ns| MachineTime { busy_ns, processes_ns: 0, stolen_ns };
        assert_eq!(share(time(0, 9), time(MIN_BUSY_NS, 3)), Some(0.0));
        assert_eq!(share(time(9, 9), time(9, 9)), None);
    }
}
