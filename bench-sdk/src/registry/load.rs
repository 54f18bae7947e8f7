//! Load benches: what the attribute leaves in the executable of them, and the list of all.

use std::collections::BTreeSet;

use super::catalog::{crate_of, one_line, unique};
use super::load_set::LoadOptions;
use super::registration::{Group, GroupEntry};
use crate::load_bench::LoadBench;
use crate::record::{CaseId, Settings};

/// One function that is annotated with `load(..)`.
#[derive(Debug)]
pub struct LoadRegistration {
    /// Cargo package, `hub-api`.
    pub package: &'static str,
    /// Module of the function, `hub_api::benches`.
    pub module_path: &'static str,
    /// Name of the function.
    pub function: &'static str,
    /// Name of the load bench.
    pub name: &'static str,
    /// What the option `group` says.
    pub group: Option<&'static str>,
    /// File of the function, as the compiler was given it.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
    /// Tags.
    pub tags: &'static [&'static str],
    /// Why it is ignored; empty where no reason is given.
    pub ignore: Option<&'static str>,
    /// Hash of its own code.
    pub code_hash: u64,
    /// Settings of the attribute: how long its test may take.
    pub settings: fn() -> Settings,
    /// What stands inside `load(..)`.
    pub options: fn() -> LoadOptions,
    /// Its functions.
    pub bench: fn() -> LoadBench,
}

/// A [`LoadRegistration`] on its way into the registry.
#[derive(Debug)]
pub struct LoadEntry(pub &'static LoadRegistration);

inventory::collect!(LoadEntry);

/// One load bench, with what the groups around it say.
#[derive(Clone, Debug)]
pub(crate) struct LoadEntrant {
    /// `crate::module::name`; unique.
    pub(crate) id: CaseId,
    /// What the attribute left.
    pub(crate) registration: &'static LoadRegistration,
    /// Its own tags and those of its groups.
    pub(crate) tags: Vec<String>,
    /// Why it is left out unless asked for; empty where no reason is given.
    pub(crate) ignored: Option<String>,
}

/// The load benches that these crates register (all of them where `link` is `None`), sorted by name
/// and free of duplicates.
pub(crate) fn load_benches(link: Option<&[&str]>) -> Vec<LoadEntrant> {
    let registered = inventory::iter::<LoadEntry>().map(|entry| entry.0);
    let groups: Vec<&Group> = inventory::iter::<GroupEntry>().map(|entry| entry.0).collect();
    in_order(registered.collect(), &groups, link)
}

/// Of one registration, for the test that stands beside its function.
pub(crate) fn load_id(registration: &LoadRegistration) -> CaseId {
    one_line(&format!("{}::{}", registration.module_path, registration.name)).into()
}

fn in_order(
    mut registered: Vec<&'static LoadRegistration>,
    groups: &[&Group],
    link: Option<&[&str]>,
) -> Vec<LoadEntrant> {
    registered.retain(|registration| {
        link.is_none_or(|link| link.contains(&crate_of(registration.module_path)))
    });
    // A crate under test that its own dev-dependencies link once more registers twice.
    let place = |r: &&LoadRegistration| (r.module_path, r.function, r.name, r.file, r.line);
    registered.sort_by_key(place);
    registered.dedup_by_key(|registration| place(registration));
    let mut entrants: Vec<LoadEntrant> =
        registered.into_iter().map(|registration| entrant(registration, groups)).collect();
    entrants.sort_by(|a, b| a.id.cmp(&b.id));
    let mut taken = BTreeSet::new();
    for entrant in &mut entrants {
        entrant.id = unique(&entrant.id, &mut taken);
    }
    entrants
}

fn entrant(registration: &'static LoadRegistration, groups: &[&Group]) -> LoadEntrant {
    let holds = |group: &&&Group| {
        let rest = registration.module_path.strip_prefix(group.module_path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let mut around: Vec<&&Group> = groups.iter().filter(holds).collect();
    around.sort_by_key(|group| std::cmp::Reverse(group.module_path.len()));
    let of_groups = around.iter().flat_map(|group| group.tags.iter().copied());
    let mut tags: Vec<String> = Vec::new();
    for tag in registration.tags.iter().copied().chain(of_groups) {
        if !tags.iter().any(|other| other == tag) {
            tags.push(tag.to_owned());
        }
    }
    let ignored = registration.ignore.or_else(|| around.iter().find_map(|group| group.ignore));
    let (id, ignored) = (load_id(registration), ignored.map(str::to_owned));
    LoadEntrant { id, registration, tags, ignored }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load_bench::{load_bench, nothing};
    use crate::registry::Dialect;

    fn registered(
        module_path: &'static str,
        name: &'static str,
        line: u32,
    ) -> &'static LoadRegistration {
        Box::leak(Box::new(LoadRegistration {
            package: "p",
            module_path,
            function: name,
            name,
            group: None,
            file: "src/lib.rs",
            line,
            tags: &["own"],
            ignore: None,
            code_hash: 0,
            settings: Settings::default,
            options: LoadOptions::default,
            bench: || {
                load_bench(
                    async || nothing(),
                    async |_, ()| nothing(),
                    async |_, (), ()| crate::bencher::NoCheck,
                    async |()| crate::bencher::NoCheck,
                )
            },
        }))
    }

    fn ids(entrants: &[LoadEntrant]) -> Vec<&str> {
        entrants.iter().map(|entrant| entrant.id.as_str()).collect()
    }

    #[test]
    fn they_are_sorted_numbered_and_there_once() {
        let (b, a) = (registered("b", "x", 1), registered("a::m", "x", 1));
        let twin = registered("a::m", "x", 9);
        let entrants = in_order(vec![b, a, twin, a], &[], None);
        assert_eq!(ids(&entrants), ["a::m::x", "a::m::x#2", "b::x"]);
    }

    #[test]
    fn link_filters_by_crate() {
        let all = vec![registered("b", "x", 1), registered("bc::m", "x", 1)];
        assert_eq!(ids(&in_order(all.clone(), &[], Some(&["b"]))), ["b::x"]);
        assert!(in_order(all, &[], Some(&["c"])).is_empty());
    }

    #[test]
    fn groups_around_them_add_tags_and_reasons() {
        let group = |module_path, tag: &'static [&'static str], ignore| Group {
            module_path,
            name: None,
            tags: tag,
            ignore,
            settings: Settings::default,
            threads: None,
            dialect: Dialect::Hub,
        };
        let (outer, inner) = (group("a", &["outer"], Some("slow")), group("a::m", &["own"], None));
        let other = group("a::mm", &["other"], None);
        let one = in_order(vec![registered("a::m", "x", 1)], &[&outer, &inner, &other], None);
        assert_eq!(one[0].tags, ["own", "outer"]);
        assert_eq!(one[0].ignored.as_deref(), Some("slow"));
    }
}
