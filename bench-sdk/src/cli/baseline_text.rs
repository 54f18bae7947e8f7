//! Baselines as text.

use std::fmt::Write;

use crate::harness::plural;
use crate::record::{Environment, units};
use crate::report::escape;
use crate::store::{Baseline, BaselineSummary, ExecutableCopy};

/// The text of `--help`.
pub(super) const HELP: &str = "\
Baselines: runs that are kept to compare with.

Usage: cargo hub-bench baseline ACTION

  list             names, sizes and what is in them
  show NAME        what one has, and whether its executables still are what was saved
  save NAME        makes a baseline of the records of the latest run
    --from RUN           of that run, such as 20260101_120000_3f2a
    --append             adds to what is there
    --allow-unoptimized  also from a build without optimisation
  remove NAME      takes it from the disk

A bench binary saves its executable too: cargo bench --features bench -- --save-baseline NAME
";

/// Characters of a commit that are shown.
const COMMIT_DIGITS: usize = 12;

/// All baselines as a table.
pub(super) fn list(baselines: &[BaselineSummary]) -> String {
    if baselines.is_empty() {
        return "no baselines; save one with --save-baseline NAME\n".to_owned();
    }
    let head = ["name", "size", "cases", "runs", "saved", "of"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(baselines.iter().map(row)).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let [name, size, cases, runs, saved] = [0, 1, 2, 3, 4].map(width);
    let mut text = String::new();
    for [a, b, c, d, e, f] in &rows {
        let line =
            format!("{a:<name$}   {b:>size$}   {c:>cases$}   {d:>runs$}   {e:<saved$}   {f}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for baseline in baselines {
        for damage in &baseline.damages {
            push(&mut text, &format!("\n{}", lines_escaped(damage)));
        }
    }
    text
}

fn row(baseline: &BaselineSummary) -> [String; 6] {
    let targets = baseline.targets.iter().map(|target| escape(&target.target));
    let targets: Vec<String> = targets.collect();
    let damaged = !baseline.damages.is_empty();
    let of = targets.into_iter().chain(damaged.then(|| "damaged".to_owned()));
    [
        baseline.name.to_string(),
        units::bytes(baseline.size_bytes as f64),
        baseline.cases().to_string(),
        baseline.runs().to_string(),
        baseline.saved_at().map_or_else(String::new, moment),
        of.collect::<Vec<_>>().join(", "),
    ]
}

/// One baseline in full.
pub(super) fn show(summary: &BaselineSummary, baselines: &[Baseline]) -> String {
    let size = units::bytes(summary.size_bytes as f64);
    let mut text = format!("{} · {size}\n", summary.name);
    for baseline in baselines {
        let (target, package) = (escape(&baseline.target), escape(&baseline.package));
        push(&mut text, &format!("\n{target} of package {package}"));
        for (what, value) in facts(baseline) {
            push(&mut text, &format!("  {what:<11}{value}"));
        }
    }
    text
}

/// What is told of one target, line by line.
fn facts(baseline: &Baseline) -> Vec<(&'static str, String)> {
    let ids: Vec<String> = baseline.runs.iter().map(|run| escape(&run.run.id)).collect();
    let mut facts = vec![
        ("cases", baseline.cases().len().to_string()),
        ("runs", format!("{}: {}", ids.len(), ids.join(", "))),
        ("saved", moment(&baseline.saved_at)),
    ];
    if let Some(newest) = baseline.runs.last() {
        let environment = &newest.environment;
        facts.extend(commit(environment).map(|commit| ("commit", commit)));
        facts.push(("machine", machine(environment)));
        facts.extend(environment.rustc.as_deref().map(|rustc| ("compiler", escape(rustc))));
    }
    if !baseline.optimized {
        facts.push(("build", "without optimisation".to_owned()));
    }
    for copy in &baseline.executables {
        facts.push(("executable", executable(baseline, copy)));
    }
    if baseline.executables.is_empty() {
        facts.push(("executable", "none; it is compared unpaired".to_owned()));
    }
    facts
}

fn commit(environment: &Environment) -> Option<String> {
    let commit: String = environment.git_commit.as_ref()?.chars().take(COMMIT_DIGITS).collect();
    let changes = if environment.git_dirty == Some(true) { ", with changes" } else { "" };
    Some(format!("{}{changes}", escape(&commit)))
}

fn machine(environment: &Environment) -> String {
    let cpu = environment.cpu.as_deref().unwrap_or("unknown processor");
    let cpus = environment.cpus.map(|cpus| plural(cpus as usize, "processor"));
    let kernel = environment.kernel.as_ref().map(|kernel| format!("kernel {kernel}"));
    let parts = [Some(cpu.to_owned()), cpus, Some(environment.platform.clone()), kernel];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| escape(&part)).collect();
    parts.join(", ")
}

/// The copy, and of which cases it is the executable where there are others.
fn executable(baseline: &Baseline, copy: &ExecutableCopy) -> String {
    let size = units::bytes(copy.size_bytes as f64);
    let digits = copy.sha256.get(..COMMIT_DIGITS).unwrap_or_default();
    let mut text = format!("{}, {size}, SHA-256 {}…", escape(&copy.file_name), escape(digits));
    if baseline.executable().is_none() {
        let ids = baseline.cases();
        let of_it = ids.iter().filter(|id| baseline.executable_of(id) == Some(copy)).count();
        // Writing to a `String` cannot fail.
        let _ = write!(text, ", of {}", plural(of_it, "case"));
    }
    text
}

/// `2026-01-01 12:00` of `2026-01-01T12:00:00Z`.
fn moment(utc: &str) -> String {
    escape(utc.get(..16).unwrap_or(utc)).replace('T', " ")
}

fn lines_escaped(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
