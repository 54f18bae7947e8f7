//! What the attribute leaves in the executable: constants and function pointers, nothing that runs
//! before `main`.

use crate::record::Settings;

use super::CaseSet;
use super::dialect::Dialect;

/// One annotated function.
#[derive(Debug)]
pub struct Registration {
    /// Cargo package, `hub-tasks`.
    pub package: &'static str,
    /// Module of the function, `hub_tasks::queue`.
    pub module_path: &'static str,
    /// Name of the function.
    pub function: &'static str,
    /// Name of the benchmark.
    pub name: &'static str,
    /// What the option `group` says.
    pub group: Option<&'static str>,
    /// File of the function, as the compiler was given it.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
    /// Tags.
    pub tags: &'static [&'static str],
    /// Why it is ignored; empty where no reason is given.
    pub ignore: Option<&'static str>,
    /// Hash of the benchmark's own code.
    pub code_hash: u64,
    /// Sampling settings of the attribute.
    pub settings: fn() -> Settings,
    /// Numbers of threads.
    pub threads: Option<fn() -> Vec<usize>>,
    /// Budgets.
    pub thresholds: &'static [&'static str],
    /// Expected growth over the arguments.
    pub complexity: Option<&'static str>,
    /// Whose words it is written in.
    pub dialect: Dialect,
    /// One entry for each combination of types and constants; one in all for a function that is
    /// not generic.
    pub variants: &'static [Variant],
}

/// One combination of types and constants.
#[derive(Debug)]
pub struct Variant {
    /// Labels of types and constants.
    pub types: fn() -> Vec<String>,
    /// Its cases.
    pub cases: fn() -> Box<dyn CaseSet>,
}

/// Defaults for the benchmarks of a module.
#[derive(Debug)]
pub struct Group {
    /// The module.
    pub module_path: &'static str,
    /// Name shown in its place.
    pub name: Option<&'static str>,
    /// Tags added to each benchmark.
    pub tags: &'static [&'static str],
    /// Why its benchmarks are ignored.
    pub ignore: Option<&'static str>,
    /// Sampling settings below those of the attribute.
    pub settings: fn() -> Settings,
    /// Numbers of threads, where its benchmarks say nothing of them.
    pub threads: Option<fn() -> Vec<usize>>,
    /// Whose words it is written in.
    pub dialect: Dialect,
}

/// A [`Registration`] on its way into the registry.
#[derive(Debug)]
pub struct Entry(pub &'static Registration);

/// A [`Group`] on its way into the registry.
#[derive(Debug)]
pub struct GroupEntry(pub &'static Group);

inventory::collect!(Entry);
inventory::collect!(GroupEntry);
