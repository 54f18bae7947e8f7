//! `doctor --calibrate`: kernels of the command's own, compared with themselves.

use std::io::IsTerminal;
use std::rc::Rc;
use std::time::Duration;

use super::calibration::{Seen, summary};
use super::calibration_text::render;
use super::failure::Failure;
use super::kernels::KERNELS;
use super::main::printed;
use crate::clock::{Stopwatch, TimerSpec, calibrate as calibrate_clock, utc_now};
use crate::harness::{Exit, Surroundings, called_from, tell, tell_line};
use crate::launch::{Executable, PairLauncher};
use crate::record::{CaseId, Rules, Verdict, metric_name, units};
use crate::report::Fanout;
use crate::resource::{Likeness, environment, watch_interrupts};
use crate::runner::{PairedCase, PairedOutcome, PairedSession, fresh_seed};
use crate::stats::Rng;
use crate::store::RunStore;

/// Time that is spent if nothing else is asked for.
pub(super) const USUAL: Duration = Duration::from_secs(60);
/// Rounds of all kernels that are made whatever the budget says: fewer do not tell how runs vary.
const FEWEST_ROUNDS: usize = 3;
/// Rounds that a budget is shared out to.
const USUAL_ROUNDS: u32 = 5;
/// The least and the most time of one comparison.
const LEAST: Duration = Duration::from_millis(300);
const MOST: Duration = Duration::from_secs(2);
/// With fewer launches a comparison tells nothing and is made again, with twice the time; so often
/// at most.
const FEWEST_LAUNCHES: usize = 3;
const TRIES: u32 = 5;
/// Deadline of a batch, and of setting up.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Calibrates for about that long; keeps and shows what was found.
pub(super) fn calibrate(budget: Duration) -> Result<Exit, Failure> {
    let store = RunStore::new(Surroundings::read()?.results_dir);
    // Two processes that measure at once would measure each other.
    let lock = store.measuring_lock(|| {
        tell_line!("waiting for another run that measures with {}", store.shown());
    });
    let _lock = lock.map_err(|error| Failure::new(error.to_string()))?;
    watch_interrupts();
    let mut study = Study::new(&store, budget)?;
    let watch = Stopwatch::start();
    let measured = study.carry_out(budget, &watch);
    study.tell("");
    measured?;
    let noise = summary(&study.seen, watch.elapsed_ns() as u64);
    let Some(mut noise) = noise else {
        return Err(Failure::new("the kernels did not run often enough to tell how runs vary")
            .help("give it more time: cargo hub-bench doctor --calibrate --budget 2min"));
    };
    noise.measured_at = utc_now().rfc3339();
    noise.cpu = environment(None, None, false).cpu;
    let path = store.save_noise(&noise).map_err(|error| Failure::new(error.to_string()))?;
    let path = path.strip_prefix(called_from()).unwrap_or(&path).to_owned();
    Ok(printed(&format!("{}\nkept in {}\n", render(&noise), super::build::shown(&path))))
}

/// Comparisons on their way.
struct Study {
    executables: Rc<[Executable; 2]>,
    timer: TimerSpec,
    scratch: std::path::PathBuf,
    rng: Rng,
    rules: Rules,
    is_terminal: bool,
    seen: Vec<Seen>,
}

impl Study {
    fn new(store: &RunStore, budget: Duration) -> Result<Self, Failure> {
        let path = std::env::current_exe()
            .map_err(|error| Failure::new(format!("this executable cannot be found: {error}")))?;
        let side = Executable { path, ..Executable::default() };
        let share = (budget / (KERNELS.len() as u32 * USUAL_ROUNDS)).clamp(LEAST, MOST);
        Ok(Self {
            executables: Rc::new([side.clone(), side]),
            timer: calibrate_clock(),
            scratch: store.scratch().map_err(|error| Failure::new(error.to_string()))?,
            rng: Rng::new(fresh_seed()),
            rules: Rules { budget_ns: share.as_nanos() as u64, ..Rules::default() },
            is_terminal: std::io::stderr().is_terminal(),
            seen: Vec::new(),
        })
    }

