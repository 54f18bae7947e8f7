//! What fits look like.

use super::escape::width;
use super::fixture::{measured, run_of};
use super::{TerminalOptions, render_run};
use crate::record::{
    CaseId, Coefficient, ComplexityVerdict, Growth, GrowthModel, RunRecord, ScalabilityLaw,
    ScalingKind, ScalingPoint, ScalingRecord,
};

const SIZES: [f64; 5] = [64.0, 256.0, 1024.0, 4096.0, 16384.0];

fn scaling(name: &str, kind: ScalingKind, points: &[(f64, f64)]) -> ScalingRecord {
    let point = |(n, time_ns): &(f64, f64)| ScalingPoint {
        case: CaseId::from(format!("hub::m::{name}[{n}]")),
        n: *n,
        time_ns: *time_ns,
        low_ns: Some(time_ns * 0.99),
        high_ns: Some(time_ns * 1.01),
    };
    ScalingRecord {
        id: CaseId::from(format!("hub::m::{name}")),
        kind,
        arg: None,
        threads: None,
        points: points.iter().map(point).collect(),
        models: Vec::new(),
        chosen: None,
        ambiguous: false,
        law: None,
        complexity: None,
        verdict: None,
        reason: None,
    }
}

/// The first of the laws is chosen; each has a weight, a constant and a factor.
fn growth(name: &str, laws: &[(Growth, f64, f64, f64)]) -> ScalingRecord {
    let model = |&(growth, weight, constant_ns, factor_ns): &(Growth, f64, f64, f64)| GrowthModel {
        growth,
        weight,
        constant_ns,
        factor_ns,
        misfit: if weight > 0.5 { 0.004 } else { 0.62 },
    };
    let models: Vec<GrowthModel> = laws.iter().map(model).collect();
    let points = SIZES.map(|n| (n, models[0].time_ns(n) * 1.02));
    let mut record = scaling(name, ScalingKind::Growth, &points);
    record.chosen = Some(models[0].growth);
    record.ambiguous = models[0].weight < 0.9;
    record.models = models;
    record
}

fn threads(name: &str) -> ScalingRecord {
    let fitted = |estimate| Coefficient { estimate, low: None, high: None };
    let law = ScalabilityLaw {
        lambda: fitted(2.4e6),
        sigma: fitted(0.08),
        kappa: fitted(0.0075),
        peak: Some(fitted(11.08)),
        level: None,
        misfit: 0.01,
    };
    let points = [1.0, 2.0, 3.0, 4.0].map(|n| (n, n / law.throughput(n) * 1e9));
    ScalingRecord { law: Some(law), ..scaling(name, ScalingKind::Threads, &points) }
}

fn promised(fit: ScalingRecord, complexity: Growth, verdict: ComplexityVerdict) -> ScalingRecord {
    let reason = (verdict == ComplexityVerdict::Inconclusive)
        .then(|| "the points do not tell it from faster growth".to_owned());
    ScalingRecord { complexity: Some(complexity), verdict: Some(verdict), reason, ..fit }
}

/// A run of these fits, with one case for each.
fn run_with(scaling: Vec<ScalingRecord>) -> RunRecord {
    let case = |fit: &ScalingRecord| {
        let name = fit.points[0].case.as_str().trim_start_matches("hub::m::");
        measured("hub", "m", name, 184.2, 0.7)
    };
    let mut record = run_of(scaling.iter().map(case).collect());
    record.environment.cpus = Some(8);
    record.scaling = scaling;
    record
}

/// What stands below the table.
fn below(record: &RunRecord, options: &TerminalOptions) -> String {
    let text = render_run(record, options);
    text.split("\n\n").skip(2).collect::<Vec<_>>().join("\n\n")
}

fn several() -> RunRecord {
    run_with(vec![
        promised(
            growth(
                "find_by_capability",
                &[(Growth::Linear, 0.98, 7.0, 8.9), (Growth::Linearithmic, 0.02, 9.0, 0.8)],
            ),
            Growth::Linear,
            ComplexityVerdict::Held,
        ),
        growth("lookup", &[(Growth::Constant, 0.999, 12.8, 0.0)]),
        growth(
            "pick",
            &[
                (Growth::Logarithmic, 0.61, 3.0, 2.0),
                (Growth::SquareRoot, 0.35, 9.0, 0.1),
                (Growth::Constant, 0.04, 20.0, 0.0),
            ],
        ),
        threads("broadcast"),
        promised(
            growth(
                "order",
                &[(Growth::Linearithmic, 0.55, 0.0, 1.234), (Growth::Linear, 0.45, 9.0, 14.0)],
            ),
            Growth::Linear,
            ComplexityVerdict::Inconclusive,
        ),
    ])
}

#[test]
fn each_fit_is_one_line() {
    assert_eq!(
        below(&several(), &TerminalOptions::default()),
        "\
growth   find_by_capability   n (weight 0.98)                    8.9 ns an element
growth   lookup               constant (weight >0.99)            12.8 ns whatever the size
growth   pick                 log n (0.61) or sqrt n (0.35)
scaling  broadcast            3.0 x at 4 threads, best near 11   contention 0.08, crosstalk 0.007
growth   order                n log n (0.55) or n (0.45)         `complexity = \"n\"` is not judged:
                              the points do not tell it from faster growth

5 measured in 24 s
"
    );
}

