//! Tags of requests, looked up once.

use super::failure::Failure;
use super::prepared::Prepared;
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
    /// Whether it was HTTP/1.1, not 1.0.
    pub(crate) is_11: bool,
    /// `error_code`; 0 where it passed.
    pub(crate) code: u16,
}

impl Ended {
    /// What becomes of a failure that no response came with.
    pub(crate) fn without_response(request: usize, failure: &Failure) -> Self {
        Self { request, status: 0, is_11: true, code: failure.code() }
    }

    fn key(self) -> u64 {
        (self.request as u64) << 33
            | u64::from(self.is_11) << 32
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
    let proto = if ended.is_11 { "HTTP/1.1" } else { "HTTP/1.0" };
    let mut tags = vec![
        ("name", request.name.as_str()),
        ("method", request.method.as_str()),
        ("url", request.url.as_str()),
        ("status", status.as_str()),
        ("proto", if ended.status == 0 { "" } else { proto }),
        ("expected_response", if ended.code == 0 { "true" } else { "false" }),
    ];
    if ended.code != 0 {
        tags.push(("error_code", code.as_str()));
    }
    recorder.tag_set(&tags)
}
