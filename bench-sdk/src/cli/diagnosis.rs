//! What is known of a machine, point by point, and what each point means for measurements.

use std::fmt::Write;

use crate::analysis::run_notes;
use crate::record::{Environment, Mode, Note, RunHeader};
use crate::report::escape;
use crate::runner::{HeaderParts, new_header};

/// Characters of a line, the first two columns left out.
const LINE: usize = 77;

/// How a point stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Fine,
    Disturbs,
    Unknown,
}

/// One thing that measurements depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// What was found.
    pub(super) finding: String,
    /// Why it matters.
    why: &'static str,
    /// What to do if it disturbs.
    remedy: &'static str,
}

/// What to look at.
struct Aspect {
    name: &'static str,
    why: &'static str,
    remedy: &'static str,
    /// Codes of the notes that say that it disturbs.
    notes: &'static [&'static str],
    /// Name of the field, where the record says why it is missing.
    field: &'static str,
    /// What is found where all is well; `None` where it is not known.
    value: fn(&Environment) -> Option<String>,
}

const ASPECTS: [Aspect; 8] = [
    Aspect {
        name: "governor",
        why: "it changes the clock, and every time with it, by up to several times",
        remedy: "`cargo hub-bench doctor --apply`, or `sudo cpupower frequency-set -g performance`",
        notes: &["governor"],
        field: "governor",
        value: |environment| environment.governor.clone(),
    },
    Aspect {
        name: "turbo",
        why: "a clock that depends on heat makes the first benchmarks faster than the last",
        remedy: "`cargo hub-bench doctor --apply` turns it off while measuring",
        notes: &["turbo"],
        field: "frequency.turbo",
        value: |environment| {
            environment.frequency.turbo.map(|on| if on { "on" } else { "off" }.to_owned())
        },
    },
    Aspect {
        name: "load",
        why: "other processes take the processor and what is in its caches",
        remedy: "end them, or measure when the machine is idle",
        notes: &["busy_machine"],
        field: "load_average",
        value: |environment| {
            environment.load_average.map(|load| format!("{load:.2} over one minute"))
        },
    },
    Aspect {
        name: "quota",
        why: "a control group at its quota is stopped for tens of milliseconds at once",
        remedy: "raise the quota of the container, or use fewer threads",
        notes: &["throttled", "cpu_quota"],
        field: "cgroup.cpu_quota",
        value: |_| Some("none".to_owned()),
    },
    Aspect {
        name: "stolen",
        why: "what the hypervisor gives to other guests is missing here, at moments nobody tells",
        remedy: "measure when the host is quieter, on a dedicated one, or with `--baseline`",
        notes: &["stolen"],
        field: "stolen",
        value: |environment| {
            environment.stolen.map(|share| format!("{:.1} % of the time", share * 100.0))
        },
    },
    Aspect {
        name: "power",
        why: "on battery power clocks are lower, and fall further as it empties",
        remedy: "plug it in",
        notes: &["on_battery"],
        field: "power_source",
        value: |environment| environment.power_source.clone(),
    },
    Aspect {
        name: "siblings",
        why: "two threads of one core slow each other down, by a third and more",
        remedy: "leave the other thread idle, or `echo off | sudo tee \
                 /sys/devices/system/cpu/smt/control`",
        notes: &[],
        field: "topology.threads_per_core",
        value: |environment| match environment.topology.threads_per_core? {
            1 => Some("one thread a core".to_owned()),
            _ => None,
        },
    },
    Aspect {
        name: "clock",
        why: "what takes longer to read than the benchmark takes is no clock for it",
        remedy: "the kernel distrusts the processor's counter: see `dmesg` for `tsc`",
        notes: &[],
        field: "clock",
        value: |environment| {
            let clock = environment.clock.as_ref().filter(|clock| clock.source == "tsc")?;
            Some(format!("{} read in {:.0} ns", clock.source, clock.cost_ns))
        },
    },
];

/// All points; `callgrind` says whether instructions can be counted.
pub(super) fn points(environment: &Environment, callgrind: Result<(), String>) -> Vec<Point> {
    let notes = run_notes(&header(), environment);
    let mut points: Vec<Point> =
        ASPECTS.iter().map(|aspect| point(aspect, environment, &notes)).collect();
    let (state, finding) = match callgrind {
        Ok(()) => (State::Fine, "Callgrind is there".to_owned()),
        Err(why) => (State::Unknown, why),
    };
    points.push(Point {
        name: "instructions",
        state,
        finding,
        why: "exact counts (`--instructions`) tell a change from noise on any machine",
        remedy: "",
    });
    points
}

fn point(aspect: &Aspect, environment: &Environment, notes: &[Note]) -> Point {
    let note = notes.iter().find(|note| aspect.notes.contains(&note.code.as_str()));
    let (state, finding) = match (note, (aspect.value)(environment)) {
        (Some(note), _) => (State::Disturbs, note.text.clone()),
        (None, Some(value)) => (State::Fine, value),
        (None, None) => {
            match (environment.absent.get(aspect.field), disturbing(aspect, environment)) {
                (_, Some(finding)) => (State::Disturbs, finding),
                (Some(reason), None) => (State::Unknown, reason.clone()),
                (None, None) => (State::Unknown, "not told here".to_owned()),
            }
        }
    };
    let Aspect { name, why, remedy, .. } = *aspect;
    Point { name, state, finding, why, remedy }
}

