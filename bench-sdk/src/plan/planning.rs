//! Lays out the cases of a run.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::config::Override;
use super::dialect::{MOST_THREADS, divan_threads, ignored, threads_of};
use super::layers::{Layer, resolve};
use super::selection::{Ignored, Selection};
use crate::bencher::panic_text;
use crate::record::{
    CaseId, Counter, Growth, Resolved, Settings, Skipped, SourceLocation, short_label,
};
use crate::registry::{
    Catalog, Dialect, Entrant, Group, Label, Origin, Registration, crate_of, shown_modules, unique,
};
use crate::resource::ExitGuard;

/// One case that will be measured.
#[derive(Clone, Debug)]
pub(crate) struct PlannedCase {
    pub(crate) id: CaseId,
    pub(crate) place: Place,
    pub(crate) crate_name: String,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) types: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) threads: Option<u32>,
    pub(crate) tags: Vec<String>,
    pub(crate) source: SourceLocation,
    pub(crate) code_hash: u64,
    pub(crate) ignored: Option<String>,
    /// Shared by all cases of the benchmark.
    pub(crate) layers: Rc<[Layer]>,
    pub(crate) settings: Resolved,
    pub(crate) counters: Vec<Counter>,
    pub(crate) thresholds: Vec<String>,
    pub(crate) complexity: Option<Growth>,
}

/// How a process finds the case again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Benchmark in the catalog.
    pub(crate) entrant: usize,
    /// Case in the benchmark.
    pub(crate) index: usize,
}

/// What a run will do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Selected cases, sorted by id.
    pub(crate) cases: Vec<PlannedCase>,
    /// Benchmarks without cases, with the reason.
    pub(crate) skipped: Vec<Skipped>,
    /// Benchmarks that broke while they were laid out.
    pub(crate) broken: Vec<PlanningError>,
    /// Cases before selection, as far as they were laid out.
    pub(crate) registered: u32,
}

/// A benchmark whose arguments could not be evaluated.
#[derive(Clone, Debug)]
pub(crate) struct PlanningError {
    pub(crate) case: Box<PlannedCase>,
    pub(crate) message: String,
}

/// Layers of settings that do not come from the benchmark itself, strongest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingSources {
    /// Stronger than everything said at the benchmark: command line, environment, preset.
    pub(crate) above: Vec<Layer>,
    /// Overrides of the configuration file.
    pub(crate) overrides: Vec<Override>,
    /// Weaker: configured defaults, then those of the mode.
    pub(crate) below: Vec<Layer>,
    /// Numbers of threads that the command line of divan asks for, whatever benchmarks say.
    pub(crate) divan_threads: Option<Vec<usize>>,
}

/// Lays out what is registered. Code of the user runs here: arguments and settings.
pub(crate) fn plan(catalog: &Catalog, selection: &Selection, sources: &SettingSources) -> Plan {
    let mut plan = Plan::default();
    let mut taken = BTreeSet::new();
    for (entrant_index, entrant) in catalog.entrants.iter().enumerate() {
        let layout = Layout { catalog, sources, entrant, entrant_index };
        layout.add_cases(&mut plan, selection, &mut taken);
    }
    plan.cases.sort_by(|a, b| a.id.cmp(&b.id));
    plan
}

/// Lays out one case only, found by its id: nothing of other benchmarks is evaluated, but of those
/// whose name its id begins with.
pub(crate) fn plan_case(
    catalog: &Catalog,
    id: &str,
    sources: &SettingSources,
) -> Result<Option<PlannedCase>, String> {
    let found = find_case(catalog, id, sources)?;
    if found.is_some() || sources.divan_threads.is_some() {
        return Ok(found);
    }
    // The case may have its threads from a command line that is not known here.
    let sources = SettingSources { divan_threads: Some(threads_of(id)), ..sources.clone() };
    find_case(catalog, id, &sources)
}

