//! Where a run took place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known of the machine and the build; a field is `None` or empty where the system does not
/// tell, and [`absent`](Self::absent) says why.
///
/// No user name, host name, path or environment variable is kept, with one exception: the
/// [`rustflags`](Build::rustflags) that the executable was compiled with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// Processor model.
    pub cpu: Option<String>,
    /// Logical processors this process may run on.
    pub cpus: Option<u32>,
    /// Whether a hypervisor is underneath.
    pub virtual_machine: Option<bool>,
    /// Operating system and processor architecture, such as `linux x86_64`.
    pub platform: String,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Memory of the machine in bytes.
    pub memory_bytes: Option<u64>,
    /// Frequency governor of the first processor.
    pub governor: Option<String>,
    /// Load average over one minute when the run started.
    pub load_average: Option<f64>,
    /// The compiler that built the executable.
    pub rustc: Option<String>,
    /// Commit of the working tree the benches were built in.
    pub git_commit: Option<String>,
    /// Whether that tree had uncommitted changes.
    pub git_dirty: Option<bool>,
    /// The clock the run was timed with.
    pub clock: Option<ClockRecord>,
    /// Processors, cores and caches of the whole machine.
    #[serde(skip_serializing_if = "is_default")]
    pub topology: Topology,
    /// What is told of clock frequencies.
    #[serde(skip_serializing_if = "is_default")]
    pub frequency: Frequency,
    /// Limits of the control group that the run was in.
    #[serde(skip_serializing_if = "is_default")]
    pub cgroup: Cgroup,
    /// Which hypervisor is underneath, such as `kvm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypervisor: Option<String>,
    /// Kind of container around the run, such as `docker`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// `mains` or `battery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_source: Option<String>,
    /// Tasks besides this one that wanted a processor when the run started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_tasks: Option<u32>,
    /// Load average over one minute when the run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_average_at_end: Option<f64>,
    /// Of the processor time that the machine asked for during the run, the share that the
    /// hypervisor kept for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stolen: Option<f64>,
    /// How the executable was built.
    #[serde(skip_serializing_if = "is_default")]
    pub build: Build,
    /// Why a field is not there, by its name; `topology.sockets` is a field of [`Topology`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<String, String>,
}

/// Processors, cores and caches of the whole machine, as far as they are online.
///
/// ```
/// use bench_sdk::record::Environment;
///
/// fn has_idle_siblings(environment: &Environment) -> bool {
///     environment.topology.threads_per_core.is_some_and(|threads| threads > 1)
/// }
/// # assert!(!has_idle_siblings(&Environment::default()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Topology {
    /// Logical processors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processors: Option<u32>,
    /// Physical cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
    /// Logical processors of a core, of the one that has most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads_per_core: Option<u32>,
    /// Processor packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sockets: Option<u32>,
    /// Memory nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numa_nodes: Option<u32>,
    /// First-level data cache of the first processor, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub l1d_bytes: Option<u64>,
    /// Second-level cache of the first processor, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub l2_bytes: Option<u64>,
    /// Third-level cache of the first processor, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub l3_bytes: Option<u64>,
    /// What the kernel says of simultaneous multithreading: `on`, `off`, `forceoff`,
    /// `notsupported` or `notimplemented`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smt: Option<String>,
}

/// What is told of clock frequencies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Frequency {
    /// Whether clocks may rise above the nominal one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turbo: Option<bool>,
    /// Lowest frequency that the policy of the first processor allows, in hertz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_hz: Option<u64>,
    /// Highest frequency that the policy of the first processor allows, in hertz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_hz: Option<u64>,
}

/// Limits of the control group that a run was in: the tightest along its path.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cgroup {
    /// `v1`, `v2` or `hybrid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How many processors' time may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_quota: Option<f64>,
    /// Processors that may be used, such as `0-3,8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpuset: Option<String>,
    /// Memory that may be used, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// How often the quota had stopped the group before the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttled_at_start: Option<u64>,
    /// How often the quota had stopped the group by the end of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttled_at_end: Option<u64>,
    /// For how long the quota kept tasks waiting during the run, in nanoseconds, summed over
    /// processors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttled_ns: Option<u64>,
}

/// How an executable was built.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    /// Name of cargo's folder for the profile: `release` also for `bench`, `debug` also for `test`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether debug assertions are on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debug_assertions: Option<bool>,
    /// `unwind` or `abort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panic: Option<String>,
    /// Instruction sets that the compiler was allowed to use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target_features: Vec<String>,
    /// Flags in `RUSTFLAGS` when it was compiled, each path cut down to its last part. Flags that
    /// stand in cargo's configuration do not show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rustflags: Vec<String>,
}

/// The clock of a run, as measured at its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockRecord {
    /// `tsc` or `monotonic`.
    pub source: String,
    /// Smallest step seen between two readings, in nanoseconds.
    pub precision_ns: f64,
    /// Time that reading it twice takes, in nanoseconds.
    pub cost_ns: f64,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
