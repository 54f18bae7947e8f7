//! The metrics that every run knows.

use super::{MetricKind, MetricUnit};

macro_rules! builtin {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $kind:ident, $unit:ident;)*) => {
        /// A metric that every run knows; its number is its place among a thread's series.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Builtin { $($(#[$doc])+ $variant,)* }

        impl Builtin {
            /// All of them, in the order of their numbers.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in records, k6's where k6 has it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What kind of metric it is.
            pub(crate) fn kind(self) -> MetricKind {
                match self { $(Self::$variant => MetricKind::$kind,)* }
            }

            /// The unit of its figures.
            pub(crate) fn unit(self) -> MetricUnit {
                match self { $(Self::$variant => MetricUnit::$unit,)* }
            }
        }
    };
}

builtin! {
    /// Virtual users that are active.
    Vus = "vus", Gauge, One;
    /// Virtual users that are made ready.
    VusMax = "vus_max", Gauge, One;
    /// Iterations that ended.
    Iterations = "iterations", Counter, One;
    /// How long an iteration took.
    IterationDuration = "iteration_duration", Trend, Nanoseconds;
    /// Share of iterations that failed.
    IterationFailed = "iteration_failed", Rate, One;
    /// Iterations that were planned and never began.
    DroppedIterations = "dropped_iterations", Counter, One;
    /// Iterations that were cut off.
    InterruptedIterations = "interrupted_iterations", Counter, One;
    /// From when an iteration was planned to its end.
    Response = "response", Trend, Nanoseconds;
    /// From when a planned iteration was sent to its end.
    Service = "service", Trend, Nanoseconds;
    /// From when an iteration was planned to when it was sent.
    Lateness = "lateness", Trend, Nanoseconds;
    /// Share of checks that held.
    Checks = "checks", Rate, One;
    /// Requests that ended.
    HttpReqs = "http_reqs", Counter, One;
    /// Share of requests that failed.
    HttpReqFailed = "http_req_failed", Rate, One;
    /// Sending, waiting and receiving.
    HttpReqDuration = "http_req_duration", Trend, Nanoseconds;
    /// Waiting for a free connection.
    HttpReqBlocked = "http_req_blocked", Trend, Nanoseconds;
    /// Connecting.
    HttpReqConnecting = "http_req_connecting", Trend, Nanoseconds;
    /// The handshake of TLS.
    HttpReqTlsHandshaking = "http_req_tls_handshaking", Trend, Nanoseconds;
    /// Writing the request.
    HttpReqSending = "http_req_sending", Trend, Nanoseconds;
    /// From the last byte written to the first byte read.
    HttpReqWaiting = "http_req_waiting", Trend, Nanoseconds;
    /// From the first byte read to the last.
    HttpReqReceiving = "http_req_receiving", Trend, Nanoseconds;
    /// Bytes written.
    DataSent = "data_sent", Counter, Bytes;
    /// Bytes read.
    DataReceived = "data_received", Counter, Bytes;
}

/// Whether it is one that every run knows.
pub(crate) fn builtin(name: &str) -> Option<Builtin> {
    Builtin::ALL.iter().copied().find(|metric| metric.name() == name)
}
