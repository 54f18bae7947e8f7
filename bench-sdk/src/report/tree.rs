//! Cases under their crates, modules and functions.

use std::collections::BTreeMap;

use super::escape::escape;
use super::order::by_value;
use crate::record::CaseRecord;

/// Modules deeper than this stand on one line together.
const MAX_DEPTH: usize = 12;

/// Where a case hangs; all of it as the user wrote it.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    /// The crate.
    pub(crate) crate_name: &'a str,
    /// Modules, joined by `::`.
    pub(crate) group: &'a str,
    /// The benchmark.
    pub(crate) name: &'a str,
    /// What tells this case from the others of its benchmark; may be empty.
    pub(crate) suffix: String,
}

impl<'a> Place<'a> {
    /// Where that case hangs.
    pub(crate) fn of(case: &'a CaseRecord) -> Self {
        let suffix = suffix(case.id.as_str(), &case.crate_name, &case.group, &case.name);
        Self {
            crate_name: &case.crate_name,
            group: &case.group,
            name: &case.name,
            suffix: suffix.map_or_else(|| built_suffix(case), str::to_owned),
        }
    }
}

/// What follows the name in an id that is made of these parts.
pub(crate) fn suffix<'a>(
    id: &'a str,
    crate_name: &str,
    group: &str,
    name: &str,
) -> Option<&'a str> {
    let suffix = behind_name(id, crate_name, group, name)?;
    (suffix.is_empty() || suffix.starts_with(['<', '[', '{', '#'])).then_some(suffix)
}

/// The same for an id that is a path throughout, as those of divan are: `[a::b]` for `::a::b`.
pub(crate) fn path_suffix(id: &str, crate_name: &str, group: &str, name: &str) -> Option<String> {
    let labels = behind_name(id, crate_name, group, name)?.strip_prefix("::")?;
    let (labels, threads) = labels.split_at(labels.rfind("{t=").unwrap_or(labels.len()));
    Some(format!("[{labels}]{threads}"))
}

fn behind_name<'a>(id: &'a str, crate_name: &str, group: &str, name: &str) -> Option<&'a str> {
    let mut rest = id;
    for part in [crate_name, group] {
        if !part.is_empty() {
            rest = rest.strip_prefix(part)?.strip_prefix("::")?;
        }
    }
    rest.strip_prefix(name)
}

/// The same from the parts of the record, for ids that do not repeat the group.
fn built_suffix(case: &CaseRecord) -> String {
    let mut suffix = String::new();
    if !case.types.is_empty() {
        suffix = format!("<{}>", case.types.join(","));
    }
    push_args(&mut suffix, &case.args);
    if let Some(threads) = case.threads {
        suffix += "{t=";
        suffix += &threads.to_string();
        suffix += "}";
    }
    suffix
}

/// Appends `[arg]` for each.
pub(crate) fn push_args(suffix: &mut String, args: &[String]) {
    for arg in args {
        suffix.push('[');
        suffix.push_str(arg);
        suffix.push(']');
    }
}

/// One line of a tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TreeLine {
    /// The branches that lead to it: `│  ╰─ `; empty for a crate.
    pub(crate) lead: String,
    /// Its name, safe for a terminal.
    pub(crate) label: String,
    /// Which of the places ends here, if one does.
    pub(crate) case: Option<usize>,
    /// Whether it is a crate.
    pub(crate) head: bool,
}

/// Lays the places out as a tree; crates, modules and benchmarks keep their order.
pub(crate) fn tree_lines(places: &[Place<'_>]) -> Vec<TreeLine> {
    let mut tree = Tree::new();
    for (at, place) in places.iter().enumerate() {
        tree.insert(at, place);
    }
    tree.tidy();
    let mut lines = Vec::new();
    for &top in &tree.nodes[ROOT].children {
        let node = &tree.nodes[top];
        lines.push(TreeLine {
            lead: String::new(),
            label: node.label.clone(),
            case: node.case,
            head: true,
        });
        tree.push_below(top, "", &mut lines);
    }
    lines
}

const ROOT: usize = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Crate,
    Module,
    Benchmark,
    Case,
}

struct Node {
    label: String,
    kind: Kind,
    case: Option<usize>,
    children: Vec<usize>,
}

struct Tree {
    nodes: Vec<Node>,
    known: BTreeMap<(usize, Kind, String), usize>,
}

impl Tree {
    fn new() -> Self {
        let root =
            Node { label: String::new(), kind: Kind::Crate, case: None, children: Vec::new() };
        Self { nodes: vec![root], known: BTreeMap::new() }
    }

    fn insert(&mut self, case: usize, place: &Place<'_>) {
        let crate_name = if place.crate_name.is_empty() { "benchmarks" } else { place.crate_name };
        let mut at = self.child(ROOT, Kind::Crate, crate_name);
        for module in place.group.splitn(MAX_DEPTH, "::").filter(|module| !module.is_empty()) {
            at = self.child(at, Kind::Module, module);
        }
        at = self.child(at, Kind::Benchmark, place.name);
        if !place.suffix.is_empty() {
            at = self.child(at, Kind::Case, &place.suffix);
        }
        if self.nodes[at].case.is_some() {
            // The same place twice: both are shown.
            at = self.push(at, Kind::Case, place.name);
        }
        self.nodes[at].case = Some(case);
    }