#[test]
fn laws_that_cannot_be_told_apart_go_by_their_weight() {
    let weights = [
        (Growth::Linearithmic, 0.51, 0.0, 1.2),
        (Growth::Constant, 0.11, 20.0, 0.0),
        (Growth::SquareRoot, 0.06, 9.0, 0.1),
        (Growth::Linear, 0.32, 9.0, 14.0),
    ];
    let text = below(&run_with(vec![growth("sum", &weights)]), &TerminalOptions::default());
    assert!(text.contains("n log n (0.51) or n (0.32) or constant (0.11)\n"), "{text}");
}

#[test]
fn few_fits_are_drawn_and_many_on_request() {
    let mut few = several();
    few.scaling = few.scaling.split_off(3);
    assert_eq!(below(&few, &TerminalOptions::default()), "\
scaling  broadcast   3.0 x at 4 threads, best near 11   contention 0.08, crosstalk 0.007
  7.22 M/s ┤                            ·····●
           │                  ····●·····
           │          ·●······
           │    ······
  2.40 M/s ┤●···
           ╰──────────────────────────────────
            1            threads             4
growth   order       n log n (0.55) or n (0.45)         `complexity = \"n\"` is not judged: the points
                     do not tell it from faster growth
  289 µs ┤                               ····●
         │                      ····●····
         │             ·····●···
         │     ····●···
  474 ns ┤●····
         ╰────────────────────────────────────
          64         n, log axes         16384

5 measured in 24 s
");
    let plots = TerminalOptions { plots: true, ..TerminalOptions::default() };
    let all = below(&several(), &plots);
    assert_eq!(all.matches('╰').count(), 5, "{all}");
}

#[test]
fn growth_past_the_promise_is_a_failure() {
    let quadratic = growth(
        "pairs",
        &[(Growth::Quadratic, 0.992, 40.0, 0.5), (Growth::Linear, 0.0, 90.0, 14.0)],
    );
    let mut record = several();
    record.scaling.push(promised(quadratic, Growth::Linear, ComplexityVerdict::Exceeded));
    record.cases.push(measured("hub", "m", "pairs[64]", 184.2, 0.7));
    let text = below(&record, &TerminalOptions::default());
    let (_, failure) = text.split_once("\n\n").unwrap_or_default();
    assert_eq!(
        failure,
        "\
grows too fast  hub::m::pairs   src/lib.rs:40
  grows like n^2 (weight 0.99); `complexity = \"n\"` allows n
  the best fit within that misses the points by 62 %
   137 ms ┤                              ····●
          │                      ····●···
          │             ····●····
          │     ····●···
  2.09 µs ┤●····
          ╰───────────────────────────────────
           64        n, log axes         16384

6 measured, 1 grows too fast in 24 s
"
    );
    let is_line = |line: &str| line.starts_with("growth") && line.contains("pairs");
    assert!(!text.lines().any(is_line), "{text}");
    let quiet = TerminalOptions { quiet: true, ..TerminalOptions::default() };
    assert_eq!(render_run(&record, &quiet), failure);
}

#[test]
fn what_cannot_be_judged_says_why() {
    let mut three = scaling("sort", ScalingKind::Growth, &[(1.0, 5.0), (2.0, 9.0), (3.0, 12.0)]);
    three = promised(three, Growth::Linear, ComplexityVerdict::Inconclusive);
    three.reason = Some("3 sizes with a time; it takes 5".to_owned());
    let mut record = run_with(vec![three]);
    let expected =
        "growth  sort   `complexity = \"n\"` is not judged: 3 sizes with a time; it takes 5\n\n";
    let text = below(&record, &TerminalOptions::default());
    assert!(text.starts_with(expected), "{text}");
    // An unoptimised build is named in the head; only growth that it may hide is worth a word.
    record = several();
    record.run.optimized = false;
    record.scaling[0].verdict = Some(ComplexityVerdict::Inconclusive);
    assert_eq!(below(&record, &TerminalOptions::default()).matches("not judged").count(), 1);
}

#[test]
fn names_that_are_not_unique_and_names_that_mean_harm() {
    let mut twin = threads("broadcast");
    twin.id = CaseId::from("other::broadcast");
    let mut third = twin.clone();
    third.id = CaseId::from("third::broadcast");
    let mut hostile = threads("clear\x1b[2J");
    hostile.arg = Some("\u{202e}".repeat(500));
    hostile.reason = Some("\x07".to_owned());
    let mut record = run_with(vec![threads("broadcast"), twin, third, hostile]);
    record.environment.cpus = Some(2);
    let text = below(&record, &TerminalOptions::default());
    for expected in [
        "scaling  hub::m::broadcast ",
        "scaling  other::broadcast ",
        "scaling  third::broadcast ",
        "; 2 processors only",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    record.scaling[3] =
        promised(record.scaling[3].clone(), Growth::Linear, ComplexityVerdict::Exceeded);
    for text in [text, below(&record, &TerminalOptions::default())] {
        let bad = |c: &char| *c != '\n' && crate::record::is_unsafe(*c);
        assert_eq!(text.chars().find(bad), None, "{text}");
    }
}

#[test]
fn plots_never_wrap() {
    for columns in 20..110 {
        let options = TerminalOptions { width: columns, plots: true, ..TerminalOptions::default() };
        let text = below(&several(), &options);
        let plotted = text.lines().filter(|line| line.contains(['┤', '│', '╰']));
        for line in plotted {
            assert!(width(line) <= columns.min(46), "{columns}: {line}");
        }
    }
}
