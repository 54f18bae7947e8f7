//! Load benches in `--list`.

use serde_json::{Value, json};

use super::escape::escape;
use super::header::plural;
use super::list::tags_and_reason;
use super::style::Paint;
use super::table::{Cell, Row, render_table};

/// A registered load bench, as a list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedLoad {
    /// Its whole name.
    pub id: String,
    /// The crate that registered it.
    pub crate_name: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Source file.
    pub file: String,
    /// Line in that file.
    pub line: u32,
    /// Why it does not run by default; empty where no reason is given.
    pub ignored: Option<String>,
    /// Hash of its code, in hexadecimal.
    pub code_hash: String,
}

/// The section of the pretty form.
pub(super) fn load_section(loads: &[ListedLoad], width: usize, color: bool) -> String {
    let row = |lead: &str, label: Cell, note| Row {
        lead: lead.to_owned(),
        label,
        cells: Vec::new(),
        note,
    };
    let head = row("", Cell::new("load tests", Paint::Bold), None);
    let rows: Vec<Row> = std::iter::once(head)
        .chain(loads.iter().enumerate().map(|(at, load)| {
            let lead = if at + 1 == loads.len() { "╰─ " } else { "├─ " };
            let label = Cell::new(escape(&load.id), Paint::Plain);
            row(lead, label, tags_and_reason(&load.tags, load.ignored.as_deref()))
        }))
        .collect();
    let table = render_table(&rows, width, 0, color).text;
    let count = plural(loads.len(), "load test");
    format!("{table}\n{count}; run one with  cargo hub-bench load NAME\n")
}

/// The list of the JSON form.
pub(super) fn loads_as_json(loads: &[ListedLoad]) -> Value {
    let one = |load: &ListedLoad| {
        json!({
            "id": load.id,
            "crate": load.crate_name,
            "tags": load.tags,
            "source": { "file": load.file, "line": load.line },
            "ignored": load.ignored,
            "code_hash": load.code_hash,
        })
    };
    loads.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::super::list::{ListFormat, ListedCase, render_list};
    use super::*;

    fn loads() -> Vec<ListedLoad> {
        let load = |id: &str| ListedLoad {
            id: id.to_owned(),
            crate_name: "hub_api".to_owned(),
            file: "src/benches.rs".to_owned(),
            line: 7,
            code_hash: "0".repeat(16),
            ..ListedLoad::default()
        };
        let mut loads = vec![load("hub_api::benches::create"), load("hub_api::benches::list")];
        loads[0].tags = vec!["slow".to_owned()];
        loads[1].ignored = Some("needs a server".to_owned());
        loads
    }

    #[test]
    fn the_pretty_form_has_a_section_of_them() {
        assert_eq!(
            render_list(&[], &loads(), ListFormat::Pretty, 100, false),
            "load tests\n\
             ├─ hub_api::benches::create   #slow\n\
             ╰─ hub_api::benches::list     ignored: needs a server\n\
             \n\
             2 load tests; run one with  cargo hub-bench load NAME\n"
        );
        let case = ListedCase { id: "a::f".into(), crate_name: "a".into(), ..Default::default() };
        let both = render_list(&[case], &loads(), ListFormat::Pretty, 100, false);
        assert!(both.contains("1 case in 1 crate\n\nload tests\n"), "{both}");
    }

    #[test]
    fn the_terse_form_leaves_them_out() {
        assert_eq!(render_list(&[], &loads(), ListFormat::Terse, 100, false), "");
    }

    #[test]
    fn the_json_form_lists_them_beside_the_cases() {
        let list: Value =
            serde_json::from_str(&render_list(&[], &loads(), ListFormat::Json, 100, false))
                .unwrap();
        assert_eq!(list["count"], 0);
        assert_eq!(list["load_benches"][1]["id"], "hub_api::benches::list");
        assert_eq!(list["load_benches"][1]["source"]["line"], 7);
    }
}
