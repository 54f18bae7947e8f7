//! What an agent can do.

use std::fmt;
use std::str::FromStr;

use bench_sdk::hub_bench;

/// One thing an agent can do for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Break a goal into tasks.
    Plan,
    /// Find sources.
    Research,
    /// Write programs.
    Code,
    /// Judge the work of others.
    Review,
    /// Shorten a text.
    Summarize,
    /// Carry a text into another language.
    Translate,
    /// Sort a text under a heading.
    Classify,
    /// Look up what is already known.
    Retrieve,
}

impl Capability {
    /// How many capabilities there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every capability, in the order of [`Capability::index`].
    pub const ALL: [Self; 8] = [
        Self::Plan,
        Self::Research,
        Self::Code,
        Self::Review,
        Self::Summarize,
        Self::Translate,
        Self::Classify,
        Self::Retrieve,
    ];

    /// The position of this capability in [`Capability::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name used in configuration and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Research => "research",
            Self::Code => "code",
            Self::Review => "review",
            Self::Summarize => "summarize",
            Self::Translate => "translate",
            Self::Classify => "classify",
            Self::Retrieve => "retrieve",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Capability {
    type Err = UnknownCapability;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.name() == name)
            .ok_or_else(|| UnknownCapability(name.to_owned()))
    }
}

/// A name that stands for no [`Capability`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCapability(pub String);

impl fmt::Display for UnknownCapability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown capability `{}`", self.0)
    }
}

impl std::error::Error for UnknownCapability {}

/// A set of capabilities, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CapabilitySet(u8);

impl CapabilitySet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// This set and one more capability.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | 1 << capability.index())
    }

    /// Whether the capability is a member.
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & (1 << capability.index()) != 0
    }

    /// Whether every member of `required` is a member here.
    pub const fn covers(self, required: Self) -> bool {
        self.0 & required.0 == required.0
    }

    /// Whether the set has no members.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |&capability| self.contains(capability))
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(members: I) -> Self {
        members.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// Reads a comma-separated list such as `plan, code`; an empty list is the empty set.
#[hub_bench(args = ["review", "plan,code", "plan, research, code, review, translate"])]
pub fn parse_capabilities(list: &str) -> Result<CapabilitySet, UnknownCapability> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_themselves() {
        for capability in Capability::ALL {
            assert_eq!(capability.name().parse(), Ok(capability));
        }
    }

    #[test]
    fn index_is_the_position_in_all() {
        for (position, capability) in Capability::ALL.into_iter().enumerate() {
            assert_eq!(capability.index(), position);
        }
    }

    #[test]
    fn a_list_becomes_a_set() {
        let set = parse_capabilities(" plan, code ,plan");
        assert_eq!(
            set.map(|set| set.iter().collect()),
            Ok(vec![Capability::Plan, Capability::Code])
        );
        assert_eq!(parse_capabilities(""), Ok(CapabilitySet::EMPTY));
    }

    #[test]
    fn an_unknown_name_is_reported() {
        let error = parse_capabilities("plan,juggle").err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            Some("unknown capability `juggle`")
        );
    }

    #[test]
    fn a_set_covers_its_parts_only() {
        let part = CapabilitySet::EMPTY.with(Capability::Code);
        let whole = part.with(Capability::Review);
        assert!(whole.covers(part) && whole.covers(whole) && whole.covers(CapabilitySet::EMPTY));
        assert!(!part.covers(whole));
    }
}
