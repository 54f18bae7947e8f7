//! What a run looks like from outside: reporters that follow it, and renderers of its record.
//!
//! Renderers are pure: a record and options in, text out. Reporters write only where they are told
//! to, and know the time only from the events they are given.

mod bencher;
mod bmf;
mod columns;
mod comparison;
mod comparison_cases;
mod comparison_format;
mod comparison_junit;
mod comparison_markdown;
mod comparison_rows;
mod comparison_terse;
mod comparison_words;
mod criterion;
mod criterion_estimates;
mod criterion_names;
mod csv;
#[cfg(feature = "cli")]
mod dashboard;
mod escape;
mod fanout;
mod format;
mod github;
mod header;
mod json;
mod json_text;
mod jsonl;
mod junit;
mod junit_suite;
mod legend;
mod libtest_json;
mod list;
mod list_load;
#[cfg(feature = "load")]
mod load;
mod markdown;
mod markdown_text;
mod openmetrics;
mod order;
mod outlook;
mod plot;
mod pretty;
mod progress;
mod prose;
mod reporter;
mod scaling;
mod style;
mod table;
mod terminal;
mod terse;
mod tracked;
mod tree;
mod xml;

use crate::record::units;

#[cfg(test)]
mod comparison_fixture;
#[cfg(test)]
mod comparison_tests;
#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod pretty_tests;
#[cfg(test)]
mod scaling_tests;

pub use bencher::render_bencher;
pub use columns::Columns;
pub use comparison::ComparisonOptions;
pub use comparison_format::{ComparisonFormat, render_comparison};
pub use criterion::{TreeFile, render_criterion};
#[cfg(feature = "cli")]
pub(crate) use dashboard::{Dashboard, LeftOut, ShownComparison, render_dashboard};
pub use escape::escape;
pub use fanout::Fanout;
pub use format::{Format, render};
pub use json::render_json;
pub use jsonl::JsonLines;
pub use list::{ListFormat, ListedCase, render_list};
pub use list_load::ListedLoad;
#[cfg(feature = "load")]
pub(crate) use load::LoadOutcome;
#[cfg(feature = "load")]
pub use load::{LoadFormat, render_load, render_load_summary};
pub use pretty::{TerminalOptions, render_run};
pub use reporter::{FromFn, ReportError, Reporter, from_fn};
pub use terminal::Terminal;
pub use terse::render_terse;
