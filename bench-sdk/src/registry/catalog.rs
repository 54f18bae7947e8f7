//! Collects what is registered and puts it in order.

use std::collections::BTreeSet;

use super::CaseSet;
use super::case_set::single;
use super::dialect::{Dialect, benchmark_id};
use super::registration::{Entry, Group, GroupEntry, Registration};
use crate::bencher::Bencher;
use crate::record::{CaseId, Settings, cut_name, is_unsafe};

/// A benchmark that is added at run time instead of by the attribute.
///
/// ```
/// use bench_sdk::{Benchmark, Runner, record::Settings};
///
/// let record = Runner::empty()
///     .settings(Settings { sample_count: Some(5), ..Settings::quick() })
///     .add(Benchmark::new("dynamic/parse", |b| b.bench(|| "12".parse::<u8>())))
///     .run()?;
/// assert_eq!(record.cases.len(), 1);
/// # Ok::<(), bench_sdk::RunError>(())
/// ```
pub struct Benchmark {
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) cases: Box<dyn CaseSet>,
    /// Where it stands, for those that a program comes to by running.
    pub(crate) place: Option<Box<ReachedPlace>>,
}

/// Where a benchmark stands that a program comes to by running: its name in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReachedPlace {
    /// The crate it is shown under.
    pub crate_name: String,
    /// The group.
    pub group: String,
    /// The function.
    pub name: String,
    /// The argument.
    pub arg: Option<String>,
}

impl Benchmark {
    /// A benchmark of that name; the function is given a [`Bencher`] and calls one of its
    /// measuring methods.
    pub fn new(name: impl Into<String>, run: impl Fn(Bencher<'_>) + 'static) -> Self {
        let run = move |bencher: Bencher<'_>| {
            run(bencher);
            Ok(())
        };
        Self::checked(name, run)
    }

    /// One whose function can fail.
    pub(crate) fn checked(
        name: impl Into<String>,
        run: impl Fn(Bencher<'_>) -> Result<(), String> + 'static,
    ) -> Self {
        Self { name: name.into(), settings: Settings::default(), cases: single(run), place: None }
    }

    /// A benchmark that only workers can measure, which come to it by running the program.
    #[doc(hidden)]
    pub fn reached(id: impl Into<String>, settings: Settings, place: ReachedPlace) -> Self {
        let run = |_: Bencher<'_>| Err("it is measured in processes of its own only".to_owned());
        Self { name: id.into(), settings, cases: single(run), place: Some(Box::new(place)) }
    }

    /// Sampling settings of this benchmark, as an attribute would give them.
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }
}

/// All benchmarks of the executable, sorted by name and free of duplicates.
pub(crate) struct Catalog {
    pub(crate) entrants: Vec<Entrant>,
    groups: Vec<&'static Group>,
}

/// One benchmark: an annotated function, in one combination of its types, or an added one.
pub(crate) struct Entrant {
    /// Name with types, without arguments; unique.
    pub(crate) id: CaseId,
    pub(crate) types: Vec<String>,
    pub(crate) origin: Origin,
}

/// Where a benchmark comes from.
pub(crate) enum Origin {
    /// From the attribute, with the index of the combination of types.
    Attribute(&'static Registration, usize),
    /// From [`Benchmark`].
    Added(Box<Benchmark>),
}

impl Catalog {
    /// What is registered in this executable by these crates (all of them where `link` is `None`).
    pub(crate) fn collect(link: Option<&[&str]>) -> Self {
        let mut registrations: Vec<&'static Registration> =
            inventory::iter::<Entry>().map(|entry| entry.0).collect();
        registrations.retain(|registration| {
            link.is_none_or(|link| link.contains(&crate_of(registration.module_path)))
        });
        // A crate under test that its own dev-dependencies link once more registers twice.
        let place = |r: &&Registration| (r.module_path, r.function, r.name, r.file, r.line);
        registrations.sort_by_key(place);
        registrations.dedup_by_key(|registration| place(registration));
        let groups = inventory::iter::<GroupEntry>().map(|entry| entry.0).collect();
        let mut catalog = Self { entrants: Vec::new(), groups };
        for registration in registrations {
            catalog.enter(registration);
        }
        catalog.entrants.sort_by(|a, b| a.id.cmp(&b.id));
        catalog.number_duplicates();
        catalog
    }

    /// Nothing but what is added later.
    pub(crate) fn empty() -> Self {
        Self { entrants: Vec::new(), groups: Vec::new() }
    }

    /// Only that registration, for the test that stands beside its function.
    pub(crate) fn only(registration: &'static Registration) -> Self {
        let groups = inventory::iter::<GroupEntry>().map(|entry| entry.0).collect();
        let mut catalog = Self { entrants: Vec::new(), groups };
        catalog.enter(registration);
        catalog.number_duplicates();
        catalog
    }

