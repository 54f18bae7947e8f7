//! Comparisons of two executables by other tools, each about a second long.

use std::process::Command;
use std::time::Instant;

use super::stage::{Sides, Stage, fresh_home};
use super::trial::{Call, Judge, Setting};
use crate::chance::Chance;
use crate::failure::{Context, Result};
use crate::parse::divan_medians;
use crate::process::{run, run_to};

/// What is called, and how long it took.
pub(super) fn compare(
    stage: &Stage,
    setting: &Setting,
    sides: &Sides,
    chance: &mut Chance,
) -> Result<(Call, f64)> {
    let started = Instant::now();
    let call = match setting.judge {
        Judge::Criterion => criterion(stage, setting, sides)?,
        Judge::Divan => divan(stage, setting, sides, chance)?,
        Judge::Tango | Judge::Own => tango(stage, setting, sides, chance)?,
    };
    Ok((call, started.elapsed().as_secs_f64()))
}

/// A baseline is saved, and the candidate held against it.
fn criterion(stage: &Stage, setting: &Setting, sides: &Sides) -> Result<Call> {
    let home = fresh_home(&stage.results)?;
    let start = |executable, option| -> Command {
        let mut command = stage.package.start(executable);
        command.env("CRITERION_HOME", &home).args(["--bench", "--noplot", "--exact"]);
        command.args(["--warm-up-time", "0.1", "--measurement-time", "0.3", option, "before"]);
        command.args(["--noise-threshold", &(setting.minimum_percent / 100.0).to_string()]);
        command.arg(&setting.kernel);
        command
    };
    run(&mut start(&sides.baseline, "--save-baseline"))?;
    criterion_call(&run(&mut start(&sides.candidate, "--baseline"))?.stdout)
}

fn criterion_call(output: &str) -> Result<Call> {
    let said = [
        ("Performance has regressed", Call::Regressed),
        ("Performance has improved", Call::Improved),
        ("No change in performance detected", Call::Nothing),
        ("Change within noise threshold", Call::Nothing),
    ];
    let found = said.iter().find(|(words, _)| output.contains(words));
    found.map(|(_, call)| *call).context(|| format!("criterion said nothing of a change: {output}"))
}

/// Each side runs twice, in a random order that favours neither; medians that differ by more than
/// the smallest effect are a call.
fn divan(stage: &Stage, setting: &Setting, sides: &Sides, chance: &mut Chance) -> Result<Call> {
    let order = if chance.below(2) == 0 { [0, 1, 1, 0] } else { [1, 0, 0, 1] };
    let mut sums = [0.0; 2];
    for side in order {
        let executable = [&sides.baseline, &sides.candidate][side];
        let mut command = stage.package.start(executable);
        command.args(["--bench", "--color", "never", "--min-time", "0.25", "--max-time", "0.25"]);
        let output = run(command.arg(&setting.kernel))?.stdout;
        let medians = divan_medians(&output)?;
        let median = medians.get(&setting.kernel);
        sums[side] += median.context(|| format!("divan printed no median: {output}"))?;
    }
    Ok(called((sums[1] / sums[0] - 1.0) * 100.0, setting.minimum_percent))
}

fn called(change_percent: f64, minimum_percent: f64) -> Call {
    match change_percent {
        change if change >= minimum_percent => Call::Regressed,
        change if change <= -minimum_percent => Call::Improved,
        _ => Call::Nothing,
    }
}

/// The candidate compares itself with the baseline.
fn tango(stage: &Stage, setting: &Setting, sides: &Sides, chance: &mut Chance) -> Result<Call> {
    let mut command = stage.package.start(&sides.candidate);
    command.args(["--color", "never", "compare"]).arg(&sides.baseline);
    command.args(["--time", "1", "--filter", &setting.kernel]);
    command.args(["--noise-threshold", &setting.minimum_percent.to_string()]);
    command.args(["--seed", &(chance.next() >> 32).to_string()]);
    // It ends with 1 where something regressed.
    tango_call(&run_to(&mut command, &[0, 1])?.stdout)
}

/// The last word of the line is the change, with a star where it is significant.
fn tango_call(output: &str) -> Result<Call> {
    let word = output.split_whitespace().last().unwrap_or_default();
    let number = word.trim_end_matches('*').strip_suffix('%');
    let change: f64 = number
        .and_then(|number| number.parse().ok())
        .context(|| format!("tango said nothing of a change: {output}"))?;
    Ok(match word.ends_with('*') {
        true if change > 0.0 => Call::Regressed,
        true => Call::Improved,
        false => Call::Nothing,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_peers_print_is_a_call() {
        let line = |end: &str| format!("hash    [  3.0 us ...   3.1 us ]   {end}\n");
        assert_eq!(tango_call(&line("+2.10%*")).unwrap(), Call::Regressed);
        assert_eq!(tango_call(&line("-2.10%*")).unwrap(), Call::Improved);
        assert_eq!(tango_call(&line("+0.10%")).unwrap(), Call::Nothing);
        assert!(tango_call("error").is_err());
        let said = "change: [+4% +5% +6%] (p = 0.00 < 0.05)\n  Performance has regressed.\n";
        assert_eq!(criterion_call(said).unwrap(), Call::Regressed);
        assert!(criterion_call("time: 1 ns").is_err());
        assert_eq!(
            [-2.0, 0.5, 1.5].map(|change| called(change, 1.0)).map(Call::is_alarm),
            [true, false, true]
        );
    }
}
