//! Tags of requests, looked up once.

use super::failure::Failure;
use super::prepared::Prepared;
use super::response::Version;
use crate::load::ledger::TagSet;
use crate::load::recorder::Recorder;

/// How many combinations of request and outcome a virtual user remembers the tags of.
const REMEMBERED: usize = 128;

/// Tags of the samples of one virtual user.
#[derive(Debug, Default)]
pub(crate) struct Tagging {
    known: Vec<(u64, TagSet)>,
}

/// What became of a request, as far as its tags say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Number of the request in the list.
    pub(crate) request: usize,
    /// Status of the response; 0 without one.
    pub(crate) status: u16,
    /// What the response came over; none without one.
    pub(crate) version: Option<Version>,
    /// `error_code`; 0 where it passed.
    pub(crate) code: u16,
}

impl Ended {
    /// What becomes of a failure that no response came with.
    pub(crate) fn without_response(request: usize, failure: &Failure) -> Self {
        Self { request, status: 0, version: None, code: failure.code() }
    }

    fn key(self) -> u64 {
        let version = self.version.map_or(0, |version| 1 + version as u64);
        (self.request as u64) << 34
            | version << 32
            | u64::from(self.status) << 16
            | u64::from(self.code)
    }
}

impl Tagging {
    /// The tags of a request that ended in that way.
    pub(crate) fn of(&mut self, ended: Ended, request: &Prepared, recorder: &Recorder) -> TagSet {
        let key = ended.key();
        if let Some((_, tags)) = self.known.iter().find(|(known, _)| *known == key) {
            return *tags;
        }
        let tags = looked_up(ended, request, recorder);
        if self.known.len() < REMEMBERED {
            self.known.push((key, tags));
        }
        tags
    }
}

/// k6's tags: `error_code` only where there is one.
fn looked_up(ended: Ended, request: &Prepared, recorder: &Recorder) -> TagSet {
    let (status, code) = (ended.status.to_string(), ended.code.to_string());
    let mut tags = vec![
        ("name", request.name.as_str()),
        ("method", request.method.as_str()),
        ("url", request.url.as_str()),
        ("status", status.as_str()),
        ("proto", ended.version.map_or("", Version::name)),
        ("expected_response", if ended.code == 0 { "true" } else { "false" }),
    ];
    if ended.code != 0 {
        tags.push(("error_code", code.as_str()));
    }
    recorder.tag_set(&tags)
}
