//! Where a comparison is shown, and how.

use std::io;
use std::path::{Path, PathBuf};

use super::comparison_shown::ComparisonShown;
use super::environment::called_from;
use super::exit::Exit;
use super::outputs::{Sink, check_apart, print, stream_options, write_output};
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
        check_apart(self.files().map(|(_, file)| file))
    }

    /// Has progress shown on standard error, where that is a terminal.
    pub(crate) fn follow(&self, reporters: &mut Fanout) {
        let options = stream_options(self.shown.color, &io::stderr(), 2);
        reporters.add("progress", Box::new(Terminal::new(io::stderr(), options)));
    }

    /// Fails where a file cannot be written, which is better known before anything is judged.
    pub(crate) fn check_files(&self) -> Result<(), UsageError> {
        self.files().try_for_each(|(_, path)| Sink::file(path).map(drop))
    }

    /// Shows the comparison in all forms that were asked for. Files come first: one that cannot be
    /// written is a part of how the process ends, and so of what is shown.
    pub(crate) fn show(
        &self,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
    ) -> Result<(), UsageError> {
        let written = self.write_files(record, exit, kept_in);
        let exit = if written.is_ok() { exit } else { exit.and(Exit::NotKept) };
        let shown = self.print(record, exit, kept_in);
        written.and(shown)
    }

    /// Writes every file that can be written; fails with what is wrong with the others.
    fn write_files(
        &self,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
    ) -> Result<(), UsageError> {
        let mut failed: Option<UsageError> = None;
        for (format, path) in self.files() {
            let text = self.shown.text(format, record, exit, kept_in, (&io::stdout(), 1))?;
            if let Err(error) = write_output(&called_from().join(path), &text) {
                failed = Some(match failed {
                    None => error,
                    Some(first) => first.detail(error.message),
                });
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn print(
        &self,
        record: &ComparisonRecord,
        exit: Exit,
        kept_in: Option<&str>,
    ) -> Result<(), UsageError> {
        let on_stdout = self.outputs.iter().find(|(_, file)| file.is_none());
        // A format of its own on stdout must stay alone there.
        self.shown.show(record, exit, kept_in, on_stdout.is_some())?;
        let Some((format, _)) = on_stdout else { return Ok(()) };
        let text = self.shown.text(*format, record, exit, kept_in, (&io::stdout(), 1))?;
        print(&text).map_err(|error| UsageError::new(format!("failed to print: {error}")))
    }

    /// Formats that go to files, each with its file.
    fn files(&self) -> impl Iterator<Item = (ComparisonFormat, &Path)> {
        self.outputs.iter().filter_map(|(format, file)| Some((*format, file.as_deref()?)))
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