    fn enter(&mut self, registration: &'static Registration) {
        for (index, variant) in registration.variants.iter().enumerate() {
            let types = (variant.types)();
            let groups = self.groups_of(registration.module_path);
            let id = one_line(&benchmark_id(registration, &types, &groups)).into();
            self.entrants.push(Entrant {
                id,
                types,
                origin: Origin::Attribute(registration, index),
            });
        }
    }

    /// Adds benchmarks of run time, behind the others.
    pub(crate) fn add(&mut self, benchmarks: Vec<Benchmark>) {
        for benchmark in benchmarks {
            let id = one_line(&benchmark.name).into();
            self.entrants.push(Entrant {
                id,
                types: Vec::new(),
                origin: Origin::Added(Box::new(benchmark)),
            });
        }
        self.number_duplicates();
    }

    /// Gives the second of several equal names `#2`, and so on.
    fn number_duplicates(&mut self) {
        let mut taken = BTreeSet::new();
        for entrant in &mut self.entrants {
            entrant.id = unique(&entrant.id, &mut taken);
        }
    }

    /// Whether there are benchmarks that only workers of their own come to.
    pub(crate) fn is_reached_by_running(&self) -> bool {
        let reached = |entrant: &Entrant| matches!(&entrant.origin, Origin::Added(benchmark) if benchmark.place.is_some());
        self.entrants.iter().any(reached)
    }

    /// Groups whose module holds that module, the innermost first.
    pub(crate) fn groups_of(&self, module_path: &str) -> Vec<&'static Group> {
        let holds = |group: &&&'static Group| {
            module_path
                .strip_prefix(group.module_path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let mut groups: Vec<_> = self.groups.iter().filter(holds).copied().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.module_path.len()));
        groups
    }
}

/// The id, or with the first free number behind it; it is taken from now on.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use bench_sdk::__private::unique;
/// use bench_sdk::record::CaseId;
///
/// let mut taken = BTreeSet::new();
/// let ids = ["a", "a"].map(|id| unique(&CaseId::from(id.to_owned()), &mut taken));
/// assert_eq!(ids.map(|id| id.to_string()), ["a", "a#2"]);
/// ```
pub fn unique(id: &CaseId, taken: &mut BTreeSet<CaseId>) -> CaseId {
    let mut free = id.clone();
    let mut number = 1_u32;
    while !taken.insert(free.clone()) {
        number += 1;
        free = CaseId::from(format!("{id}#{number}"));
    }
    free
}

/// The crate of a module path.
pub(crate) fn crate_of(module_path: &str) -> &str {
    module_path.split("::").next().unwrap_or(module_path)
}

/// Longest name, in bytes: workers are told ids in a variable, and those have a limit.
const MAX_NAME_BYTES: usize = 4096;

/// Names come from users; an id stays on one line and reads from left to right. A name of more than
/// 4096 bytes, such as one that a whole input was written into, is cut and ends in a hash.
pub fn one_line(text: &str) -> String {
    let safe = text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
    cut_name(safe, MAX_NAME_BYTES, text)
}

impl Entrant {
    /// Whose words it is written in.
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.origin {
            Origin::Attribute(registration, _) => registration.dialect,
            Origin::Added(_) => Dialect::Hub,
        }
    }

    /// Its cases, with arguments evaluated: code of the user runs, and may panic.
    pub(crate) fn cases(&self) -> CaseSource<'_> {
        match &self.origin {
            Origin::Attribute(registration, index) => {
                CaseSource::Owned((registration.variants[*index].cases)())
            }
            Origin::Added(benchmark) => CaseSource::Borrowed(&*benchmark.cases),
        }
    }
}

/// Cases that were made for the asker, or belong to the benchmark.
pub(crate) enum CaseSource<'a> {
    Owned(Box<dyn CaseSet>),
    Borrowed(&'a dyn CaseSet),
}

impl CaseSource<'_> {
    pub(crate) fn as_set(&self) -> &dyn CaseSet {
        match self {
            Self::Owned(cases) => &**cases,
            Self::Borrowed(cases) => *cases,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered() {
        let mut catalog = Catalog::empty();
        let benchmark = || Benchmark::new("same", |_| ());
        catalog.add(vec![benchmark(), benchmark(), benchmark()]);
        let ids: Vec<&str> = catalog.entrants.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["same", "same#2", "same#3"]);
    }

    #[test]
    fn crates_and_lines() {
        assert_eq!(crate_of("hub_tasks::queue"), "hub_tasks");
        assert_eq!(one_line("a\nb\u{1b}[31m"), "a\u{fffd}b\u{fffd}[31m");
        assert!(one_line(&"\n".repeat(100_000)).len() <= 4096);
    }
}
