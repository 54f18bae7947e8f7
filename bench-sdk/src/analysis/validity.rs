//! Whether a benchmark measures what it says.

use super::estimate::{Floor, launch_median};
use super::words;
use crate::bencher::LaunchSamples;
use crate::record::{Counter, CounterKind, Note, metric_name};
use crate::stats::median;

/// No processor goes through more bytes in a nanosecond: the widest of today load 2 x 64 bytes a
/// cycle at less than 6 GHz, 768 bytes. An item or a character is taken for a byte at least; only
/// sets of bits, counted by the bit, could be faster without a fault in the benchmark.
pub(super) const TOUCHED_PER_NS: f64 = 1_000.0;
/// What a string instruction, which stands for any number of bytes, cannot reach: it stores 64
/// bytes a cycle at best.
const STRING_PER_NS: f64 = 400.0;
/// No other instruction works on more: four times the widest vector in use.
const PER_INSTRUCTION: f64 = 256.0;
/// Share of the time that goes into allocating from where on it is said.
const ALLOCATING_SHARE: f64 = 0.5;
/// Less than this is what functions allocate in passing, not the data they work on.
const DATA_BYTES: f64 = 1_024.0;
/// What a page fault of a cold start may cost: one of anonymous memory takes about 2 µs, one that
/// maps a stretch of the executable or of a library up to 15 µs under a hypervisor.
const FAULT_NS: f64 = 15_000.0;
/// Cold caches and predictors, and code that the linker binds late, cost a first iteration less
/// than this besides faults.
const COLD_NS: f64 = 25_000.0;
/// And less than this many times what the others take, unless those take next to nothing.
const COLD_RATIO: f64 = 30.0;

/// The counter whose amount has to be touched, by the largest amount an iteration claims.
pub(super) fn claim(counters: &[Counter]) -> Option<Counter> {
    let touched = |counter: &&Counter| counter.kind != CounterKind::Cycles;
    let by_count = |a: &&Counter, b: &&Counter| a.count.total_cmp(&b.count);
    counters.iter().filter(touched).max_by(by_count).copied()
}

/// Claims more than any processor could do in the time.
pub(super) fn optimised_away(launches: &[LaunchSamples], floor: Floor) -> Option<Note> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    // The loop's own cost is left in: nothing is said that a cycle more or less could change.
    let usual_ns = median(&medians)?.max(1e-3);
    let claim = claim(&launches.last()?.counters)?;
    let rate = claim.count / usual_ns;
    let few_instructions =
        instructions(launches).is_some_and(|count| claim.count > PER_INSTRUCTION * count.max(1.0));
    let impossible = rate > TOUCHED_PER_NS || (rate > STRING_PER_NS && few_instructions);
    impossible.then(|| {
        Note::warning(
            "optimised_away",
            format!(
                "{} in {}: no processor is that fast, the optimiser has removed the work; pass \
                 the input through `black_box` or take it from `inputs` (or the counter claims \
                 what an iteration does not touch)",
                words::claim(claim),
                words::time(floor.subtract(usual_ns)),
            ),
        )
    })
}

/// Instructions of an iteration, where they can be counted.
fn instructions(launches: &[LaunchSamples]) -> Option<f64> {
    median(&usage(launches, metric_name::INSTRUCTIONS))
}

fn usage(launches: &[LaunchSamples], wanted: &str) -> Vec<f64> {
    let all = launches.iter().flat_map(|launch| &launch.usage);
    all.filter(|(name, _)| name == wanted).map(|(_, value)| *value).collect()
}

/// Spends its time on allocating what it makes for itself, in most launches.
pub(super) fn allocates_input(launches: &[LaunchSamples]) -> Option<Note> {
    let share = |launch: &LaunchSamples| {
        let share = launch.allocating_ns? / launch_median(launch)?.max(1e-3);
        (share >= ALLOCATING_SHARE).then_some(share.min(1.0))
    };
    let shares: Vec<f64> = launches.iter().filter_map(share).collect();
    let share = median(&shares).filter(|_| shares.len() * 2 > launches.len())?;
    let bytes = median(&usage(launches, metric_name::ALLOC_BYTES)).filter(|n| *n >= DATA_BYTES)?;
    Some(Note::warning(
        "allocates_input",
        format!(
            "about {:.0} % of the time goes into allocating {} that the iteration itself gives \
             back: if they are its input, make it with `inputs`, off the clock",
            // Not known better than this.
            (share * 10.0).round() * 10.0,
            words::bytes(bytes),
        ),
    ))
}

/// Does in the first iteration what the others find done, in most launches that can tell.
pub(super) fn cached(launches: &[LaunchSamples]) -> Option<Note> {
    let judged: Vec<bool> = launches.iter().filter_map(is_cached).collect();
    let found = judged.iter().filter(|cached| **cached).count();
    if found * 2 <= judged.len() {
        return None;
    }
    let firsts: Vec<f64> = launches.iter().map(|launch| launch.first_ns).collect();
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    Some(Note::warning(
        "cached",
        format!(
            "the first iteration of a process takes {}, the others {}: they find its work done; \
             give each its own `inputs` or clear the cache, and do in `setup` what is done once",
            words::time(median(&firsts)?),
            words::time(median(&medians)?),
        ),
    ))
}

