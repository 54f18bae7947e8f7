//! What `--help` says of load tests.

use crate::plan::load::Profile;

/// Options with a value, for "did you mean".
pub(super) const NAMES: [&str; 42] = [
    "help",
    "quiet",
    "concurrency",
    "max-connections",
    "spike-duration",
    "spike-rate",
    "rate",
    "duration",
    "executor",
    "vus",
    "iterations",
    "stage",
    "start-vus",
    "start-rate",
    "pre-allocated-vus",
    "max-vus",
    "max-duration",
    "graceful-stop",
    "threshold",
    "env",
    "tag",
    "requests",
    "method",
    "header",
    "body",
    "body-file",
    "expect",
    "timeout",
    "redirects",
    "new-connections",
    "insecure",
    "http2",
    "options",
    "allow-host",
    "threads",
    "time-scale",
    "seed",
    "target-pid",
    "target-cgroup",
    "output-format",
    "output",
    "color",
];

/// Options without a value.
#[cfg(feature = "cli")]
const FLAGS: [&str; 6] = ["help", "quiet", "bench", "new-connections", "insecure", "http2"];

/// Whether the option of that name has a value; `None` if it is none of load tests.
#[cfg(feature = "cli")]
pub(crate) fn takes_load_value(name: &str) -> Option<bool> {
    if FLAGS.contains(&name) {
        return Some(false);
    }
    NAMES.contains(&name).then_some(true)
}

/// Options of a course that the command does not have already.
const OWN_COURSE: &str = "  --executor NAME         constant-vus, ramping-vus, shared-iterations, \
per-vu-iterations,
                          constant-arrival-rate, ramping-arrival-rate
  --vus N, --iterations N, --stage T:N (repeatable), --start-vus N, --start-rate N,
  --max-duration T
";

/// The text of `--help`.
pub(crate) fn help(profile: Profile) -> String {
    let (what, own) = match profile {
        Profile::Load => (
            "Puts a given load on a target and tells how it does.",
            "  --concurrency N         virtual users, each of whom waits for an answer; 100
  --rate N                iterations a second instead, whether or not former ones have ended
  --duration T            how long; 300s",
        ),
        Profile::Stress => (
            "Searches for the highest rate at which a target still meets the thresholds, confirms it, and
fits the scalability law.",
            "  --max-connections N     virtual users that there may be; 1000
  --rate N                the first rate tried, in iterations a second; 10
  --duration T            the search ends then, with what it knows; 900s",
        ),
        Profile::Spike => (
            "Raises the load on a target at once for a while and tells how it recovers.",
            "  --spike-duration T      how long the height lasts; 60s
  --rate N                iterations a second before and after it; 100
  --spike-rate N          iterations a second at the height; ten times as many
  --max-connections N     virtual users that there may be; --concurrency N means the same",
        ),
    };
    let name = profile.name();
    let course = match profile {
        Profile::Load => OWN_COURSE,
        Profile::Stress | Profile::Spike => "",
    };
    format!(
        "{what}

Usage: cargo hub-bench {name} TARGET [OPTIONS]

TARGET is an address (http://127.0.0.1:8080/agents), the id or name of a load bench, or the name of
an entry [load.NAME] in hub-bench.toml.

{own}

Scenario
{course}  --max-vus N, --pre-allocated-vus N, --graceful-stop T
  --threshold TEXT        such as 'http_req_duration: p(95) < 500ms'; repeatable
  --options FILE          scenarios and thresholds of a k6 script or JSON file
  --env NAME=VALUE, --tag NAME=VALUE
  --time-scale X          multiply all lengths of time

Requests, where the target is an address
  --method M, --header 'NAME: VALUE' (repeatable), --body TEXT, --body-file FILE
  --requests FILE         a weighted list of requests, JSON or TOML
  --expect 200,201-204    statuses that count as passed; 200-399
  --timeout T             60s
  --redirects N           how many are followed; 10
  --new-connections       one for each request
  --http2                 HTTP/2; over http:// with prior knowledge
  --insecure              take any certificate
  --allow-host HOST       put load on a host that is not this machine; repeatable

Run
  --threads N             of the generator; half of the processors
  --target-pid N, --target-cgroup DIR
                          watch what the server uses, on the same clock
  --seed N
  --output-format FORMAT, --output FILE
                          pretty, terse, json, jsonl, csv, csv-timeline, markdown, junit, k6-summary,
                          bencher, github, github-bigger, bmf, openmetrics; repeatable
  --color WHEN, -q

Ctrl-C ends the test gracefully and keeps what was measured; a second one ends it at once.

Exit codes: 0 all thresholds held, 1 not run or not kept, 2 usage, 4 a threshold failed.
"
    )
}
