//! The documents name what the code has, and link to what exists.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use architecture_tests::Tree;
use bench_sdk::record::Growth;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

/// The first text in quotes behind each place where the mark stands.
fn quoted_behind(text: &str, mark: &str) -> Vec<String> {
    let behind = text.split(mark).skip(1);
    behind.filter_map(|rest| rest.split('"').nth(1).map(Into::into)).collect()
}

/// Names in the text that formats.md does not have.
fn missing(names: &[String], formats: &str) -> Vec<String> {
    names.iter().filter(|name| !formats.contains(&format!("`{name}`"))).cloned().collect()
}

#[test]
fn every_note_is_listed() {
    let mut codes = Vec::new();
    for folder in ["analysis", "cli", "runner"] {
        for source in Tree::read(&workspace().join("bench-sdk/src").join(folder)).unwrap().sources {
            codes.extend(quoted_behind(&source.text, "Note::warning("));
            codes.extend(quoted_behind(&source.text, "Note::remark("));
        }
    }
    assert!(codes.len() >= 10, "notes are made in another way now: {codes:?}");
    assert_eq!(missing(&codes, &read("docs/formats.md")), [""; 0]);
}

#[test]
fn every_metric_is_listed() {
    let names = bench_sdk::record::metric_name::ALL.iter().map(|name| (*name).to_owned());
    let names: Vec<String> = names.collect();
    assert_eq!(missing(&names, &read("docs/formats.md")), [""; 0]);
}

/// The attribute checks names of growth at compile time, the record reads them.
#[test]
fn the_attribute_and_the_record_know_the_same_growths() {
    let text = read("bench-macros/src/check/combination.rs");
    let known = text.split("const GROWTHS").nth(1).and_then(|rest| rest.split(';').nth(1)).unwrap();
    let names: Vec<&str> = known.split('"').skip(1).step_by(2).collect();
    assert_eq!(names, Growth::ALL.map(Growth::name));
}

#[test]
fn what_is_missing_is_found() {
    let names = quoted_behind("Note::remark(\n \"old\", Note::remark(\"new\", ..", "Note::remark(");
    assert_eq!(names, ["old", "new"]);
    assert_eq!(missing(&names, "| `old` | and new |"), ["new"]);
}

/// Links of a document to files beside it.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    files.filter_map(|target| target.split('#').next()).collect()
}

#[test]
fn links_lead_somewhere() {
    assert_eq!(links("[a](b.md#c), [c](https://d.e) [f](g/) [h](#i)"), ["b.md", "g/"]);
    let documents = ["README.md", "docs/guide.md", "docs/methodology.md", "docs/formats.md"];
    for document in documents.into_iter().chain(["docs/architecture.md"]) {
        let folder = workspace().join(document).parent().unwrap().to_owned();
        for link in links(&read(document)) {
            assert!(folder.join(link).exists(), "{document} links to {link}");
        }
    }
}
