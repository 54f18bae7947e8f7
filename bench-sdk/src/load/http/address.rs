//! Addresses of requests, as far as a client needs them.

use std::fmt::Write;

/// An address taken apart. The fragment is left out: it is never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// How it is spoken to.
    pub(crate) scheme: Scheme,
    /// Name or number, in small letters; of IPv6 without brackets.
    pub(crate) host: String,
    /// The port, that of the scheme where none is given.
    pub(crate) port: u16,
    /// Path and query, beginning with `/`; as it was written, so that variables may be in it.
    pub(crate) path: String,
    /// What stands before an `@`, with `%` sequences decoded: name and password.
    pub(crate) user: Option<(String, String)>,
}

/// The schemes that load can be put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
    /// `ws`
    Ws,
    /// `wss`
    Wss,
}

impl Scheme {
    /// How it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    /// Whether TLS is under it.
    pub(crate) fn is_encrypted(self) -> bool {
        matches!(self, Self::Https | Self::Wss)
    }

    /// Whether it is for WebSocket.
    pub(crate) fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }

    fn default_port(self) -> u16 {
        if self.is_encrypted() { 443 } else { 80 }
    }

    fn named(name: &str) -> Option<Self> {
        let all = [Self::Http, Self::Https, Self::Ws, Self::Wss];
        all.into_iter().find(|scheme| scheme.name().eq_ignore_ascii_case(name))
    }
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("`{text}` is not an address for load: {what}");
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| wrong("it begins with none of http://, https://, ws:// and wss://"))?;
        let scheme = Scheme::named(scheme)
            .ok_or_else(|| wrong(&format!("`{scheme}` is none of http, https, ws and wss")))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (
                Some(
                    credentials(user)
                        .ok_or_else(|| wrong("what stands before its `@` is not text in UTF-8"))?,
                ),
                place,
            ),
            None => (None, authority),
        };
        let (host, port) = host_and_port(place).map_err(|what| wrong(&what))?;
        Ok(Self {
            scheme,
            host,
            port: port.unwrap_or_else(|| scheme.default_port()),
            path: rooted(rest),
            user,
        })
    }

    /// Where a reference in it leads: RFC 3986, section 5.2.
    ///
    /// # Errors
    /// Says what is wrong with the reference.
    pub(crate) fn join(&self, reference: &str) -> Result<Self, String> {
        let reference = reference.trim();
        let before_path = reference.split(['/', '?', '#']).next().unwrap_or_default();
        if before_path.contains(':') {
            return Self::parse(reference);
        }
        if reference.starts_with("//") {
            return Self::parse(&format!("{}:{reference}", self.scheme.name()));
        }
        let reference = reference.split('#').next().unwrap_or_default();
        let base = self.path.split('?').next().unwrap_or_default();
        let path = if reference.is_empty() {
            self.path.clone()
        } else if reference.starts_with('/') {
            without_dots(reference)
        } else if reference.starts_with('?') {
            format!("{base}{reference}")
        } else {
            let folder = base.rfind('/').map_or("/", |at| &base[..=at]);
            without_dots(&format!("{folder}{reference}"))
        };
        Ok(Self { path: rooted(&path), ..self.clone() })
    }

    /// Host and port as the header `Host` has them: the port only where it is not the scheme's.
    pub(crate) fn host_header(&self) -> String {
        let host = self.bracketed_host();
        if self.port == self.scheme.default_port() {
            return host;
        }
        format!("{host}:{}", self.port)
    }

    /// Whether requests to both can share a connection.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }

    /// The address without name and password, as it may be shown.
    pub(crate) fn shown(&self) -> String {
        format!("{}://{}{}", self.scheme.name(), self.host_header(), self.path)
    }

    /// The value of the header `Authorization`, where name and password are given.
    pub(crate) fn basic_authorization(&self) -> Option<String> {
        let (name, password) = self.user.as_ref()?;
        Some(format!("Basic {}", base64(format!("{name}:{password}").as_bytes())))
    }

    fn bracketed_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), String> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or("its `[` is never closed")?;
            if host.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(format!("`{host}` is not an IPv6 address"));
            }
            let port = match after.strip_prefix(':') {
                Some(port) => Some(port),
                None if after.is_empty() => None,
                None => return Err(format!("`{after}` follows its host")),
            };
            (host, port)
        }
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err("it has no host".to_owned());
    }
    if let Some(wrong) = host.chars().find(|c| !(c.is_alphanumeric() || "-._:".contains(*c))) {
        return Err(format!("{wrong:?} cannot stand in the name of a host"));
    }
    let port = port.filter(|port| !port.is_empty()).map(|port| {
        let number = port.parse::<u16>().ok().filter(|number| *number > 0);
        number.ok_or_else(|| format!("`{port}` is not a port, a number from 1 to 65535"))
    });
    Ok((host.to_ascii_lowercase(), port.transpose()?))
}

