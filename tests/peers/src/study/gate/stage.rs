//! The executables, their copies, and comparisons of them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::judge::{Judged, judged};
use super::peers;
use super::spinner::Spinner;
use super::trial::{Call, Judge, Setting, Trial};
use crate::chance::Chance;
use crate::failure::{Context, Failure, Result};
use crate::figures::rounded;
use crate::fixture::{AMOUNT, MARKER, gated};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::listed_ids;
use crate::process::{run, run_to};

/// Exit codes of the gate that are answers: nothing, and regressed.
const ANSWERS: [i32; 2] = [0, 3];

/// A comparison of many cases of which none differs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SuiteTrial {
    pub(crate) cases: usize,
    pub(crate) start: usize,
    pub(crate) seconds: f64,
    /// Cases, or other metrics of them, that were called different.
    pub(crate) alarms: usize,
    pub(crate) equivalent: usize,
}

/// Two builds of a bench target.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    pub(super) baseline: PathBuf,
    pub(super) candidate: PathBuf,
}

/// Everything that is needed to compare.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) package: Package,
    /// `cargo-hub-bench`.
    command: PathBuf,
    /// By bench target.
    executables: BTreeMap<&'static str, PathBuf>,
    /// Full ids of the cases, by kernel.
    ids: BTreeMap<String, String>,
    copies: PathBuf,
    pub(super) results: PathBuf,
    /// Most time for one case: compared alone, and among others.
    budgets: [&'static str; 2],
    start: usize,
}

impl Stage {
    /// Builds the command and the bench targets; starts are counted on from that number.
    pub(super) fn build(ground: &Ground, is_quick: bool, start: usize) -> Result<Self> {
        let package = gated(ground)?;
        let mut executables = BTreeMap::new();
        for target in ["kinds", "suite", "criterion_peer", "divan_peer", "tango_peer"] {
            executables.insert(target, package.bench_executable(target, &[])?);
        }
        let listed =
            run(package.start(&executables["kinds"]).args(["--list", "--format", "json"]))?;
        let short = |id: &str| id.rsplit("::").next().unwrap_or(id).to_owned();
        let ids = listed_ids(&listed.stdout)?.into_iter().map(|id| (short(&id), id)).collect();
        Ok(Self {
            package,
            command: ground.command()?,
            executables,
            ids,
            copies: ground.work.join("copies"),
            results: ground.work.join("results/gate"),
            budgets: if is_quick { ["500ms", "100ms"] } else { ["10s", "2s"] },
            start,
        })
    }

    /// Forgets all copies, so that they are made anew.
    pub(super) fn start_anew(&mut self) -> Result<()> {
        self.start += 1;
        empty_folder(&self.results)?;
        empty_folder(&self.copies)
    }

    /// Carries a comparison out, with the copies in a random order.
    pub(super) fn compare(&self, setting: &Setting, chance: &mut Chance) -> Result<Trial> {
        let swapped = chance.below(2) == 1;
        let target = match setting.judge {
            Judge::Own => "kinds",
            Judge::Criterion => "criterion_peer",
            Judge::Divan => "divan_peer",
            Judge::Tango => "tango_peer",
        };
        let sides = self.sides(target, setting.effect_percent, swapped)?;
        let _spinner = setting.spinner.map(Spinner::on).transpose()?;
        let trial = |call, seconds| Trial {
            setting: setting.clone(),
            start: self.start,
            swapped,
            call,
            other_alarms: 0,
            seconds,
            found: None,
        };
        if setting.judge != Judge::Own {
            let (call, seconds) = peers::compare(self, setting, &sides, chance)?;
            return Ok(trial(call, rounded(seconds)));
        }
        let id = self.ids.get(&setting.kernel);
        let id = id.context(|| format!("no case is called `{}`", setting.kernel))?;
        let found = self.gate(&sides, setting.minimum_percent, Some(id), chance)?;
        let [(call, details)] = found.times[..] else {
            return Err(Failure::new(format!("`{id}` was judged {} times", found.times.len())));
        };
        let seconds = found.seconds;
        let other_alarms = found.other_alarms;
        Ok(Trial { other_alarms, found: Some(details), ..trial(call, seconds) })
    }

