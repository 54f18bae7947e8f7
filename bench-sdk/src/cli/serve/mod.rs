//! `report --serve`: the page from a server of this machine's own, with the run that goes on.

mod address;
mod events;
mod request;
mod response;
mod server;

pub(super) use address::ServeAddress;
pub(super) use server::{Served, serve};