/// The path that is sent: never empty, without the fragment.
fn rooted(rest: &str) -> String {
    let path = rest.split('#').next().unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// The path without `.` and `..`, the query left alone.
fn without_dots(path: &str) -> String {
    let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        match *segment {
            "." => {}
            ".." => drop(kept.pop()),
            other => {
                kept.push(other);
                continue;
            }
        }
        if is_last {
            kept.push("");
        }
    }
    let mut made = format!("/{}", kept.join("/"));
    if let Some(query) = query {
        let _ = write!(made, "?{query}");
    }
    made
}

fn credentials(text: &str) -> Option<(String, String)> {
    let (name, password) = text.split_once(':').unwrap_or((text, ""));
    Some((percent_decoded(name)?, percent_decoded(password)?))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let coded = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = coded.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// RFC 4648, section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// An address as it may be shown: without name and password.
pub(crate) fn shown_address(text: &str) -> String {
    match Address::parse(text) {
        Ok(address) if address.user.is_some() => address.shown(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn parsed(text: &str) -> Address {
        Address::parse(text).expect(text)
    }

    #[test]
    fn addresses_are_taken_apart() {
        let found = parsed("HTTP://Bench.Example:8080/a/b?c=d#e");
        assert_eq!(
            (found.scheme, found.host.as_str(), found.port),
            (Scheme::Http, "bench.example", 8080)
        );
        assert_eq!(
            (found.path.as_str(), found.host_header().as_str()),
            ("/a/b?c=d", "bench.example:8080")
        );
        let short = parsed("https://a?x");
        assert_eq!(
            (short.port, short.path.as_str(), short.host_header().as_str()),
            (443, "/?x", "a")
        );
        let six = parsed("ws://[::1]:9/");
        assert_eq!((six.host.as_str(), six.host_header().as_str()), ("::1", "[::1]:9"));
        assert_eq!(parsed("http://a:/").port, 80);
    }

    #[test]
    fn name_and_password_become_a_header_and_are_not_shown() {
        let found = parsed("http://Aladdin:open%20sesame@host/");
        assert_eq!(
            found.basic_authorization().as_deref(),
            Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        );
        assert_eq!(found.shown(), "http://host/");
        let at = parsed("http://a@b:c@host/");
        assert_eq!(at.user, Some(("a@b".to_owned(), "c".to_owned())));
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, why) in [
            ("localhost:80", "begins with none of"),
            ("ftp://a/", "`ftp` is none of"),
            ("http:///x", "no host"),
            ("http://a:0/", "not a port"),
            ("http://a:99999/", "not a port"),
            ("http://a b/", "' ' cannot"),
            ("http://[::1/", "never closed"),
            ("http://[zz]/", "not an IPv6"),
            ("http://a:b@/x", "no host"),
            ("http://a:%ff@b/", "UTF-8"),
        ] {
            let error = Address::parse(text).expect_err(text);
            assert!(error.contains(why) && error.contains(text), "{error}");
        }
    }

    #[test]
    fn references_are_resolved_as_rfc_3986_does() {
        let base = parsed("http://a/b/c/d;p?q");
        for (reference, expected) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("g#s", "http://a/b/c/g"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("https://other:8443/x", "https://other:8443/x"),
        ] {
            assert_eq!(base.join(reference).expect(reference).shown(), expected, "{reference}");
        }
        assert!(base.join("mailto:x").is_err());
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let encoded =
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|t| base64(t.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
