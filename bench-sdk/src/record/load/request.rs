//! Requests that a load test sends, as they are asked for.

use std::ops::RangeInclusive;
use std::path::PathBuf;

/// One request of a load test on a server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestPlan {
    /// What its samples are tagged with; the address as it was written where there is none.
    pub(crate) name: Option<String>,
    /// `GET`, `POST`, ..
    pub(crate) method: String,
    /// A whole address, or a path under that of the target; may hold variables.
    pub(crate) url: String,
    /// Headers in the order that they are sent in; values may hold variables.
    pub(crate) headers: Vec<(String, String)>,
    /// What follows the headers; may hold variables.
    pub(crate) body: RequestBody,
    /// Statuses that count as passed; without any, those from 200 to 399.
    pub(crate) expect: Vec<RangeInclusive<u16>>,
    /// How often it is chosen, in relation to the other requests.
    pub(crate) weight: f64,
}

/// The body of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// That text.
    Text(String),
    /// What is in that file.
    File(PathBuf),
}

impl RequestPlan {
    /// A plain `GET` of that address.
    pub(crate) fn get(url: &str) -> Self {
        Self {
            name: None,
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: RequestBody::Empty,
            expect: Vec::new(),
            weight: 1.0,
        }
    }
}
