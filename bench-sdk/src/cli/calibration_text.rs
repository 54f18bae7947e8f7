//! Calibration, for people.

use std::fmt::Write;

use crate::record::{KernelNoise, MachineNoise, Rules, units};
use crate::stats::clopper_pearson;

/// The level of the bound on false alarms.
const LEVEL: f64 = 0.95;
/// What stands where there is no figure.
const NONE: &str = "·";

/// What was found out, line by line.
pub(super) fn render(noise: &MachineNoise) -> String {
    let mut text = String::new();
    let mut line = |name: &str, said: &str| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{name:<14}{said}");
    };
    let (alarms, comparisons) = (noise.false_alarms, noise.comparisons);
    let time = units::duration(noise.duration_ns as f64 / 1e9);
    let kernels = noise.kernels.len();
    line(
        "calibrated",
        &format!("{comparisons} comparisons of {kernels} kernels with themselves in {time}"),
    );
    let bound = clopper_pearson(alarms, comparisons, LEVEL).map_or(String::new(), |bound| {
        format!(" (at most {}, {})", units::percent(bound.high), units::percent(LEVEL))
    });
    line("false alarms", &format!("{alarms} of {comparisons}{bound}"));
    text.push('\n');
    table(&mut text, &noise.kernels);
    text.push('\n');
    let _ = writeln!(
        text,
        "times of runs vary by {}, as a ratio to {}: `compare` reckons with that",
        units::percent(noise.s0),
        super::kernels::ANCHOR
    );
    text.push_str(&effects(noise));
    text
}

fn table(text: &mut String, kernels: &[KernelNoise]) {
    let within = format!("equivalent within {} %", Rules::default().minimum_effect * 100.0);
    let row = |name: &str, spread: &str, launches: &str, equivalent: &str, runs: &str| {
        format!("{name:<16}{spread:>18}{launches:>12}{equivalent:>24}{runs:>18}\n")
    };
    text.push_str(&row("kernel", "launches vary by", "launches", &within, "runs vary by"));
    let share = |ratio: Option<f64>| ratio.map_or_else(|| NONE.to_owned(), units::percent);
    for kernel in kernels {
        let KernelNoise { name, comparisons, equivalent, launches, .. } = kernel;
        text.push_str(&row(
            name,
            &share(kernel.spread),
            &format!("{launches:.0}"),
            &format!("{equivalent} of {comparisons}"),
            &share(kernel.between_runs),
        ));
    }
}

/// What budgets show.
fn effects(noise: &MachineNoise) -> String {
    let mut text = String::new();
    for (budget_ns, effect) in &noise.effects {
        let budget = budget_text(*budget_ns);
        let effect = units::percent(*effect);
        let _ = writeln!(text, "a case of {budget:<6} shows changes from {effect}");
    }
    if noise.effects.is_empty() {
        text.push_str(
            "no budget up to 10 s a case buys as many launches as a sure verdict takes\n",
        );
    }
    text
}

/// Budgets are round: `0.5 s`, `10 s`.
fn budget_text(budget_ns: u64) -> String {
    format!("{} s", budget_ns as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let kernel = |name: &str, spread, between_runs| KernelNoise {
            name: name.to_owned(),
            comparisons: 8,
            equivalent: 8,
            launches: 14.0,
            spread,
            between_runs,
        };
        let noise = MachineNoise {
            schema: 1,
            measured_at: String::new(),
            cpu: None,
            s0: 0.004,
            d0: 9.0,
            comparisons: 48,
            false_alarms: 0,
            equivalent: 46,
            duration_ns: 60_000_000_000,
            effects: vec![(500_000_000, 0.023), (10_000_000_000, 0.0107)],
            kernels: vec![
                kernel("arithmetic", Some(0.001), None),
                kernel("hash of 4 kB", None, Some(0.004)),
            ],
        };
        assert_eq!(
            render(&noise),
            "\
calibrated    48 comparisons of 2 kernels with themselves in 60 s
false alarms  0 of 48 (at most 7.4 %, 95 %)

kernel            launches vary by    launches   equivalent within 1 %      runs vary by
arithmetic                   0.1 %          14                  8 of 8                 ·
hash of 4 kB                     ·          14                  8 of 8             0.4 %

times of runs vary by 0.4 %, as a ratio to arithmetic: `compare` reckons with that
a case of 0.5 s  shows changes from 2.3 %
a case of 10 s   shows changes from 1.1 %
"
        );
    }
}
