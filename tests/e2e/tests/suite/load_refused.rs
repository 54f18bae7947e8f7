//! Load tests that do not start: what is wrong is said before anything runs.

use e2e_tests::Results;

use crate::load::call;

#[test]
fn load_goes_nowhere_else_unless_it_is_allowed() {
    let results = Results::new();
    let outcome = call(results.path(), &["load", "http://192.0.2.1/", "--duration", "1s"]);
    outcome.expect_code(2).expect_stderr(&["--allow-host 192.0.2.1"]);
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let results = Results::new();
    for (arguments, words) in [
        (&["load"][..], "what is load to be put on?"),
        (&["load", "http://127.0.0.1:1/", "--concurency", "3"], "did you mean `--concurrency`?"),
        (&["load", "http://127.0.0.1:1/", "--stage", "10:x"], "is no stage"),
        (&["load", "http://127.0.0.1:1/", "--threshold", "http_req_duration: p(95)"], "p(95)"),
        (&["load", "http://127.0.0.1:1/", "--options", "nowhere.js"], "nowhere.js"),
        (&["load", "http://127.0.0.1:1/", "--target-pid", "4000000"], "no process 4000000"),
        (&["load", "http://127.0.0.1:1/", "--output-format", "k6"], "k6-summary"),
        (&["load", "gopher://127.0.0.1/"], "gopher"),
    ] {
        let outcome = call(results.path(), arguments);
        outcome.expect_code(2);
        let said = &outcome.stderr;
        assert!(said.contains(words), "{arguments:?}: {words}\n{outcome}");
    }
    assert!(results.runs().is_empty());
}

#[test]
fn slips_are_told_before_anything_runs() {
    let results = Results::new();
    let deep = results.path().join("deep.json");
    let text = format!("{{\"scenarios\": {}1{}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    std::fs::write(&deep, text).unwrap();
    let deep = deep.display().to_string();
    let address = "http://127.0.0.1:9/";
    for (arguments, why) in [
        (vec!["load", "127.0.0.1:9"], "did you mean http://127.0.0.1:9?"),
        (vec!["load", address, "--threads", "1000000000000000000"], "`--threads`"),
        (vec!["load", address, "--rate", "1000000000"], "iterations a second"),
        (vec!["load", address, "--duration", "1s", "--time-scale", "1e12"], "30 days"),
        (vec!["load", address, "--options", &deep], "brackets"),
        (
            vec!["load", address, "--threshold", "http_reqs: count <> 1"],
            "`<>` is no operator\n    count <> 1\n          ^^\n  accepted: ",
        ),
        (vec!["load", address, "--spike-rate", "9"], "belongs to `spike`"),
        (vec!["stress", address, "--concurrency", "3"], "belongs to `load`"),
        (vec!["spike", address, "--duration", "3s"], "belongs to `load` and `stress`"),
        (vec!["stress", address, "--stage", "1s:3"], "searches for the rate by itself"),
        (vec!["spike", address, "--vus", "3"], "has a course of its own"),
        (vec!["load", address, "--max-connections", "3"], "give a lower `--concurrency`"),
        (
            vec![
                "load",
                address,
                "--output-format",
                "json",
                "--output",
                "same",
                "--output-format",
                "csv",
                "--output",
                "same",
            ],
            "`same`",
        ),
    ] {
        call(results.path(), &arguments).expect_code(2).expect_stderr(&[why]);
    }
    assert!(results.runs().is_empty());
}
