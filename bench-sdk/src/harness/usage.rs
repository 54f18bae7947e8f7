//! Text of `--help`, and usage errors.

use std::fmt::Write;

use crate::plan::nearest;
use crate::report::{Format, escape};

/// What is wrong with a command line or a configuration, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageError {
    pub(super) message: String,
    /// What is known besides, a line each.
    details: Vec<String>,
    pub(super) help: Option<String>,
}

impl UsageError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        // Texts of the user stand in it: they may be hostile, and they may be long.
        Self { message: cut(&message.into(), MAX_MESSAGE), details: Vec::new(), help: None }
    }

    /// A message with what shows the place below it, such as `pointed` makes.
    pub(crate) fn of_lines(text: &str) -> Self {
        let mut lines = text.lines();
        let error = Self::new(lines.next().unwrap_or_default());
        lines.fold(error, |error, line| error.detail(line.strip_prefix("  ").unwrap_or(line)))
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The message, what is known besides, and the help.
    #[cfg(feature = "cli")]
    pub(crate) fn into_parts(self) -> (String, Vec<String>, Option<String>) {
        (self.message, self.details, self.help)
    }

    /// Adds a line below the message.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(cut(&detail.into(), MAX_MESSAGE));
        self
    }

    /// An option that does not exist.
    pub(crate) fn unknown_option(option: &str) -> Self {
        let known = OPTIONS.iter().map(|option| option.name);
        let help = nearest(option.trim_start_matches('-'), known)
            .map_or_else(|| "see --help".to_owned(), |name| format!("did you mean `--{name}`?"));
        Self::new(format!("unknown option `{}`", shortened(option))).help(help)
    }
}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error: {}", self.message)?;
        self.details.iter().try_for_each(|detail| write!(f, "\n  {detail}"))?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

/// Text of the user, safe and short enough to be quoted in a message.
pub(crate) fn shortened(text: &str) -> String {
    cut(text, MAX_QUOTED)
}

/// Characters of a whole message.
const MAX_MESSAGE: usize = 600;
/// Characters of a text of the user within it.
const MAX_QUOTED: usize = 80;

fn cut(text: &str, most: usize) -> String {
    let safe = escape(text);
    if safe.chars().count() <= most {
        return safe;
    }
    safe.chars().take(most - 1).chain(['…']).collect()
}

/// One option, as `--help` shows it.
pub(super) struct OptionHelp {
    pub(super) name: &'static str,
    value: &'static str,
    text: &'static str,
}

const fn option(name: &'static str, value: &'static str, text: &'static str) -> OptionHelp {
    OptionHelp { name, value, text }
}

/// Every option that is accepted.
pub(super) const OPTIONS: &[OptionHelp] = &[
    option("exact", "", "filters are whole ids"),
    option("skip", "TEXT", "leave out ids that contain TEXT"),
    option("tag", "TAG", "only benches with that tag"),
    option("ignored", "", "only ignored benches"),
    option("include-ignored", "", "ignored benches too"),
    option("partition", "K/N", "this machine's share of the cases"),
    option("list", "", "list cases instead of measuring"),
    option("format", "FMT", "of --list: pretty, terse, json"),
    option("explain", "CASE", "where each setting of a case comes from"),
    option("bench", "", "measure in full (cargo bench gives this)"),
    option("quick", "", "measure briefly, in one launch (as without --bench)"),
    option("test", "", "run each case once"),
    option("profile-time", "TIME", "keep each case running so long, unmeasured, for a profiler"),
    option("launches", "N", "fresh processes a case is measured in"),
    option("sample-count", "N", "samples of a launch"),
    option("sample-size", "N", "iterations of a sample"),
    option("warmup", "TIME", "most time to warm up, in each launch"),
    option("min-time", "TIME", "least time to sample, over all launches"),
    option("max-time", "TIME", "most time to sample, over all launches"),
    option("target-ci", "P", "add launches until the interval is within ± P, such as 1%"),
    option("skip-ext-time", "", "time limits count timed regions only"),
    option("no-probes", "", "measure time only, and watch for no disturbances"),
    option("instructions", "", "count instructions too, each case once more under Callgrind"),
    option("timeout", "TIME", "deadline of one launch of one case"),
    option("seed", "N", "seed of every random choice"),
    option("preset", "NAME", "settings [preset.NAME] of hub-bench.toml"),
    option("output-format", "FMT", "one of the formats below; repeatable"),
    option("output", "FILE", "where the format before it goes (criterion: a folder); else stdout"),
    option("columns", "LIST", "columns of the table: time,p99,rss; +rss adds to the usual; all"),
    option("color", "WHEN", "auto, always, never"),
    option("quiet", "", "failures and the closing line only (-q)"),
    option("plots", "", "draw every fit of growth and scaling, not just few and the failing"),
    option("nocapture", "", "let benches print"),
    option("fail-fast", "", "stop at the first case that breaks"),
    option("strict", "", "exit 6 when nothing is selected"),
    option("save-baseline", "NAME", "keep the run and a copy of this executable as baseline NAME"),
    option("append", "", "of --save-baseline: add to it also from another executable"),
    option("allow-unoptimized", "", "of --save-baseline: also from a build without optimisation"),
    option("baseline", "NAME", "compare with baseline NAME"),
    option(
        "baseline-lenient",
        "NAME",
        "the same, but only measure where there is no such baseline",
    ),
    option("load-baseline", "NAME", "of --baseline: judge baseline NAME instead of measuring"),
    option("threshold", "P", "of --baseline: a slowdown over P fails, such as 5%"),
    option("minimum-effect", "P", "of --baseline: the smallest change that matters; 1%"),
    option("budget", "TIME", "of --baseline: most time to compare one case; 10s"),
    option("test-threads", "N", "accepted for libtest's sake; measuring is one at a time"),
    option("shuffle", "", "accepted for libtest's sake; the order is random always"),
    option("version", "", "the version of bench-sdk"),
    option("help", "", "this text (-h)"),
];

/// Whether a bench binary has an option of that name.
#[cfg(feature = "cli")]
pub(crate) fn is_option(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.name == name)
}

/// Names of formats on one line of the help.
const NAMES_A_LINE: usize = 7;

/// The text of `--help`.
pub(super) fn help() -> String {
    let mut text = String::from(
        "Benchmarks of this package.\n\nUsage: [OPTIONS] [FILTER]...\n\n\
         A case runs if its id contains one of the filters; TIME is like 500ms, 2s, or seconds.\n\n",
    );
    for option in OPTIONS {
        let left = format!("--{} {}", option.name, option.value);
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {left:<24}{}", option.text);
    }
    text.push_str("\nFMT is one of\n");
    let names: Vec<&str> = Format::names().collect();
    for line in names.chunks(NAMES_A_LINE) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {}", line.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_option_names_the_nearest() {
        let error = UsageError::unknown_option("--sample-cout");
        assert_eq!(
            error.to_string(),
            "error: unknown option `--sample-cout`\n  help: did you mean `--sample-count`?"
        );
        let hostile = UsageError::unknown_option(&format!("--\u{1b}[31m{}", "x".repeat(10_000)));
        assert!(hostile.to_string().len() < 400 && !hostile.to_string().contains('\u{1b}'));
    }
}
