//! Load on an address.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::environment::{Surroundings, called_from};
use super::super::exit::Exit;
use super::super::usage::{UsageError, shortened};
use super::arguments::{HttpArguments, LoadArguments};
use super::carry_out::{Aim, carry_out};
use super::planned::{entry, planned};
use crate::load::http::{
    AllowedHosts, HttpOptions, HttpTarget, Reuse, WebSocketTarget, shown_address,
};
use crate::plan::load::{HttpWishes, LoadEntry, RequestsFormat, parse_requests};
use crate::record::load::{Builtin, LoadPlan, RequestPlan, builtin};
use crate::resource::make_room_for_descriptors;

/// What a round trip over WebSocket sends where nothing is said.
const MESSAGE: &str = "ping";

/// Runs a load test of an address; `configured` is the name of the entry in `hub-bench.toml` that
/// has it.
pub(crate) fn load_address(
    address: &str,
    configured: Option<&str>,
    arguments: &LoadArguments,
    surroundings: &Surroundings,
) -> Result<Exit, UsageError> {
    let entry = configured.and_then(|name| entry(surroundings, name));
    let name = shown_address(address);
    let mut planned = planned(configured.unwrap_or(&name), arguments, entry, None)?;
    planned.remarks.extend(without_samples(&planned.plan));
    if let Some(scenario) = planned.plan.scenarios.iter().find(|scenario| scenario.exec.is_some()) {
        let (name, exec) = (&scenario.name, scenario.exec.as_deref().unwrap_or_default());
        return Err(UsageError::new(format!(
            "scenario `{}` runs `{}`, and an address has no functions",
            shortened(name),
            shortened(exec)
        ))
        .help("leave `exec` out, or name a load bench as the target"));
    }
    let users = planned.plan.scenarios.iter().map(|scenario| scenario.executor.max_vus());
    make_room_for_descriptors(users.fold(0, u64::saturating_add)).map_err(UsageError::new)?;
    let options = http_options(&arguments.http, &planned.wishes, allowed(arguments, entry))?;
    if address.starts_with("ws://") || address.starts_with("wss://") {
        let message = arguments.http.body.as_deref().unwrap_or(MESSAGE);
        let headers = &arguments.http.headers;
        let target = WebSocketTarget::open(address, message, headers, options);
        let aim = aim(target.map_err(UsageError::new)?, address);
        return carry_out(aim, planned, arguments, surroundings);
    }
    let requests = requests(address, &arguments.http, entry)?;
    let target = HttpTarget::open(&requests, Some(address), options).map_err(UsageError::new)?;
    carry_out(aim(target, address), planned, arguments, surroundings)
}

/// Thresholds that can only fail, which is better known before the test than after.
fn without_samples(plan: &LoadPlan) -> Option<String> {
    let never = |metric: &str| builtin(metric).is_none_or(|known| known == Builtin::Checks);
    let metrics: BTreeSet<&str> = plan.thresholds.iter().map(|one| one.metric.as_str()).collect();
    let without: Vec<String> = metrics
        .into_iter()
        .filter(|metric| never(metric))
        .map(|metric| format!("`{}`", shortened(metric)))
        .collect();
    (!without.is_empty()).then(|| {
        format!(
            "thresholds on {} will fail: an address makes no checks and no metrics of its own, and \
             without samples a threshold fails",
            without.join(", ")
        )
    })
}

fn aim<T: crate::load::Target>(target: T, address: &str) -> Aim<T> {
    Aim {
        target: Arc::new(target),
        named: shown_address(address),
        shares_process: false,
        optimized: !cfg!(debug_assertions),
    }
}

fn allowed(arguments: &LoadArguments, entry: Option<&LoadEntry>) -> AllowedHosts {
    let configured = entry.into_iter().flat_map(|entry| entry.allow_hosts.iter());
    AllowedHosts(arguments.allow_hosts.iter().chain(configured).cloned().collect())
}

fn http_options(
    http: &HttpArguments,
    wishes: &HttpWishes,
    allowed: AllowedHosts,
) -> Result<HttpOptions, UsageError> {
    let usual = HttpOptions::default();
    let reuse = if http.new_connections || wishes.no_connection_reuse {
        Reuse::Never
    } else if wishes.no_vu_connection_reuse {
        Reuse::WithinIteration
    } else {
        Reuse::Always
    };
    let redirects = http.redirects.or(wishes.max_redirects);
    let redirects = redirects.map_or(Ok(usual.redirects), |number| {
        u32::try_from(number).map_err(|_| {
            UsageError::new(format!("{number} redirects are more than anybody follows"))
        })
    })?;
    Ok(HttpOptions {
        timeout: http.timeout.unwrap_or(usual.timeout),
        redirects,
        reuse,
        user_agent: wishes.user_agent.clone().unwrap_or(usual.user_agent),
        hosts: wishes.hosts.clone(),
        insecure: http.insecure || wishes.insecure_skip_tls_verify,
        http2: http.http2,
        allowed,
    })
}

/// The requests of the command line, else of the configuration, else a plain one.
fn requests(
    address: &str,
    http: &HttpArguments,
    entry: Option<&LoadEntry>,
) -> Result<Vec<RequestPlan>, UsageError> {
    if let Some(file) = &http.requests {
        return from_file(file);
    }
    match entry.and_then(|entry| entry.requests.as_ref()) {
        Some(Value::String(file)) => return from_file(Path::new(file)),
        Some(list) => return read(&list.to_string(), RequestsFormat::Json, &called_from()),
        None => {}
    }
    let mut request = json!({ "url": address, "headers": http.headers });
    let texts = [("method", &http.method), ("body", &http.body), ("expect", &http.expect)];
    for (key, value) in texts {
        if let Some(value) = value {
            request[key] = json!(value);
        }
    }
    if let Some(expect) = &http.expect {
        request["expect"] = expect.split(',').map(|part| json!(part.trim())).collect();
    }
    if let Some(file) = &http.body_file {
        request["body_file"] = json!(file);
    }
    // Something to send, and nothing said about how: as curl does.
    if http.method.is_none() && (http.body.is_some() || http.body_file.is_some()) {
        request["method"] = json!("POST");
    }
    read(&json!([request]).to_string(), RequestsFormat::Json, &called_from())
}

fn from_file(file: &Path) -> Result<Vec<RequestPlan>, UsageError> {
    let path = called_from().join(file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| UsageError::new(format!("failed to read {}: {error}", path.display())))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    read(&text, RequestsFormat::of(&path), folder)
}

fn read(text: &str, format: RequestsFormat, folder: &Path) -> Result<Vec<RequestPlan>, UsageError> {
    parse_requests(text, format, folder).map_err(|error| UsageError::of_lines(&error))
}
