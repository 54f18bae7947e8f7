//! Targets that are servers: HTTP/1.1 by a path of our own, and round trips over WebSocket.

mod address;
mod chunked;
mod deadline;
mod dial;
mod exchange;
mod failure;
#[cfg(feature = "load-http2")]
mod http2;
mod lane;
mod pause;
mod place;
mod prepared;
mod reader;
mod response;
mod stream;
mod tagging;
mod target;
mod template;
#[cfg(feature = "load-tls")]
mod tls;
mod user;
mod websocket;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod server_tests;

pub(crate) use address::shown_address;
pub(crate) use place::AllowedHosts;
pub(crate) use target::{HttpOptions, HttpTarget, Reuse};
pub(crate) use websocket::WebSocketTarget;
