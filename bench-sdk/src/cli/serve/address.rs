//! Where the server listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::harness::{UsageError, shortened};

/// The port, unless the user names another.
const PORT: u16 = 8_040;

/// An address that only this machine reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServeAddress(SocketAddr);

impl ServeAddress {
    /// Reads `localhost:8040`, `127.0.0.1`, `[::1]:0`, `8040` or `:8040`. Any other address than that
    /// of the machine itself is refused: names of benches, sources and commits are nobody else's.
    pub(crate) fn parse(text: &str) -> Result<Self, UsageError> {
        let shown = shortened(text);
        let address = read(text).ok_or_else(|| {
            UsageError::new(format!("`--serve`: `{shown}` is not an address"))
                .help("--serve 127.0.0.1:8040; port 0 takes one that is free")
        })?;
        if address.ip().is_loopback() {
            return Ok(Self(address));
        }
        Err(UsageError::new(format!("`--serve {shown}` would show the results to other machines"))
            .help(format!(
                "--serve 127.0.0.1:{}, and from elsewhere through ssh: ssh -L {0}:127.0.0.1:{0} HOST",
                address.port()
            )))
    }

    /// The address, for messages.
    pub(crate) fn shown(self) -> String {
        self.0.to_string()
    }

    /// The address.
    pub(super) fn socket(self) -> SocketAddr {
        self.0
    }
}

fn read(text: &str) -> Option<SocketAddr> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if text.is_empty() {
        return None;
    }
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(ip) = text.trim_start_matches('[').trim_end_matches(']').parse() {
        return Some(SocketAddr::new(ip, PORT));
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(match text.parse::<u16>() {
        Ok(_) => ("", text),
        Err(_) => (text, ""),
    });
    let port = if port.is_empty() && !text.contains(':') { Some(PORT) } else { port.parse().ok() };
    matches!(host, "" | "localhost").then_some(SocketAddr::new(here, port?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let parsed = ServeAddress::parse(text);
        parsed.map(|address| address.socket().to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn addresses_of_this_machine_are_taken() {
        for (text, expected) in [
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("127.0.0.1", "127.0.0.1:8040"),
            ("127.8.0.1:0", "127.8.0.1:0"),
            ("[::1]:9", "[::1]:9"),
            ("::1", "[::1]:8040"),
            ("[::1]", "[::1]:8040"),
            ("localhost", "127.0.0.1:8040"),
            ("localhost:9", "127.0.0.1:9"),
            (":9", "127.0.0.1:9"),
            ("9", "127.0.0.1:9"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn other_machines_are_refused_with_a_way() {
        for text in ["0.0.0.0:8000", "0.0.0.0", "[::]:8000", "192.168.0.1:8000", "[fe80::1]:1"] {
            let error = read(text).err().unwrap_or_default();
            assert!(error.contains("to other machines") && error.contains("ssh -L"), "{error}");
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        for text in ["", "example.org:80", "localhost:", ":", "127.0.0.1:x", "99999", "a b"] {
            assert!(read(text).is_err_and(|error| error.contains("is not an address")), "{text}");
        }
    }
}