fn find_case(
    catalog: &Catalog,
    id: &str,
    sources: &SettingSources,
) -> Result<Option<PlannedCase>, String> {
    let mut plan = Plan::default();
    let mut taken = BTreeSet::new();
    let selection = Selection {
        filters: vec![id.to_owned()],
        exact: true,
        ignored: Ignored::Include,
        ..Selection::default()
    };
    for (entrant_index, entrant) in catalog.entrants.iter().enumerate() {
        if id.starts_with(entrant.id.as_str()) {
            let layout = Layout { catalog, sources, entrant, entrant_index };
            layout.add_cases(&mut plan, &selection, &mut taken);
        }
    }
    match (plan.cases.pop(), plan.broken.pop()) {
        (Some(case), _) => Ok(Some(case)),
        (None, Some(broken)) => Err(broken.message),
        (None, None) => Ok(None),
    }
}

/// One benchmark while it is laid out.
struct Layout<'a> {
    catalog: &'a Catalog,
    sources: &'a SettingSources,
    entrant: &'a Entrant,
    entrant_index: usize,
}

impl Layout<'_> {
    fn add_cases(&self, plan: &mut Plan, selection: &Selection, taken: &mut BTreeSet<CaseId>) {
        let base = self.base();
        let selected = |case: &PlannedCase| {
            selection.takes_id(case.id.as_str())
                && selection.takes_tags(&case.tags)
                && selection.takes_ignored(case.ignored.is_some())
        };
        let _guard = ExitGuard::new(&format!("evaluating the options of {}", base.id));
        let evaluated = catch_unwind(AssertUnwindSafe(|| {
            (self.entrant.cases().as_set().labels(), self.threads())
        }));
        let (labels, threads) = match evaluated {
            Ok(evaluated) => evaluated,
            Err(payload) => {
                plan.registered += 1;
                if selected(&base) {
                    let message =
                        format!("evaluating its arguments panicked: {}", panic_text(&*payload));
                    plan.broken.push(PlanningError { case: Box::new(base), message });
                }
                return;
            }
        };
        if labels.is_empty() && selected(&base) {
            let reason = "`args` gave no values".to_owned();
            plan.skipped.push(Skipped { id: base.id.clone(), reason });
        }
        for (index, label) in labels.into_iter().enumerate() {
            for threads in &threads {
                let dialect = self.entrant.dialect();
                let case = with_argument(&base, dialect, (index, label.as_ref()), *threads, taken);
                plan.registered += 1;
                if selected(&case) {
                    plan.cases.push(case);
                }
            }
        }
    }

    /// The case as far as it is the same for all arguments.
    fn base(&self) -> PlannedCase {
        let entrant = self.entrant;
        let layers = self.layers();
        let (settings, merged) = resolve(&layers);
        let mut case = PlannedCase {
            id: entrant.id.clone(),
            place: Place { entrant: self.entrant_index, index: 0 },
            crate_name: String::new(),
            group: String::new(),
            name: entrant.id.to_string(),
            types: entrant.types.clone(),
            args: Vec::new(),
            threads: None,
            tags: Vec::new(),
            source: SourceLocation { file: String::new(), line: 0 },
            code_hash: 0,
            ignored: None,
            layers: layers.into(),
            settings,
            counters: merged.counters,
            thresholds: Vec::new(),
            complexity: None,
        };
        match &entrant.origin {
            Origin::Attribute(registration, _) => self.describe(&mut case, registration),
            Origin::Added(benchmark) => {
                if let Some(place) = &benchmark.place {
                    case.crate_name.clone_from(&place.crate_name);
                    case.group.clone_from(&place.group);
                    case.name.clone_from(&place.name);
                    case.args = place.arg.iter().map(|arg| short_label(arg)).collect();
                }
            }
        }
        case
    }

    /// Fills in what the attribute and its groups say.
    fn describe(&self, case: &mut PlannedCase, registration: &Registration) {
        let groups = self.catalog.groups_of(registration.module_path);
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        crate_of(registration.module_path).clone_into(&mut case.crate_name);
        case.group =
            registration.group.map_or_else(|| group_path(registration, &groups), str::to_owned);
        registration.name.clone_into(&mut case.name);
        case.tags = owned(registration.tags);
        for group in &groups {
            case.tags.extend(owned(group.tags));
        }
        case.tags.dedup();
        case.source =
            SourceLocation { file: registration.file.to_owned(), line: registration.line };
        case.code_hash = registration.code_hash;
        case.ignored = ignored(registration, &groups);
        case.thresholds = owned(registration.thresholds);
        // The macro lets known names through only.
        case.complexity = registration.complexity.and_then(Growth::from_name);
    }

    /// All layers of settings of this benchmark, strongest first.
    fn layers(&self) -> Vec<Layer> {
        let mut layers = self.sources.above.clone();
        let overrides = self.sources.overrides.iter();
        for found in overrides.filter(|over| over.matches(self.entrant.id.as_str())) {
            let source = format!("hub-bench.toml, override {}", found.pattern);
            layers.push(Layer::new(source, found.settings.clone()));
        }
        match &self.entrant.origin {
            Origin::Attribute(registration, _) => {
                // An option of the attribute is an expression of the user's; if it panics, so will
                // the planning of the arguments, which reports it.
                let attribute = catch_unwind(registration.settings).unwrap_or_default();
                layers.push(Layer::new("attribute", attribute));
                for group in self.catalog.groups_of(registration.module_path) {
                    let source = format!("group {}", group.name.unwrap_or(group.module_path));
                    let settings: Settings = catch_unwind(group.settings).unwrap_or_default();
                    layers.push(Layer::new(source, settings));
                }
            }
            Origin::Added(benchmark) => {
                layers.push(Layer::new("benchmark", benchmark.settings.clone()));
            }
        }
        layers.extend(self.sources.below.iter().cloned());
        layers
    }

    /// Numbers of threads; `None` where the benchmark does not ask.
    fn threads(&self) -> Vec<Option<u32>> {
        let Origin::Attribute(registration, _) = self.entrant.origin else { return vec![None] };
        if let Dialect::Divan { .. } = registration.dialect {
            let counts = self.sources.divan_threads.clone().or_else(|| {
                let groups = self.catalog.groups_of(registration.module_path);
                let of_groups = groups.iter().find_map(|group| group.threads);
                registration.threads.or(of_groups).map(|threads| threads())
            });
            return divan_threads(&counts.unwrap_or_default());
        }
        let Some(threads) = registration.threads else { return vec![None] };
        threads().into_iter().map(|count| Some(count.min(MOST_THREADS) as u32)).collect()
    }
}

