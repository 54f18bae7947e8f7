//! Mailboxes, and the delivery of messages to them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bench_sdk::hub_bench;

use crate::agent::AgentId;
use crate::capability::{Capability, CapabilitySet};
use crate::message::{Address, Message};
use crate::registry::AgentRegistry;

/// The unread messages of one agent, oldest first, up to a limit.
#[derive(Clone, Debug)]
pub struct Mailbox {
    unread: VecDeque<Arc<Message>>,
    limit: usize,
}

impl Mailbox {
    /// An empty mailbox that holds at most `limit` messages.
    pub const fn new(limit: usize) -> Self {
        Self { unread: VecDeque::new(), limit }
    }

    /// Puts a message in; a full mailbox refuses it.
    pub fn deliver(&mut self, message: Arc<Message>) -> bool {
        let room = self.unread.len() < self.limit;
        if room {
            self.unread.push_back(message);
        }
        room
    }

    /// Takes the oldest message out.
    pub fn take(&mut self) -> Option<Arc<Message>> {
        self.unread.pop_front()
    }

    /// How many messages wait.
    pub fn len(&self) -> usize {
        self.unread.len()
    }

    /// Whether no message waits.
    pub fn is_empty(&self) -> bool {
        self.unread.is_empty()
    }
}

/// The mailboxes of all agents.
#[derive(Clone, Debug)]
pub struct Router {
    mailboxes: Vec<Option<Mailbox>>,
    mailbox_limit: usize,
}

impl Router {
    /// A router whose mailboxes hold at most `mailbox_limit` messages.
    pub const fn new(mailbox_limit: usize) -> Self {
        Self { mailboxes: Vec::new(), mailbox_limit }
    }

    /// Gives an agent a mailbox; one that is there already keeps its messages.
    pub fn open(&mut self, id: AgentId) {
        if self.mailboxes.len() <= id.index() {
            self.mailboxes.resize(id.index() + 1, None);
        }
        self.mailboxes[id.index()].get_or_insert(Mailbox::new(self.mailbox_limit));
    }

    /// The mailbox of an agent.
    pub fn mailbox(&mut self, id: AgentId) -> Option<&mut Mailbox> {
        self.mailboxes.get_mut(id.index())?.as_mut()
    }
}

/// How far a message came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Mailboxes that took the message.
    pub delivered: usize,
    /// Mailboxes that were full.
    pub refused: usize,
}

/// Delivers a message to whom it is addressed to.
#[hub_bench(
    inputs = (crate::sample::router(64), crate::sample::registry(64), for_a_reviewer()),
    sample_size = 16,
)]
pub fn route(
    router: &mut Router,
    registry: &AgentRegistry,
    message: Message,
) -> Result<Delivery, RouteError> {
    let id = match message.to {
        Address::Everyone => return Ok(broadcast(router, &Arc::new(message))),
        Address::Agent(id) => id,
        Address::Capability(capability) => {
            registry
                .least_loaded(CapabilitySet::EMPTY.with(capability))
                .ok_or(RouteError::NobodyFree(capability))?
                .id
        }
    };
    let mailbox = router.mailbox(id).ok_or(RouteError::NoMailbox(id))?;
    if mailbox.deliver(Arc::new(message)) {
        Ok(Delivery { delivered: 1, refused: 0 })
    } else {
        Err(RouteError::MailboxFull(id))
    }
}

/// Delivers a message to every mailbox except the sender's; all of them share one body.
#[hub_bench(
    args = [4, 16, 64, 256, 1024, 4096],
    inputs = |&agents| everyone(agents),
    sample_size = 4,
    tags = ["scaling"],
    complexity = "n",
)]
pub fn broadcast(router: &mut Router, message: &Arc<Message>) -> Delivery {
    let mut delivery = Delivery::default();
    let sender = message.from.index();
    for (position, mailbox) in router.mailboxes.iter_mut().enumerate() {
        let Some(mailbox) = mailbox.as_mut().filter(|_| position != sender) else {
            continue;
        };
        if mailbox.deliver(Arc::clone(message)) {
            delivery.delivered += 1;
        } else {
            delivery.refused += 1;
        }
    }
    delivery
}

