//! What criterion calls a case, and where it would lie.

use std::collections::BTreeSet;

use super::tree::Place;
use crate::record::{CaseRecord, is_unsafe};

/// The longest component of a path, in bytes.
const MAX_COMPONENT_BYTES: usize = 64;

/// The parts of a criterion id, and the folder that belongs to them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CriterionName {
    /// Crate and modules.
    pub(super) group: String,
    /// The benchmark, with its types; of one that is in no crate and no module it is the group.
    pub(super) function: Option<String>,
    /// Argument and threads.
    pub(super) value: Option<String>,
    /// All of them, joined by `/`; no two cases have the same.
    pub(super) full_id: String,
    /// The same as components of a path; no two cases have the same.
    pub(super) folder: String,
}

impl CriterionName {
    /// The name of that case, apart from those that are taken.
    pub(super) fn of(
        case: &CaseRecord,
        folders: &mut BTreeSet<String>,
        ids: &mut BTreeSet<String>,
    ) -> Self {
        let place = Place::of(case);
        let group: Vec<&str> =
            [place.crate_name, place.group].into_iter().filter(|part| !part.is_empty()).collect();
        let (types, value) = split_suffix(&place.suffix, case);
        let function = visible(&format!("{}{types}", place.name));
        let (group, function) = match visible(&group.join("::")) {
            group if group.is_empty() => (function, None),
            group => (group, Some(function)),
        };
        let value = value.as_deref().map(visible);
        let parts: Vec<&str> = [Some(group.as_str()), function.as_deref(), value.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let full_id = unique(&parts.join("/"), " #", ids, str::to_owned);
        let components: Vec<String> = parts.iter().map(|part| component(part)).collect();
        // Two names that differ in case only are one folder to some file systems.
        let folder = unique(&components.join("/"), "_", folders, str::to_lowercase);
        Self { group, function, value, full_id, folder }
    }
}

/// A name as ids have it: what a terminal would obey is replaced.
fn visible(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// Types stay with the function; what is left is the value, without brackets where it is an argument
/// and nothing else, so that criterion can read it as a number.
fn split_suffix(suffix: &str, case: &CaseRecord) -> (String, Option<String>) {
    let types = match case.types.as_slice() {
        [] => String::new(),
        types => format!("<{}>", types.join(",")),
    };
    let (types, rest) = match suffix.strip_prefix(&types) {
        Some(rest) => (types, rest),
        None => (String::new(), suffix),
    };
    let value = match case.args.first().map(|arg| format!("[{arg}]")) {
        Some(bracketed) if rest.starts_with(&bracketed) => {
            format!("{}{}", &bracketed[1..bracketed.len() - 1], &rest[bracketed.len()..])
        }
        _ => rest.to_owned(),
    };
    (types, Some(value).filter(|value| !value.is_empty()))
}

/// The text, or with the first free number behind it; it is taken from now on.
fn unique(
    text: &str,
    joint: &str,
    taken: &mut BTreeSet<String>,
    key: fn(&str) -> String,
) -> String {
    let mut free = text.to_owned();
    let mut number = 1_u32;
    while !taken.insert(key(&free)) {
        number += 1;
        free = format!("{text}{joint}{number}");
    }
    free
}

/// A text as a single component of a path: criterion's replacements, and its length.
///
/// criterion itself leaves control characters and `..` as they are; here nothing may lead out of
/// the tree.
pub(super) fn component(text: &str) -> String {
    let replaced = |c: char| {
        let is_bad = matches!(c, '?' | '"' | '/' | '\\' | '*' | '<' | '>' | ':' | '|' | '^');
        if is_bad || is_unsafe(c) { '_' } else { c }
    };
    let mut name: String = text.chars().map(replaced).collect();
    let mut end = MAX_COMPONENT_BYTES.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    match name.as_str() {
        "" | "." => "_".to_owned(),
        ".." => "__".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::measured;
    use super::*;

    fn sized_of(crate_name: &str, name: &str) -> CaseRecord {
        let mut case = measured(crate_name, "", &format!("{name}[10]"), 1.0, 0.1);
        case.args = vec!["10".to_owned()];
        case
    }

    fn named(case: &CaseRecord) -> CriterionName {
        CriterionName::of(case, &mut BTreeSet::new(), &mut BTreeSet::new())
    }

    #[test]
    fn ids_become_group_function_and_value() {
        let mut case = measured("hub_tasks", "queue", "push<u32,4>[1000]{t=2}", 1.0, 0.1);
        (case.types, case.args) = (vec!["u32".to_owned(), "4".to_owned()], vec!["1000".to_owned()]);
        assert_eq!(
            named(&case),
            CriterionName {
                group: "hub_tasks::queue".to_owned(),
                function: Some("push<u32,4>".to_owned()),
                value: Some("1000{t=2}".to_owned()),
                full_id: "hub_tasks::queue/push<u32,4>/1000{t=2}".to_owned(),
                folder: "hub_tasks__queue/push_u32,4_/1000{t=2}".to_owned(),
            }
        );
        let plain = named(&measured("a", "", "b", 1.0, 0.1));
        assert_eq!((plain.full_id.as_str(), plain.value), ("a/b", None));
        assert_eq!(named(&sized_of("a", "b")).value.as_deref(), Some("10"));
        let bare = named(&CaseRecord { id: "fib[10]".into(), ..sized_of("", "fib") });
        assert_eq!((bare.full_id.as_str(), bare.function), ("fib/10", None));
        let red = named(&measured("a", "\n", "\u{1b}[31mred", 1.0, 0.1));
        assert_eq!(red.full_id, "a::\u{fffd}/\u{fffd}/[31mred");
    }

    #[test]
    fn components_are_criterions_and_stay_in_their_folder() {
        assert_eq!(component("a?\"/\\*<>:|^b"), "a__________b");
        assert_eq!(component("../../etc"), ".._.._etc");
        assert_eq!(component(".."), "__");
        assert_eq!(component("."), "_");
        assert_eq!(component(""), "_");
        assert_eq!(component("a\0b\u{1b}\n"), "a_b__");
        assert_eq!(component(&"é".repeat(5_000)), "é".repeat(32));
        assert_eq!(component(&format!("x{}", "é".repeat(40))).len(), 63);
    }

    #[test]
    fn what_is_cut_alike_stays_apart() {
        let (mut folders, mut ids) = (BTreeSet::new(), BTreeSet::new());
        let long = "x".repeat(100);
        let names = [format!("{long}a"), format!("{long}b"), format!("{}C", "X".repeat(100))];
        let found: Vec<CriterionName> = names
            .iter()
            .map(|name| {
                CriterionName::of(&measured("a", "", name, 1.0, 0.1), &mut folders, &mut ids)
            })
            .collect();
        let cut = "x".repeat(64);
        assert_eq!(found[0].folder, format!("a/{cut}"));
        assert_eq!(found[1].folder, format!("a/{cut}_2"));
        assert_eq!(found[2].folder, format!("a/{}_3", cut.to_uppercase()));
        let again = CriterionName::of(&measured("a", "", "y", 1.0, 0.1), &mut folders, &mut ids);
        let twin = CriterionName::of(&measured("a", "", "y", 1.0, 0.1), &mut folders, &mut ids);
        assert_eq!((again.full_id.as_str(), twin.full_id.as_str()), ("a/y", "a/y #2"));
    }
}
