//! The hub as a server: agents and tasks over HTTP.
//!
//! ```text
//! POST /agents   {"name":"ada","capabilities":["code"]}  -> 201 {"id":0,"name":"ada"}
//! GET  /agents                                           -> 200 {"count":1,"agents":[..]}
//! POST /tasks    {"kind":"grade","text":".."}            -> 202 {"id":1}
//! GET  /tasks/1                                          -> 200 {"id":1,"state":"done","result":".."}
//! ```
//!
//! [`Api`] answers requests and knows nothing of sockets; [`server`] has just enough of HTTP/1.1 to
//! ask it over TCP, and [`client`] enough to talk to the server.
#![forbid(unsafe_code)]

pub mod api;
pub mod client;
pub mod http;
pub mod server;

mod benches;

pub use api::Api;
pub use client::Client;
pub use http::{Reply, Request};
pub use server::serve;
