//! Load tests beside wrk and oha: what a request costs the generator, what virtual users take, and
//! whether a stall of the target shows.

mod course;
mod server;
mod speed;
mod stall;
mod tools;

pub(crate) use course::Course;
pub(crate) use speed::Speed;
pub(crate) use stall::Stalls;
