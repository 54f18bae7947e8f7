//! Virtual users at work: one file for each way of starting iterations.

mod arrivals;
mod conduct;
mod counted;
mod crew;
mod flight;
mod looping;
mod pool;
mod ramping;

#[cfg(test)]
mod closed_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod open_tests;

pub(crate) use conduct::conduct;
pub(crate) use crew::{Common, Crew, Member, Share};
