//! How requests fail.

use std::borrow::Cow;
use std::fmt;
use std::io;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody listens there.
    Refused,
    /// The other side broke the connection off.
    Reset,
    /// The other side closed the connection before the response was complete.
    Closed,
    /// The connection was made, and the time ran out.
    Timeout,
    /// The time ran out before there was a connection.
    ConnectTimeout,
    /// The host, or the network it is in, cannot be reached.
    Unreachable(String),
    /// The name of the host leads to no address.
    NameNotFound(String),
    /// What came is not what the protocol says.
    Protocol(&'static str),
    /// This process may not open any more descriptors.
    TooManyDescriptors,
    /// Every local port is taken.
    NoFreePorts,
    /// The handshake of TLS failed.
    Tls(String),
    /// A redirect leads to a host that was not allowed.
    HostNotAllowed(String),
    /// One redirect more than are followed.
    TooManyRedirects(u32),
    /// A redirect leads to something that is no address.
    BadRedirect(String),
    /// A status that was not expected.
    Status(u16),
    /// Anything else.
    Other(String),
}

impl Failure {
    /// What became of an attempt to connect.
    pub(crate) fn of_connecting(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut => Self::ConnectTimeout,
            io::ErrorKind::AddrNotAvailable => Self::NoFreePorts,
            _ => Self::of_talking(error),
        }
    }

    /// What became of writing or reading.
    pub(crate) fn of_talking(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Self::Refused,
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Self::Reset,
            Kind::UnexpectedEof => Self::Closed,
            Kind::TimedOut => Self::Timeout,
            Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => {
                Self::Unreachable(error.to_string())
            }
            _ if error.raw_os_error().is_some_and(is_out_of_descriptors) => {
                Self::TooManyDescriptors
            }
            _ => Self::Other(error.to_string()),
        }
    }

    /// The short name that it is counted under.
    pub(crate) fn kind(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Refused => "connection_refused",
            Self::Reset => "connection_reset",
            Self::Closed => "connection_closed",
            Self::Timeout => "timeout",
            Self::ConnectTimeout => "connect_timeout",
            Self::Unreachable(_) => "unreachable",
            Self::NameNotFound(_) => "name_not_found",
            Self::Protocol(_) => "protocol",
            Self::TooManyDescriptors => "too_many_descriptors",
            Self::NoFreePorts => "no_free_ports",
            Self::Tls(_) => "tls",
            Self::HostNotAllowed(_) => "host_not_allowed",
            Self::TooManyRedirects(_) => "too_many_redirects",
            Self::BadRedirect(_) => "bad_redirect",
            Self::Status(status) => return Cow::Owned(format!("status_{status}")),
            Self::Other(_) => "other",
        })
    }

    /// The number that k6 has for it, the value of the tag `error_code`.
    pub(crate) fn code(&self) -> u16 {
        match self {
            Self::Timeout => 1050,
            Self::NameNotFound(_) => 1101,
            Self::HostNotAllowed(_) => 1110,
            Self::Closed | Self::TooManyDescriptors | Self::NoFreePorts => 1200,
            Self::Unreachable(_) => 1210,
            Self::ConnectTimeout => 1211,
            Self::Refused => 1212,
            Self::Reset => 1220,
            Self::Tls(_) => 1300,
            Self::Status(status @ 400..=599) => 1000 + status,
            Self::Protocol(_)
            | Self::TooManyRedirects(_)
            | Self::BadRedirect(_)
            | Self::Status(_)
            | Self::Other(_) => 1000,
        }
    }

    /// Whether there never was a connection.
    pub(crate) fn is_of_connecting(&self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::ConnectTimeout
                | Self::Unreachable(_)
                | Self::NameNotFound(_)
                | Self::TooManyDescriptors
                | Self::NoFreePorts
                | Self::Tls(_)
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => out.write_str("nobody listens there (connection refused)"),
            Self::Reset => out.write_str("the other side broke the connection off (reset)"),
            Self::Closed => {
                out.write_str("the connection was closed before the response was complete")
            }
            Self::Timeout => out.write_str("no complete response within the request timeout"),
            Self::ConnectTimeout => out.write_str("no connection within the request timeout"),
            Self::Unreachable(why) => write!(out, "the host cannot be reached: {why}"),
            Self::NameNotFound(why) => write!(out, "the name leads to no address: {why}"),
            Self::Protocol(what) => write!(out, "the response is not HTTP: {what}"),
            Self::TooManyDescriptors => out.write_str(
                "no more descriptors: raise the limit with `ulimit -n`, or use fewer virtual users",
            ),
            Self::NoFreePorts => out.write_str(
                "every local port is taken, most by connections that were closed lately: keep \
                 connections alive, or use fewer virtual users",
            ),
            Self::Tls(why) => write!(out, "TLS: {why}"),
            Self::HostNotAllowed(host) => write!(
                out,
                "a redirect leads to {host}, which is not a loopback address; allow it with \
                 `--allow-host {host}`"
            ),
            Self::TooManyRedirects(limit) => write!(out, "more than {limit} redirects"),
            Self::BadRedirect(why) => write!(out, "a redirect leads nowhere: {why}"),
            Self::Status(status) => write!(out, "the response has the status {status}"),
            Self::Other(why) => out.write_str(why),
        }
    }
}

#[cfg(unix)]
fn is_out_of_descriptors(error: i32) -> bool {
    error == libc::EMFILE || error == libc::ENFILE
}

#[cfg(not(unix))]
fn is_out_of_descriptors(error: i32) -> bool {
    /// `WSAEMFILE`
    const TOO_MANY_SOCKETS: i32 = 10_024;
    error == TOO_MANY_SOCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_have_k6s_numbers() {
        let of = |kind| Failure::of_connecting(&io::Error::from(kind)).code();
        assert_eq!(of(io::ErrorKind::ConnectionRefused), 1212);
        assert_eq!(of(io::ErrorKind::TimedOut), 1211);
        assert_eq!(of(io::ErrorKind::ConnectionReset), 1220);
        assert_eq!((Failure::Status(404).code(), Failure::Status(503).code()), (1404, 1503));
        assert_eq!(Failure::Status(503).kind(), "status_503");
    }

    #[cfg(unix)]
    #[test]
    fn running_out_of_descriptors_is_told_apart() {
        let error = io::Error::from_raw_os_error(libc::EMFILE);
        assert_eq!(Failure::of_connecting(&error), Failure::TooManyDescriptors);
    }
}
