//! Reads what libtest prints of benchmarks: its bench lines, and its JSON lines.

use serde_json::Value;

use super::import_lines::numbered_lines;
use super::imported::{add_rate, case_of, set_time, time_metric};
use crate::harness::shortened;
use crate::record::{CaseRecord, Status, metric_name};
use crate::registry::one_line;

/// A line that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineError {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) what: String,
}

/// What only results have. Behind something else on their line they would not be seen.
const MARKS: [&str; 3] = ["/iter (+/- ", "\"type\": \"bench\"", "\"type\":\"bench\""];

/// The benchmarks in a text, in its order. Lines of both kinds may stand among others, which are
/// passed over; one that begins as a result and is none is an error.
pub(super) fn libtest_cases(text: &str) -> Result<Vec<CaseRecord>, LineError> {
    let mut cases = Vec::new();
    for (number, line) in numbered_lines(text) {
        let line = line.trim();
        let read = match line.strip_prefix("test ") {
            Some(rest) => text_line(rest),
            None if line.starts_with('{') => json_line(line),
            None if MARKS.iter().any(|mark| line.contains(mark)) => {
                Err("there is a result in it, but not from its beginning".to_owned())
            }
            None => continue,
        };
        cases.extend(read.map_err(|what| LineError { line: number, what })?);
    }
    Ok(cases)
}

/// `a::b ... bench:  55,589.05 ns/iter (+/- 320.85) = 12 MB/s`, without the word before it.
fn text_line(rest: &str) -> Result<Option<CaseRecord>, String> {
    let Some((name, figures)) = rest.rsplit_once(" ... bench:") else { return unit_line(rest) };
    if let Some((begun, _)) = name.split_once(" ... test ") {
        return Err(unfinished(begun));
    }
    let unreadable = || format!("`{}` is not a time and a deviation", shortened(figures.trim()));
    let (value, rest) = figures.trim().split_once(' ').ok_or_else(unreadable)?;
    let (unit, rest) = rest.split_once("/iter (+/- ").ok_or_else(unreadable)?;
    let (deviation, rate) = rest.split_once(')').ok_or_else(unreadable)?;
    let scale = scale(unit).ok_or_else(|| format!("`{}` is no unit of time", shortened(unit)))?;
    let value = figure(value).ok_or_else(unreadable)?;
    let deviation = figure(deviation).ok_or_else(unreadable)?;
    let megabytes = match rate.trim().strip_prefix('=') {
        Some(rate) => {
            let number = rate.trim().strip_suffix("MB/s").map(str::trim).and_then(figure);
            Some(number.ok_or_else(unreadable)?)
        }
        None => None,
    };
    timed(name.trim(), value * scale, deviation * scale, megabytes).map(Some)
}

/// `a::b ... ok` and other results without a time. What has begun and has none was printed into by its
/// benchmark, or cut.
fn unit_line(rest: &str) -> Result<Option<CaseRecord>, String> {
    if let Some((name, end)) = rest.rsplit_once(" ... FAILED")
        && (end.is_empty() || end.starts_with(" (") || end.starts_with(" <"))
    {
        return Ok(Some(broken(name.trim(), Status::Failed, "it failed")));
    }
    let cut = rest.strip_suffix(" ...").map(|name| (name, ""));
    let Some((name, result)) = rest.split_once(" ... ").or(cut) else { return Ok(None) };
    let is_whole = ["ok", "ignored"].contains(&result);
    if is_whole || ["ok <", "ignored,"].iter().any(|begin| result.starts_with(begin)) {
        return Ok(None);
    }
    Err(unfinished(name))
}

fn unfinished(name: &str) -> String {
    format!("`{}` begins here, and its `bench:` is not on the line", shortened(name.trim()))
}

/// Nanoseconds in that unit.
fn scale(unit: &str) -> Option<f64> {
    match unit {
        "ns" => Some(1.0),
        "us" | "µs" | "μs" => Some(1e3),
        "ms" => Some(1e6),
        "s" => Some(1e9),
        _ => None,
    }
}

/// A number with commas between its thousands.
fn figure(text: &str) -> Option<f64> {
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let digits = text.replace(',', "");
    digits.parse().ok().filter(|_| !text.is_empty() && text.chars().all(is_plain))
}

