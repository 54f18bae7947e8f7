//! Load tests beside wrk, oha and goose: what a request costs the generator, what virtual users take, and
//! whether a stall of the target shows.

mod arrivals;
mod course;
mod said;
mod server;
mod speed;
mod stall;
mod timed;
mod tools;

pub(crate) use arrivals::OnTime;
pub(crate) use course::Course;
pub(crate) use speed::Speed;
pub(crate) use stall::Stalls;