    /// Compares every kernel in turn until the time is spent.
    fn carry_out(&mut self, budget: Duration, watch: &Stopwatch) -> Result<(), Failure> {
        for round in 0.. {
            for (kernel, (name, _)) in KERNELS.iter().enumerate() {
                if round >= FEWEST_ROUNDS && watch.elapsed() >= budget {
                    return Ok(());
                }
                let spent = units::duration(watch.elapsed().as_secs_f64());
                let of = units::duration(budget.as_secs_f64());
                self.tell(&format!("calibrating  {name}, {spent} of {of}"));
                let mut seen = self.compare(kernel, round)?;
                for _ in 1..TRIES {
                    // Starting took all the time there was.
                    if seen.taken.differences.len() < FEWEST_LAUNCHES {
                        self.rules.budget_ns = self.rules.budget_ns.saturating_mul(2);
                        seen = self.compare(kernel, round)?;
                    }
                }
                self.seen.push(seen);
            }
        }
        Ok(())
    }

    /// Compares a kernel with itself, as `gate` compares a case.
    fn compare(&mut self, kernel: usize, round: usize) -> Result<Seen, Failure> {
        let seed = self.rng.next_u64();
        let case = PairedCase {
            id: CaseId::from(KERNELS[kernel].0.to_owned()),
            executables: Rc::clone(&self.executables),
            likeness: Likeness::Identical,
            code_changed: false,
            timeout: TIMEOUT,
        };
        let session = PairedSession {
            launcher: PairLauncher::new(self.timer, seed, false, self.scratch.clone()),
            cases: vec![case],
            rules: self.rules,
            seed,
            measure_identical: true,
            instructions: false,
            reporters: &mut Fanout::new(),
        };
        seen(session.run(), kernel, round)
    }

    /// Draws the line that says how far it is; an empty one clears it.
    fn tell(&self, line: &str) {
        if self.is_terminal {
            tell(format_args!("\r\x1b[K{line}"));
        }
    }
}

/// What is kept of a comparison; why it cannot be, if it broke.
fn seen(mut outcome: PairedOutcome, kernel: usize, round: usize) -> Result<Seen, Failure> {
    if outcome.interrupted {
        return Err(Failure::new("interrupted: what was known of this machine's noise stays"));
    }
    if let Some(why) = outcome.failed {
        return Err(Failure::new(why));
    }
    if let Some(broken) = outcome.broken.first() {
        let why = crate::harness::shortened(&broken.message);
        return Err(Failure::new(format!("the kernel `{}` broke: {why}", broken.id.as_str())));
    }
    let is_call = |verdict| matches!(verdict, Verdict::Regressed | Verdict::Improved);
    let is_equivalent = |verdict| verdict == Verdict::Equivalent;
    let mut times = outcome.comparisons.iter().filter(|c| c.metric == metric_name::TIME);
    Ok(Seen {
        kernel,
        round,
        alarm: outcome.comparisons.iter().any(|comparison| is_call(comparison.verdict)),
        equivalent: times.any(|comparison| is_equivalent(comparison.verdict)),
        taken: outcome.taken.pop().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BrokenCase;

    #[test]
    fn what_broke_is_told_and_not_counted() {
        let told = |outcome| seen(outcome, 0, 0).err().map(|failure| failure.to_string());
        let broken = BrokenCase {
            id: CaseId::from("walk".to_owned()),
            side: crate::record::Side::Baseline,
            message: "killed\u{1b}[31m".to_owned(),
        };
        let outcome = PairedOutcome { broken: vec![broken], ..PairedOutcome::default() };
        assert!(told(outcome).is_some_and(|text| {
            text.contains("the kernel `walk` broke: killed") && !text.contains('\u{1b}')
        }));
        let outcome = PairedOutcome { interrupted: true, ..PairedOutcome::default() };
        assert!(told(outcome).is_some_and(|text| text.contains("interrupted")));
    }
}
