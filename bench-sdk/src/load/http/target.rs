//! A server, or several, as a target of load.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::address::Address;
use super::dial::Dialer;
use super::place::{AllowedHosts, Place, Places};
use super::prepared::Prepared;
use super::user::HttpUser;
use crate::load::target::{Seat, Target};
use crate::record::load::RequestPlan;

/// How long connections live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// As long as both sides keep them.
    Always,
    /// One iteration, redirects included: k6's `noVUConnectionReuse`.
    WithinIteration,
    /// One request: k6's `noConnectionReuse`.
    Never,
}

/// How requests are made.
#[derive(Clone, Debug)]
pub(crate) struct HttpOptions {
    /// How long a request may take, connecting and reading the body included.
    pub(crate) timeout: Duration,
    /// How many redirects are followed; 0 for none.
    pub(crate) redirects: u32,
    /// How long connections live.
    pub(crate) reuse: Reuse,
    /// What is sent as `User-Agent` where a request names none.
    pub(crate) user_agent: String,
    /// Addresses by name of host, in place of a look-up: `10.0.0.7` or `10.0.0.7:8080`.
    pub(crate) hosts: BTreeMap<String, String>,
    /// Whether certificates are taken as they are.
    pub(crate) insecure: bool,
    /// Where load may go besides this machine.
    pub(crate) allowed: AllowedHosts,
}

impl Default for HttpOptions {
    /// k6's: a minute, ten redirects.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            redirects: 10,
            reuse: Reuse::Always,
            user_agent: concat!("hub-bench/", env!("CARGO_PKG_VERSION")).to_owned(),
            hosts: BTreeMap::new(),
            insecure: false,
            allowed: AllowedHosts::default(),
        }
    }
}

/// Requests that go to servers, chosen by weight.
pub(crate) struct HttpTarget {
    shared: Arc<Shared>,
}

/// What all virtual users share.
pub(crate) struct Shared {
    pub(crate) requests: Vec<Planned>,
    pub(crate) places: Places,
    pub(crate) dialer: Dialer,
    pub(crate) options: HttpOptions,
    /// Weights added up.
    sums: Vec<f64>,
}

/// A request, and where it goes.
pub(crate) struct Planned {
    pub(crate) request: Prepared,
    pub(crate) place: Arc<Place>,
}

impl HttpTarget {
    /// Gets ready to send these requests: looks their hosts up, and reads their bodies. `base` is
    /// the address of the target, which requests with mere paths are under.
    ///
    /// # Errors
    /// Says what is wrong with which request, or that load may not be put on its host.
    pub(crate) fn open(
        plans: &[RequestPlan],
        base: Option<&str>,
        options: HttpOptions,
    ) -> Result<Self, String> {
        let base = base.map(Address::parse).transpose()?;
        let sums = sums_of_weights(plans)?;
        let places = Places::new(options.allowed.clone(), options.hosts.clone());
        let keep_alive = options.reuse != Reuse::Never;
        let mut requests = Vec::new();
        for plan in plans {
            let agent = &options.user_agent;
            let request = Prepared::new(plan, base.as_ref(), agent, keep_alive)?;
            check_scheme(&request.address)?;
            let place = places.open(&request.address)?;
            requests.push(Planned { request, place });
        }
        let needs_tls = requests.iter().any(|planned| planned.place.scheme.is_encrypted());
        let dialer = Dialer::new(needs_tls, options.insecure)?;
        Ok(Self { shared: Arc::new(Shared { requests, places, dialer, options, sums }) })
    }
}

impl Target for HttpTarget {
    type User = HttpUser;

    async fn user(&self, seat: Seat) -> Result<HttpUser, String> {
        for planned in &self.shared.requests {
            planned.request.check_env(&seat.env)?;
        }
        Ok(HttpUser::new(Arc::clone(&self.shared), seat))
    }
}

impl Shared {
    /// The number of the request that a number in [0, 1) chooses.
    pub(crate) fn choose(&self, at: f64) -> usize {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let chosen = self.sums.partition_point(|sum| *sum <= at * total);
        chosen.min(self.requests.len() - 1)
    }
}

fn check_scheme(address: &Address) -> Result<(), String> {
    if address.scheme.is_websocket() {
        return Err(format!(
            "{} is an address for WebSocket; it cannot stand among requests of HTTP",
            address.shown()
        ));
    }
    if address.scheme.is_encrypted() && !cfg!(feature = "load-tls") {
        return Err(format!(
            "{} needs TLS, which this executable was built without: build with the feature \
             `load-tls`",
            address.shown()
        ));
    }
    Ok(())
}

fn sums_of_weights(plans: &[RequestPlan]) -> Result<Vec<f64>, String> {
    let mut total = 0.0;
    let mut sums = Vec::new();
    for plan in plans {
        if !(plan.weight.is_finite() && plan.weight >= 0.0) {
            return Err(format!("the weight {} of `{}` is none", plan.weight, plan.url));
        }
        total += plan.weight;
        sums.push(total);
    }
    if total > 0.0 { Ok(sums) } else { Err("no request has a weight above 0".to_owned()) }
}
