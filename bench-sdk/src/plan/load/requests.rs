//! A list of requests in a file, for load that is a mix of them.

use std::ops::RangeInclusive;
use std::path::Path;

use serde_json::{Map, Value};

use crate::plan::{check_depth, nearest};
use crate::record::load::{RequestBody, RequestPlan};

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestsFormat {
    /// An array of objects, or an object with the array under `requests`.
    Json,
    /// Tables `[[requests]]`.
    Toml,
}

impl RequestsFormat {
    /// That of a file with that name: TOML where it ends in `.toml`, else JSON.
    pub(crate) fn of(path: &Path) -> Self {
        let is_toml = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"));
        if is_toml { Self::Toml } else { Self::Json }
    }
}

const KEYS: [&str; 8] =
    ["name", "method", "url", "headers", "body", "body_file", "expect", "weight"];

/// Reads a list of requests. `folder` is where paths of bodies begin, that of the file.
///
/// # Errors
/// Says which request and which key is not as it should be, and what is accepted.
pub(crate) fn parse_requests(
    text: &str,
    format: RequestsFormat,
    folder: &Path,
) -> Result<Vec<RequestPlan>, String> {
    check_depth(text).map_err(|why| format!("the list of requests: {why}"))?;
    let whole: Value = match format {
        RequestsFormat::Json => serde_json::from_str(text)
            .map_err(|error| format!("the list of requests is not JSON: {error}"))?,
        RequestsFormat::Toml => basic_toml::from_str(text)
            .map_err(|error| format!("the list of requests is not TOML: {error}"))?,
    };
    let list = match whole {
        Value::Array(list) => list,
        Value::Object(mut whole) => {
            let list = whole.remove("requests");
            if let Some(key) = whole.keys().next() {
                return Err(format!(
                    "the list of requests has the key `{key}`; there is only `requests`"
                ));
            }
            match list {
                Some(Value::Array(list)) => list,
                _ => return Err("the list of requests has no array `requests`".to_owned()),
            }
        }
        _ => return Err("the list of requests is neither an array nor an object".to_owned()),
    };
    if list.is_empty() {
        return Err("the list of requests is empty; it needs one at least".to_owned());
    }
    let numbered = list.into_iter().enumerate();
    numbered
        .map(|(at, entry)| {
            request(entry, folder).map_err(|what| format!("request {}: {what}", at + 1))
        })
        .collect()
}

fn request(entry: Value, folder: &Path) -> Result<RequestPlan, String> {
    let Value::Object(mut entry) = entry else {
        return Err(format!("it is {}, not an object", kind(&entry)));
    };
    if let Some(key) = entry.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let instead = match nearest(key, KEYS) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("there are {}", KEYS.join(", ")),
        };
        return Err(format!("there is no key `{key}`; {instead}"));
    }
    let url = text(&mut entry, "url")?.ok_or("it has no `url`")?;
    let method = text(&mut entry, "method")?;
    let body = body(&mut entry, folder)?;
    let default = if body == RequestBody::Empty { "GET" } else { "POST" };
    Ok(RequestPlan {
        name: text(&mut entry, "name")?,
        method: method.map_or_else(|| default.to_owned(), |method| method.to_ascii_uppercase()),
        headers: headers(entry.remove("headers"))?,
        expect: entry.remove("expect").as_ref().map_or_else(|| Ok(Vec::new()), statuses)?,
        weight: weight(entry.remove("weight"))?,
        url,
        body,
    })
}

fn text(entry: &mut Map<String, Value>, key: &str) -> Result<Option<String>, String> {
    match entry.remove(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("`{key}` is {}, not a text", kind(&other))),
    }
}

fn body(entry: &mut Map<String, Value>, folder: &Path) -> Result<RequestBody, String> {
    let file = text(entry, "body_file")?;
    match (entry.remove("body"), file) {
        (None, None) => Ok(RequestBody::Empty),
        (None, Some(file)) => Ok(RequestBody::File(folder.join(file))),
        (Some(Value::String(text)), None) => Ok(RequestBody::Text(text)),
        (Some(value @ (Value::Object(_) | Value::Array(_))), None) => {
            Ok(RequestBody::Text(value.to_string()))
        }
        (Some(other), None) => {
            Err(format!("`body` is {}, not a text, an object or an array", kind(&other)))
        }
        (Some(_), Some(_)) => Err("it has both `body` and `body_file`; one is enough".to_owned()),
    }
}

/// An object of names and values, or an array of pairs where an order or a repetition matters.
fn headers(value: Option<Value>) -> Result<Vec<(String, String)>, String> {
    let wrong = || "`headers` is neither an object of texts nor an array of pairs".to_owned();
    let pairs: Vec<(Value, Value)> = match value {
        None => Vec::new(),
        Some(Value::Object(map)) => {
            map.into_iter().map(|(name, value)| (Value::String(name), value)).collect()
        }
        Some(Value::Array(list)) => {
            let pair = |value: Value| match value {
                Value::Array(pair) => <[Value; 2]>::try_from(pair).ok().map(|[a, b]| (a, b)),
                _ => None,
            };
            list.into_iter().map(pair).collect::<Option<_>>().ok_or_else(wrong)?
        }
        Some(_) => return Err(wrong()),
    };
    let texts = pairs.into_iter().map(|pair| match pair {
        (Value::String(name), Value::String(value)) => Ok((name, value)),
        (Value::String(name), Value::Number(value)) => Ok((name, value.to_string())),
        _ => Err(wrong()),
    });
    texts.collect()
}

