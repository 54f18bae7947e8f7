//! Where the results are written besides the run folder.

use std::fs::create_dir_all;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::arguments::Arguments;
use super::environment::called_from;
use super::usage::{UsageError, shortened};
use crate::record::Event;
use crate::report::{
    Columns, Fanout, Format, JsonLines, ReportError, Reporter, Terminal, TerminalOptions, TreeFile,
    escape, render, render_criterion, render_run,
};
use crate::resource::{take_stdout, terminal_width};
use crate::store::{GrowingFile, check_writable, is_device, place_of, replace};

/// A format, and the file it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    /// Standard output if not given.
    pub(super) file: Option<PathBuf>,
}

/// Columns where it is not a terminal.
const PLAIN_COLUMNS: usize = 100;
/// What criterion calls the last run.
pub(crate) const CRITERION_BASELINE: &str = "new";

impl Output {
    /// Whether the format has standard output for itself.
    pub(super) fn takes_stdout(&self) -> bool {
        self.file.is_none() && self.format != Format::Pretty
    }
}

/// Where a format goes that has standard output for itself.
pub(super) fn stdout_for(outputs: &[Output]) -> Box<dyn Write> {
    let taken = outputs.iter().any(Output::takes_stdout).then(take_stdout);
    match taken {
        Some(Ok(stdout)) => Box::new(stdout),
        // Without a standard error nothing can be moved there; what benchmarks print is captured
        // all the same.
        _ => Box::new(io::stdout()),
    }
}

/// Builds the reporters that the command line asks for. A file that cannot be written is refused now:
/// that is better known before measuring than after. `stdout` is for a format that goes there.
pub(super) fn reporters(
    arguments: &Arguments,
    columns: &Columns,
    stdout: Box<dyn Write>,
) -> Result<Fanout, UsageError> {
    let mut fanout = Fanout::new();
    let on_stdout = arguments.outputs.iter().filter(|output| output.file.is_none()).count();
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
    add_reporters(&mut fanout, &arguments.outputs, columns, stdout)?;
    Ok(fanout)
}

/// Refuses outputs that cannot go where they are sent, before anything is measured.
pub(super) fn check(outputs: &[Output]) -> Result<(), UsageError> {
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(UsageError::new("two output formats without `--output` would mix on stdout")
            .help("give all but one a file: --output-format json --output run.json"));
    }
    check_apart(outputs.iter().filter_map(|output| output.file.as_deref()))?;
    let homeless = |output: &&Output| output.format.is_folder() && output.file.is_none();
    match outputs.iter().find(homeless) {
        Some(output) => {
            let name = output.format.name();
            Err(UsageError::new(format!("`{name}` is a folder tree and needs `--output DIR`"))
                .help(format!("--output-format {name} --output target/{name}")))
        }
        None => Ok(()),
    }
}

/// Refuses two formats for one file, whatever names they give it. A device takes what comes.
pub(super) fn check_apart<'a>(files: impl Iterator<Item = &'a Path>) -> Result<(), UsageError> {
    let mut places = Vec::new();
    for file in files {
        let path = called_from().join(file);
        let place = place_of(&path);
        if places.contains(&place) {
            let file = shortened(&file.display().to_string());
            return Err(UsageError::new(format!("two formats are to go to `{file}`"))
                .help("give each a file of its own"));
        }
        if !is_device(&path) {
            places.push(place);
        }
    }
    Ok(())
}

