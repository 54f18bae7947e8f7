//! Requests made ready beforehand, so that sending one costs as little as can be.

use std::ops::RangeInclusive;

use super::address::Address;
use super::template::{Template, Values, push_number};
use crate::record::load::{RequestBody, RequestPlan};

/// A request that only waits for its variables, where it has any.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What its samples are tagged with.
    pub(crate) name: String,
    /// The address as it was asked for, without name and password.
    pub(crate) url: String,
    /// `GET`, `POST`, ..
    pub(crate) method: String,
    /// Where it goes.
    pub(crate) address: Address,
    /// Whether the response has no body.
    pub(crate) is_head: bool,
    /// Whether it may be sent twice.
    pub(crate) is_idempotent: bool,
    /// All of it, where it has no variables, and where the body begins.
    pub(crate) fixed: Option<(Vec<u8>, usize)>,
    headers: Vec<(String, Template)>,
    line: Template,
    body: Template,
    has_body: bool,
    expect: Vec<RangeInclusive<u16>>,
}

/// Headers that are written by us alone, because the framing rests on them.
const OURS: [&str; 2] = ["content-length", "transfer-encoding"];

impl Prepared {
    /// Makes a request ready; reads its body where it is in a file. `base` is the address of the
    /// target, `user_agent` what is sent where it names none.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn new(
        plan: &RequestPlan,
        base: Option<&Address>,
        user_agent: &str,
        keep_alive: bool,
    ) -> Result<Self, String> {
        let address = full_address(&plan.url, base)?;
        let url = address.shown();
        let name = plan.name.clone().unwrap_or_else(|| url.clone());
        let about = |what: String| format!("the request `{name}`: {what}");
        if !is_token(&plan.method) {
            return Err(about(format!("`{}` is not a method", plan.method)));
        }
        let headers = headers(plan, &address, user_agent, keep_alive).map_err(&about)?;
        let line = Template::parse(address.path.as_bytes()).map_err(&about)?.percent_encoded();
        let body = body(&plan.body).map_err(&about)?;
        let method = plan.method.clone();
        let has_body =
            plan.body != RequestBody::Empty || ["POST", "PUT", "PATCH"].contains(&method.as_str());
        let idempotent = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];
        let mut prepared = Self {
            is_head: method == "HEAD",
            is_idempotent: idempotent.contains(&method.as_str()),
            fixed: None,
            expect: plan.expect.clone(),
            name,
            url,
            method,
            address,
            headers,
            line,
            body,
            has_body,
        };
        prepared.fixed = prepared.rendered_once();
        Ok(prepared)
    }

    /// Whether a response with that status passes.
    pub(crate) fn expects(&self, status: u16) -> bool {
        if self.expect.is_empty() {
            return (200..400).contains(&status);
        }
        self.expect.iter().any(|range| range.contains(&status))
    }

    /// Writes the request with its variables replaced; returns where its body begins.
    pub(crate) fn render(&self, out: &mut Vec<u8>, values: &mut Values<'_>) -> usize {
        out.clear();
        out.extend_from_slice(self.method.as_bytes());
        out.push(b' ');
        self.line.render(out, values);
        out.extend_from_slice(b" HTTP/1.1\r\n");
        for (name, value) in &self.headers {
            push_header(out, name, |out| value.render(out, values));
        }
        let mut body = Vec::new();
        let body = self.body.rendered(&mut body, values);
        finish(out, self.has_body.then_some(body))
    }

    /// Writes what is sent where a response sends on to another address; returns where its body
    /// begins.
    pub(crate) fn render_redirected(
        &self,
        to: &Address,
        method: &str,
        body: Option<&[u8]>,
        values: &mut Values<'_>,
    ) -> (Vec<u8>, usize) {
        let is_same_host = to.is_same_place(&self.address);
        let mut out = Vec::new();
        out.extend_from_slice(method.as_bytes());
        out.push(b' ');
        Template::fixed(to.path.as_bytes()).percent_encoded().render(&mut out, values);
        out.extend_from_slice(b" HTTP/1.1\r\n");
        push_header(&mut out, "Host", |out| out.extend_from_slice(to.host_header().as_bytes()));
        for (name, value) in &self.headers {
            let is = |other: &[&str]| other.iter().any(|other| name.eq_ignore_ascii_case(other));
            let is_secret =
                is(&["authorization", "cookie", "proxy-authorization"]) && !is_same_host;
            let is_of_body = body.is_none() && is(&["content-type", "content-encoding"]);
            if !(is(&["host"]) || is_secret || is_of_body) {
                push_header(&mut out, name, |out| value.render(out, values));
            }
        }
        let body_at = finish(&mut out, body);
        (out, body_at)
    }

    /// Whether the variables of a scenario are all there, and fit where they are used.
    ///
    /// # Errors
    /// Names the first that is missing or does not fit.
    pub(crate) fn check_env(&self, env: &crate::record::load::Tags) -> Result<(), String> {
        let heads = self.headers.iter().flat_map(|(_, value)| value.env_names());
        let uses = (self.line.env_names().map(|name| (name, "address")))
            .chain(heads.map(|name| (name, "header")))
            .chain(self.body.env_names().map(|name| (name, "body")));
        for (name, place) in uses {
            let Some(value) = env.get(name) else {
                return Err(format!(
                    "the request `{}` asks for {{{{env.{name}}}}}, and its scenario has no \
                     variable of that name; give it under `env`",
                    self.name
                ));
            };
            let fits = match place {
                "address" => value.bytes().all(|byte| byte.is_ascii_graphic()),
                "header" => is_header_value(value),
                _ => true,
            };
            if !fits {
                return Err(format!(
                    "the request `{}` has {{{{env.{name}}}}} in its {place}, where the value \
                     {value:?} cannot stand",
                    self.name
                ));
            }
        }
        Ok(())
    }

    fn rendered_once(&self) -> Option<(Vec<u8>, usize)> {
        self.line.as_fixed()?;
        self.body.as_fixed()?;
        for (_, value) in &self.headers {
            value.as_fixed()?;
        }
        // Nothing is replaced, so what variables stand for does not matter.
        let (mut rng, env) = (crate::stats::Rng::new(0), crate::record::load::Tags::new());
        let mut values = Values { vu: 0, iteration: 0, rng: &mut rng, env: &env };
        let mut bytes = Vec::new();
        let body_at = self.render(&mut bytes, &mut values);
        bytes.shrink_to_fit();
        Some((bytes, body_at))
    }
}

