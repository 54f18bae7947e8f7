//! What is recorded of one request.

/// The parts of a request, with k6's words. Times in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestSample {
    /// Waiting for a free connection or a descriptor before anything began.
    pub(crate) blocked_ns: u64,
    /// Looking the name up and connecting; 0 on a connection that was kept.
    pub(crate) connecting_ns: u64,
    /// The handshake of TLS.
    pub(crate) tls_ns: u64,
    /// Writing the request.
    pub(crate) sending_ns: u64,
    /// From the last byte written to the first byte read.
    pub(crate) waiting_ns: u64,
    /// From the first byte read to the last.
    pub(crate) receiving_ns: u64,
    /// Bytes written.
    pub(crate) sent: u64,
    /// Bytes read.
    pub(crate) received: u64,
    /// Whether it counts as failed.
    pub(crate) failed: bool,
}

impl RequestSample {
    /// `http_req_duration`: sending, waiting and receiving.
    pub(crate) fn duration_ns(&self) -> u64 {
        self.sending_ns + self.waiting_ns + self.receiving_ns
    }
}