/// Whether a first iteration takes longer than a cold start explains; `None` where something
/// disturbed it.
fn is_cached(launch: &LaunchSamples) -> Option<bool> {
    let faults = launch.first_faults.filter(|faults| faults.major == 0 && !launch.first_voided)?;
    let usual_ns = launch_median(launch)?;
    let excess_ns = launch.first_ns - usual_ns - FAULT_NS * faults.minor as f64;
    Some(excess_ns > COLD_NS && excess_ns > COLD_RATIO * usual_ns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{launch, launches};
    use crate::resource::Faults;

    const FLOOR: Floor = Floor { loop_ns: 0.3, high_ns: 0.6 };

    fn claiming(ns: f64, kind: CounterKind, count: f64) -> Vec<LaunchSamples> {
        let mut launch = launch(ns);
        launch.counters = vec![Counter { kind, count }];
        vec![launch]
    }

    fn text(note: Option<Note>) -> String {
        note.map_or_else(String::new, |note| note.text)
    }

    #[test]
    fn a_constant_sum_is_impossibly_fast() {
        let launches = claiming(1.4, CounterKind::Items, 10_000.0);
        assert!(text(optimised_away(&launches, FLOOR)).starts_with("10,000 items in 1.1 ns: "));
        // A cycle counted is nothing touched.
        let cycles = claiming(1.4, CounterKind::Cycles, 10_000.0);
        assert_eq!(optimised_away(&cycles, FLOOR), None);
    }

    #[test]
    fn a_fast_copy_is_possible() {
        // Two loads of 64 bytes a cycle at 6 GHz.
        let launches = claiming(1_000.0, CounterKind::Bytes, 768_000.0);
        assert_eq!(optimised_away(&launches, FLOOR), None);
    }

    #[test]
    fn few_instructions_tell_where_time_does_not() {
        let mut launches = claiming(10.0, CounterKind::Bytes, 6_000.0);
        assert_eq!(optimised_away(&launches, FLOOR), None);
        let counted = |count| vec![(metric_name::INSTRUCTIONS.to_owned(), count)];
        launches[0].usage = counted(9.0);
        assert!(optimised_away(&launches, FLOOR).is_some());
        launches[0].usage = counted(100.0);
        assert_eq!(optimised_away(&launches, FLOOR), None);
        // A string instruction copies any number of bytes, at a speed within reason.
        launches[0].counters[0].count = 3_000.0;
        launches[0].usage = counted(9.0);
        assert_eq!(optimised_away(&launches, FLOOR), None);
    }

    #[test]
    fn allocating_is_told_from_half_of_the_time_on() {
        let mut launches = launches(&[100.0, 100.0, 100.0]);
        for (launch, ns) in launches.iter_mut().zip([40.0, 71.0, 72.0]) {
            launch.allocating_ns = Some(ns);
            launch.usage = vec![(metric_name::ALLOC_BYTES.to_owned(), 40_000.0)];
        }
        let said = text(allocates_input(&launches));
        assert!(said.starts_with("about 70 % of the time goes into allocating 40 kB"), "{said}");
        let mut in_passing = launches.clone();
        for launch in &mut in_passing {
            launch.usage[0].1 = 130.0;
        }
        assert_eq!(allocates_input(&in_passing), None);
        launches[1].allocating_ns = Some(49.0);
        assert_eq!(allocates_input(&launches), None);
        launches[1].allocating_ns = None;
        assert_eq!(allocates_input(&launches), None);
    }

    fn starting(first_ns: f64, usual_ns: f64, minor: u64) -> LaunchSamples {
        let first_faults = Some(Faults { minor, major: 0 });
        LaunchSamples { first_ns, first_faults, ..launch(usual_ns) }
    }

    #[test]
    fn work_of_50_microseconds_that_is_kept_is_told_from_a_cold_start() {
        let told = |launch| cached(&[launch]).is_some();
        assert!(told(starting(50_000.0, 8.0, 1)));
        assert!(told(starting(270_000.0, 0.3, 2)));
        // A library that is mapped on the way, memory that is touched first, a cold start of
        // something large.
        assert!(!told(starting(66_000.0, 332.0, 4)));
        assert!(!told(starting(520_000.0, 900.0, 301)));
        assert!(!told(starting(66_000.0, 1_729.0, 2)));
    }

    #[test]
    fn a_first_iteration_that_was_disturbed_tells_nothing() {
        let slow = || starting(270_000.0, 8.0, 1);
        let from_disk = || {
            let first_faults = Some(Faults { minor: 1, major: 1 });
            LaunchSamples { first_faults, ..slow() }
        };
        let preempted = || LaunchSamples { first_voided: true, ..slow() };
        assert_eq!(cached(&[from_disk()]), None);
        assert_eq!(cached(&[preempted()]), None);
        assert!(cached(&[slow(), preempted(), from_disk()]).is_some());
        assert_eq!(cached(&[slow(), starting(900.0, 8.0, 0), preempted()]), None);
    }
}
