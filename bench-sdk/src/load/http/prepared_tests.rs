//! What requests look like when they are sent.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use super::*;
use crate::record::load::Tags;
use crate::stats::Rng;

fn prepared(plan: &RequestPlan) -> Result<Prepared, String> {
    let base = Address::parse("http://me:secret@host:8080/api/").expect("an address");
    Prepared::new(plan, Some(&base), "bench", true)
}

fn sent(plan: &RequestPlan) -> String {
    let request = prepared(plan).expect("a request");
    let env = Tags::from([("TOKEN".to_owned(), "t".to_owned())]);
    let mut rng = Rng::new(3);
    let mut values = Values { vu: 4, iteration: 17, rng: &mut rng, env: &env };
    let mut bytes = Vec::new();
    request.render(&mut bytes, &mut values);
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_plain_request_is_rendered_once() {
    let request = prepared(&RequestPlan::get("items?a=b c")).expect("a request");
    let (bytes, body_at) = request.fixed.as_ref().expect("no variables");
    let expected = "GET /api/items?a=b%20c HTTP/1.1\r\nHost: host:8080\r\nUser-Agent: bench\r\n\
                    Authorization: Basic bWU6c2VjcmV0\r\n\r\n";
    assert_eq!(std::str::from_utf8(bytes), Ok(expected));
    assert_eq!(*body_at, bytes.len());
    assert_eq!(request.url, "http://host:8080/api/items?a=b c");
}

#[test]
fn variables_are_replaced_and_the_length_is_that_of_the_rendered_body() {
    let plan = RequestPlan {
        method: "POST".to_owned(),
        headers: vec![("X-Token".to_owned(), "{{env.TOKEN}}".to_owned())],
        body: RequestBody::Text("{\"vu\":{{vu}}}".to_owned()),
        ..RequestPlan::get("http://other/x/{{iteration}}")
    };
    let request = prepared(&plan).expect("a request");
    assert!(request.fixed.is_none());
    assert_eq!(
        sent(&plan),
        "POST /x/17 HTTP/1.1\r\nHost: other\r\nUser-Agent: bench\r\nX-Token: t\r\n\
         Content-Length: 8\r\n\r\n{\"vu\":4}"
    );
    assert_eq!(request.name, "http://other/x/{{iteration}}");
}

#[test]
fn a_post_without_a_body_says_so() {
    let plan = RequestPlan { method: "POST".to_owned(), ..RequestPlan::get("/x") };
    assert!(sent(&plan).ends_with("Content-Length: 0\r\n\r\n"), "{}", sent(&plan));
    assert!(!sent(&RequestPlan::get("/x")).contains("Content-Length"));
}

#[test]
fn what_would_break_the_framing_is_refused() {
    let with = |name: &str, value: &str| RequestPlan {
        headers: vec![(name.to_owned(), value.to_owned())],
        ..RequestPlan::get("/x")
    };
    for (plan, why) in [
        (with("Content-Length", "4"), "worked out from the body"),
        (with("X Y", "4"), "not the name of a header"),
        (with("X", "a\r\nY: b"), "control characters"),
        (RequestPlan { method: "GET /".to_owned(), ..RequestPlan::get("/x") }, "not a method"),
        (RequestPlan::get("/{{nothing}}"), "no variable"),
        (RequestPlan::get("http://{{env.HOST}}/"), "cannot stand"),
        (
            RequestPlan {
                body: RequestBody::File("/no/such/file".into()),
                ..RequestPlan::get("/")
            },
            "/no/such/file",
        ),
    ] {
        let error = prepared(&plan).expect_err(why);
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn variables_of_the_scenario_must_be_there_and_fit() {
    let request = prepared(&RequestPlan::get("/{{env.ID}}")).expect("a request");
    let missing = request.check_env(&Tags::new()).expect_err("missing");
    assert!(missing.contains("{{env.ID}}") && missing.contains("under `env`"), "{missing}");
    let with = |value: &str| Tags::from([("ID".to_owned(), value.to_owned())]);
    assert!(request.check_env(&with("a\r\nHost: evil")).is_err());
    assert_eq!(request.check_env(&with("7")), Ok(()));
}

#[test]
fn redirected_requests_leave_secrets_behind_on_another_host() {
    let plan = RequestPlan {
        method: "POST".to_owned(),
        headers: vec![("Content-Type".to_owned(), "a/b".to_owned())],
        body: RequestBody::Text("x".to_owned()),
        ..RequestPlan::get("/x")
    };
    let request = prepared(&plan).expect("a request");
    let (mut rng, env) = (Rng::new(0), Tags::new());
    let mut values = Values { vu: 1, iteration: 0, rng: &mut rng, env: &env };
    let mut to = |address: &str, method: &str, body: Option<&[u8]>| {
        let address = Address::parse(address).expect("an address");
        let (bytes, _) = request.render_redirected(&address, method, body, &mut values);
        String::from_utf8(bytes).expect("text")
    };
    assert_eq!(
        to("http://other/y?{{vu}}", "GET", None),
        "GET /y?{{vu}} HTTP/1.1\r\nHost: other\r\nUser-Agent: bench\r\n\r\n"
    );
    let same = to("http://host:8080/y", "POST", Some(b"x"));
    assert!(same.contains("Authorization: ") && same.contains("Content-Type: a/b"), "{same}");
    assert!(same.ends_with("Content-Length: 1\r\n\r\nx"), "{same}");
}

#[test]
fn expected_statuses_are_k6s_unless_others_are_given() {
    let request = prepared(&RequestPlan::get("/x")).expect("a request");
    assert_eq!(
        [199, 200, 399, 400].map(|status| request.expects(status)),
        [false, true, true, false]
    );
    let plan = RequestPlan { expect: vec![404..=404, 500..=599], ..RequestPlan::get("/x") };
    let request = prepared(&plan).expect("a request");
    assert_eq!([200, 404, 503].map(|status| request.expects(status)), [false, true, true]);
}
