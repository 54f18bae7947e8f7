//! What the hub answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bench_sdk::hub_bench;
use hub_agents::registry::create_agent;
use hub_agents::{AgentRegistry, AgentSpec, Capability, CapabilitySet};
use hub_tasks::{Output, Task, TaskKind, process};
use serde_json::{Value, json};

use crate::http::{Reply, Request};

/// Agents that a list shows.
const SHOWN: usize = 20;

/// The hub behind its interface; clones are the same hub.
#[derive(Clone, Debug, Default)]
pub struct Api(Arc<Mutex<Hub>>);

#[derive(Debug, Default)]
struct Hub {
    agents: AgentRegistry,
    /// Results by the number of their task; none while it is not done.
    tasks: HashMap<u32, Option<Result<String, String>>>,
    last_task: u32,
}

/// Something that goes on after its reply has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work(Task);

impl Api {
    /// A hub without agents.
    pub fn new() -> Self {
        Self::default()
    }

    /// The reply to a request, and what is to be done after it.
    pub fn handle(&self, request: &Request) -> (Reply, Option<Work>) {
        let Request { method, path, body, .. } = request;
        let task = path.strip_prefix("/tasks/");
        match (method.as_str(), path.as_str(), task) {
            ("POST", "/agents", _) => (self.create_agent(body), None),
            ("GET", "/agents", _) => (self.list_agents(), None),
            ("POST", "/tasks", _) => self.submit(body),
            ("GET", _, Some(number)) => (self.task(number), None),
            (_, "/agents" | "/tasks", _) | (_, _, Some(_)) => {
                (refused(405, &format!("{path} does not take {method}")), None)
            }
            _ => (refused(404, &format!("there is no {path}")), None),
        }
    }

    /// Does a task that was submitted.
    pub fn work(&self, work: Work) {
        let number = work.0.id.0;
        let result = process(work.0);
        let result = result.map(|done| text(&done.output)).map_err(|error| error.to_string());
        self.hub().tasks.insert(number, Some(result));
    }

    fn create_agent(&self, body: &[u8]) -> Reply {
        let spec = match agent_spec(body) {
            Ok(spec) => spec,
            Err(why) => return refused(400, &why),
        };
        let name = spec.name.clone();
        match create_agent(&mut self.hub().agents, spec) {
            Ok(id) => reply(201, &json!({ "id": id.number(), "name": name })),
            Err(error) => refused(409, &error.to_string()),
        }
    }

    fn list_agents(&self) -> Reply {
        let hub = self.hub();
        let shown = hub.agents.iter().take(SHOWN).map(|agent| {
            let capabilities: Vec<&str> = agent.capabilities.iter().map(Capability::name).collect();
            json!({ "id": agent.id.number(), "name": agent.name, "capabilities": capabilities })
        });
        let agents: Vec<Value> = shown.collect();
        reply(200, &json!({ "count": hub.agents.len(), "agents": agents }))
    }

    fn submit(&self, body: &[u8]) -> (Reply, Option<Work>) {
        let (kind, text) = match task_parts(body) {
            Ok(parts) => parts,
            Err(why) => return (refused(400, &why), None),
        };
        let mut hub = self.hub();
        hub.last_task += 1;
        let number = hub.last_task;
        hub.tasks.insert(number, None);
        (reply(202, &json!({ "id": number })), Some(Work(Task::new(number, kind, text))))
    }

