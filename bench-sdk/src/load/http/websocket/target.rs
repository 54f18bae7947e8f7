//! A server of WebSocket as a target of load.

use std::sync::Arc;

use super::user::WebSocketUser;
use crate::load::http::address::Address;
use crate::load::http::dial::Dialer;
use crate::load::http::place::{Place, Places};
use crate::load::http::prepared::Prepared;
use crate::load::http::target::HttpOptions;
use crate::load::http::template::Template;
use crate::load::target::{Seat, Target};
use crate::record::load::{RequestPlan, Tags};

/// A server that answers messages.
pub(crate) struct WebSocketTarget {
    shared: Arc<Shared>,
}

/// What all virtual users share.
pub(crate) struct Shared {
    pub(crate) request: Prepared,
    pub(crate) place: Arc<Place>,
    pub(crate) dialer: Dialer,
    pub(crate) options: HttpOptions,
    pub(crate) message: Template,
}

impl WebSocketTarget {
    /// Gets ready to send that message, which may hold variables, to that address, `ws://` or
    /// `wss://`. `headers` go with the handshake.
    ///
    /// # Errors
    /// Says what is wrong with which of them, or that load may not be put on that host.
    pub(crate) fn open(
        url: &str,
        message: &str,
        headers: &[(String, String)],
        options: HttpOptions,
    ) -> Result<Self, String> {
        let address = Address::parse(url)?;
        if !address.scheme.is_websocket() {
            return Err(format!("{} is no address for WebSocket (ws://, wss://)", address.shown()));
        }
        if address.scheme.is_encrypted() && !cfg!(feature = "load-tls") {
            return Err(format!(
                "{} needs TLS, which this executable was built without: build with the feature \
                 `load-tls`",
                address.shown()
            ));
        }
        let plan = RequestPlan { headers: headers.to_vec(), ..RequestPlan::get(url) };
        let request = Prepared::new(&plan, None, &options.user_agent, true)?;
        let message = Template::parse(message.as_bytes())
            .map_err(|what| format!("the message for {}: {what}", address.shown()))?;
        let places = Places::new(options.allowed.clone(), options.hosts.clone());
        let place = places.open(&address)?;
        let dialer = Dialer::new(address.scheme.is_encrypted(), options.insecure)?;
        Ok(Self { shared: Arc::new(Shared { request, place, dialer, options, message }) })
    }
}

impl Target for WebSocketTarget {
    type User = WebSocketUser;

    async fn user(&self, seat: Seat) -> Result<WebSocketUser, String> {
        self.shared.request.check_env(&seat.env)?;
        check_message(&self.shared.message, &seat.env)?;
        Ok(WebSocketUser::new(Arc::clone(&self.shared), seat))
    }
}

fn check_message(message: &Template, env: &Tags) -> Result<(), String> {
    match message.env_names().find(|name| !env.contains_key(*name)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "the message asks for {{{{env.{name}}}}}, and its scenario has no variable of that \
             name; give it under `env`"
        )),
    }
}
