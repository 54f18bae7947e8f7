//! What the generator and the target use from tick to tick.

use crate::resource::{Sight, Watched, own_rss, thread_cpu_ns};

/// Watches the threads of the generator and, where asked for, the target.
pub(super) struct Course {
    threads: Vec<Followed>,
    watched: Option<Watched>,
    /// The target's processor time at the last tick.
    target_cpu_ns: Option<u64>,
}

/// A thread of the generator.
struct Followed {
    id: Option<u32>,
    cpu_ns: Option<u64>,
}

/// What was used since the last tick, and what was in use at its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    pub(super) generator_cpu_ns: Option<u64>,
    pub(super) generator_rss: Option<u64>,
    pub(super) target_cpu_ns: Option<u64>,
    pub(super) target: Sight,
}

impl Course {
    pub(super) fn new(watched: Option<Watched>) -> Self {
        Self { threads: Vec::new(), watched, target_cpu_ns: None }
    }

    /// Follows a thread, by the kernel's number.
    pub(super) fn follow(&mut self, id: Option<u32>) {
        self.threads.push(Followed { id, cpu_ns: None });
    }

    /// What was used before does not count.
    pub(super) fn start(&mut self) {
        let _ = self.step(0);
    }

    /// What was used since the last time, without the processor time that was spent waiting.
    pub(super) fn step(&mut self, idle_ns: u64) -> Used {
        let target = self.watched.as_ref().map(Watched::look).unwrap_or_default();
        let target_cpu_ns = since(&mut self.target_cpu_ns, target.cpu_ns);
        // A thread that has ended is not counted in the tick in which it did.
        let used = self.threads.iter_mut().filter_map(Followed::step);
        let used: Vec<u64> = used.collect();
        Used {
            generator_cpu_ns: (!used.is_empty())
                .then(|| used.iter().sum::<u64>().saturating_sub(idle_ns)),
            generator_rss: own_rss(),
            target_cpu_ns,
            target,
        }
    }
}

impl Followed {
    fn step(&mut self) -> Option<u64> {
        since(&mut self.cpu_ns, self.id.and_then(thread_cpu_ns))
    }
}

/// How much a counter has grown since the last time, if it was there both times.
fn since(last: &mut Option<u64>, now: Option<u64>) -> Option<u64> {
    let grown = match (*last, now) {
        (Some(before), Some(now)) => Some(now.saturating_sub(before)),
        _ => None,
    };
    *last = now.or(*last);
    grown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_needs_both_ends() {
        let mut last = None;
        assert_eq!(since(&mut last, Some(5)), None);
        assert_eq!(since(&mut last, Some(7)), Some(2));
        assert_eq!(since(&mut last, None), None);
        assert_eq!(since(&mut last, Some(9)), Some(2));
    }
}