/// The case of one argument and one number of threads.
fn with_argument(
    base: &PlannedCase,
    dialect: Dialect,
    (index, label): (usize, Option<&Label>),
    threads: Option<u32>,
    taken: &mut BTreeSet<CaseId>,
) -> PlannedCase {
    let mut case = base.clone();
    case.place.index = index;
    case.threads = threads;
    let mut id = base.id.to_string();
    if let Some(label) = label.map(|label| short_label(&label.0)) {
        id = dialect.with_label(&id, &label);
        case.args = vec![label];
    }
    if let Some(threads) = threads {
        id = format!("{id}{{t={threads}}}");
    }
    case.id = unique(&CaseId::from(id), taken);
    case
}

/// The modules below the crate, the innermost named as its group says; with divan, all of them.
fn group_path(registration: &Registration, groups: &[&Group]) -> String {
    let module_path = registration.module_path;
    if let Dialect::Divan { .. } = registration.dialect {
        return shown_modules(module_path, groups).split_off(1).join("::");
    }
    let below = module_path.split_once("::").map_or("", |(_, below)| below);
    let own = groups.iter().find(|group| group.module_path == module_path);
    match (own.and_then(|group| group.name), below.rsplit_once("::")) {
        (Some(name), Some((outer, _))) => format!("{outer}::{name}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => below.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Benchmark;

    #[test]
    fn planning_is_by_filter_and_in_order() {
        let mut catalog = Catalog::empty();
        catalog.add(vec![Benchmark::new("b", |_| ()), Benchmark::new("a", |_| ())]);
        let sources = SettingSources::default();
        let all = plan(&catalog, &Selection::default(), &sources);
        let ids: Vec<_> = all.cases.iter().map(|case| case.id.to_string()).collect();
        assert_eq!(ids, ["a", "b"]);
        let selection = Selection { filters: vec!["b".into()], ..Selection::default() };
        let one = plan(&catalog, &selection, &sources);
        assert_eq!((one.cases.len(), one.registered), (1, 2));
    }
}
