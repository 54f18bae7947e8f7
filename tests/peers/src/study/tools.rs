//! The three tools, each run once over all workloads.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::{Context, Result};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::{Estimate, criterion_estimates, divan_medians, own_cases};
use crate::process::run;

/// A benchmarking tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tool {
    Own,
    Divan,
    Criterion,
}

impl Tool {
    pub(crate) const ALL: [Self; 3] = [Self::Own, Self::Divan, Self::Criterion];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own => "bench-sdk",
            Self::Divan => "divan",
            Self::Criterion => "criterion",
        }
    }

    /// The bench target of the contest.
    fn target(self) -> &'static str {
        match self {
            Self::Own => "ours",
            Self::Divan => "divan_peer",
            Self::Criterion => "criterion_peer",
        }
    }

    /// What makes each spend about 0.6 s on a benchmark.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Own => &["--bench"],
            Self::Divan => {
                &["--bench", "--color", "never", "--min-time", "0.6", "--max-time", "0.6"]
            }
            Self::Criterion => {
                &["--bench", "--noplot", "--warm-up-time", "0.1", "--measurement-time", "0.5"]
            }
        }
    }
}

/// What one whole run reported.
#[derive(Clone, Debug)]
pub(crate) struct WholeRun {
    pub(crate) seconds: f64,
    /// The median, by workload.
    pub(crate) medians: Vec<(String, Estimate)>,
    /// What criterion prints, which is another figure; empty for the others.
    pub(crate) shown: Vec<(String, Estimate)>,
}

/// An executable of one tool.
#[derive(Clone, Debug)]
pub(crate) struct Contestant {
    pub(crate) tool: Tool,
    package: Package,
    executable: PathBuf,
    results: PathBuf,
}

impl Contestant {
    /// Builds the bench target of that tool.
    pub(crate) fn build(ground: &Ground, package: &Package, tool: Tool) -> Result<Self> {
        let executable = package.bench_executable(tool.target(), &[])?;
        let results = ground.work.join("results").join(tool.name());
        Ok(Self { tool, package: package.clone(), executable, results })
    }

    /// Runs all those workloads once, with nothing left of runs before.
    pub(crate) fn run_once(&self, workloads: &[&str]) -> Result<WholeRun> {
        empty_folder(&self.results)?;
        let mut command = self.package.start(&self.executable);
        command.args(self.tool.arguments());
        match self.tool {
            Tool::Own => self.run_own(&mut command),
            Tool::Divan => run_divan(&mut command, workloads),
            Tool::Criterion => self.run_criterion(&mut command, workloads),
        }
    }

    fn run_own(&self, command: &mut std::process::Command) -> Result<WholeRun> {
        let (seconds, cases) = run_own(command, &self.results)?;
        let short = |id: &str| id.rsplit("::").next().unwrap_or(id).to_owned();
        let medians = cases.into_iter().map(|case| (short(&case.id), case.time)).collect();
        Ok(WholeRun { seconds, medians, shown: Vec::new() })
    }

    fn run_criterion(
        &self,
        command: &mut std::process::Command,
        workloads: &[&str],
    ) -> Result<WholeRun> {
        let seconds = run(command.env("CRITERION_HOME", &self.results))?.seconds;
        let (mut medians, mut shown) = (Vec::new(), Vec::new());
        for name in workloads {
            let estimates = read_criterion(&self.results, name)?;
            medians.push(((*name).to_owned(), estimates.median));
            shown.push(((*name).to_owned(), estimates.shown));
        }
        Ok(WholeRun { seconds, medians, shown })
    }
}

/// Runs a bench binary of the SDK, or a cargo that does; its record is kept in that folder.
pub(crate) fn run_own(
    command: &mut std::process::Command,
    results: &Path,
) -> Result<(f64, Vec<crate::parse::OwnCase>)> {
    let file = results.join("run.json");
    command.args(["--output-format", "json", "--output"]).arg(&file);
    let seconds = run(command.env("HUB_BENCH_DIR", results))?.seconds;
    let text = fs::read_to_string(&file).context(|| format!("reading {}", file.display()))?;
    Ok((seconds, own_cases(&text)?))
}

/// What criterion kept of that benchmark.
pub(crate) fn read_criterion(
    home: &Path,
    benchmark: &str,
) -> Result<crate::parse::CriterionEstimates> {
    let file = home.join(benchmark).join("new/estimates.json");
    let text = fs::read_to_string(&file).context(|| format!("reading {}", file.display()))?;
    criterion_estimates(&text)
}

fn run_divan(command: &mut std::process::Command, workloads: &[&str]) -> Result<WholeRun> {
    let done = run(command)?;
    let found = divan_medians(&done.stdout)?;
    let median = |name: &&str| {
        let ns = *found.get(*name).context(|| format!("divan printed nothing of `{name}`"))?;
        Ok(((*name).to_owned(), Estimate { ns, low: None, high: None, level: None }))
    };
    let medians = workloads.iter().map(median).collect::<Result<_>>()?;
    Ok(WholeRun { seconds: done.seconds, medians, shown: Vec::new() })
}
