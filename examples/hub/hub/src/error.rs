//! What can go wrong with a whole job.

use std::fmt;

use hub_agents::wire::DecodeError;
use hub_agents::{RegistryError, RouteError};
use hub_neural::NetworkError;
use hub_swarm::AuctionError;
use hub_tasks::ScheduleError;

macro_rules! hub_errors {
    ($($(#[$doc:meta])* $part:ident($error:ty) = $what:literal;)*) => {
        /// Why a job was given up. A bad line or a task without a result does not end a job; it is
        /// in the report.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum HubError {
            /// There are tasks, and no agent to do them.
            NoAgents,
            $($(#[$doc])* $part($error),)*
        }

        impl fmt::Display for HubError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::NoAgents => f.write_str("there are tasks, but no agents"),
                    $(Self::$part(error) => write!(f, concat!($what, ": {}"), error),)*
                }
            }
        }

        impl std::error::Error for HubError {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                match self {
                    Self::NoAgents => None,
                    $(Self::$part(error) => Some(error),)*
                }
            }
        }

        $(impl From<$error> for HubError {
            fn from(error: $error) -> Self {
                Self::$part(error)
            }
        })*
    };
}

hub_errors! {
    /// An agent could not be created or given a task.
    Registry(RegistryError) = "agents";
    /// A message could not be delivered.
    Route(RouteError) = "messages";
    /// A message could not be read.
    Decode(DecodeError) = "wire";
    /// The tasks cannot be brought into an order.
    Schedule(ScheduleError) = "schedule";
    /// The classifier does not fit what it is asked.
    Network(NetworkError) = "classifier";
    /// The tasks could not be dealt out.
    Auction(AuctionError) = "auction";
}
