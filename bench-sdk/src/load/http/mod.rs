//! Targets that are servers: HTTP/1.1 by a path of our own.

mod address;
mod chunked;
mod failure;
mod reader;
mod response;
