//! Where the results are written besides the run folder.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
#[cfg(feature = "cli")]
use std::path::Path;
use std::path::PathBuf;

use super::arguments::Arguments;
use super::environment::called_from;
use super::usage::UsageError;
use crate::record::Event;
use crate::report::{
    Columns, Fanout, Format, JsonLines, ReportError, Reporter, Terminal, TerminalOptions, escape,
    render, render_run,
};
use crate::resource::terminal_width;

/// A format, and the file it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    /// Standard output if not given.
    pub(super) file: Option<PathBuf>,
}

/// Columns where it is not a terminal.
const PLAIN_COLUMNS: usize = 100;

/// Builds the reporters that the command line asks for. Files are opened now: one that cannot be
/// written is better known before measuring than after.
pub(super) fn reporters(arguments: &Arguments, columns: &Columns) -> Result<Fanout, UsageError> {
    let mut fanout = Fanout::new();
    let on_stdout = arguments.outputs.iter().filter(|output| output.file.is_none()).count();
    if on_stdout > 1 {
        return Err(UsageError::new("two output formats without `--output` would mix on stdout")
            .help("give all but one a file: --output-format json --output run.json"));
    }
    let pretty_on_stdout = arguments
        .outputs
        .iter()
        .any(|output| output.file.is_none() && output.format == Format::Pretty);
    if on_stdout == 0 || pretty_on_stdout {
        let options = TerminalOptions {
            columns: columns.clone(),
            ..terminal_options(arguments, &io::stdout(), 1)
        };
        fanout.add("terminal", Box::new(Terminal::new(io::stdout(), options)));
    } else {
        // A format of its own on stdout must stay alone there.
        let options = TerminalOptions {
            columns: columns.clone(),
            ..terminal_options(arguments, &io::stderr(), 2)
        };
        fanout.add("terminal", Box::new(Terminal::new(io::stderr(), options)));
    }
    for output in &arguments.outputs {
        if let Some((name, reporter)) = reporter(output, columns)? {
            fanout.add(name, reporter);
        }
    }
    Ok(fanout)
}

/// A reporter and the name it fails under.
pub(super) type Named = (String, Box<dyn Reporter>);

/// The reporter of one output; none where the terminal's is it already.
pub(super) fn reporter(output: &Output, columns: &Columns) -> Result<Option<Named>, UsageError> {
    let sink: Box<dyn Write> = match &output.file {
        None if output.format == Format::Pretty => return Ok(None),
        None => Box::new(io::stdout()),
        Some(path) => {
            let path = &called_from().join(path);
            let file = File::create(path).map_err(|error| {
                UsageError::new(format!("failed to create {}: {error}", path.display()))
            })?;
            Box::new(BufWriter::new(file))
        }
    };
    let name = output.file.as_ref().map_or_else(
        || output.format.name().to_owned(),
        |path| format!("{} to {}", output.format.name(), path.display()),
    );
    let reporter: Box<dyn Reporter> = match output.format {
        Format::Jsonl => Box::new(JsonLines::new(sink)),
        format => Box::new(AtTheEnd { format, sink, columns: columns.clone() }),
    };
    Ok(Some((name, reporter)))
}

/// Names the files that outputs went to, one a line.
pub(super) fn written(outputs: &[Output]) -> String {
    let line = |output: &Output| {
        let path = called_from().join(output.file.as_ref()?);
        Some(format!("{} in {}\n", output.format.name(), escape(&path.display().to_string())))
    };
    outputs.iter().filter_map(line).collect()
}

/// Renders the finished run.
struct AtTheEnd {
    format: Format,
    sink: Box<dyn Write>,
    /// Of a table.
    columns: Columns,
}

impl Reporter for AtTheEnd {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        if let Event::RunFinished { record, .. } = event {
            let text = if self.format == Format::Pretty {
                let columns = self.columns.clone();
                render_run(record, &TerminalOptions { columns, ..TerminalOptions::default() })
            } else {
                render(self.format, record)?
            };
            self.sink.write_all(text.as_bytes())?;
            self.sink.flush()?;
        }
        Ok(())
    }
}

/// How that stream wants its text.
fn terminal_options(
    arguments: &Arguments,
    stream: &impl IsTerminal,
    descriptor: i32,
) -> TerminalOptions {
    let options = stream_options(arguments.color, stream, descriptor);
    TerminalOptions {
        quiet: arguments.quiet,
        progress: options.progress && !arguments.quiet,
        plots: arguments.plots,
        ..options
    }
}

/// What is known of a stream, whatever is printed on it.
pub(super) fn stream_options(
    color: Option<bool>,
    stream: &impl IsTerminal,
    descriptor: i32,
) -> TerminalOptions {
    let is_terminal = stream.is_terminal();
    TerminalOptions {
        width: terminal_width(descriptor).unwrap_or(PLAIN_COLUMNS),
        color: color.unwrap_or(is_terminal && !plain_wanted()),
        progress: is_terminal,
        ..TerminalOptions::default()
    }
}

/// Whether the user's environment asks for no colour.
pub(super) fn plain_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// Writes the file that the user named.
#[cfg(feature = "cli")]
pub(super) fn write_output(path: &Path, text: &str) -> Result<(), UsageError> {
    let written = File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| UsageError::new(format!("failed to write {}: {error}", path.display())))
}

/// Width and colour for lists on standard output.
pub(super) fn list_style(arguments: &Arguments) -> (usize, bool) {
    let options = terminal_options(arguments, &io::stdout(), 1);
    (options.width, options.color)
}

/// Prints text on standard output; a pipe that nobody reads any more is a quiet end.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
