//! Load benches in a bench binary that measures: they are listed, and left to `cargo hub-bench load`.

use super::arguments::Arguments;
use super::execute::Target;
use crate::plan::Selection;
use crate::registry::{LoadEntrant, crate_of, load_benches};
use crate::report::ListedLoad;

/// The load benches that are selected, as `--list` shows them.
pub(super) fn listed_loads(target: &Target, arguments: &Arguments) -> Vec<ListedLoad> {
    let selection = &arguments.selection;
    let selected = |load: &LoadEntrant| {
        selection.takes_id(load.id.as_str()) && selection.takes_tags(&load.tags)
    };
    registered(target, arguments).into_iter().filter(selected).map(listed).collect()
}

/// One line about load benches that a run of everything leaves out; none where there are none, or
/// where something else was selected.
pub(super) fn told_of_loads(target: &Target, arguments: &Arguments) -> Option<String> {
    if arguments.selection != Selection::default() {
        return None;
    }
    told(&registered(target, arguments))
}

fn told(loads: &[LoadEntrant]) -> Option<String> {
    let first = loads.first()?;
    let (are, rest) = match loads.len() {
        1 => ("1 load test is".to_owned(), String::new()),
        count => (format!("{count} load tests are"), format!(", and {} more", count - 1)),
    };
    let id = first.id.as_str();
    Some(format!("{are} registered and not run here:  cargo hub-bench load {id}{rest}"))
}

/// A front-end for benchmarks of another tool knows none.
fn registered(target: &Target, arguments: &Arguments) -> Vec<LoadEntrant> {
    if arguments.translated.is_some() || arguments.selection.ids.is_some() {
        return Vec::new();
    }
    load_benches(target.link)
}

fn listed(load: LoadEntrant) -> ListedLoad {
    let registration = load.registration;
    ListedLoad {
        id: load.id.to_string(),
        crate_name: crate_of(registration.module_path).to_owned(),
        tags: load.tags,
        file: registration.file.to_owned(),
        line: registration.line,
        ignored: load.ignored,
        code_hash: format!("{:016x}", registration.code_hash),
    }
}
