//! Servers, and where their names lead to.

use std::collections::{BTreeMap, HashMap};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::address::{Address, Scheme};
use super::failure::Failure;

/// A server that connections can be made to.
#[derive(Debug)]
pub(crate) struct Place {
    /// How it is spoken to.
    pub(crate) scheme: Scheme,
    /// Its name, as it was given.
    pub(crate) host: String,
    /// What the name leads to, looked up once; never empty.
    pub(crate) addresses: Vec<SocketAddr>,
    /// Number of the address that answered last.
    pub(crate) preferred: AtomicUsize,
}

impl Place {
    fn new(address: &Address, addresses: Vec<SocketAddr>) -> Self {
        Self {
            scheme: address.scheme,
            host: address.host.clone(),
            addresses,
            preferred: AtomicUsize::new(0),
        }
    }

    /// Its addresses, beginning with the one that answered last.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, SocketAddr)> {
        let first = self.preferred.load(Ordering::Relaxed);
        let count = self.addresses.len();
        (0..count).map(move |at| (first + at) % count).map(|at| (at, self.addresses[at]))
    }

    /// Notes which address answered.
    pub(crate) fn prefer(&self, at: usize) {
        if self.preferred.load(Ordering::Relaxed) != at {
            self.preferred.store(at, Ordering::Relaxed);
        }
    }
}

/// Where load may go: loopback addresses, and hosts that were allowed by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AllowedHosts(pub(crate) Vec<String>);

impl AllowedHosts {
    /// Whether load may be put on that host.
    pub(crate) fn allows(&self, host: &str, addresses: &[SocketAddr]) -> bool {
        let unbracketed = |name: &str| name.trim_matches(['[', ']']).to_ascii_lowercase();
        is_loopback(addresses) || self.0.iter().any(|allowed| unbracketed(allowed) == host)
    }

    /// Refuses a host that load may not be put on.
    ///
    /// # Errors
    /// Says how it is allowed.
    pub(crate) fn check(&self, host: &str, addresses: &[SocketAddr]) -> Result<(), String> {
        if self.allows(host, addresses) {
            return Ok(());
        }
        let found: Vec<String> = addresses.iter().map(|place| place.ip().to_string()).collect();
        Err(format!(
            "{host} is not this machine ({}): load is put on other machines only where that is \
             allowed, with `--allow-host {host}` or `allow_hosts` in hub-bench.toml",
            found.join(", ")
        ))
    }
}

/// Whether all of them are loopback addresses of this machine; not where there are none.
pub(crate) fn is_loopback(addresses: &[SocketAddr]) -> bool {
    let on_loopback = |place: &SocketAddr| place.ip().to_canonical().is_loopback();
    !addresses.is_empty() && addresses.iter().all(on_loopback)
}

/// Looks a host up, waiting for the answer. Those of IPv4 come first, as with k6.
///
/// # Errors
/// The name leads nowhere.
pub(crate) fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
    in_k6s_order(host, (host, port).to_socket_addrs())
}

fn in_k6s_order(
    host: &str,
    found: std::io::Result<impl Iterator<Item = SocketAddr>>,
) -> Result<Vec<SocketAddr>, Failure> {
    let mut found: Vec<SocketAddr> =
        found.map_err(|error| Failure::NameNotFound(format!("{host}: {error}")))?.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found.dedup();
    if found.is_empty() {
        return Err(Failure::NameNotFound(format!("{host} has no address")));
    }
    Ok(found)
}

type Known = HashMap<(Scheme, String, u16), Result<Arc<Place>, Failure>>;

/// All servers of a run, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Places {
    allowed: AllowedHosts,
    instead: BTreeMap<String, String>,
    known: Mutex<Known>,
}

impl Places {
    /// None yet. `instead` has addresses by name of host, in place of a look-up.
    pub(crate) fn new(allowed: AllowedHosts, instead: BTreeMap<String, String>) -> Self {
        Self { allowed, instead, known: Mutex::default() }
    }

    /// The server of an address, before the run: waits for the answer.
    ///
    /// # Errors
    /// The name leads nowhere, or load may not be put on it.
    pub(crate) fn open(&self, address: &Address) -> Result<Arc<Place>, String> {
        if let Some(known) = self.known(address) {
            return known.map_err(|failure| failure.to_string());
        }
        let addresses = match self.given(address) {
            Some(given) => vec![given?],
            None => look_up(&address.host, address.port)
                .map_err(|failure| format!("{} cannot be looked up: {failure}", address.shown()))?,
        };
        self.allowed.check(&address.host, &addresses)?;
        let place = Arc::new(Place::new(address, addresses));
        self.keep(address, Ok(Arc::clone(&place)));
        Ok(place)
    }