/// What disturbs and has no note of its own, since a run can do nothing about it.
fn disturbing(aspect: &Aspect, environment: &Environment) -> Option<String> {
    match aspect.name {
        "siblings" => {
            let threads = environment.topology.threads_per_core?;
            Some(format!("{threads} threads a core"))
        }
        "clock" => {
            let clock = environment.clock.as_ref()?;
            Some(format!("`{}`, {:.0} ns for each reading", clock.source, clock.cost_ns))
        }
        _ => None,
    }
}

/// The head of a run that would be measured here.
fn header() -> RunHeader {
    new_header(HeaderParts {
        mode: Mode::Full,
        seed: Some(0),
        launches: 1,
        optimized: true,
        package: String::new(),
        target: String::new(),
        partition: None,
    })
}

/// The report; `can_be_set` is how many switches `--apply` would set.
pub(super) fn render(environment: &Environment, points: &[Point], can_be_set: usize) -> String {
    let mut text = format!("doctor   {}\n\n", machine(environment));
    for point in points {
        let state = match point.state {
            State::Fine => "fine",
            State::Disturbs => "disturbs",
            State::Unknown => "unknown",
        };
        let mut lines = wrapped(&escape(&point.finding));
        if point.state != State::Fine {
            lines.extend(wrapped(&format!("why: {}", point.why)));
        }
        if point.state == State::Disturbs {
            lines.extend(wrapped(&format!("do: {}", point.remedy)));
        }
        for (at, line) in lines.iter().enumerate() {
            let (state, name) = if at == 0 { (state, point.name) } else { ("", "") };
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{state:<9}{name:<14}{line}");
        }
    }
    let disturbing = points.iter().filter(|point| point.state == State::Disturbs).count();
    let _ = writeln!(text, "\n{disturbing} of {} points disturb measurements here", points.len());
    if can_be_set > 0 {
        let noun = if can_be_set == 1 { "switch" } else { "switches" };
        let _ = writeln!(text, "`--apply` would set {can_be_set} {noun} while you measure");
    }
    text
}

/// The text in lines that fit beside the first two columns.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn machine(environment: &Environment) -> String {
    let mut parts = vec![environment.cpu.clone().unwrap_or_else(|| "unknown processor".to_owned())];
    if let Some(cpus) = environment.cpus {
        parts.push(format!("{cpus} {}", if cpus == 1 { "processor" } else { "processors" }));
    }
    match &environment.hypervisor {
        Some(name) => parts.push(format!("virtual machine ({name})")),
        None if environment.virtual_machine == Some(true) => {
            parts.push("virtual machine".to_owned());
        }
        None => {}
    }
    parts.extend(environment.container.as_ref().map(|kind| format!("in {kind}")));
    parts.extend(environment.kernel.as_ref().map(|kernel| format!("kernel {kernel}")));
    escape(&parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ClockRecord, Frequency, Topology};

    fn environment() -> Environment {
        let mut environment = Environment {
            cpu: Some("AMD EPYC".to_owned()),
            cpus: Some(2),
            governor: Some("powersave".to_owned()),
            frequency: Frequency { turbo: Some(false), ..Frequency::default() },
            load_average: Some(0.125),
            topology: Topology { threads_per_core: Some(2), ..Topology::default() },
            clock: Some(ClockRecord { source: "tsc".to_owned(), precision_ns: 0.4, cost_ns: 18.0 }),
            ..Environment::default()
        };
        environment.absent.insert("power_source".to_owned(), "no supply is listed".to_owned());
        environment
    }

    #[test]
    fn every_point_says_how_it_stands() {
        let points = points(&environment(), Err("no valgrind".to_owned()));
        let state = |name: &str| {
            let point = points.iter().find(|point| point.name == name);
            point.map(|point| (point.state, point.finding.as_str()))
        };
        assert!(state("governor").is_some_and(|(state, text)| {
            state == State::Disturbs && text.contains("`powersave`")
        }));
        assert_eq!(state("turbo"), Some((State::Fine, "off")));
        assert_eq!(state("load"), Some((State::Fine, "0.12 over one minute")));
        assert_eq!(state("quota"), Some((State::Fine, "none")));
        assert_eq!(state("stolen"), Some((State::Unknown, "not told here")));
        assert_eq!(state("power"), Some((State::Unknown, "no supply is listed")));
        assert_eq!(state("siblings"), Some((State::Disturbs, "2 threads a core")));
        assert_eq!(state("clock"), Some((State::Fine, "tsc read in 18 ns")));
        assert_eq!(state("instructions"), Some((State::Unknown, "no valgrind")));
    }

    #[test]
    fn the_report_has_the_reason_and_the_remedy() {
        let mut environment = environment();
        environment.topology.threads_per_core = Some(1);
        let points = points(&environment, Ok(()));
        let text = render(&environment, &points[..2], 1);
        assert_eq!(
            text,
            "\
doctor   AMD EPYC · 2 processors

disturbs governor      the governor `powersave` changes the clock under load; steadier: `sudo
                       cpupower frequency-set -g performance`
                       why: it changes the clock, and every time with it, by up to several times
                       do: `cargo hub-bench doctor --apply`, or `sudo cpupower frequency-set -g
                       performance`
fine     turbo         off

1 of 2 points disturb measurements here
`--apply` would set 1 switch while you measure
"
        );
    }
}
