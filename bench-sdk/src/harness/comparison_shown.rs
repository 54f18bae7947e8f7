//! How a comparison is shown to people.

use std::io::{self, IsTerminal, Write};

use super::exit::Exit;
use super::outputs::{print, stream_options};
use super::usage::UsageError;
use crate::record::ComparisonRecord;
use crate::report::{ComparisonFormat, ComparisonOptions, render_comparison};

/// What the command line says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ComparisonShown {
    /// Whether equivalent cases are named, too.
    pub(super) verbose: bool,
    pub(super) color: Option<bool>,
}

impl ComparisonShown {
    /// Shows the comparison, on standard error where standard output is taken.
    pub(super) fn show(
        self,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
        taken: bool,
    ) -> Result<(), UsageError> {
        let pretty = ComparisonFormat::Pretty;
        let shown = if taken {
            let text = self.text(pretty, record, exit, kept_in, (&io::stderr(), 2))?;
            io::stderr().write_all(text.as_bytes())
        } else {
            print(&self.text(pretty, record, exit, kept_in, (&io::stdout(), 1))?)
        };
        shown.map_err(|error| UsageError::new(format!("failed to print: {error}")))
    }

    /// The comparison in that format, for that stream and its descriptor.
    pub(super) fn text(
        self,
        format: ComparisonFormat,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
        (stream, descriptor): (&impl IsTerminal, i32),
    ) -> Result<String, UsageError> {
        let terminal = stream_options(self.color, stream, descriptor);
        let options = ComparisonOptions {
            width: terminal.width,
            color: terminal.color,
            verbose: self.verbose,
            exit_code: exit.code(),
            kept_in: kept_in.map(str::to_owned),
        };
        render_comparison(format, record, &options)
            .map_err(|error| UsageError::new(format!("failed to render the comparison: {error}")))
    }
}
