//! Both sides of a gate: what is built, and from where.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::build::{BuildRequest, build, none_found, shown};
use super::executable::{BenchExecutable, command_for};
use super::failure::Failure;
use super::gate_arguments::{Against, GateArguments};
use super::git::Repository;
use super::pairs::Pair;
use super::rustflags::comparable_rustflags;
use super::worktree::Worktree;
use crate::harness::{
    baseline_name, baseline_side, find_baseline, shortened, started_as_saved, tell_line,
    unknown_baseline,
};
use crate::launch::Executable;
use crate::record::SideRecord;
use crate::resource::{PAIR_PROTOCOL, marker_of};
use crate::store::{BaselineName, BaselineStore, BaselineSummary};

/// What is held against what.
pub(super) struct Sides {
    pub(super) baseline: SideRecord,
    pub(super) candidate: SideRecord,
    /// Targets that both sides have.
    pub(super) pairs: Vec<Pair>,
    /// Executables of targets that the candidate does not have.
    pub(super) only_in_baseline: Vec<Executable>,
    /// Executables of targets that the baseline does not have.
    pub(super) only_in_candidate: Vec<Executable>,
    /// Nobody else uses the revision's tree as long as this lives.
    in_use: Option<Worktree>,
}

impl Sides {
    /// Builds what has to be built.
    pub(super) fn prepare(arguments: &GateArguments, results_dir: &Path) -> Result<Self, Failure> {
        match &arguments.against {
            Against::Executables(old, new) => Self::given(old, new),
            Against::Revision(revision) => Self::revision(revision, arguments, results_dir),
            Against::Baseline(name) => {
                let name = baseline_name(OsStr::new(name))?;
                Self::baseline(&name, arguments, results_dir)
            }
            Against::Either(name) => Self::either(name, arguments, results_dir),
        }
    }

    fn given(old: &Path, new: &Path) -> Result<Self, Failure> {
        let side = |path: &Path| SideRecord { name: shown(path), ..SideRecord::default() };
        let executable = |path: &Path| {
            speaks(path)?;
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            Ok::<_, Failure>(Executable { path, ..Executable::default() })
        };
        let pair = Pair { baseline: executable(old)?, candidate: executable(new)? };
        Ok(Self::of(side(old), side(new), vec![pair]))
    }

    /// A revision or a baseline, whichever there is.
    fn either(name: &str, arguments: &GateArguments, results_dir: &Path) -> Result<Self, Failure> {
        let known = BaselineStore::new(results_dir.to_owned()).names();
        let known = known.map_err(|error| Failure::new(error.to_string()))?;
        let baseline = known.iter().find(|summary| summary.name.as_str() == name);
        let repository = Repository::around(&arguments.cargo.folder());
        let revision = repository.and_then(|repository| repository.resolve(name));
        match (baseline, revision) {
            (Some(_), Ok(_)) => {
                Err(Failure::usage(format!("`{}` is a baseline and a revision", shortened(name)))
                    .help("say which: --baseline NAME or --rev REV"))
            }
            (Some(summary), Err(_)) => Self::baseline(&summary.name, arguments, results_dir),
            (None, Ok(_)) => Self::revision(name, arguments, results_dir),
            (None, Err(failure)) => Err(failure.detail(known_baselines(&known))),
        }
    }

    /// What is built now against the executables of a baseline.
    fn baseline(
        name: &BaselineName,
        arguments: &GateArguments,
        results_dir: &Path,
    ) -> Result<Self, Failure> {
        let store = BaselineStore::new(results_dir.to_owned());
        let known = store.names().map_err(|error| Failure::new(error.to_string()))?;
        if !known.iter().any(|summary| summary.name == *name) {
            return Err(unknown_baseline(name, &known).into());
        }
        let built = selected(&BuildRequest::here(arguments.cargo.clone()))?;
        let candidate = match Repository::around(&arguments.cargo.folder()) {
            Ok(repository) => working_tree(&repository)?,
            Err(_) => SideRecord { name: "working tree".to_owned(), ..SideRecord::default() },
        };
        let blank = SideRecord { name: name.to_string(), ..SideRecord::default() };
        let mut sides = Self::of(blank, candidate, Vec::new());
        for executable in &built {
            let found = find_baseline(&store, name, &executable.package, &executable.target)?;
            let Some(copy) = found.executable() else {
                return Err(Failure::new(format!(
                    "baseline {name} has no single executable for {}",
                    shortened(&executable.target)
                ))
                .help("save it anew, whole; or compare in the bench binary: --baseline NAME"));
            };
            copy.verify().map_err(|error| Failure::new(error.to_string()))?;
            speaks(&copy.path)?;
            sides.baseline = baseline_side(&found);
            sides
                .pairs
                .push(Pair { baseline: started_as_saved(copy), candidate: startable(executable) });
        }
        Ok(sides)
    }

