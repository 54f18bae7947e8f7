//! Load tests from the command line as a whole: options, hosts, interrupts, thresholds, stress and
//! spike.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use e2e_tests::{
    Results, bench, bench_command, hub_bench, measured, run, send_signal, wait_for_exit,
};
use serde_json::Value;

use crate::load::{OK, call, record, replying, request, serve};

/// The options as they stand in k6's documentation, against the example hub's interface.
#[test]
fn a_k6_literal_is_read_as_it_stands_and_runs() {
    let results = Results::new();
    let script = results.path().join("script.js");
    let text = "import http from 'k6/http';
export const options = {
  scenarios: {
    constant_load: { executor: 'constant-vus', vus: 50, duration: '5m' },
    spike_test: {
      executor: 'ramping-vus',
      stages: [
        { duration: '1m', target: 10 },
        { duration: '2m', target: 1000 }, // the height
        { duration: '1m', target: 10 },
      ],
    },
  },
  thresholds: {
    http_req_duration: ['p(95)<500'],
    http_req_failed: ['rate<0.1'],
  },
};
export default function () { http.get('http://test.k6.io'); }
";
    std::fs::write(&script, text).unwrap();
    let (mut hub, address) = e2e_tests::hub_api();
    let script = script.display().to_string();
    let target = format!("{address}/agents");
    let mut arguments = vec!["load", &target, "--options", &script, "--time-scale", "0.01"];
    arguments.extend(["--output-format", "json"]);
    let outcome = call(results.path(), &arguments);
    hub.kill().unwrap();
    hub.wait().unwrap();
    let record = record(&outcome);
    let names: Vec<&str> = record["plan"]["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| scenario["executor"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["constant-vus", "ramping-vus"]);
    let of_spike = record["scenarios"][1]["vus_max"].as_u64();
    assert_eq!(of_spike, Some(1000), "{}", record["scenarios"]);
    assert_eq!(record["thresholds"].as_array().map(Vec::len), Some(2));
    // How fast it is depends on the machine; that nothing failed does not.
    assert_eq!(record["thresholds"][1]["passed"], true, "{}", record["errors"]);
    assert!(record["metrics"]["http_reqs"]["value"].as_f64().unwrap() > 100.0);
}

#[test]
fn a_test_is_kept_in_a_folder_of_its_own() {
    let results = Results::new();
    let address = replying(OK);
    let arguments = ["load", &address, "--vus", "2", "--iterations", "6"];
    call(results.path(), &arguments).expect_code(0).expect_stdout(&["passed", "6"]);
    let [folder] = results.runs().try_into().expect("one");
    let text = std::fs::read_to_string(folder.join("load.json")).unwrap();
    let record: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&record["schema"], &record["scenarios"][0]["full"]), (&1.into(), &6.into()));
    assert!(results.path().join("runs/latest-load/load.json").exists());
    assert!(!results.path().join("runs/latest").exists());
}

