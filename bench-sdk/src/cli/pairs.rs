//! Which cases of two executables belong together.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

use crate::launch::Executable;
use crate::record::CaseId;
use crate::report::escape;
use crate::resource::likeness;
use crate::runner::PairedCase;

/// Both sides of one bench target.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) baseline: Executable,
    pub(super) candidate: Executable,
}

/// Cases that can be compared, and those that cannot.
#[derive(Debug, Default)]
pub(super) struct Paired {
    pub(super) cases: Vec<PairedCase>,
    pub(super) only_in_baseline: Vec<CaseId>,
    pub(super) only_in_candidate: Vec<CaseId>,
}

impl Paired {
    /// Adds the cases of both executables that the filters select.
    pub(super) fn add(
        &mut self,
        pair: Pair,
        filters: &[OsString],
        timeout: Duration,
    ) -> Result<(), String> {
        let before = listed(&pair.baseline, filters)?;
        let mut after = listed(&pair.candidate, filters)?;
        let likeness = likeness(&pair.baseline.path, &pair.candidate.path)
            .map_err(|error| format!("failed to compare the executables: {error}"))?;
        let executables = Rc::new([pair.baseline, pair.candidate]);
        for (id, hash) in before {
            match after.remove(&id) {
                None => self.only_in_baseline.push(CaseId::from(id)),
                Some(new_hash) => self.cases.push(PairedCase {
                    id: CaseId::from(id),
                    executables: Rc::clone(&executables),
                    likeness,
                    code_changed: differ(hash.as_deref(), new_hash.as_deref()),
                    timeout,
                }),
            }
        }
        self.only_in_candidate.extend(after.into_keys().map(CaseId::from));
        Ok(())
    }
}

/// Ids of the cases of an executable, each with the hash of its benchmark's code if that is told.
pub(super) fn listed(
    executable: &Executable,
    filters: &[OsString],
) -> Result<BTreeMap<String, Option<String>>, String> {
    let shown = escape(&executable.path.display().to_string());
    let mut command = Command::new(&executable.path);
    command
        .args(["--list", "--format", "json"])
        .args(filters)
        .envs(executable.variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    if let Some(folder) = &executable.working_dir {
        command.current_dir(folder);
    }
    let output = command.output().map_err(|error| format!("failed to start {shown}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{shown} does not list its cases: it ended with {}", output.status));
    }
    let list: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{shown} does not list its cases as JSON: {error}"))?;
    let cases = list["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let case = |case: &Value| {
        // What does not run by default is not compared.
        let id = case["id"].as_str().filter(|_| case["ignored"].is_null())?;
        Some((id.to_owned(), case["code_hash"].as_str().map(str::to_owned)))
    };
    Ok(cases.iter().filter_map(case).collect())
}

/// Whether both hashes are known and differ.
fn differ(one: Option<&str>, other: Option<&str>) -> bool {
    let known = |hash: &&str| !hash.is_empty() && hash.chars().any(|c| c != '0');
    matches!((one.filter(known), other.filter(known)), (Some(one), Some(other)) if one != other)
}