/// An event of `--format json`.
fn json_line(line: &str) -> Result<Option<CaseRecord>, String> {
    let event: Value = serde_json::from_str(line)
        .map_err(|error| format!("it begins as JSON and is none: {error}"))?;
    let text = |key: &str| event[key].as_str();
    let name = || text("name").ok_or("it has no `name`".to_owned());
    match text("type") {
        None => Err("it has no `type`, so it is no event of libtest".to_owned()),
        Some("bench") => {
            let number =
                |key: &str| event[key].as_f64().ok_or_else(|| format!("it has no number `{key}`"));
            let megabytes = event["mib_per_second"].as_f64();
            timed(name()?, number("median")?, number("deviation")?, megabytes).map(Some)
        }
        Some("test") if text("event") == Some("failed") => {
            let late = text("reason") == Some("time limit exceeded");
            let status = if late { Status::TimedOut } else { Status::Failed };
            let message = text("message").or_else(|| text("reason")).unwrap_or("it failed");
            let mut case = broken(name()?, status, message);
            case.output = text("stdout").map(str::to_owned);
            Ok(Some(case))
        }
        Some("test" | "suite" | "report") => Ok(None),
        Some(other) => {
            Err(format!("`type` is `{}`, which this version does not know", shortened(other)))
        }
    }
}

/// A case with its time. All values lie within the deviation, which is that from the smallest to the
/// largest; so these are ends without a level.
fn timed(
    name: &str,
    median_ns: f64,
    deviation_ns: f64,
    megabytes: Option<f64>,
) -> Result<CaseRecord, String> {
    if deviation_ns < 0.0 {
        return Err("the deviation is negative".to_owned());
    }
    let ends = (median_ns - deviation_ns, median_ns + deviation_ns);
    let time = time_metric(median_ns, Some(ends)).map_err(|why| format!("the time {why}"))?;
    let mut case = named(name);
    set_time(&mut case, time);
    if let Some(megabytes) = megabytes {
        add_rate(&mut case, metric_name::THROUGHPUT_BYTES, megabytes * 1e6);
    }
    Ok(case)
}

fn broken(name: &str, status: Status, message: &str) -> CaseRecord {
    CaseRecord { status, message: Some(message.to_owned()), ..named(name) }
}

/// A case by its path; what stands in brackets is an argument, as in names of ours.
fn named(path: &str) -> CaseRecord {
    let path = &*one_line(path);
    let end = path.find(['[', '{', '<']).unwrap_or(path.len());
    let (head, tail) = path.split_at(end);
    let (group, name) = head.rsplit_once("::").unwrap_or(("", head));
    let arg = tail.strip_prefix('[').and_then(|rest| rest.rsplit_once(']'));
    let value = arg.map(|(arg, rest)| format!("{arg}{rest}"));
    let case = case_of(group, name, value.as_deref());
    // Of what cannot be taken apart the whole stays.
    if case.id.as_str() == path {
        case
    } else {
        CaseRecord { id: path.into(), ..case_of(group, name, None) }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "lines that cannot be read fail the test")]
mod tests {
    use super::*;

    fn time(case: &CaseRecord) -> (f64, f64, f64) {
        let time = case.metric("time").unwrap();
        (time.estimate, time.low.unwrap(), time.high.unwrap())
    }

    fn error(text: &str) -> LineError {
        libtest_cases(text).unwrap_err()
    }

    #[test]
    fn bench_lines_are_read_among_others() {
        let text = "\n\
            running 5 tests\n\
            test tests::plain ... ok\n\
            test tests::it_is_ignored ... ignored\n\
            test tests::bad ... FAILED\n\
            test tests::parse                  ... bench:      55,589.25 ns/iter (+/- 320.75)\n\
            test old::style ... bench:         120 ns/iter (+/- 7) = 533 MB/s\n\
            test slow ... bench:           1.50 ms/iter (+/- 0.25)\r\n\
            test result: ok. 1 passed; 1 failed; 1 ignored; 3 measured; 0 filtered out\n";
        let cases = libtest_cases(text).unwrap();
        let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(ids, ["tests::bad", "tests::parse", "old::style", "slow"]);
        assert_eq!(cases[0].status, Status::Failed);
        assert_eq!(time(&cases[1]), (55_589.25, 55_268.5, 55_910.0));
        assert_eq!(cases[2].metric("throughput_bytes").map(|metric| metric.estimate), Some(533e6));
        assert_eq!(time(&cases[3]), (1.5e6, 1.25e6, 1.75e6));
        assert_eq!((cases[1].group.as_str(), cases[1].name.as_str()), ("tests", "parse"));
    }

