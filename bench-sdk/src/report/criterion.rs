//! criterion's folder tree, which critcmp and the other tools around criterion read.
//!
//! criterion's sample is batches of one process; ours is launches: each gives one value, the median of
//! its batches, since that is what differs from run to run. So `sample.json` has a value a launch,
//! and the estimates are those of these values. The batches themselves are not in the record.

use std::collections::BTreeSet;

use super::ReportError;
use super::criterion_estimates::{Sample, estimates_json, sample_json, tukey_json};
use super::criterion_names::{CriterionName, component};
use super::json_text::Object;
use super::tracked::has_figures;
use crate::record::{CaseRecord, CounterKind, RunRecord};

/// A file of a folder tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Where it lies: components joined by `/`, relative, none of them `..`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The run as criterion would have left it in `target/criterion`, as baseline of that name;
/// criterion calls the last run `new`.
///
/// Cases that have no time are not there, and neither are those whose scatter is not known: of a
/// single call, say.
///
/// # Errors
/// A name that is no folder of its own: empty, `.` or `..`, or with a character that criterion
/// would replace.
///
/// ```
/// use bench_sdk::record::RunRecord;
/// use bench_sdk::report::{ReportError, render_criterion};
///
/// fn paths(record: &RunRecord) -> Result<Vec<String>, ReportError> {
///     Ok(render_criterion(record, "new")?.into_iter().map(|file| file.path).collect())
/// }
/// ```
pub fn render_criterion(record: &RunRecord, baseline: &str) -> Result<Vec<TreeFile>, ReportError> {
    if component(baseline) != baseline {
        return Err(ReportError::new("the name of a criterion baseline is that of a folder"));
    }
    let (mut folders, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let mut files = Vec::new();
    for case in record.cases.iter().filter(|case| has_figures(case)) {
        let Some(sample) = Sample::of(case) else { continue };
        let name = CriterionName::of(case, &mut folders, &mut ids);
        let contents = [
            ("benchmark.json", benchmark_json(case, &name)),
            ("estimates.json", estimates_json(&sample)),
            ("sample.json", sample_json(&sample)),
            ("tukey.json", tukey_json(&sample)),
        ];
        for (file, text) in contents {
            let path = format!("{}/{baseline}/{file}", name.folder);
            files.push(TreeFile { path, bytes: text.into_bytes() });
        }
    }
    Ok(files)
}

fn benchmark_json(case: &CaseRecord, name: &CriterionName) -> String {
    let optional = |object: Object, key: &str, value: Option<&String>| match value {
        Some(text) => object.text(key, text),
        None => object.raw(key, "null"),
    };
    let object = Object::new().text("group_id", &name.group);
    let object = optional(object, "function_id", name.function.as_ref());
    let object = optional(object, "value_str", name.value.as_ref());
    object
        .raw("throughput", &throughput(case))
        .text("full_id", &name.full_id)
        .text("directory_name", &name.folder)
        .text("title", &name.full_id)
        .end()
}

/// `{"Elements":4}`, `{"Bytes":16}`: what criterion has a word for, and only in whole numbers.
fn throughput(case: &CaseRecord) -> String {
    let word = |kind: CounterKind| match kind {
        CounterKind::Items => Some("Elements"),
        CounterKind::Bytes => Some("Bytes"),
        CounterKind::Chars | CounterKind::Cycles => None,
    };
    let found = case.counters.iter().find_map(|counter| {
        let is_whole = counter.count >= 0.0 && counter.count.fract() == 0.0;
        word(counter.kind).filter(|_| is_whole).map(|word| (word, counter.count as u64))
    });
    match found {
        Some((word, count)) => Object::new().raw(word, &count.to_string()).end(),
        None => "null".to_owned(),
    }
}

#[cfg(test)]
#[path = "criterion_tests.rs"]
mod tests;