#[bench_sdk::bench_only]
fn for_a_reviewer() -> Message {
    crate::sample::message(Address::Capability(Capability::Review), 256)
}

#[bench_sdk::bench_only]
fn everyone(agents: usize) -> (Router, Arc<Message>) {
    let message = crate::sample::message(Address::Everyone, 256);
    (crate::sample::router(agents), Arc::new(message))
}

/// Why a message was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// Nobody with this capability has time.
    NobodyFree(Capability),
    /// The agent has no mailbox here.
    NoMailbox(AgentId),
    /// The agent has not read its messages.
    MailboxFull(AgentId),
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyFree(capability) => {
                write!(f, "nobody who can {capability} has time")
            }
            Self::NoMailbox(id) => write!(f, "{id} has no mailbox"),
            Self::MailboxFull(id) => write!(f, "the mailbox of {id} is full"),
        }
    }
}

impl std::error::Error for RouteError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn hub(agents: usize) -> (AgentRegistry, Router) {
        (sample::registry(agents), sample::router(agents))
    }

    fn unread(router: &mut Router, number: u32) -> Option<usize> {
        router.mailbox(AgentId::new(number)).map(|m| m.len())
    }

    #[test]
    fn a_message_reaches_the_agent_it_names() {
        let (registry, mut router) = hub(4);
        let message =
            Message::text(AgentId::new(0), Address::Agent(AgentId::new(2)), "greeting", "hello");
        assert!(route(&mut router, &registry, message.clone()).is_ok());
        let received = router.mailbox(AgentId::new(2)).and_then(Mailbox::take);
        assert_eq!(received.as_deref(), Some(&message));
        assert_eq!(unread(&mut router, 1), Some(0));
    }

    #[test]
    fn a_capability_stands_for_one_agent_that_has_it() {
        let (registry, mut router) = hub(16);
        let message = sample::message(Address::Capability(Capability::Code), 8);
        assert!(route(&mut router, &registry, message).is_ok());
        let holders: Vec<_> = registry
            .iter()
            .filter(|agent| router.mailbox(agent.id).is_some_and(|m| !m.is_empty()))
            .collect();
        assert_eq!(holders.len(), 1);
        assert!(holders[0].capabilities.contains(Capability::Code));
    }

    #[test]
    fn a_broadcast_reaches_everyone_but_the_sender() {
        let (registry, mut router) = hub(10);
        let message = sample::message(Address::Everyone, 8);
        let delivery = route(&mut router, &registry, message);
        assert_eq!(delivery.map(|d| d.delivered), Ok(9));
        assert_eq!(unread(&mut router, 0), Some(0));
        assert_eq!(unread(&mut router, 9), Some(1));
    }

    #[test]
    fn a_full_mailbox_refuses() {
        let mut router = Router::new(1);
        let (from, id) = (AgentId::new(0), AgentId::new(1));
        router.open(id);
        let registry = AgentRegistry::new();
        let message = Message::text(from, Address::Agent(id), "n", "1");
        assert!(route(&mut router, &registry, message.clone()).is_ok());
        assert_eq!(
            route(&mut router, &registry, message.clone()),
            Err(RouteError::MailboxFull(id))
        );
        let delivery = broadcast(&mut router, &Arc::new(message));
        assert_eq!((delivery.delivered, delivery.refused), (0, 1));
    }

    #[test]
    fn nobody_and_nowhere_are_errors() {
        let (registry, mut router) = hub(1);
        let review = sample::message(Address::Capability(Capability::Review), 8);
        assert_eq!(
            route(&mut router, &registry, review),
            Err(RouteError::NobodyFree(Capability::Review))
        );
        let stranger = AgentId::new(99);
        let lost = sample::message(Address::Agent(stranger), 8);
        assert_eq!(route(&mut router, &registry, lost), Err(RouteError::NoMailbox(stranger)));
    }
}
