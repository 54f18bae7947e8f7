//! Where a run took place.

use serde::{Deserialize, Serialize};

/// What is known of the machine and the build; a field is `None` where the system does not tell.
///
/// No user name, host name or environment variable is kept.
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
