//! Round trips over WebSocket. The frames are ours: a client that only counts what it receives
//! needs little of the protocol, and so shares the reading of a thread instead of keeping buffers
//! of its own.

mod frame;
mod handshake;
mod session;
mod target;
mod user;

#[cfg(test)]
mod tests;

pub(crate) use target::WebSocketTarget;
