//! Remarks on a run as a whole: what about the machine or the build may mislead.

use crate::record::{Environment, Mode, Note, RunHeader, Severity};

/// A load average above this share of the processors is somebody else's work.
const BUSY_SHARE: f64 = 0.5;
/// A hypervisor that keeps more than this share of the processors' time is worth a remark.
const STOLEN_SHARE: f64 = 0.02;
/// Governors that keep the frequency where it is.
const STEADY_GOVERNORS: [&str; 2] = ["performance", "userspace"];

/// All remarks on a run, as far as it has gone; most important first. A trial run has no figures to
/// be careful with.
pub(crate) fn run_notes(run: &RunHeader, environment: &Environment) -> Vec<Note> {
    if run.mode == Mode::Test {
        return Vec::new();
    }
    let throttled = throttled(environment);
    let is_told = throttled.is_some();
    let surroundings = [
        throttled,
        stolen(environment),
        busy_machine(environment),
        cpu_quota(environment, is_told),
        on_battery(environment),
        governor(environment),
        turbo(environment),
    ];
    let (mut warnings, mut remarks) = (Vec::new(), Vec::new());
    if !run.optimized {
        warnings.push(Note::warning(
            "unoptimised_build",
            "unoptimised build: these figures say nothing about a release build",
        ));
    }
    for mut note in surroundings.into_iter().flatten() {
        if note.severity == Severity::Warning && run.optimized {
            warnings.push(note);
        } else {
            // Next to an unoptimised build nothing else matters; it would only be read as if it did.
            note.severity = Severity::Remark;
            remarks.push(note);
        }
    }
    warnings.append(&mut remarks);
    warnings
}

fn throttled(environment: &Environment) -> Option<Note> {
    let cgroup = &environment.cgroup;
    let times = cgroup.throttled_at_end?.checked_sub(cgroup.throttled_at_start?)?;
    let waited = cgroup.throttled_ns.filter(|ns| *ns >= 1_000_000);
    let waited = waited.map_or_else(String::new, |ns| format!(", {} ms in all", ns / 1_000_000));
    let times = match times {
        0 => return None,
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    Some(Note::warning(
        "throttled",
        format!(
            "the quota of {} stopped the run {times}{waited}: raise it, or use fewer threads",
            processors(cgroup.cpu_quota)
        ),
    ))
}

/// A quota is a warning where it must hurt; that it did is told by the note on throttling.
fn cpu_quota(environment: &Environment, is_told: bool) -> Option<Note> {
    let quota = environment.cgroup.cpu_quota?;
    let text = format!("the control group has a quota of {}", processors(Some(quota)));
    Some(if quota < 1.0 && !is_told {
        let advice = "even one thread is stopped again and again; ask for one at least";
        Note::warning("cpu_quota", format!("{text}: {advice}"))
    } else {
        Note::remark("cpu_quota", format!("{text}: more busy threads than that are stopped"))
    })
}

fn processors(quota: Option<f64>) -> String {
    match quota {
        None => "its control group".to_owned(),
        Some(quota) => {
            let number = (quota * 100.0).round() / 100.0;
            format!("{number} processor{}", if number <= 1.0 { "" } else { "s" })
        }
    }
}

fn stolen(environment: &Environment) -> Option<Note> {
    let share = environment.stolen.filter(|share| *share > STOLEN_SHARE)?;
    Some(Note::warning(
        "stolen",
        format!(
            "the hypervisor gave {:.0} % of the processors' time to others; repeat when the host \
             is quieter",
            share * 100.0
        ),
    ))
}

/// The load average alone would accuse the compiler that has just ended, and the tasks of one
/// moment alone a passing one: both have to say so.
fn busy_machine(environment: &Environment) -> Option<Note> {
    let processors = environment.topology.processors.or(environment.cpus)?;
    let load = environment.load_average?;
    let is_high = load > BUSY_SHARE * f64::from(processors);
    (is_high && environment.other_tasks? > 0).then(|| {
        let noun = if processors == 1 { "processor" } else { "processors" };
        Note::warning(
            "busy_machine",
            format!(
                "another busy process: the load average was {load:.1} on {processors} {noun} when \
                 the run started; repeat when the machine is idle"
            ),
        )
    })
}

fn on_battery(environment: &Environment) -> Option<Note> {
    (environment.power_source.as_deref() == Some("battery")).then(|| {
        Note::warning("on_battery", "on battery power clocks are lower, and change; plug it in")
    })
}

fn governor(environment: &Environment) -> Option<Note> {
    let governor = environment.governor.as_deref()?;
    (!STEADY_GOVERNORS.contains(&governor)).then(|| {
        Note::warning(
            "governor",
            format!(
                "the governor `{governor}` changes the clock under load; steadier: `sudo cpupower \
                 frequency-set -g performance`"
            ),
        )
    })
}

fn turbo(environment: &Environment) -> Option<Note> {
    (environment.frequency.turbo == Some(true)).then(|| {
        Note::remark("turbo", "turbo is on: the clock depends on heat and on how many cores work")
    })
}

#[cfg(test)]
#[path = "run_notes_tests.rs"]
mod tests;
