//! What of the machine has changed since it was looked at last.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::build::shown;
use super::failure::Failure;
use crate::record::{Environment, indented_json};
use crate::store::write_atomically;

/// Number of the layout of `doctor.json`.
const SCHEMA: u32 = 1;

/// What a check of the machine has found, as kept in `doctor.json` of the results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Check {
    schema: u32,
    /// When, in UTC.
    checked_at: String,
    /// What should stay the same, by name.
    facts: BTreeMap<String, String>,
}

impl Check {
    /// Of a machine that was looked at now.
    pub(super) fn new(environment: &Environment, checked_at: String) -> Self {
        Self { schema: SCHEMA, checked_at, facts: facts(environment) }
    }

    /// Reads the former one; none where the machine was not looked at yet. An error says why what is
    /// there cannot be compared with.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, String> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{} cannot be read: {error}", shown(file))),
        };
        let check: Self = serde_json::from_str(&text)
            .map_err(|error| format!("{} is damaged: {error}", shown(file)))?;
        if check.schema > SCHEMA {
            return Err(format!("{} was written by a later version", shown(file)));
        }
        Ok(Some(check))
    }

    /// Keeps it for the next.
    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        let failed =
            |error: String| Failure::new(format!("failed to write {}: {error}", shown(file)));
        let text = indented_json(self).map_err(|error| failed(error.to_string()))?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        }
        write_atomically(file, text.as_bytes()).map_err(|error| failed(error.to_string()))
    }

    /// What differs from a former check, a line each.
    pub(super) fn changes(&self, before: &Self) -> Vec<String> {
        let mut names: Vec<&String> = before.facts.keys().chain(self.facts.keys()).collect();
        names.sort();
        names.dedup();
        let told = |check: &Self, name: &String| match check.facts.get(name) {
            Some(value) => crate::harness::shortened(value),
            None => "not known".to_owned(),
        };
        let changed =
            names.into_iter().filter(|name| self.facts.get(*name) != before.facts.get(*name));
        changed
            .map(|name| format!("{name}: {} → {}", told(before, name), told(self, name)))
            .collect()
    }

    /// When it was.
    pub(super) fn checked_at(&self) -> &str {
        &self.checked_at
    }
}

/// What should stay the same from one check to the next.
fn facts(environment: &Environment) -> BTreeMap<String, String> {
    let number = |value: Option<u64>| value.map(|value| value.to_string());
    let all = [
        ("processor", environment.cpu.clone()),
        ("processors", number(environment.cpus.map(u64::from))),
        ("cores", number(environment.topology.cores.map(u64::from))),
        ("multithreading", environment.topology.smt.clone()),
        ("memory in bytes", number(environment.memory_bytes)),
        ("kernel", environment.kernel.clone()),
        ("hypervisor", environment.hypervisor.clone()),
        ("container", environment.container.clone()),
        ("governor", environment.governor.clone()),
        ("turbo", environment.frequency.turbo.map(|on| if on { "on" } else { "off" }.to_owned())),
        ("lowest frequency in Hz", number(environment.frequency.min_hz)),
        ("highest frequency in Hz", number(environment.frequency.max_hz)),
        ("quota in processors", environment.cgroup.cpu_quota.map(|quota| quota.to_string())),
        ("processors of the group", environment.cgroup.cpuset.clone()),
        ("power", environment.power_source.clone()),
        ("clock", environment.clock.as_ref().map(|clock| clock.source.clone())),
    ];
    let known = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_named() {
        let before = Environment {
            kernel: Some("6.1".to_owned()),
            governor: Some("powersave".to_owned()),
            load_average: Some(0.1),
            ..Environment::default()
        };
        let now = Environment {
            kernel: Some("6.2".to_owned()),
            governor: None,
            load_average: Some(3.0),
            cpus: Some(2),
            ..Environment::default()
        };
        let check = |environment| Check::new(environment, "2026-01-01T12:00:00Z".to_owned());
        assert_eq!(
            check(&now).changes(&check(&before)),
            ["governor: powersave → not known", "kernel: 6.1 → 6.2", "processors: not known → 2"]
        );
        assert!(check(&now).changes(&check(&now)).is_empty());
    }
}
