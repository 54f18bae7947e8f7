//! What `options` ask of whatever sends requests.

use std::collections::BTreeMap;

use crate::plan::load::table::Table;

/// Settings of requests that k6's `options` can hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HttpWishes {
    /// `userAgent`
    pub(crate) user_agent: Option<String>,
    /// `noConnectionReuse`: a connection for each request.
    pub(crate) no_connection_reuse: bool,
    /// `noVUConnectionReuse`: a connection for each iteration.
    pub(crate) no_vu_connection_reuse: bool,
    /// `insecureSkipTLSVerify`
    pub(crate) insecure_skip_tls_verify: bool,
    /// `maxRedirects`; k6 follows 10 where nothing is said.
    pub(crate) max_redirects: Option<u64>,
    /// `hosts`: addresses by name, in place of a look-up.
    pub(crate) hosts: BTreeMap<String, String>,
}

impl HttpWishes {
    pub(super) fn read(options: Table<'_>) -> Result<Self, String> {
        Ok(Self {
            user_agent: options.text("userAgent")?,
            no_connection_reuse: options.flag("noConnectionReuse")?.unwrap_or(false),
            no_vu_connection_reuse: options.flag("noVUConnectionReuse")?.unwrap_or(false),
            insecure_skip_tls_verify: options.flag("insecureSkipTLSVerify")?.unwrap_or(false),
            max_redirects: options.whole("maxRedirects")?,
            hosts: options.texts("hosts")?,
        })
    }

    /// Whether nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