/// Adds a reporter for each output that the terminal's does not make up for.
pub(super) fn add_reporters(
    fanout: &mut Fanout,
    outputs: &[Output],
    columns: &Columns,
    stdout: Box<dyn Write>,
) -> Result<(), UsageError> {
    check(outputs)?;
    let mut stdout = Some(stdout);
    for output in outputs {
        let sink = match (&output.file, output.format) {
            (None, Format::Pretty) => continue,
            // At most one output gets here.
            (None, _) => match stdout.take() {
                Some(stdout) => Sink::Stream(stdout),
                None => continue,
            },
            (Some(path), format) if format.is_folder() => {
                let folder = called_from().join(path);
                create_dir_all(&folder).map_err(|error| not_created(&folder, &error))?;
                fanout.add(
                    named(output.format.name(), output.file.as_deref()),
                    Box::new(TreeAtTheEnd { folder }),
                );
                continue;
            }
            (Some(path), _) => Sink::file(path)?,
        };
        let reporter: Box<dyn Reporter> = match output.format {
            Format::Jsonl => Box::new(JsonLines::new(sink.growing())),
            format => Box::new(AtTheEnd { format, sink, columns: columns.clone() }),
        };
        fanout.add(named(output.format.name(), output.file.as_deref()), reporter);
    }
    Ok(())
}

/// Where the text of a format goes.
pub(super) enum Sink {
    /// Standard output.
    Stream(Box<dyn Write>),
    /// A file of the user's, which stays as it is until there is something to write.
    File(PathBuf),
}

impl Sink {
    /// A file that can be written; relative paths are those of the caller.
    pub(super) fn file(path: &Path) -> Result<Self, UsageError> {
        let path = called_from().join(path);
        check_writable(&path).map_err(|error| not_created(&path, &error))?;
        Ok(Self::File(path))
    }

    /// Writes the whole text.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.write_all(text.as_bytes()).and_then(|()| stream.flush()),
            Self::File(path) => replace(path, text.as_bytes()),
        }
    }

    /// For text that is written as it comes.
    pub(super) fn growing(self) -> Box<dyn Write> {
        match self {
            Self::Stream(stream) => stream,
            Self::File(path) => Box::new(GrowingFile::new(path)),
        }
    }
}

fn not_created(path: &Path, error: &io::Error) -> UsageError {
    UsageError::new(format!("failed to create {}: {error}", path.display()))
}

/// The name that an output fails under.
pub(super) fn named(format: &str, file: Option<&Path>) -> String {
    file.map_or_else(|| format.to_owned(), |path| format!("{format} to {}", path.display()))
}

/// Names the files that outputs went to, one a line.
pub(super) fn written(outputs: &[Output]) -> String {
    let line = |output: &Output| Some(written_line(output.format.name(), output.file.as_ref()?));
    outputs.iter().filter_map(line).collect()
}

/// Names the file that an output went to.
pub(super) fn written_line(format: &str, file: &Path) -> String {
    format!("{format} in {}\n", escape(&called_from().join(file).display().to_string()))
}

/// Renders the finished run.
struct AtTheEnd {
    format: Format,
    sink: Sink,
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
            self.sink.write(&text)?;
        }
        Ok(())
    }
}

/// Leaves the finished run as a tree of files.
struct TreeAtTheEnd {
    folder: PathBuf,
}

impl Reporter for TreeAtTheEnd {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        if let Event::RunFinished { record, .. } = event {
            let files = render_criterion(record, CRITERION_BASELINE)?;
            if files.is_empty() {
                return Err(ReportError::new("no case has a time whose scatter is known"));
            }
            write_tree(&self.folder, &files)?;
        }
        Ok(())
    }
}

/// Writes a tree below a folder that the user named.
pub(crate) fn write_tree(folder: &Path, files: &[TreeFile]) -> io::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            create_dir_all(parent)?;
        }
        replace(&path, &file.bytes).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
    }
    Ok(())
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

/// Whether that is a name of standard output and of no file.
#[cfg(feature = "cli")]
pub(crate) fn means_stdout(path: &Path) -> bool {
    [Path::new("-"), Path::new("/dev/stdout")].contains(&path)
}

/// Writes the file that the user named.
#[cfg(feature = "cli")]
pub(crate) fn write_output(path: &Path, text: &str) -> Result<(), UsageError> {
    replace(path, text.as_bytes())
        .map_err(|error| UsageError::new(format!("failed to write {}: {error}", path.display())))
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
