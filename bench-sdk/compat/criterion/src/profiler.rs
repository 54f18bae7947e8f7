//! The face of profilers that are started around benches; accepted, without effect.

use std::path::Path;

/// A profiler inside the process.
pub trait Profiler {
    /// Would be called before a bench is profiled.
    fn start_profiling(&mut self, benchmark_id: &str, benchmark_dir: &Path);
    /// Would be called afterwards.
    fn stop_profiling(&mut self, benchmark_id: &str, benchmark_dir: &Path);
}

/// A profiler outside, of which the process knows nothing.
#[derive(Debug, Default)]
pub struct ExternalProfiler;

impl Profiler for ExternalProfiler {
    fn start_profiling(&mut self, _benchmark_id: &str, _benchmark_dir: &Path) {}
    fn stop_profiling(&mut self, _benchmark_id: &str, _benchmark_dir: &Path) {}
}
