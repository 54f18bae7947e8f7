//! What is registered: `--list`.

use serde_json::{Map, Value, json};

use super::escape::{cut, escape};
use super::header::plural;
use super::list_load::{ListedLoad, load_section, loads_as_json};
use super::style::Paint;
use super::table::{Cell, Row, render_table};
use super::tree::{Place, path_suffix, push_args, suffix, tree_lines};

/// Longest remark after a case, in columns.
const MAX_REMARK: usize = 40;

/// A registered case, as a list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedCase {
    /// Its whole name.
    pub id: String,
    /// The crate that registered it.
    pub crate_name: String,
    /// Modules below the crate, joined by `::`.
    pub group: String,
    /// Name of the benchmark.
    pub name: String,
    /// Labels of its arguments.
    pub args: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Source file.
    pub file: String,
    /// Line in that file.
    pub line: u32,
    /// Why it does not run by default; empty where no reason is given.
    pub ignored: Option<String>,
    /// Hash of the benchmark's code, in hexadecimal.
    pub code_hash: String,
}

/// The form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// A tree with the number of cases in each crate.
    Pretty,
    /// `id: benchmark` lines and nothing else, as cargo-nextest reads them.
    Terse,
    /// One JSON object.
    Json,
}

impl ListFormat {
    /// The form of that name: `pretty`, `terse` or `json`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "pretty" => Some(Self::Pretty),
            "terse" => Some(Self::Terse),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Lists the cases, and the load benches where the form has a place for them: the terse one is for
/// test runners, which could not run them. `width` and `color` matter to the pretty form only.
///
/// ```
/// use bench_sdk::report::{ListFormat, ListedCase, render_list};
///
/// let case = ListedCase { id: "hub_tasks::queue::push[1000]".to_owned(), ..Default::default() };
/// assert_eq!(
///     render_list(&[case], &[], ListFormat::Terse, 100, false),
///     "hub_tasks::queue::push[1000]: benchmark\n"
/// );
/// ```
pub fn render_list(
    cases: &[ListedCase],
    load_benches: &[ListedLoad],
    format: ListFormat,
    width: usize,
    color: bool,
) -> String {
    match format {
        ListFormat::Pretty if cases.is_empty() && !load_benches.is_empty() => {
            load_section(load_benches, width, color)
        }
        ListFormat::Pretty if load_benches.is_empty() => pretty(cases, width, color),
        ListFormat::Pretty => {
            let loads = load_section(load_benches, width, color);
            format!("{}\n{loads}", pretty(cases, width, color))
        }
        ListFormat::Terse => terse(cases),
        ListFormat::Json => {
            let mut list = as_json(cases);
            if !load_benches.is_empty() {
                list["load_benches"] = loads_as_json(load_benches);
            }
            format!("{list:#}\n")
        }
    }
}

fn terse(cases: &[ListedCase]) -> String {
    let mut out = String::new();
    for case in cases {
        // The name must come back unchanged as a filter, so only what breaks a line is replaced.
        out.extend(case.id.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }));
        out.push_str(": benchmark\n");
    }
    out
}

fn as_json(cases: &[ListedCase]) -> Value {
    let mut crates: Map<String, Value> = Map::new();
    for (name, count) in per_crate(cases) {
        crates.insert(name.to_owned(), json!(count));
    }
    let listed: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "id": case.id,
                "crate": case.crate_name,
                "group": case.group,
                "name": case.name,
                "args": case.args,
                "tags": case.tags,
                "source": { "file": case.file, "line": case.line },
                "ignored": case.ignored,
                "code_hash": case.code_hash,
            })
        })
        .collect();
    json!({ "cases": listed, "count": cases.len(), "crates": crates })
}

/// Crates in the order of their first case, each with its number of cases.
fn per_crate(cases: &[ListedCase]) -> Vec<(&str, usize)> {
    let mut crates: Vec<(&str, usize)> = Vec::new();
    for case in cases {
        match crates.iter_mut().find(|(name, _)| *name == case.crate_name) {
            Some((_, count)) => *count += 1,
            None => crates.push((&case.crate_name, 1)),
        }
    }
    crates
}