    fn revision(
        revision: &str,
        arguments: &GateArguments,
        results_dir: &Path,
    ) -> Result<Self, Failure> {
        let folder = arguments.cargo.folder();
        let repository = Repository::around(&folder)?;
        let commit = repository.resolve(revision)?;
        let gate_dir = results_dir.join("gate");
        let worktree = Worktree::prepare(&repository, &commit, &gate_dir, || {
            tell_line!("waiting for another gate that builds {}", commit.short());
        })?;
        let flags = comparable_rustflags(&arguments.cargo)?;
        let request = |root: PathBuf, target_dir: PathBuf| BuildRequest {
            root,
            options: arguments.cargo.clone(),
            target_dir: Some(target_dir),
            rustflags: Some(flags.clone()),
        };
        let before = request(worktree.root.clone(), worktree.target_dir.clone());
        let after = request(folder, gate_dir.join("candidate"));
        tell_line!("building {} ({})", shortened(revision), commit.short());
        let old = selected(&before)?;
        tell_line!("building the working tree");
        let new = selected(&after)?;
        let baseline = SideRecord {
            name: revision.to_owned(),
            commit: Some(worktree.commit.hash().to_owned()),
            dirty: Some(false),
            runs: None,
        };
        let mut sides = Self::of(baseline, working_tree(&repository)?, Vec::new());
        sides.in_use = Some(worktree);
        for executable in &new {
            let same = |other: &&BenchExecutable| is_same_target(executable, other);
            match old.iter().find(same) {
                Some(other) => sides
                    .pairs
                    .push(Pair { baseline: startable(other), candidate: startable(executable) }),
                None => sides.only_in_candidate.push(startable(executable)),
            }
        }
        let gone = old.iter().filter(|other| !new.iter().any(|e| is_same_target(e, other)));
        sides.only_in_baseline.extend(gone.map(startable));
        Ok(sides)
    }

    fn of(baseline: SideRecord, candidate: SideRecord, pairs: Vec<Pair>) -> Self {
        Self {
            baseline,
            candidate,
            pairs,
            only_in_baseline: Vec::new(),
            only_in_candidate: Vec::new(),
            in_use: None,
        }
    }
}

/// What else could have been meant, for who named neither a revision nor a baseline.
fn known_baselines(known: &[BaselineSummary]) -> String {
    let names: Vec<&str> = known.iter().map(|summary| summary.name.as_str()).collect();
    format!(
        "known baselines: {}",
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    )
}

/// The working tree, with what is checked out in it.
fn working_tree(repository: &Repository) -> Result<SideRecord, Failure> {
    Ok(SideRecord {
        name: "working tree".to_owned(),
        commit: repository.resolve("HEAD").ok().map(|commit| commit.hash().to_owned()),
        dirty: Some(repository.is_dirty()?),
        runs: None,
    })
}

/// Builds, and leaves out targets that plain `cargo bench` leaves out.
fn selected(request: &BuildRequest) -> Result<Vec<BenchExecutable>, Failure> {
    let mut built = build(request)?;
    let named = !request.options.benches.is_empty();
    built.retain(|executable| executable.is_default || named);
    if built.is_empty() {
        return Err(none_found(request));
    }
    for executable in &built {
        speaks(&executable.path)?;
    }
    Ok(built)
}

/// Fails unless the executable can be one side of a comparison.
fn speaks(path: &Path) -> Result<(), Failure> {
    let marker = marker_of(path)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(path))))?;
    match marker {
        Some(marker) if marker.pair_protocol == PAIR_PROTOCOL => Ok(()),
        Some(marker) => Err(Failure::new(format!(
            "{} speaks version {} of the protocol of pairs, this command version {PAIR_PROTOCOL}",
            shown(path),
            marker.pair_protocol
        ))
        .help("use the cargo-hub-bench of the same version of bench-sdk, or `compare` on records")),
        None => Err(Failure::new(format!("{} holds no benches of this SDK", shown(path)))
            .help("a revision that has none, or an older version of it, can only be compared by its records: `compare`")),
    }
}

fn is_same_target(one: &BenchExecutable, other: &BenchExecutable) -> bool {
    (&one.package, &one.target) == (&other.package, &other.target)
}

/// How the executable is started as one side: as cargo would.
fn startable(executable: &BenchExecutable) -> Executable {
    let command = command_for(executable);
    let set =
        command.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    Executable {
        path: executable.path.clone(),
        working_dir: Some(executable.package_dir.clone()),
        variables: set.collect(),
    }
}
