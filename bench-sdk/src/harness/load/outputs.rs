//! Where a load test is told and written.

use std::io::{self, IsTerminal};

use super::super::outputs::{Sink, named, stream_options, written_line};
use super::super::usage::UsageError;
use super::arguments::{LoadArguments, LoadOutput};
use crate::record::Event;
use crate::report::{
    Fanout, JsonLines, LoadFormat, ReportError, Reporter, Terminal, TerminalOptions, render_load,
};
use crate::resource::take_stdout;

/// Everybody who is told of the test. A file that cannot be written is refused now: that is better
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
        let sink = match &output.file {
            Some(path) => Sink::file(path)?,
            None if output.format == LoadFormat::Pretty => continue,
            None => Sink::Stream(match take_stdout() {
                Ok(stdout) => Box::new(stdout),
                Err(_) => Box::new(io::stdout()),
            }),
        };
        let reporter: Box<dyn Reporter> = match output.format {
            LoadFormat::Jsonl => Box::new(JsonLines::new(sink.growing())),
            format => Box::new(AtTheEnd { format, sink }),
        };
        fanout.add(named(output.format.name(), output.file.as_deref()), reporter);
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

/// Names the files that outputs went to, one a line.
pub(super) fn written(outputs: &[LoadOutput]) -> String {
    let line =
        |output: &LoadOutput| Some(written_line(output.format.name(), output.file.as_ref()?));
    outputs.iter().filter_map(line).collect()
}

/// Renders the finished test.
struct AtTheEnd {
    format: LoadFormat,
    sink: Sink,
}

impl Reporter for AtTheEnd {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        if let Event::LoadFinished { record, .. } = event {
            self.sink.write(&render_load(self.format, record)?)?;
        }
        Ok(())
    }
}