fn pretty(cases: &[ListedCase], width: usize, color: bool) -> String {
    let places: Vec<Place<'_>> = cases
        .iter()
        .map(|case| Place {
            crate_name: &case.crate_name,
            group: &case.group,
            name: &case.name,
            suffix: listed_suffix(case),
        })
        .collect();
    let crates = per_crate(cases);
    let mut heads = crates.iter();
    let mut rows = Vec::new();
    for line in tree_lines(&places) {
        let count = if line.head { heads.next().map_or(0, |(_, count)| *count) } else { 0 };
        let case = line.case.and_then(|at| cases.get(at));
        rows.push(Row {
            lead: line.lead,
            label: Cell::new(line.label, if line.head { Paint::Bold } else { Paint::Plain }),
            cells: Vec::new(),
            note: match case {
                Some(case) => remark(case),
                None if line.head => Some(Cell::new(plural(count, "case"), Paint::Dim)),
                None => None,
            },
        });
    }
    let mut out = render_table(&rows, width, 0, color).text;
    if !cases.is_empty() {
        out.push('\n');
    }
    out.push_str(&plural(cases.len(), "case"));
    out.push_str(" in ");
    out.push_str(&plural(crates.len(), "crate"));
    out.push('\n');
    out
}

fn listed_suffix(case: &ListedCase) -> String {
    if let Some(suffix) = suffix(&case.id, &case.crate_name, &case.group, &case.name) {
        return suffix.to_owned();
    }
    if let Some(suffix) = path_suffix(&case.id, &case.crate_name, &case.group, &case.name) {
        return suffix;
    }
    let mut suffix = String::new();
    push_args(&mut suffix, &case.args);
    suffix
}

fn remark(case: &ListedCase) -> Option<Cell> {
    tags_and_reason(&case.tags, case.ignored.as_deref())
}

/// Tags, and why it is left out.
pub(super) fn tags_and_reason(tags: &[String], ignored: Option<&str>) -> Option<Cell> {
    let mut words: Vec<String> = tags.iter().map(|tag| format!("#{}", escape(tag))).collect();
    match ignored {
        Some("") => words.push("ignored".to_owned()),
        Some(why) => words.push(format!("ignored: {}", escape(why))),
        None => {}
    }
    (!words.is_empty()).then(|| Cell::new(cut(&words.join(" "), MAX_REMARK), Paint::Dim))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(crate_name: &str, group: &str, name: &str, arg: &str) -> ListedCase {
        let suffix = if arg.is_empty() { String::new() } else { format!("[{arg}]") };
        ListedCase {
            id: format!("{crate_name}::{group}::{name}{suffix}"),
            crate_name: crate_name.to_owned(),
            group: group.to_owned(),
            name: name.to_owned(),
            args: if arg.is_empty() { Vec::new() } else { vec![arg.to_owned()] },
            file: "src/lib.rs".to_owned(),
            line: 7,
            ..ListedCase::default()
        }
    }

    fn cases() -> Vec<ListedCase> {
        let mut cases = vec![
            listed("hub_agents", "registry", "create", ""),
            listed("hub_agents", "registry", "find", "10"),
            listed("hub_agents", "registry", "find", "1000"),
            listed("hub_neural", "layers", "forward", "64x64"),
        ];
        cases[0].tags = vec!["fast".to_owned()];
        cases[3].ignored = Some("needs a GPU".to_owned());
        cases
    }

    #[test]
    fn pretty_counts_per_crate() {
        assert_eq!(
            render_list(&cases(), &[], ListFormat::Pretty, 100, false),
            "\
hub_agents             3 cases
╰─ registry
   ├─ create           #fast
   ╰─ find
      ├─ [10]
      ╰─ [1000]
hub_neural             1 case
╰─ layers
   ╰─ forward[64x64]   ignored: needs a GPU

4 cases in 2 crates
"
        );
        assert_eq!(render_list(&[], &[], ListFormat::Pretty, 100, false), "0 cases in 0 crates\n");
    }

    #[test]
    fn terse_is_what_nextest_reads() {
        let mut cases = cases();
        cases[0].id.push('\n');
        assert_eq!(
            render_list(&cases, &[], ListFormat::Terse, 20, true),
            "hub_agents::registry::create\u{fffd}: benchmark\n\
             hub_agents::registry::find[10]: benchmark\n\
             hub_agents::registry::find[1000]: benchmark\n\
             hub_neural::layers::forward[64x64]: benchmark\n"
        );
        assert_eq!(render_list(&[], &[], ListFormat::Terse, 100, false), "");
    }

    #[test]
    fn json_is_one_object() {
        let text = render_list(&cases(), &[], ListFormat::Json, 100, false);
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(value["count"], 4);
        assert_eq!(value["crates"], json!({ "hub_agents": 3, "hub_neural": 1 }));
        assert_eq!(value["cases"][1]["args"], json!(["10"]));
        assert_eq!(value["cases"][3]["ignored"], "needs a GPU");
        assert_eq!(value["cases"][0]["source"], json!({ "file": "src/lib.rs", "line": 7 }));
    }
}