    fn task(&self, number: &str) -> Reply {
        let hub = self.hub();
        let known = number.parse::<u32>().ok().and_then(|n| Some((n, hub.tasks.get(&n)?)));
        match known {
            None => refused(404, &format!("there is no task {number}")),
            Some((id, None)) => reply(200, &json!({ "id": id, "state": "queued" })),
            Some((id, Some(Ok(result)))) => {
                reply(200, &json!({ "id": id, "state": "done", "result": result }))
            }
            Some((id, Some(Err(error)))) => {
                reply(200, &json!({ "id": id, "state": "failed", "error": error }))
            }
        }
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads what `POST /agents` is sent; the error says what is wrong with it.
#[hub_bench(inputs = br#"{"name":"ada","capabilities":["code","review"]}"#.to_vec())]
pub fn agent_spec(body: &[u8]) -> Result<AgentSpec, String> {
    let body = object(body)?;
    let name = body["name"].as_str().ok_or("`name` is missing")?;
    let listed = body["capabilities"].as_array().ok_or("`capabilities` is missing")?;
    let read = |value: &Value| -> Result<Capability, String> {
        let name = value.as_str().ok_or("a capability is a text")?;
        name.parse().map_err(|error: hub_agents::capability::UnknownCapability| error.to_string())
    };
    let capabilities = listed.iter().map(read).collect::<Result<CapabilitySet, _>>()?;
    Ok(AgentSpec::new(name, capabilities))
}

fn task_parts(body: &[u8]) -> Result<(TaskKind, String), String> {
    let body = object(body)?;
    let kind = body["kind"].as_str().ok_or("`kind` is missing")?;
    let kind = kind.parse().map_err(|error: hub_tasks::task::UnknownKind| error.to_string())?;
    let text = body["text"].as_str().ok_or("`text` is missing")?;
    Ok((kind, text.to_owned()))
}

fn object(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))
}

fn text(output: &Output) -> String {
    match output {
        Output::Summary(text) | Output::Redacted(text) => text.clone(),
        Output::Index(words) => {
            let words: Vec<String> =
                words.iter().map(|(word, count)| format!("{word} {count}")).collect();
            words.join(", ")
        }
        other @ Output::Grade(_) => format!("{other:?}"),
    }
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply { status, body: body.to_string() }
}

fn refused(status: u16, why: &str) -> Reply {
    reply(status, &json!({ "error": why }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn ask(api: &Api, method: &str, path: &str, body: &str) -> (u16, Value) {
        let (method, path, body) = (method.to_owned(), path.to_owned(), body.as_bytes().to_vec());
        let (reply, work) = api.handle(&Request { method, path, body, keep: true });
        if let Some(work) = work {
            api.work(work);
        }
        (reply.status, serde_json::from_str(&reply.body).unwrap())
    }

    #[test]
    fn an_agent_is_created_once_and_then_listed() {
        let api = Api::new();
        let ada = r#"{"name":"ada","capabilities":["code"]}"#;
        assert_eq!(ask(&api, "POST", "/agents", ada), (201, json!({ "id": 0, "name": "ada" })));
        assert_eq!(ask(&api, "POST", "/agents", ada).0, 409);
        let (status, list) = ask(&api, "GET", "/agents", "");
        assert_eq!((status, &list["count"]), (200, &json!(1)));
        assert_eq!(list["agents"][0]["capabilities"], json!(["code"]));
    }

    #[test]
    fn a_task_is_queued_and_then_done() {
        let api = Api::new();
        let body = br#"{"kind":"redact","text":"Call 5551234."}"#.to_vec();
        let (method, path) = ("POST".to_owned(), "/tasks".to_owned());
        let (reply, work) = api.handle(&Request { method, path, body, keep: true });
        assert_eq!(reply, Reply { status: 202, body: "{\"id\":1}".to_owned() });
        assert_eq!(ask(&api, "GET", "/tasks/1", "").1["state"], "queued");
        api.work(work.unwrap());
        let (_, task) = ask(&api, "GET", "/tasks/1", "");
        assert_eq!(task["state"], "done");
        assert!(!task["result"].as_str().unwrap().contains("5551234"), "{task}");
    }

    #[test]
    fn what_is_wrong_is_told() {
        let api = Api::new();
        let status = |method: &str, path: &str, body: &str| ask(&api, method, path, body).0;
        assert_eq!(status("POST", "/agents", "{"), 400);
        assert_eq!(status("POST", "/agents", r#"{"name":"a","capabilities":["fly"]}"#), 400);
        assert_eq!(status("POST", "/tasks", r#"{"kind":"juggle","text":""}"#), 400);
        assert_eq!(status("DELETE", "/agents", ""), 405);
        assert_eq!(status("GET", "/tasks/9", ""), 404);
        assert_eq!(status("GET", "/", ""), 404);
        let (_, task) = ask(&api, "POST", "/tasks", r#"{"kind":"grade","text":""}"#);
        let (_, task) = ask(&api, "GET", &format!("/tasks/{}", task["id"]), "");
        assert_eq!(task["state"], "failed");
    }
}
