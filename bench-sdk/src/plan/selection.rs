//! Which cases take part: filters as libtest has them.

use std::fmt;
use std::rc::Rc;

use crate::record::fnv1a;

/// What the user selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Texts of which one must be in the id; none selects everything.
    pub(crate) filters: Vec<String>,
    /// Texts that must not be in the id.
    pub(crate) skips: Vec<String>,
    /// Filters and skips are whole ids.
    pub(crate) exact: bool,
    /// Tags of which one must be there; none selects everything.
    pub(crate) tags: Vec<String>,
    /// What to do with ignored benchmarks.
    pub(crate) ignored: Ignored,
    /// Share `k` of `n`, counted from 1.
    pub(crate) partition: Option<(u32, u32)>,
    /// Decides in the place of filters and skips, where a front-end reads those its own way.
    pub(crate) ids: Option<IdFilter>,
}

/// Which ids a front-end takes.
#[derive(Clone)]
pub struct IdFilter(Rc<dyn Fn(&str) -> bool>);

impl IdFilter {
    /// Those for which the function says so.
    pub fn new(takes: impl Fn(&str) -> bool + 'static) -> Self {
        Self(Rc::new(takes))
    }

    /// Whether the id is among them.
    pub fn takes(&self, id: &str) -> bool {
        (self.0)(id)
    }
}

impl fmt::Debug for IdFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdFilter").finish_non_exhaustive()
    }
}

impl PartialEq for IdFilter {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for IdFilter {}

/// What to do with ignored benchmarks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ignored {
    /// Leave them out.
    #[default]
    Leave,
    /// Run nothing else.
    Only,
    /// Run them with the others.
    Include,
}

impl Selection {
    /// Whether the id passes the filters.
    pub(crate) fn takes_id(&self, id: &str) -> bool {
        self.in_partition(id) && self.takes_name(id)
    }

    fn takes_name(&self, id: &str) -> bool {
        if let Some(ids) = &self.ids {
            return ids.takes(id);
        }
        let hits = |text: &String| if self.exact { id == text } else { id.contains(text.as_str()) };
        let wanted = self.filters.is_empty() || self.filters.iter().any(hits);
        wanted && !self.skips.iter().any(hits)
    }

    /// Whether tags pass.
    pub(crate) fn takes_tags(&self, tags: &[String]) -> bool {
        self.tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag))
    }

    /// Whether a benchmark takes part by its being ignored or not.
    pub(crate) fn takes_ignored(&self, ignored: bool) -> bool {
        match self.ignored {
            Ignored::Leave => !ignored,
            Ignored::Only => ignored,
            Ignored::Include => true,
        }
    }

    fn in_partition(&self, id: &str) -> bool {
        self.partition.is_none_or(|(k, n)| fnv1a(id.as_bytes()) % u64::from(n) == u64::from(k - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn filters_are_those_of_libtest() {
        let some = Selection { filters: texts(&["queue", "swarm"]), ..Selection::default() };
        assert!(some.takes_id("hub_tasks::queue::push") && some.takes_id("hub_swarm::x"));
        assert!(!some.takes_id("hub_agents::create"));
        let exact = Selection { exact: true, ..some };
        assert!(!exact.takes_id("hub_tasks::queue::push") && exact.takes_id("queue"));
        let skip = Selection { skips: texts(&["push"]), ..Selection::default() };
        assert!(!skip.takes_id("queue::push") && skip.takes_id("queue::pop"));
    }

    #[test]
    fn the_filter_of_a_front_end_decides_alone() {
        let ids = Some(IdFilter::new(|id| id.ends_with('p')));
        let own = Selection { filters: texts(&["push"]), ids, ..Selection::default() };
        assert!(own.takes_id("queue::pop") && !own.takes_id("queue::push"));
    }

    #[test]
    fn partitions_lose_nothing_and_double_nothing() {
        for id in (0..500).map(|n| format!("crate::bench[{n}]")) {
            let takers = (1..=7).filter(|k| {
                Selection { partition: Some((*k, 7)), ..Selection::default() }.takes_id(&id)
            });
            assert_eq!(takers.count(), 1);
        }
    }
}