/// A whole address, or one under that of the target.
pub(crate) fn full_address(url: &str, base: Option<&Address>) -> Result<Address, String> {
    if url.contains("://") && !url.starts_with(['/', '?']) {
        return Address::parse(url);
    }
    let base = base.ok_or_else(|| {
        format!("`{url}` is a path, and there is no address of a target that it could be under")
    })?;
    let folder = base.path.trim_end_matches('/');
    let path = match url.chars().next() {
        None => base.path.clone(),
        Some('/' | '?') => format!("{folder}{url}"),
        Some(_) => format!("{folder}/{url}"),
    };
    let path = path.split('#').next().unwrap_or_default().to_owned();
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    Ok(Address { path, ..base.clone() })
}

fn headers(
    plan: &RequestPlan,
    address: &Address,
    user_agent: &str,
    keep_alive: bool,
) -> Result<Vec<(String, Template)>, String> {
    let mut made = Vec::new();
    let given = |name: &str| plan.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    let mut default = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !given(name)) {
            made.push((name.to_owned(), Template::fixed(value.as_bytes())));
        }
    };
    default("Host", Some(address.host_header()));
    default("User-Agent", Some(user_agent.to_owned()));
    default("Authorization", address.basic_authorization());
    default("Connection", (!keep_alive).then(|| "close".to_owned()));
    for (name, value) in &plan.headers {
        if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
            return Err(format!("the header `{name}` is worked out from the body; leave it out"));
        }
        if !is_token(name) {
            return Err(format!("`{name}` is not the name of a header"));
        }
        if !is_header_value(value) {
            return Err(format!("the header `{name}` has control characters in its value"));
        }
        made.push((name.clone(), Template::parse(value.as_bytes())?));
    }
    Ok(made)
}

fn body(body: &RequestBody) -> Result<Template, String> {
    match body {
        RequestBody::Empty => Ok(Template::default()),
        RequestBody::Text(text) => Template::parse(text.as_bytes()),
        RequestBody::File(path) => {
            let bytes = std::fs::read(path).map_err(|error| {
                format!("its body was to be read from {}: {error}", path.display())
            })?;
            // Variables are a matter of texts.
            let is_text = std::str::from_utf8(&bytes).is_ok();
            if is_text { Template::parse(&bytes) } else { Ok(Template::fixed(&bytes)) }
        }
    }
}

fn push_header(out: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    value(out);
    out.extend_from_slice(b"\r\n");
}

/// Ends the head and writes the body; returns where it begins.
fn finish(out: &mut Vec<u8>, body: Option<&[u8]>) -> usize {
    if let Some(body) = body {
        push_header(out, "Content-Length", |out| push_number(out, body.len() as u64));
    }
    out.extend_from_slice(b"\r\n");
    let body_at = out.len();
    out.extend_from_slice(body.unwrap_or_default());
    body_at
}

fn is_token(text: &str) -> bool {
    let is_mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

#[cfg(test)]
#[path = "prepared_tests.rs"]
mod tests;
