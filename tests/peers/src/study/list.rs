//! What listing many cases costs.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Conditions, Findings};
use crate::failure::Result;
use crate::figures::{median, range, ratio};
use crate::fixture::{many_cases, target_of};
use crate::ground::Package;
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

const SIZES: [usize; 3] = [1000, 3000, 10_000];
/// How much more a case may cost in the longest list than in the shortest, to be called linear.
const LINEAR: f64 = 1.25;

/// What is asked of the executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Question {
    /// `--version`: what starting it costs.
    Version,
    /// `--list`
    Pretty,
    /// `--list --format terse`
    Terse,
    /// `--list --format json`
    Json,
}

impl Question {
    const ALL: [Self; 4] = [Self::Version, Self::Pretty, Self::Terse, Self::Json];

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Version => &["--version"],
            Self::Pretty => &["--list"],
            Self::Terse => &["--list", "--format", "terse"],
            Self::Json => &["--list", "--format", "json"],
        }
    }
}

/// Times of lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    /// Time to build each executable, dependencies built before.
    build_seconds: Vec<(usize, f64)>,
    answers: Vec<Answer>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Answer {
    cases: usize,
    question: Question,
    /// One for each repetition.
    ms: Vec<f64>,
}

impl Findings for Data {
    const NAME: &'static str = "list";
    const TITLE: &'static str = "Lists of many cases";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(40, 10);
        let mut progress = Progress::new(Self::NAME, SIZES.len() + 1);
        let package = many_cases(conditions.ground, &SIZES)?;
        let mut executables = Vec::new();
        let mut build_seconds = Vec::new();
        for cases in SIZES {
            let started = std::time::Instant::now();
            let executable = package.bench_executable(&target_of(cases), &[])?;
            let seconds = started.elapsed().as_secs_f64();
            progress.step(&format!("built {cases} cases in {seconds:.1} s"));
            build_seconds.push((cases, seconds));
            executables.push((cases, executable));
        }
        let mut answers: Vec<Answer> = SIZES
            .iter()
            .flat_map(|&cases| {
                Question::ALL.map(|question| Answer { cases, question, ms: Vec::new() })
            })
            .collect();
        // The first round only brings the executables into memory.
        for round in 0..=repetitions {
            for at in conditions.chance.shuffled(&(0..answers.len()).collect::<Vec<_>>()) {
                let answer = &mut answers[at];
                let executable = executables.iter().find(|(cases, _)| *cases == answer.cases);
                let Some((_, executable)) = executable else { continue };
                let ms = time(&package, executable, answer.question)?;
                if round > 0 {
                    answer.ms.push(ms);
                }
            }
        }
        progress.step(&format!("listed {repetitions} times"));
        Ok(Self { build_seconds, answers })
    }

    fn claims(&self) -> Vec<Claim> {
        let largest = SIZES[SIZES.len() - 1];
        let mut claims = Vec::new();
        for (question, name) in
            [(Question::Pretty, "--list"), (Question::Terse, "--list --format terse")]
        {
            let ms = self.ms(largest, question);
            let what = format!("`{name}` of {largest} cases, release");
            claims.push(Claim::at_most(what, 50.0, median(ms), " ms").spread(ms));
            let what = format!("`{name}`, cost of a case: {largest} cases / {} cases", SIZES[0]);
            claims.push(Claim::at_most(what, LINEAR, self.growth(question), " x"));
        }
        let json = self.ms(largest, Question::Json);
        let what = format!("`--list --format json` of {largest} cases, release");
        let text = format!("{} ms", figure(median(json).unwrap_or_default()));
        claims.push(Claim::told(what, text, " ms").spread(json));
        claims
    }

    fn text(&self) -> String {
        let mut table =
            Table::new(&["cases", "arguments", "median", "lowest to highest", "a case"]);
        for answer in &self.answers {
            let (low, high) = range(&answer.ms).unwrap_or_default();
            let each = self.us_per_case(answer.cases, answer.question);
            table.row(vec![
                answer.cases.to_string(),
                format!("`{}`", answer.question.arguments().join(" ")),
                format!("{} ms", figure(median(&answer.ms).unwrap_or_default())),
                format!("{} to {} ms", figure(low), figure(high)),
                each.map_or_else(String::new, |us| format!("{} us", figure(us))),
            ]);
        }
        let builds =
            self.build_seconds.iter().map(|(cases, s)| format!("{cases}: {} s", figure(*s)));
        format!(
            "Generated bench targets with 100, 300 and 1,000 annotated functions of ten arguments \
             each, built with optimisation; the executables are started directly and their output \
             is read through a pipe, {} times in random order. The time is from before the process \
             starts to its end. The cost of a case is the time over that of `--version`, divided \
             by the number of cases; \"linear\" means that it is at most {LINEAR} times as high \
             for the longest list as for the shortest \
             (n log n, as for sorting, would make it 1.33). Building took ({}), the first one with all \
             dependencies.\n\n{table}",
            self.answers.first().map_or(0, |answer| answer.ms.len()),
            builds.collect::<Vec<_>>().join(", "),
        )
    }
}

impl Data {
    fn ms(&self, cases: usize, question: Question) -> &[f64] {
        let found = self.answers.iter().find(|a| (a.cases, a.question) == (cases, question));
        found.map_or(&[], |answer| &answer.ms)
    }

    /// Microseconds a case, without starting the process.
    fn us_per_case(&self, cases: usize, question: Question) -> Option<f64> {
        if question == Question::Version {
            return None;
        }
        let start = median(self.ms(cases, Question::Version))?;
        Some((median(self.ms(cases, question))? - start) * 1e3 / cases as f64)
    }

    fn growth(&self, question: Question) -> Option<f64> {
        let least = self.us_per_case(SIZES[0], question)?;
        ratio(self.us_per_case(SIZES[SIZES.len() - 1], question)?, least)
    }
}

fn time(package: &Package, executable: &Path, question: Question) -> Result<f64> {
    let done = run(package.start(executable).args(question.arguments()))?;
    Ok(done.seconds * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_leaves_the_start_of_the_process_out() {
        let answer = |cases, question, ms: f64| Answer { cases, question, ms: vec![ms; 3] };
        let data = Data {
            build_seconds: vec![(1000, 1.0)],
            answers: vec![
                answer(1000, Question::Version, 1.0),
                answer(1000, Question::Pretty, 3.0),
                answer(10_000, Question::Version, 2.0),
                answer(10_000, Question::Pretty, 32.0),
            ],
        };
        assert_eq!(data.growth(Question::Pretty), Some(1.5));
        assert_eq!(data.growth(Question::Terse), None);
        assert_eq!(data.claims()[0].verdict(), "met");
        assert_eq!(data.claims()[1].verdict(), "missed by 20 %");
    }
}