    #[test]
    fn json_lines_are_read() {
        let text = r#"{ "type": "suite", "event": "started", "test_count": 3 }
{ "type": "test", "event": "started", "name": "a::b" }
{ "type": "bench", "name": "a::b[10]{t=4}", "median": 120, "deviation": 7, "mib_per_second": 5 }
{ "type": "test", "name": "a::c", "event": "failed", "stdout": "boo" }
{ "type": "test", "name": "a::d", "event": "failed", "reason": "time limit exceeded" }
{ "type": "test", "name": "a::e", "event": "ignored" }
{ "type": "suite", "event": "failed", "passed": 0, "failed": 2, "measured": 1 }
"#;
        let cases = libtest_cases(text).unwrap();
        assert_eq!(cases.len(), 3);
        assert_eq!(time(&cases[0]), (120.0, 113.0, 127.0));
        assert_eq!((cases[0].args.as_slice(), cases[0].threads), (&["10".to_owned()][..], Some(4)));
        assert_eq!(cases[0].id.as_str(), "a::b[10]{t=4}");
        assert_eq!(cases[1].output.as_deref(), Some("boo"));
        assert_eq!(cases[2].status, Status::TimedOut);
    }

    #[test]
    fn names_that_cannot_be_taken_apart_stay_whole() {
        for path in ["a::b<u8,4>[1]", "a::b[1]#2", "a::b[x", "x<script>[", "é::中[大]", "[]"] {
            let line = format!("test {path} ... bench: 1 ns/iter (+/- 0)");
            assert_eq!(libtest_cases(&line).unwrap()[0].id.as_str(), path);
        }
    }

    #[test]
    fn what_is_no_result_is_named_with_its_line() {
        let cut = error("ok\ntest a ... bench: 12,3");
        assert_eq!((cut.line, cut.what.as_str()), (2, "`12,3` is not a time and a deviation"));
        assert!(error("test a ... bench: 1 qs/iter (+/- 0)").what.contains("`qs` is no unit"));
        assert!(error("test a ... bench: -1 ns/iter (+/- 0)").what.contains("not a time"));
        assert!(error("test a ... bench: inf ns/iter (+/- 0)").what.contains("not a time"));
        assert!(error("{\n  \"a\": 1\n}").what.contains("begins as JSON"));
        assert!(error("{\"name\":\"a\"}").what.contains("no `type`"));
        assert!(error("{\"type\":\"bench\",\"name\":\"a\"}").what.contains("no number `median`"));
        assert!(error("{\"type\":\"bench\",\"median\":1,\"deviation\":0}").what.contains("`name`"));
        assert!(error("{\"type\":\"benchmark\"}").what.contains("does not know"));
        let negative = "{\"type\":\"bench\",\"name\":\"a\",\"median\":-1,\"deviation\":0}";
        assert_eq!(error(negative).what, "the time is -1.0 ns, which is no time");
        let negative = negative.replace("-1,", "1,").replace(":0}", ":-1}");
        assert!(error(&negative).what.contains("deviation is negative"));
        let long = format!("test a ... bench: 1{} ns/iter (+/- 0)", "0".repeat(300));
        assert_eq!(error(&long).what, "the time is 1e300 ns, which is no time");
        assert_eq!(libtest_cases("nothing here\n"), Ok(Vec::new()));
    }

    #[test]
    fn what_has_begun_and_has_no_time_is_named() {
        for line in [
            "test a::b ... stray print",
            "test a::b ...",
            "test a::b ... ok then",
            "test a::b ... stray ... ok",
            "test a::b ... 10 ns/iter (+/- 1)",
            "test a::b ... test c ... bench: 1 ns/iter (+/- 0)",
        ] {
            let text = format!("first\n{line}\nbench: 10 ns/iter (+/- 1)\n");
            let what = "`a::b` begins here, and its `bench:` is not on the line".to_owned();
            assert_eq!(error(&text), LineError { line: 2, what }, "{line}");
        }
        for line in [
            "stray test a ... bench: 1 ns/iter (+/- 0)",
            "stray{ \"type\": \"bench\", \"name\": \"a\", \"median\": 1, \"deviation\": 0 }",
        ] {
            assert!(error(line).what.contains("not from its beginning"), "{line}");
        }
    }

    #[test]
    fn results_of_unit_tests_are_known() {
        let text = "test a ... ok\ntest b ... ok <0.001s>\ntest c ... ignored, for no reason\n\
            test d - should panic ... ok\ntest e has been running for over 60 seconds\n\
            test f ... FAILED (time limit exceeded)\ntest g ... FAILED <0.1s>\n";
        let cases = libtest_cases(text).unwrap();
        let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(ids, ["f", "g"]);
    }

    #[test]
    fn lines_for_a_terminal_are_read() {
        let text = "test a ... bench: 1 ns/iter (+/- 0)\n\
            \u{1b}[32mtest b ... bench:\u{1b}[0m 2 ns/iter (+/- 0)\n";
        assert_eq!(libtest_cases(text).unwrap().len(), 2);
        assert_eq!(libtest_cases(&text.replace('\n', "\r")).unwrap().len(), 2);
    }
}
