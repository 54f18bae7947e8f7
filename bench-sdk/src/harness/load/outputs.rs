//! Where a load test is told and written.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use super::super::environment::called_from;
use super::super::outputs::stream_options;
use super::super::usage::UsageError;
use super::arguments::{LoadArguments, LoadOutput};
use crate::record::Event;
use crate::report::{
    Fanout, JsonLines, LoadFormat, ReportError, Reporter, Terminal, TerminalOptions, escape,
    render_load,
};
use crate::resource::take_stdout;

/// Everybody who is told of the test. Files are opened now: one that cannot be written is better
/// known before the test than after.
pub(super) fn reporters(arguments: &LoadArguments) -> Result<Fanout, UsageError> {
    let mut fanout = Fanout::new();
    let alone = arguments.outputs.iter().find(|output| output.file.is_none());
    let taken = alone.filter(|output| output.format != LoadFormat::Pretty);
    if taken.is_none() {
        let options = options(arguments, &io::stdout(), 1);
        fanout.add("terminal", Box::new(Terminal::new(io::stdout(), options)));
    } else {
        let options = options(arguments, &io::stderr(), 2);
        fanout.add("terminal", Box::new(Terminal::new(io::stderr(), options)));
    }
    for output in &arguments.outputs {
        let sink: Box<dyn Write> = match &output.file {
            Some(path) => {
                let path = called_from().join(path);
                let file = File::create(&path).map_err(|error| {
                    UsageError::new(format!("failed to create {}: {error}", path.display()))
                })?;
                Box::new(BufWriter::new(file))
            }
            None if output.format == LoadFormat::Pretty => continue,
            None => match take_stdout() {
                Ok(stdout) => Box::new(stdout),
                Err(_) => Box::new(io::stdout()),
            },
        };
        let reporter: Box<dyn Reporter> = match output.format {
            LoadFormat::Jsonl => Box::new(JsonLines::new(sink)),
            format => Box::new(AtTheEnd { format, sink }),
        };
        fanout.add(named(output), reporter);
    }
    Ok(fanout)
}

fn options(
    arguments: &LoadArguments,
    stream: &impl IsTerminal,
    descriptor: i32,
) -> TerminalOptions {
    let options = stream_options(arguments.color, stream, descriptor);
    TerminalOptions {
        quiet: arguments.quiet,
        progress: options.progress && !arguments.quiet,
        ..options
    }
}

/// The name that an output fails under.
fn named(output: &LoadOutput) -> String {
    output.file.as_ref().map_or_else(
        || output.format.name().to_owned(),
        |path| format!("{} to {}", output.format.name(), path.display()),
    )
}

/// Names the files that outputs went to, one a line.
pub(super) fn written(outputs: &[LoadOutput], here: &Path) -> String {
    let line = |output: &LoadOutput| {
        let path = here.join(output.file.as_ref()?);
        Some(format!("{} in {}\n", output.format.name(), escape(&path.display().to_string())))
    };
    outputs.iter().filter_map(line).collect()
}

/// Renders the finished test.
struct AtTheEnd {
    format: LoadFormat,
    sink: Box<dyn Write>,
}

impl Reporter for AtTheEnd {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        if let Event::LoadFinished { record, .. } = event {
            self.sink.write_all(render_load(self.format, record)?.as_bytes())?;
            self.sink.flush()?;
        }
        Ok(())
    }
}