    fn child(&mut self, parent: usize, kind: Kind, name: &str) -> usize {
        let key = (parent, kind, name.to_owned());
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let child = self.push(parent, kind, name);
        self.known.insert(key, child);
        child
    }

    fn push(&mut self, parent: usize, kind: Kind, name: &str) -> usize {
        let child = self.nodes.len();
        self.nodes.push(Node { label: escape(name), kind, case: None, children: Vec::new() });
        self.nodes[parent].children.push(child);
        child
    }

    /// Sorts arguments by their value, and joins what needs no line of its own: a module that only
    /// holds another one, and a benchmark with a single case.
    fn tidy(&mut self) {
        // Children come after their parents, so going backwards joins chains of any length.
        for at in (1..self.nodes.len()).rev() {
            let mut children = std::mem::take(&mut self.nodes[at].children);
            if children.iter().all(|&child| self.nodes[child].kind == Kind::Case) {
                children.sort_by(|&a, &b| by_value(&self.nodes[a].label, &self.nodes[b].label));
            }
            if let &[only] = children.as_slice()
                && self.nodes[at].case.is_none()
                && let Some(joint) = joint(self.nodes[at].kind, self.nodes[only].kind)
            {
                let below = std::mem::take(&mut self.nodes[only].label);
                children = std::mem::take(&mut self.nodes[only].children);
                let case = self.nodes[only].case;
                let node = &mut self.nodes[at];
                node.label = format!("{}{joint}{below}", node.label);
                node.case = case;
            }
            self.nodes[at].children = children;
        }
    }

    fn push_below(&self, parent: usize, lead: &str, lines: &mut Vec<TreeLine>) {
        let children = &self.nodes[parent].children;
        for (nth, &child) in children.iter().enumerate() {
            let node = &self.nodes[child];
            let last = nth + 1 == children.len();
            lines.push(TreeLine {
                lead: format!("{lead}{}", if last { "╰─ " } else { "├─ " }),
                label: node.label.clone(),
                case: node.case,
                head: false,
            });
            self.push_below(child, &format!("{lead}{}", if last { "   " } else { "│  " }), lines);
        }
    }
}

/// What stands between a node and its only child where the two share a line.
fn joint(kind: Kind, child: Kind) -> Option<&'static str> {
    match (kind, child) {
        (Kind::Module, Kind::Module) => Some("::"),
        (Kind::Benchmark, Kind::Case) => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(ids: &[(&str, &str, &str, &str)]) -> Vec<String> {
        let places: Vec<Place<'_>> = ids
            .iter()
            .map(|&(crate_name, group, name, suffix)| Place {
                crate_name,
                group,
                name,
                suffix: suffix.to_owned(),
            })
            .collect();
        tree_lines(&places).into_iter().map(|line| line.lead + &line.label).collect()
    }

    #[test]
    fn chains_share_a_line_and_branches_do_not() {
        let lines = drawn(&[
            ("a", "", "top", ""),
            ("a", "x::y", "f", "[1]"),
            ("a", "x::y", "g", "[10]"),
            ("a", "x::y", "g", "[9]"),
            ("a", "z", "h", ""),
            ("a", "z", "h", "{t=2}"),
        ]);
        assert_eq!(
            lines,
            [
                "a",
                "├─ top",
                "├─ x::y",
                "│  ├─ f[1]",
                "│  ╰─ g",
                "│     ├─ [9]",
                "│     ╰─ [10]",
                "╰─ z",
                "   ╰─ h",
                "      ╰─ {t=2}"
            ]
        );
    }

    #[test]
    fn a_suffix_is_what_follows_the_name() {
        assert_eq!(suffix("a::b::f[1]{t=2}", "a", "b", "f"), Some("[1]{t=2}"));
        assert_eq!(suffix("a::f", "a", "", "f"), Some(""));
        assert_eq!(suffix("a::fall", "a", "", "f"), None);
        assert_eq!(suffix("a::m::f#2", "a", "other", "f"), None);
        assert_eq!(suffix("a::f::1", "a", "", "f"), None);
        let path = |id| path_suffix(id, "a", "b", "f");
        assert_eq!(path("a::b::f::u8::1{t=2}").as_deref(), Some("[u8::1]{t=2}"));
        assert_eq!(path("a::b::f::10").as_deref(), Some("[10]"));
        assert_eq!((path("a::b::f"), path("a::b::f[1]")), (None, None));
    }

    #[test]
    fn endless_modules_end() {
        let deep = "m::".repeat(10_000);
        assert_eq!(drawn(&[("a", &deep, "f", ""), ("a", "m", "g", "")]).len(), 5);
    }

    #[test]
    fn twins_are_both_shown() {
        assert_eq!(
            drawn(&[("", "", "f", ""), ("", "", "f", "")]),
            ["benchmarks", "╰─ f", "   ╰─ f"]
        );
    }
}