    /// Compares all cases of a bench target with themselves.
    pub(super) fn suite(&self, target: &'static str, chance: &mut Chance) -> Result<SuiteTrial> {
        let sides = self.sides(target, 0.0, chance.below(2) == 1)?;
        let found = self.gate(&sides, 1.0, None, chance)?;
        let count = |is: fn(Call) -> bool| found.times.iter().filter(|(call, _)| is(*call)).count();
        Ok(SuiteTrial {
            cases: found.times.len(),
            start: self.start,
            seconds: found.seconds,
            alarms: count(Call::is_alarm) + found.other_alarms,
            equivalent: count(|call| call == Call::Equivalent),
        })
    }

    fn gate(
        &self,
        sides: &Sides,
        minimum_percent: f64,
        id: Option<&str>,
        chance: &mut Chance,
    ) -> Result<Judged> {
        let mut command = self.package.start(&self.command);
        command.env("HUB_BENCH_DIR", &self.results);
        command.arg("gate").arg("--executables").arg(&sides.baseline).arg(&sides.candidate);
        let budget = self.budgets[usize::from(id.is_none())];
        command.args(["--measure-identical", "--output-format", "json", "--budget", budget]);
        command.args(["--minimum-effect", &format!("{minimum_percent}%")]);
        command.args(["--seed", &(chance.next() >> 32).to_string()]);
        if let Some(id) = id {
            command.args(["--", "--exact", id]);
        }
        judged(&run_to(&mut command, &ANSWERS)?.stdout)
    }

    /// Two copies, of which the candidate does so much more.
    fn sides(&self, target: &'static str, effect_percent: f64, swapped: bool) -> Result<Sides> {
        let more = (AMOUNT as f64 * (1.0 + effect_percent / 100.0)).round() as u64;
        let [baseline, candidate] = if swapped { [1, 0] } else { [0, 1] };
        Ok(Sides {
            baseline: self.copy(target, baseline, AMOUNT)?,
            candidate: self.copy(target, candidate, more)?,
        })
    }

    /// The copy of that number with that amount in it; made where it is not there.
    fn copy(&self, target: &'static str, number: usize, amount: u64) -> Result<PathBuf> {
        let folder = self.copies.join(format!("{number}-{amount}"));
        let path = folder.join(target);
        if path.exists() {
            return Ok(path);
        }
        let from = self.executables.get(target).context(|| format!("`{target}` was not built"))?;
        let bytes = fs::read(from).context(|| format!("reading {}", from.display()))?;
        let bytes = patched(bytes, amount).context(|| from.display().to_string())?;
        let write = || {
            fs::create_dir_all(&folder)?;
            fs::write(&path, bytes)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
        };
        write().context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}

/// The executable with that amount behind the marker, which must be there once.
fn patched(mut bytes: Vec<u8>, amount: u64) -> Result<Vec<u8>> {
    let places: Vec<usize> = (0..bytes.len().saturating_sub(MARKER.len() + 7))
        .filter(|at| bytes[*at] == MARKER[0] && bytes[*at..].starts_with(MARKER))
        .collect();
    let [place] = places[..] else {
        return Err(Failure::new(format!("the marker is there {} times", places.len())));
    };
    let number = place + MARKER.len();
    bytes[number..number + 8].copy_from_slice(&amount.to_le_bytes());
    Ok(bytes)
}

/// Where a tool that keeps results may do so, with nothing there yet.
pub(super) fn fresh_home(results: &Path) -> Result<PathBuf> {
    let home = results.join("peer");
    empty_folder(&home)?;
    Ok(home)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_number_behind_the_marker_is_replaced() {
        let built = [b"code", MARKER, &1000_u64.to_le_bytes(), b"more"].concat();
        let patched_ones = patched(built.clone(), 1005).unwrap();
        assert_eq!(patched_ones, [b"code", MARKER, &1005_u64.to_le_bytes(), b"more"].concat());
        assert!(patched([built.clone(), built].concat(), 1).is_err());
        assert!(patched(b"nothing".to_vec(), 1).is_err());
    }
}
