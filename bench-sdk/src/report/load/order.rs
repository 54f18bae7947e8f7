//! The order of metrics, as k6's summary has it: those of users, of HTTP, of execution, of the
//! network; within each by name.

use std::collections::BTreeMap;

use crate::record::load::MetricRecord;

/// The part of a summary that a metric stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Of the user's own.
    Custom,
    /// Of requests.
    Http,
    /// Of iterations and virtual users.
    Execution,
    /// Of bytes.
    Network,
}

impl Group {
    /// The group of the metric of that name.
    pub(super) fn of(name: &str) -> Self {
        match base(name) {
            "data_received" | "data_sent" => Self::Network,
            "iterations"
            | "iteration_duration"
            | "iteration_failed"
            | "dropped_iterations"
            | "interrupted_iterations"
            | "vus"
            | "vus_max"
            | "response"
            | "service"
            | "lateness" => Self::Execution,
            name if name.starts_with("http_req") => Self::Http,
            _ => Self::Custom,
        }
    }

    /// What stands above it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Http => "http",
            Self::Execution => "execution",
            Self::Network => "network",
        }
    }
}

/// `http_req_duration` of `http_req_duration{status:200}`.
pub(super) fn base(name: &str) -> &str {
    name.split('{').next().unwrap_or(name)
}

/// Metrics in that order.
pub(super) fn in_order(
    metrics: &BTreeMap<String, MetricRecord>,
) -> Vec<(Group, &str, &MetricRecord)> {
    let mut all: Vec<(Group, &str, &MetricRecord)> =
        metrics.iter().map(|(name, metric)| (Group::of(name), name.as_str(), metric)).collect();
    // A part of a metric stands below the whole, whatever its name sorts like.
    all.sort_by(|a, b| (a.0, base(a.1), a.1).cmp(&(b.0, base(b.1), b.1)));
    all
}

/// Name and tags of `http_req_duration{status:200,method:GET}`. A value that holds a comma takes
/// what follows it along, unless that has a colon of its own.
pub(super) fn split_tags(name: &str) -> (&str, Vec<(String, String)>) {
    let Some((base, rest)) = name.split_once('{') else {
        return (name, Vec::new());
    };
    let Some(inner) = rest.strip_suffix('}') else {
        return (name, Vec::new());
    };
    let mut tags: Vec<(String, String)> = Vec::new();
    for part in inner.split(',') {
        match (part.split_once(':'), tags.last_mut()) {
            (Some((tag, value)), _) => tags.push((tag.trim().to_owned(), value.trim().to_owned())),
            (None, Some((_, value))) => *value = format!("{value},{part}"),
            (None, None) => return (name, Vec::new()),
        }
    }
    (base, tags)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{closed_run, open_run};
    use super::*;

    #[test]
    fn metrics_stand_where_users_of_k6_look_for_them() {
        let open = open_run();
        let names: Vec<&str> = in_order(&open.metrics).iter().map(|(_, name, _)| *name).collect();
        assert_eq!(names[..3], ["http_req_blocked", "http_req_connecting", "http_req_duration"]);
        assert_eq!(names[3], "http_req_duration{status:200}");
        assert_eq!(names.last(), Some(&"data_sent"));
        let closed = closed_run();
        assert_eq!(in_order(&closed.metrics)[0].1, "basket_size");
    }

    #[test]
    fn tags_are_told_from_names() {
        let of = |name| split_tags(name).1;
        assert_eq!(split_tags("a{x:1}").0, "a");
        assert_eq!(
            of("a{x:1,y:http://b:8/}"),
            [("x".to_owned(), "1".to_owned()), ("y".to_owned(), "http://b:8/".to_owned())]
        );
        assert_eq!(of("a{x:1,2}"), [("x".to_owned(), "1,2".to_owned())]);
        assert_eq!((split_tags("a{x").0, split_tags("a{x}").0), ("a{x", "a{x}"));
    }
}