#[test]
fn a_typed_executor_has_the_settings_that_were_typed_with_it() {
    let results = Results::new();
    let address = replying(OK);
    for (settings, course) in [
        (&["constant-arrival-rate", "--rate", "50", "--duration", "1s"][..], "50/s · 1.0 s"),
        (&["constant-vus", "--concurrency", "3", "--duration", "1s"], "3 VUs · 1.0 s"),
        (&["per-vu-iterations", "--vus", "2", "--iterations", "3"], "each of 2 VUs"),
    ] {
        let arguments = [&["load", &address, "--executor"], settings].concat();
        call(results.path(), &arguments).expect_code(0).expect_stdout(&[course]);
    }
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    let results = Results::new();
    let address = replying(OK);
    let mut command = bench_command(&hub_bench(), results.path());
    command.args(["load", &address, "--concurrency", "2", "--duration", "10m"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(Duration::from_millis(2500));
    send_signal(&child, libc::SIGINT);
    let status = wait_for_exit(&mut child, Duration::from_secs(20)).expect("it ends by itself");
    assert_eq!(status.code(), Some(1));
    let [folder] = results.runs().try_into().expect("one");
    let text = std::fs::read_to_string(folder.join("load.json")).unwrap();
    let record: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(record["run"]["interrupted"], true);
    assert!(record["scenarios"][0]["full"].as_u64().unwrap() > 0);
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let results = Results::new();
    let address = serve(|mut stream| {
        request(&mut stream);
        sleep(Duration::from_secs(60));
    });
    let mut command = bench_command(&hub_bench(), results.path());
    command.args(["load", &address, "--concurrency", "2", "--duration", "10m"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(Duration::from_millis(1500));
    send_signal(&child, libc::SIGINT);
    sleep(Duration::from_millis(500));
    send_signal(&child, libc::SIGINT);
    let status = wait_for_exit(&mut child, Duration::from_secs(5)).expect("it ends at once");
    assert_ne!(status.code(), Some(0));
}

#[test]
fn a_threshold_can_end_the_run() {
    let results = Results::new();
    let address = replying("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    let options = results.path().join("options.json");
    let text = r#"{"vus": 2, "duration": "10m", "thresholds": {"http_req_failed":
        [{"threshold": "rate<0.5", "abortOnFail": true}]}}"#;
    fs::write(&options, text).unwrap();
    let options = options.display().to_string();
    let outcome = call(results.path(), &["load", &address, "--options", &options]);
    outcome.expect_code(4).expect_stdout(&["http_req_failed"]);
}

#[test]
fn load_benches_run_from_their_bench_binary() {
    let results = Results::new();
    let loads = bench("loads", "loads");
    let outcome =
        run(&loads, results.path(), ["--load", "good", "--vus", "2", "--iterations", "10"]);
    outcome.expect_code(0).expect_stdout(&["loads::good", "passed"]);
    let outcome =
        run(&loads, results.path(), ["--load", "fails", "--vus", "2", "--iterations", "10"]);
    outcome.expect_code(4).expect_stdout(&["every iteration failed", "the answer was 503"]);
    let outcome =
        run(&loads, results.path(), ["--load", "panics", "--vus", "1", "--iterations", "3"]);
    outcome.expect_code(4).expect_stdout(&["somebody is there"]);
    let outcome = run(&loads, results.path(), ["--load", "setup_fails", "--iterations", "3"]);
    outcome.expect_code(101).expect_stderr(&["no server answers"]);
    let outcome = run(&loads, results.path(), ["--load", "gud"]);
    outcome.expect_code(2).expect_stderr(&["there is no load bench `gud`"]);
}

/// An open test of a target that stalls: what waited counts from when it was planned.
#[test]
fn stalls_are_not_omitted() {
    measured(|| {
        let started = std::time::Instant::now();
        let address = serve(move |mut stream| {
            while request(&mut stream) {
                let at = started.elapsed().as_millis() % 2000;
                if at > 1500 {
                    sleep(Duration::from_millis(2000 - at as u64));
                }
                if stream.write_all(OK.as_bytes()).is_err() {
                    return;
                }
            }
        });
        let results = Results::new();
        let mut arguments = vec!["load", &address, "--rate", "100", "--duration", "4s"];
        arguments.extend(["--max-connections", "100", "--output-format", "json"]);
        let outcome = call(results.path(), &arguments);
        let record = record(&outcome);
        let response = &record["metrics"]["response"]["trend"];
        // A quarter of the time it stalls, for up to half a second.
        assert!(response["p90"].as_f64().unwrap() > 150e6, "{response}");
        assert!(response["med"].as_f64().unwrap() < 150e6, "{response}");
        let scenario = &record["scenarios"][0];
        assert_eq!(scenario["planned"], 400);
        let begun = scenario["full"].as_u64().unwrap() + scenario["interrupted"].as_u64().unwrap();
        assert_eq!(begun + scenario["dropped"].as_u64().unwrap(), 400, "{scenario}");
    });
}

#[test]
fn a_spike_tells_how_the_target_recovered() {
    let results = Results::new();
    let address = replying(OK);
    let arguments = ["spike", &address, "--spike-duration", "60s", "--time-scale", "0.05"];
    let rates = ["--rate", "20", "--spike-rate", "100", "--output-format", "json"];
    let outcome = call(results.path(), &[&arguments[..], &rates[..]].concat());
    let record = record(&outcome);
    assert_eq!(record["run"]["kind"], "spike");
    assert!(record["recovery"]["words"].as_str().is_some_and(|words| !words.is_empty()));
}

#[test]
fn a_stress_test_finds_the_rate_that_a_target_bears() {
    measured(|| {
        // One request at a time, 20 ms each: 50 a second.
        let one_at_a_time = std::sync::Arc::new(std::sync::Mutex::new(()));
        let address = serve(move |mut stream| {
            while request(&mut stream) {
                let _alone = one_at_a_time.lock().unwrap();
                sleep(Duration::from_millis(20));
                if stream.write_all(OK.as_bytes()).is_err() {
                    return;
                }
            }
        });
        let results = Results::new();
        let mut arguments = vec!["stress", &address, "--rate", "10", "--max-connections", "50"];
        arguments.extend(["--time-scale", "0.2", "--output-format", "json"]);
        let outcome = call(results.path(), &arguments);
        let record = record(&outcome);
        let knee = record["capacity"]["knee_per_second"].as_f64();
        assert!(knee.is_some_and(|knee| (25.0..=60.0).contains(&knee)), "{}", record["capacity"]);
        assert!(record["capacity"]["probes"].as_array().is_some_and(|probes| probes.len() > 3));
    });
}

/// One that was told to look at this process, which is the target, and at a folder of a control
/// group.
#[test]
fn the_target_is_watched_on_the_same_clock() {
    let address = replying(OK);
    let group = Results::new();
    fs::write(group.path().join("cpu.stat"), "usage_usec 5\nuser_usec 3\n").unwrap();
    fs::write(group.path().join("memory.current"), "4096\n").unwrap();
    let folder = group.path().display().to_string();
    let own = std::process::id().to_string();
    for (flag, value) in [("--target-pid", &own), ("--target-cgroup", &folder)] {
        let results = Results::new();
        let mut arguments = vec!["load", &address, "--vus", "2", "--duration", "2s", flag, value];
        arguments.extend(["--output-format", "json"]);
        let record = record(&call(results.path(), &arguments));
        let target = &record["target"];
        assert!(target["watched"].as_str().unwrap().ends_with(value.as_str()), "{target}");
        assert!(target["peak_rss"].as_u64().unwrap() >= 4096, "{target}");
        assert_eq!(target["max_descriptors"].is_u64(), flag == "--target-pid", "{target}");
        assert_eq!(target["cpu_ns_per_iteration"].as_f64().unwrap() > 0.0, flag == "--target-pid");
        let ticks = record["timeline"].as_array().unwrap();
        let seen = ticks.iter().filter(|tick| tick["target_rss"].is_u64()).count();
        assert!(seen >= 1, "{ticks:?}");
    }
}
