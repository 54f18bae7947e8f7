//! Names under which metrics stand in a [`CaseRecord`](super::CaseRecord), and what each one is.

use super::metric::{Better, Unit};

/// What a metric is, whatever it was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// The unit of its figures.
    pub unit: Unit,
    /// Which direction is an improvement.
    pub better: Better,
    /// What its figures depend on.
    pub nature: Nature,
}

/// What the figures of a metric depend on, and so when a budget on it binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// The same in every build and at every speed: allocations, calls, bytes asked for.
    Deterministic,
    /// Up to the system as well: faults, context switches, resident memory.
    System,
    /// A matter of speed: says little without optimisation.
    Speed,
}

macro_rules! metrics {
    ($($(#[$doc:meta])+ $constant:ident = $name:literal, $unit:ident, $better:ident, $nature:ident;)*) => {
        $($(#[$doc])+ pub const $constant: &str = $name;)*

        /// What the metric of that name is; `None` for a name that is not known.
        ///
        /// ```
        /// use bench_sdk::record::{Unit, metric_name};
        ///
        /// let described = metric_name::describe("peak_rss");
        /// assert_eq!(described.map(|metric| metric.unit), Some(Unit::Bytes));
        /// assert_eq!(metric_name::describe("speed"), None);
        /// ```
        pub fn describe(name: &str) -> Option<Description> {
            let described = |unit, better, nature| Some(Description { unit, better, nature });
            match name {
                $($name => described(Unit::$unit, Better::$better, Nature::$nature),)*
                // `time_p99.9`
                _ if percentile(name).is_some() => {
                    described(Unit::Nanoseconds, Better::Lower, Nature::Speed)
                }
                // `custom_cycles`
                _ => described(custom_unit(name)?, Better::Lower, Nature::Speed),
            }
        }

        /// The names of all metrics, in the order people look for them.
        pub const ALL: &[&str] = &[$($name,)*];
    };
}

metrics! {
    /// Wall time of one iteration: the median of the launch medians, in nanoseconds.
    TIME = "time", Nanoseconds, Lower, Speed;
    /// The fastest batch, in nanoseconds an iteration.
    TIME_MIN = "time_min", Nanoseconds, Lower, Speed;
    /// The mean of all batches, voided ones left out, in nanoseconds an iteration.
    TIME_MEAN = "time_mean", Nanoseconds, Lower, Speed;
    /// The median latency of iterations timed one by one, in nanoseconds.
    TIME_P50 = "time_p50", Nanoseconds, Lower, Speed;
    /// The 95th percentile of latency, in nanoseconds.
    TIME_P95 = "time_p95", Nanoseconds, Lower, Speed;
    /// The 99th percentile of latency, in nanoseconds.
    TIME_P99 = "time_p99", Nanoseconds, Lower, Speed;
    /// Items a second, over all threads.
    THROUGHPUT_ITEMS = "throughput_items", PerSecond, Higher, Speed;
    /// Bytes a second, over all threads.
    THROUGHPUT_BYTES = "throughput_bytes", BytesPerSecond, Higher, Speed;
    /// Characters a second, over all threads.
    THROUGHPUT_CHARS = "throughput_chars", PerSecond, Higher, Speed;
    /// Cycles a second, over all threads.
    THROUGHPUT_CYCLES = "throughput_cycles", PerSecond, Higher, Speed;
    /// Iterations a second of one thread, where several run.
    THROUGHPUT_PER_THREAD = "throughput_per_thread", PerSecond, Higher, Speed;
    /// Processor time of one iteration on all threads of the process, in nanoseconds.
    CPU = "cpu", Nanoseconds, Lower, Speed;
    /// The part of it spent in the program.
    CPU_USER = "cpu_user", Nanoseconds, Lower, Speed;
    /// The part of it spent in the kernel.
    CPU_SYSTEM = "cpu_system", Nanoseconds, Lower, Speed;
    /// Processor time over wall time: 1 is one processor kept busy.
    CPU_UTILISATION = "cpu_utilisation", One, Lower, Speed;
    /// Operations a second of processor time: items where the benchmark counts them, else
    /// iterations.
    OPS_PER_CPU_SECOND = "ops_per_cpu_second", PerSecond, Higher, Speed;
    /// Allocations an iteration, on all threads.
    ALLOCS = "allocs", One, Lower, Deterministic;
    /// Bytes allocated an iteration, on all threads.
    ALLOC_BYTES = "alloc_bytes", Bytes, Lower, Deterministic;
    /// Allocations given back within an iteration, on all threads.
    FREES = "frees", One, Lower, Deterministic;
    /// Most bytes that one iteration had allocated at a time, on all threads.
    PEAK_LIVE = "peak_live", Bytes, Lower, Deterministic;
    /// Bytes that an iteration leaves allocated when its input and output are gone.
    LEAKED = "leaked", Bytes, Lower, Deterministic;
    /// Highest resident memory of the process while the case ran, in bytes.
    PEAK_RSS = "peak_rss", Bytes, Lower, System;
    /// That, less the resident memory before the first iteration.
    RSS_GROWTH = "rss_growth", Bytes, Lower, System;
    /// Times an iteration gave the processor away, to wait.
    CONTEXT_SWITCHES_VOLUNTARY = "context_switches_voluntary", One, Lower, System;
    /// Times the processor was taken from an iteration.
    CONTEXT_SWITCHES_INVOLUNTARY = "context_switches_involuntary", One, Lower, System;
    /// Pages an iteration touched that the kernel had to map, without reading from a disk.
    FAULTS_MINOR = "faults_minor", One, Lower, System;
    /// Pages an iteration touched that had to be read from a disk.
    FAULTS_MAJOR = "faults_major", One, Lower, System;
    /// Bytes an iteration had read from storage.
    DISK_READ = "disk_read", Bytes, Lower, System;
    /// Bytes an iteration had sent towards storage.
    DISK_WRITTEN = "disk_written", Bytes, Lower, System;
    /// Bytes an iteration got from `read` and its kin, from files, pipes and terminals.
    IO_READ = "io_read", Bytes, Lower, Deterministic;
    /// Bytes an iteration gave to `write` and its kin.
    IO_WRITTEN = "io_written", Bytes, Lower, Deterministic;
    /// Calls of `read` and its kin.
    READ_CALLS = "read_calls", One, Lower, Deterministic;
    /// Calls of `write` and its kin.
    WRITE_CALLS = "write_calls", One, Lower, Deterministic;
    /// Bytes received in the network namespace, by all processes in it.
    NET_RECEIVED = "net_received", Bytes, Lower, System;
    /// Bytes sent in the network namespace, by all processes in it.
    NET_SENT = "net_sent", Bytes, Lower, System;
    /// Packets received in the network namespace.
    NET_PACKETS_RECEIVED = "net_packets_received", One, Lower, System;
    /// Packets sent in the network namespace.
    NET_PACKETS_SENT = "net_packets_sent", One, Lower, System;
    /// Instructions of the program an iteration.
    INSTRUCTIONS = "instructions", One, Lower, Deterministic;
    /// Processor cycles an iteration.
    CYCLES = "cycles", One, Lower, Speed;
    /// Instructions a cycle.
    IPC = "ipc", One, Higher, Speed;
    /// Misses of the last cache an iteration.
    CACHE_MISSES = "cache_misses", One, Lower, System;
    /// Branches predicted wrongly an iteration.
    BRANCH_MISSES = "branch_misses", One, Lower, System;
    /// Energy of the processor package an iteration, in joules, all that runs on it included.
    ENERGY = "energy", Joules, Lower, Speed;
    /// Processor time for one item, where the benchmark counts items.
    CPU_PER_OP = "cpu_per_op", Nanoseconds, Lower, Speed;
    /// Allocations for one item.
    ALLOCS_PER_OP = "allocs_per_op", One, Lower, Deterministic;
    /// Bytes allocated for one item.
    ALLOC_BYTES_PER_OP = "alloc_bytes_per_op", Bytes, Lower, Deterministic;
    /// Bytes read from and written to storage for one item.
    DISK_PER_OP = "disk_per_op", Bytes, Lower, System;
    /// Bytes received and sent for one item.
    NET_PER_OP = "net_per_op", Bytes, Lower, System;
    /// Joules for one item.
    ENERGY_PER_OP = "energy_per_op", Joules, Lower, Speed;
}

/// The percentile of latency that a name such as `time_p99.9` means.
///
/// ```
/// use bench_sdk::record::metric_name::percentile;
///
/// assert_eq!(percentile("time_p99.9"), Some(99.9));
/// assert_eq!(percentile("time_p100"), None);
/// ```
pub fn percentile(name: &str) -> Option<f64> {
    let digits = name.strip_prefix("time_p")?;
    let is_plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let percent: f64 = digits.parse().ok().filter(|_| is_plain)?;
    (percent > 0.0 && percent < 100.0).then_some(percent)
}

/// What the names of metrics begin with that benchmarks define for themselves.
const CUSTOM: &str = "custom_";
/// Longest unit in the name of such a metric.
const MAX_UNIT: usize = 32;

/// The name under which a benchmark's own measurement stands, given the unit of its figures:
/// `custom_cycles`, `custom_page_faults`, `custom_us`. Of the unit letters and digits of ASCII are
/// kept, and `_` stands for what is between them; where nothing is left it is `custom_value`.
///
/// ```
/// use bench_sdk::record::metric_name::custom;
///
/// assert_eq!(custom("page faults"), "custom_page_faults");
/// assert_eq!(custom("µs"), "custom_us");
/// ```
pub fn custom(unit: &str) -> String {
    let plain = unit.replace(['µ', 'μ'], "u").replace('/', " per ").replace('%', " percent ");
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut unit = words.join("_");
    unit.truncate(MAX_UNIT);
    let unit = unit.trim_end_matches('_');
    format!("{CUSTOM}{}", if unit.is_empty() { "value" } else { unit })
}

/// Whether the metric is what a benchmark measures instead of time.
///
/// ```
/// use bench_sdk::record::metric_name::is_custom;
///
/// assert!(is_custom("custom_cycles"));
/// assert!(!is_custom("cycles"));
/// ```
pub fn is_custom(name: &str) -> bool {
    custom_unit(name).is_some()
}

/// The unit in the name of such a metric; those that are known elsewhere are shown as elsewhere.
fn custom_unit(name: &str) -> Option<Unit> {
    let unit = name.strip_prefix(CUSTOM)?;
    let is_word = |unit: &str| unit.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match unit {
        "ns" => Some(Unit::Nanoseconds),
        "B" | "bytes" => Some(Unit::Bytes),
        "J" => Some(Unit::Joules),
        _ => (!unit.is_empty() && is_word(unit)).then_some(Unit::One),
    }
}

/// Whether the metric is what the benchmark is about: time, or what it measures instead.
pub(crate) fn is_main(name: &str) -> bool {
    name == TIME || is_custom(name)
}

/// Whether the metric is a share of something, for people a number of per cent.
pub(crate) fn is_share(name: &str) -> bool {
    name == CPU_UTILISATION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_any_kind_are_times() {
        let time = describe(TIME);
        assert!(time.is_some() && describe("time_p99.9") == time);
        for wrong in ["timer", "time_p", "time_p0", "time_p1e1", "time_p+5", "time_pinf"] {
            assert_eq!(describe(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn custom_metrics_are_named_by_their_units() {
        for (unit, name) in [
            ("cycles", "custom_cycles"),
            ("µs", "custom_us"),
            ("", "custom_value"),
            ("../\u{1b}", "custom_per"),
            ("B/s", "custom_B_per_s"),
            ("%", "custom_percent"),
            (&"x".repeat(10_000), &format!("custom_{}", "x".repeat(MAX_UNIT))),
        ] {
            assert_eq!(custom(unit), name);
            assert!(is_custom(name) && is_main(name), "{name}");
        }
        assert_eq!(describe("custom_ns").map(|what| what.unit), Some(Unit::Nanoseconds));
        assert_eq!(describe("custom_cycles").map(|what| what.unit), Some(Unit::One));
        assert!(["custom_", "custom_a b", "cycles", "customs"].iter().all(|name| !is_custom(name)));
    }

    #[test]
    fn names_stand_once() {
        let mut names = ALL.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
