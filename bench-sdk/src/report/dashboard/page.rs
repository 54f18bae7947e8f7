//! The page around the figures.

use super::embed::{script_hash, script_json};
use super::history::Dashboard;

/// The style sheet, in the order it is read in.
const STYLE: [&str; 4] = [
    include_str!("assets/base.css"),
    include_str!("assets/parts.css"),
    include_str!("assets/charts.css"),
    include_str!("assets/print.css"),
];

/// The program, in the order it is read in: each file knows those before it.
const PROGRAM: [&str; 19] = [
    include_str!("assets/units.js"),
    include_str!("assets/words.js"),
    include_str!("assets/dom.js"),
    include_str!("assets/model.js"),
    include_str!("assets/state.js"),
    include_str!("assets/scales.js"),
    include_str!("assets/history.js"),
    include_str!("assets/plots.js"),
    include_str!("assets/shape.js"),
    include_str!("assets/load.js"),
    include_str!("assets/flame.js"),
    include_str!("assets/overview.js"),
    include_str!("assets/table.js"),
    include_str!("assets/case.js"),
    include_str!("assets/compare.js"),
    include_str!("assets/runs.js"),
    include_str!("assets/loads.js"),
    include_str!("assets/live.js"),
    include_str!("assets/main.js"),
];

/// What stands in the page besides style, figures and program.
const FRAME: &str = include_str!("assets/frame.html");

/// Where the page will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PagePlace {
    /// In a file, which nobody answers for.
    File,
    /// At a server, which tells of the run that goes on.
    Served,
}

/// The whole page. In a file it asks nothing of the network, and no name from a record is ever markup: figures
/// are JSON that is not run, and the policy of the page lets only this program run.
pub(crate) fn render_dashboard(
    dashboard: &Dashboard,
    place: PagePlace,
) -> Result<String, serde_json::Error> {
    let program = joined(&PROGRAM);
    let hash = script_hash(&program);
    let (model, records) = (script_json(&dashboard.model()?)?, script_json(&dashboard.records()?)?);
    let style = joined(&STYLE);
    let (live, connect) = match place {
        PagePlace::File => ("", ""),
        // The server of this page, and no other.
        PagePlace::Served => (" data-live", "; connect-src 'self'"),
    };
    let parts: [(&str, &str); 6] = [
        ("live", live),
        ("connect", connect),
        ("policy", &hash),
        ("style", &style),
        ("model", &model),
        ("records", &records),
    ];
    let sizes: usize = parts.iter().map(|(_, part)| part.len()).sum();
    let mut page = String::with_capacity(FRAME.len() + sizes + program.len());
    for piece in FRAME.split("{{") {
        let Some((name, rest)) = piece.split_once("}}") else {
            page.push_str(piece);
            continue;
        };
        if name == "program" {
            page.push_str(&program);
        }
        page.extend(parts.iter().filter(|(known, _)| *known == name).map(|(_, part)| *part));
        page.push_str(rest);
    }
    Ok(page)
}

/// Files one behind the other. A browser hashes line feeds, whatever a checkout has made of them.
fn joined(files: &[&str]) -> String {
    files.concat().replace('\r', "")
}
