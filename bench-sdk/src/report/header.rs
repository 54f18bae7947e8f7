//! The first line of a run: what was run, how, and on what.

use super::escape::{cut, escape, width};
use crate::record::{Environment, Mode, RunHeader, RunRecord};

/// `hub · 31 cases in 4 crates · 8 launches · AMD EPYC 2 cores · rustc 1.95 release`; parts that do
/// not fit are left out from the right.
pub(crate) fn header_line(record: &RunRecord, columns: usize) -> String {
    let run = &record.run;
    let name = [&run.target, &run.package].into_iter().find(|name| !name.is_empty());
    let mut parts = vec![name.map_or_else(|| "bench".to_owned(), |name| escape(name))];
    parts.push(selection(record));
    if !record.cases.is_empty() {
        parts.push(effort(run));
        parts.extend(machine(&record.environment));
        parts.extend(compiler(&record.environment, run.optimized));
    }

    let mut line = String::new();
    for part in parts {
        let joint = if line.is_empty() { "" } else { " · " };
        if !line.is_empty() && width(&line) + width(joint) + width(&part) > columns {
            break;
        }
        line.push_str(joint);
        line.push_str(&part);
    }
    cut(&line, columns)
}

/// `1 case`, `2 cases`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn selection(record: &RunRecord) -> String {
    let mut crates: Vec<&str> = record.cases.iter().map(|case| case.crate_name.as_str()).collect();
    crates.sort_unstable();
    crates.dedup();
    let (selected, registered) = (record.cases.len(), record.run.registered as usize);
    if selected == 0 {
        return format!("0 of {registered} selected");
    }
    let cases = if selected < registered {
        format!("{selected} of {}", plural(registered, "case"))
    } else {
        plural(selected, "case")
    };
    format!("{cases} in {}", plural(crates.len(), "crate"))
}

fn effort(run: &RunHeader) -> String {
    match run.mode {
        Mode::Test => "one iteration each".to_owned(),
        Mode::Full | Mode::Quick if run.launches == 1 => "1 launch".to_owned(),
        Mode::Full | Mode::Quick => format!("{} launches", run.launches),
    }
}

fn machine(environment: &Environment) -> Option<String> {
    let mut machine = environment.cpu.as_deref().map(short_cpu).unwrap_or_default();
    if let Some(cpus) = environment.cpus {
        if !machine.is_empty() {
            machine.push(' ');
        }
        machine.push_str(&plural(cpus as usize, "core"));
    }
    if environment.virtual_machine == Some(true) {
        machine.push_str(if machine.is_empty() { "virtual machine" } else { ", virtual machine" });
    }
    (!machine.is_empty()).then_some(machine)
}

/// A processor's name without trade marks, nominal frequency and core count.
fn short_cpu(name: &str) -> String {
    let name = escape(name).replace("(R)", "").replace("(TM)", "").replace("(tm)", "");
    let name = name.split(" @ ").next().unwrap_or_default();
    let is_filler = |word: &str| matches!(word, "CPU" | "Processor") || word.ends_with("-Core");
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_filler(word)).collect();
    words.join(" ")
}

/// `rustc 1.95 release` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn compiler(environment: &Environment, optimized: bool) -> Option<String> {
    let version = environment.rustc.as_deref()?;
    let version = version.strip_prefix("rustc ").unwrap_or(version);
    let version = version.split_whitespace().next()?;
    let version = version.strip_suffix(".0").unwrap_or(version);
    let build = if optimized { "release" } else { "unoptimised" };
    Some(format!("rustc {} {build}", escape(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_lose_their_trade_marks() {
        assert_eq!(short_cpu("Intel(R) Xeon(R) CPU @ 2.80GHz"), "Intel Xeon");
        assert_eq!(short_cpu("AMD Ryzen 9 5950X 16-Core Processor"), "AMD Ryzen 9 5950X");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut environment = Environment::default();
        assert_eq!((machine(&environment), compiler(&environment, true)), (None, None));
        environment.cpus = Some(1);
        environment.virtual_machine = Some(true);
        environment.rustc = Some("rustc 1.97.1-nightly (abc 2026-01-01)".to_owned());
        assert_eq!(machine(&environment).as_deref(), Some("1 core, virtual machine"));
        assert_eq!(
            compiler(&environment, false).as_deref(),
            Some("rustc 1.97.1-nightly unoptimised")
        );
    }
}
