//! Where a comparison is shown, and how.

use std::io;
use std::path::PathBuf;

use super::comparison_shown::ComparisonShown;
use super::environment::called_from;
use super::exit::Exit;
use super::outputs::{check_apart, print, stream_options};
use super::usage::{UsageError, shortened};
use crate::plan::nearest;
use crate::record::ComparisonRecord;
use crate::report::{ComparisonFormat, Fanout, Terminal};

/// What the command line says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ComparisonOutput {
    /// Formats, each with the file it goes to; standard output if not given.
    outputs: Vec<(ComparisonFormat, Option<PathBuf>)>,
    shown: ComparisonShown,
}

impl ComparisonOutput {
    /// Takes an option that begins with two dashes; `false` if it is none of these.
    pub(crate) fn long(
        &mut self,
        name: &str,
        parser: &mut lexopt::Parser,
    ) -> Result<bool, UsageError> {
        let mut value =
            || parser.value().map_err(|_| UsageError::new(format!("`--{name}` needs a value")));
        match name {
            "verbose" => self.shown.verbose = true,
            "color" => {
                let when = value()?;
                self.shown.color = super::values::color(&when.to_string_lossy())?;
            }
            "output-format" => {
                let format = value()?;
                self.outputs.push((format_of(&format.to_string_lossy())?, None));
            }
            "output" => {
                let path = PathBuf::from(value()?);
                match self.outputs.last_mut() {
                    Some((_, file @ None)) => *file = Some(path),
                    _ => {
                        return Err(UsageError::new(
                            "`--output` needs an `--output-format` before it",
                        ));
                    }
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether any format was asked for.
    #[cfg(feature = "cli")]
    pub(crate) fn has_formats(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Fails where two formats would mix, on standard output or in a file.
    pub(crate) fn check(&self) -> Result<(), UsageError> {
        let on_stdout = self.outputs.iter().filter(|(_, file)| file.is_none()).count();
        if on_stdout > 1 {
            return Err(UsageError::new(
                "two output formats without `--output` would mix on stdout",
            )
            .help("give all but one a file: --output-format json --output gate.json"));
        }
        check_apart(self.outputs.iter().filter_map(|(_, file)| file.as_deref()))
    }

    /// Has progress shown on standard error, where that is a terminal.
    pub(crate) fn follow(&self, reporters: &mut Fanout) {
        let options = stream_options(self.shown.color, &io::stderr(), 2);
        reporters.add("progress", Box::new(Terminal::new(io::stderr(), options)));
    }

    /// Shows the comparison in all forms that were asked for.
    pub(crate) fn show(
        &self,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
    ) -> Result<(), UsageError> {
        // A format of its own on stdout must stay alone there.
        let taken = self.outputs.iter().any(|(_, file)| file.is_none());
        self.shown.show(record, exit, kept_in, taken)?;
        let failed = |error: io::Error| UsageError::new(format!("failed to print: {error}"));
        for (format, file) in &self.outputs {
            let text = self.shown.text(*format, record, exit, kept_in, (&io::stdout(), 1))?;
            match file {
                None => print(&text).map_err(failed)?,
                Some(path) => {
                    let path = called_from().join(path);
                    super::outputs::write_output(&path, &text)?;
                }
            }
        }
        Ok(())
    }
}

fn format_of(name: &str) -> Result<ComparisonFormat, UsageError> {
    ComparisonFormat::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = ComparisonFormat::names().collect();
        let error =
            UsageError::new(format!("`--output-format`: unknown format `{}`", shortened(name)));
        match nearest(name, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("known: {}", known.join(", "))),
        }
    })
}
