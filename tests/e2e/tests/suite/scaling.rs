//! Growth over arguments, what was promised of it, and throughput over threads.

use e2e_tests::{Outcome, QUICK, Results, bench, bench_command, finish, measured, run};
use serde_json::Value;

/// What was fitted to the benchmark of that name.
#[track_caller]
fn fit<'a>(record: &'a Value, name: &str) -> &'a Value {
    let id = format!("growing::{name}");
    let all = record["scaling"].as_array().unwrap_or_else(|| panic!("no scaling in {record}"));
    all.iter().find(|fit| fit["id"] == id.as_str()).unwrap_or_else(|| panic!("no {id} in {all:?}"))
}

/// Runs these benchmarks in the build that counts as optimised.
fn optimised(results: &Results, arguments: &[&str]) -> Outcome {
    let binary = bench("optimised", "optimised_growth");
    run(&binary, results.path(), QUICK.iter().chain(arguments))
}

#[test]
fn quadratic_growth_breaks_a_promise_of_n() {
    measured(|| {
        let results = Results::new();
        let outcome = optimised(&results, &["quadratic"]);
        outcome.expect_code(4).expect_stdout(&[
            "grows too fast  growing::quadratic",
            "grows like n^2",
            "`complexity = \"n\"` allows n",
            "5 measured, 1 grows too fast",
            "●",
        ]);
        let record = results.latest();
        let fit = fit(&record, "quadratic");
        assert_eq!((&fit["kind"], &fit["verdict"]), (&"growth".into(), &"exceeded".into()));
        assert_eq!((&fit["chosen"], &fit["complexity"]), (&"n^2".into(), &"n".into()));
        let sizes: Vec<f64> = fit["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| point["n"].as_f64().unwrap())
            .collect();
        assert_eq!(sizes, [32.0, 64.0, 128.0, 256.0, 512.0]);
        assert_eq!(record["cases"][0]["complexity"], "n");
    });
}

#[test]
fn linear_growth_keeps_it() {
    measured(|| {
        let results = Results::new();
        let outcome = optimised(&results, &["linear", "unpromised"]);
        outcome.expect_code(0).expect_stdout(&["growth  linear ", "growth  unpromised "]);
        outcome.expect_stdout(&["an element"]);
        let record = results.latest();
        assert_eq!(fit(&record, "linear")["verdict"], "held");
        assert_eq!(fit(&record, "unpromised")["verdict"], Value::Null);
        let models = fit(&record, "unpromised")["models"].as_array();
        assert!(models.is_some_and(|models| models.len() > 1));
    });
}

#[test]
fn what_cannot_be_judged_is_inconclusive_and_says_so() {
    let results = Results::new();
    let outcome = optimised(&results, &["three_sizes", "words"]);
    outcome.expect_code(0).expect_stdout(&["3 sizes with a time", "not whole numbers"]);
    for name in ["three_sizes", "words"] {
        assert_eq!(fit(&results.latest(), name)["verdict"], "inconclusive");
    }
}

#[test]
fn nothing_binds_without_optimisation_or_measuring() {
    measured(|| {
        let results = Results::new();
        let binary = bench("growing", "unoptimised_growth");
        run(&binary, results.path(), QUICK.iter().chain(&["quadratic"])).expect_code(0);
        let record = results.latest();
        let judged = fit(&record, "quadratic");
        assert_eq!(
            (&judged["verdict"], &judged["chosen"]),
            (&"inconclusive".into(), &"n^2".into())
        );
        assert!(judged["reason"].as_str().is_some_and(|why| why.contains("optimised")), "{judged}");
        let results = Results::new();
        let binary = bench("optimised", "optimised_growth");
        run(&binary, results.path(), ["--test", "quadratic"]).expect_code(0);
        let record = results.latest();
        assert!(
            fit(&record, "quadratic")["reason"].as_str().is_some_and(|why| why.contains("once"))
        );
    });
}

#[test]
fn a_broken_case_is_left_out_and_outweighs_growth() {
    measured(|| {
        let results = Results::new();
        optimised(&results, &["broken", "quadratic"]).expect_code(101);
        let record = results.latest();
        assert_eq!(fit(&record, "quadratic")["verdict"], "exceeded");
        assert_eq!(fit(&record, "broken")["points"].as_array().map(Vec::len), Some(4));
        assert_eq!(fit(&record, "broken")["verdict"], "inconclusive");
    });
}

#[test]
fn threads_get_the_law_of_scalability() {
    measured(|| {
        let results = Results::new();
        let outcome = optimised(&results, &["shared"]);
        outcome.expect_code(0).expect_stdout(&["scaling", " x at 4 threads", "contention"]);
        let record = results.latest();
        let fit = fit(&record, "shared");
        assert_eq!(fit["kind"], "threads");
        assert_eq!(fit["points"].as_array().map(Vec::len), Some(4));
        assert!(
            fit["law"]["lambda"]["estimate"].as_f64().is_some_and(|lambda| lambda > 0.0),
            "{fit}"
        );
        assert_eq!(fit["law"]["level"], Value::Null, "four levels are too few for intervals");
    });
}

#[test]
fn every_fit_is_drawn_on_request() {
    let results = Results::new();
    let plain = optimised(&results, &["linear", "unpromised", "shared"]);
    assert!(!plain.stdout.contains('●'), "{plain}");
    let mut command = bench_command(&bench("optimised", "optimised_growth"), results.path());
    let drawn = finish(command.args(QUICK).args(["linear", "unpromised", "shared", "--plots"]));
    assert!(drawn.stdout.matches("log axes").count() == 2, "{drawn}");
}