/// `200`, `"200-299"`, `"2xx"`, or an array of these.
fn statuses(value: &Value) -> Result<Vec<RangeInclusive<u16>>, String> {
    let wrong = |value: &Value| {
        format!("`expect` has {value}; it takes 200, \"200-299\", \"2xx\", or an array of these")
    };
    let range = |value: &Value| {
        let found = match value {
            Value::Number(number) => number.as_u64().and_then(|n| status(&n.to_string())),
            Value::String(text) => status(text.trim()),
            _ => None,
        };
        found.ok_or_else(|| wrong(value))
    };
    match value {
        Value::Array(list) if list.is_empty() => Err(wrong(value)),
        Value::Array(list) => list.iter().map(range).collect(),
        one => Ok(vec![range(one)?]),
    }
}

fn status(text: &str) -> Option<RangeInclusive<u16>> {
    let number = |text: &str| {
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number >= 100)
    };
    if let Some((from, to)) = text.split_once('-') {
        let (from, to) = (number(from.trim())?, number(to.trim())?);
        return (from <= to).then_some(from..=to);
    }
    if let Some(hundreds) = text.to_ascii_lowercase().strip_suffix("xx") {
        let first = number(&format!("{hundreds}00"))?;
        return Some(first..=first + 99);
    }
    number(text).map(|only| only..=only)
}

fn weight(value: Option<Value>) -> Result<f64, String> {
    let Some(value) = value else { return Ok(1.0) };
    let number = value.as_f64().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| format!("`weight` is {value}; it takes a number from 0"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn json(text: &str) -> Result<Vec<RequestPlan>, String> {
        parse_requests(text, RequestsFormat::Json, Path::new("/load"))
    }

    #[test]
    fn both_formats_say_the_same() {
        let list = r#"{"requests": [
            {"name": "list", "url": "/agents", "weight": 9, "expect": [200, "3xx"]},
            {"url": "/agents", "headers": {"X-Number": 1}, "body": {"a": "b"}, "expect": "200-204"},
            {"method": "put", "url": "http://other/x", "body_file": "x.bin"}]}"#;
        let tables = r#"
            [[requests]]
            name = "list"
            url = "/agents"
            weight = 9
            expect = [200, "3xx"]
            [[requests]]
            url = "/agents"
            headers = { X-Number = 1 }
            body = '{"a":"b"}'
            expect = "200-204"
            [[requests]]
            method = "put"
            url = "http://other/x"
            body_file = "x.bin"
        "#;
        let found = json(list).expect("a list");
        let same = parse_requests(tables, RequestsFormat::Toml, Path::new("/load"));
        assert_eq!(Ok(&found), same.as_ref());
        assert_eq!(found[0].expect, [200..=200, 300..=399]);
        assert_eq!((found[0].method.as_str(), found[0].weight), ("GET", 9.0));
        assert_eq!(found[1].body, RequestBody::Text(r#"{"a":"b"}"#.to_owned()));
        assert_eq!(found[1].headers, [("X-Number".to_owned(), "1".to_owned())]);
        assert_eq!((found[1].method.as_str(), found[2].method.as_str()), ("POST", "PUT"));
        assert_eq!(found[2].body, RequestBody::File("/load/x.bin".into()));
        assert_eq!(json(r#"[{"url": "/"}]"#), Ok(vec![RequestPlan::get("/")]));
    }

    #[test]
    fn errors_name_the_request_the_key_and_what_is_accepted() {
        for (text, words) in [
            ("[", "is not JSON"),
            ("[]", "is empty"),
            ("3", "neither an array nor an object"),
            (r#"{"request": []}"#, "only `requests`"),
            (r#"[{"url": "/"}, {"method": "GET"}]"#, "request 2: it has no `url`"),
            (
                r#"[{"url": "/", "wieght": 1}]"#,
                "request 1: there is no key `wieght`; did you mean `weight`?",
            ),
            (r#"[{"url": 3}]"#, "`url` is a number, not a text"),
            (r#"[{"url": "/", "expect": 99}]"#, "`expect` has 99; it takes 200"),
            (r#"[{"url": "/", "expect": ["300-200"]}]"#, "it takes 200"),
            (r#"[{"url": "/", "expect": []}]"#, "it takes 200"),
            (r#"[{"url": "/", "weight": -1}]"#, "`weight` is -1"),
            (r#"[{"url": "/", "body": "a", "body_file": "b"}]"#, "both `body` and `body_file`"),
            (r#"[{"url": "/", "headers": ["a"]}]"#, "array of pairs"),
            (r#"["/"]"#, "request 1: it is a text, not an object"),
        ] {
            let error = json(text).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn the_name_of_the_file_tells_the_format() {
        assert_eq!(RequestsFormat::of(Path::new("a/mix.TOML")), RequestsFormat::Toml);
        assert_eq!(RequestsFormat::of(Path::new("mix.json")), RequestsFormat::Json);
    }
}
