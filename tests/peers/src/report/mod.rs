//! The summary, written from raw data.

mod claim;
mod table;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::failure::{Context, Failure, Result};
use crate::record::Recorded;
use crate::study::{Page, chapters};

pub(crate) use claim::{Claim, figure};
pub(crate) use table::Table;

/// One study in the summary.
#[derive(Clone, Debug)]
pub(crate) struct Chapter {
    pub(crate) title: &'static str,
    pub(crate) claims: Vec<Claim>,
    pub(crate) text: String,
    pub(crate) about: Recorded<()>,
}

/// Writes every page of which there are raw data in that folder.
pub(crate) fn write(out: &Path) -> Result<()> {
    let mut written = false;
    for page in Page::ALL {
        let chapters = chapters(page, out)?;
        if chapters.is_empty() {
            continue;
        }
        let path = out.join(page.name()).with_extension("md");
        fs::write(&path, summary(page, &chapters))
            .context(|| format!("writing {}", path.display()))?;
        eprintln!("summary: {}", path.display());
        written = true;
    }
    if written { Ok(()) } else { Err(Failure::new(format!("no raw data in {}", out.display()))) }
}

fn summary(page: Page, chapters: &[Chapter]) -> String {
    let mut text = format!(
        "# {}\n\n{} This page is generated from the raw data in `data/`.\n\n",
        page.title(),
        page.introduction()
    );
    if chapters.iter().any(|chapter| chapter.about.effort.is_quick()) {
        text.push_str(
            "**Smoke run: it shows that the studies work. Its figures mean nothing.**\n\n",
        );
    }
    let mut table = Table::new(&["what", "target", "measured", "spread", "verdict"]);
    for claim in chapters.iter().flat_map(|chapter| &chapter.claims) {
        table.row(claim.cells());
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{table}");
    for chapter in chapters {
        let _ = writeln!(text, "## {}\n\n{}\n\n{}", chapter.title, chapter.text, about(chapter));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn about(chapter: &Chapter) -> String {
    let about = &chapter.about;
    let load = |load: Option<f64>| load.map_or_else(|| "unknown".to_owned(), |l| format!("{l:.1}"));
    format!(
        "{} on {}, {:.0} s, load average {} before and {} after. Commit {}. Raw data: \
         [`data/{}.json`](data/{}.json).\n\n```sh\n{}\n```\n",
        about.date,
        about.machine.sentence(),
        about.seconds,
        load(about.load[0]),
        load(about.load[1]),
        about.commit,
        about.study,
        about.study,
        about.command
    )
}
