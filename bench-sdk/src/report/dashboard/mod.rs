//! One HTML file that shows runs over time, with all that it needs within it.
//!
//! [`Dashboard`] gathers runs one by one, [`render_dashboard`] makes the page: its figures as JSON
//! that no browser runs, and the style sheet and the program beside this file, which draw them.

mod cases;
mod embed;
mod history;
mod load;
mod load_page;
mod load_timeline;
mod model;
mod page;
mod series;
mod shape;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod load_tests;
#[cfg(test)]
mod tests;

pub(crate) use history::{Dashboard, LeftOut, ShownComparison};
pub(crate) use page::{PagePlace, render_dashboard};