    /// The server of an address that a response sent on to.
    ///
    /// # Errors
    /// The name leads nowhere, or load may not be put on it.
    pub(crate) async fn find(&self, address: &Address) -> Result<Arc<Place>, Failure> {
        if let Some(known) = self.known(address) {
            return known;
        }
        let addresses = if let Some(given) = self.given(address) {
            given.map(|given| vec![given]).map_err(Failure::NameNotFound)
        } else {
            let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
            in_k6s_order(&address.host, found)
        };
        let place = addresses.and_then(|addresses| {
            if self.allowed.allows(&address.host, &addresses) {
                Ok(Arc::new(Place::new(address, addresses)))
            } else {
                Err(Failure::HostNotAllowed(address.host.clone()))
            }
        });
        self.keep(address, place.clone());
        place
    }

    /// What was given in place of a look-up.
    fn given(&self, address: &Address) -> Option<Result<SocketAddr, String>> {
        let with_port = format!("{}:{}", address.host, address.port);
        let given = self.instead.get(&with_port).or_else(|| self.instead.get(&address.host))?;
        let with_its_port = given.parse::<SocketAddr>().ok();
        let number = || given.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
        let found = with_its_port.or_else(|| number().map(|ip| (ip, address.port).into()));
        Some(found.ok_or_else(|| {
            format!(
                "`{given}`, given for the host {}, is no address such as 10.0.0.7 or \
                 10.0.0.7:8080",
                address.host
            )
        }))
    }

    fn known(&self, address: &Address) -> Option<Result<Arc<Place>, Failure>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key(address)).cloned()
    }

    fn keep(&self, address: &Address, place: Result<Arc<Place>, Failure>) {
        /// Names that responses may make up, before their answers are no longer kept.
        const MOST: usize = 1024;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(key(address), place);
        }
    }
}

fn key(address: &Address) -> (Scheme, String, u16) {
    (address.scheme, address.host.clone(), address.port)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn places(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().expect(text)).collect()
    }

    #[test]
    fn loopback_is_every_address_or_none() {
        assert!(is_loopback(&places(&["127.0.0.1:80", "127.8.8.8:1", "[::1]:80"])));
        assert!(is_loopback(&places(&["[::ffff:127.0.0.1]:80"])));
        assert!(!is_loopback(&places(&["127.0.0.1:80", "10.0.0.1:80"])));
        assert!(!is_loopback(&places(&["0.0.0.0:80"])));
        assert!(!is_loopback(&[]));
    }

    #[test]
    fn other_machines_are_refused_unless_they_are_named() {
        let found = places(&["93.184.216.34:80"]);
        let error = AllowedHosts::default().check("example.org", &found).expect_err("refused");
        assert!(error.contains("--allow-host example.org") && error.contains("93.184.216.34"));
        let allowed = AllowedHosts(vec!["Example.org".to_owned(), "[2001:db8::1]".to_owned()]);
        assert_eq!(allowed.check("example.org", &found), Ok(()));
        assert!(allowed.allows("2001:db8::1", &places(&["[2001:db8::1]:80"])));
        assert!(!allowed.allows("www.example.org", &found));
    }

    #[test]
    fn names_are_looked_up_once_and_the_address_that_answered_is_tried_first() {
        let places = Places::default();
        let address = Address::parse("http://localhost:81/a").expect("an address");
        let place = places.open(&address).expect("this machine");
        let again = places.open(&Address { path: "/b".to_owned(), ..address }).expect("known");
        assert!(Arc::ptr_eq(&place, &again));
        let two = Place {
            addresses: self::places(&["127.0.0.1:1", "[::1]:1"]),
            preferred: AtomicUsize::new(0),
            scheme: Scheme::Http,
            host: String::new(),
        };
        two.prefer(1);
        assert_eq!(two.in_order().map(|(at, _)| at).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn addresses_that_are_given_replace_the_look_up() {
        let instead =
            [("api.invalid", "127.0.0.9"), ("api.invalid:81", "[::1]:9"), ("b.invalid", "x")];
        let instead = instead.map(|(host, address)| (host.to_owned(), address.to_owned()));
        let places = Places::new(AllowedHosts::default(), instead.into());
        let open = |url: &str| places.open(&Address::parse(url).expect(url));
        let found = |url: &str| open(url).map(|place| place.addresses.clone());
        assert_eq!(found("http://api.invalid/"), Ok(self::places(&["127.0.0.9:80"])));
        assert_eq!(found("http://api.invalid:81/"), Ok(self::places(&["[::1]:9"])));
        assert!(found("http://b.invalid/").is_err_and(|error| error.contains("`x`")));
    }
}
