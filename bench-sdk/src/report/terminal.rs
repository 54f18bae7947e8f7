//! The live reporter of a terminal.

use std::io::{self, Write};

#[cfg(feature = "load")]
use super::load::{LiveLoad, render_load_summary};
use super::outlook::outlook_lines;
use super::progress::{ProgressLine, comparison_line};
use super::{ReportError, Reporter, TerminalOptions, render_run};
use crate::record::Event;

/// Back to the start of the line, and nothing on it or below.
const CLEAR: &str = "\r\x1b[J";

/// Prints the table when a run is finished and, where that is wanted, shows how far it is before.
///
/// ```
/// use bench_sdk::report::{Terminal, TerminalOptions};
///
/// let mut text = Vec::new();
/// let terminal = Terminal::new(&mut text, TerminalOptions::default());
/// # drop(terminal);
/// ```
#[derive(Debug)]
pub struct Terminal<W: Write> {
    out: W,
    options: TerminalOptions,
    line: ProgressLine,
    drawn: bool,
    #[cfg(feature = "load")]
    load: LiveLoad,
}

impl<W: Write> Terminal<W> {
    /// A terminal behind that writer.
    pub fn new(out: W, options: TerminalOptions) -> Self {
        Self {
            out,
            options,
            line: ProgressLine::default(),
            drawn: false,
            #[cfg(feature = "load")]
            load: LiveLoad::default(),
        }
    }

    /// Takes the progress line away, for something else to be printed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn clear(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.drawn) {
            self.out.write_all(CLEAR.as_bytes())?;
            self.out.flush()?;
        }
        Ok(())
    }

    fn draw(&mut self, text: &str) -> io::Result<()> {
        self.drawn = true;
        // Erasing what is left over after drawing flickers less than erasing all before.
        self.out.write_all(format!("\r{text}\x1b[K").as_bytes())?;
        self.out.flush()
    }
}

#[cfg(feature = "load")]
impl<W: Write> Terminal<W> {
    fn draw_load(&mut self, tick: Option<&crate::record::load::Tick>) -> io::Result<()> {
        self.drawn = true;
        let text = self.load.draw(tick, &self.options);
        self.out.write_all(format!("\r{text}").as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Terminal<W> {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        match event {
            Event::RunStarted { plan, .. } => self.line.plan(plan),
            Event::CaseStarted { id, position } | Event::Progress { id, position }
                if self.options.progress =>
            {
                let text = self.line.draw(id, position, self.options.width);
                self.draw(&text)?;
            }
            Event::ComparisonPlanned { rules, effects } if !self.options.quiet => {
                self.clear()?;
                self.out.write_all(outlook_lines(rules, effects).as_bytes())?;
                self.out.flush()?;
            }
            Event::ComparisonProgress { id, launch, closed, cases } if self.options.progress => {
                let text = comparison_line(id, *launch, (*closed, *cases), self.options.width);
                self.draw(&text)?;
            }
            Event::ComparisonFinished { .. } => self.clear()?,
            #[cfg(feature = "load")]
            Event::LoadStarted { plan, .. } => {
                self.load.start(plan);
                if self.options.progress {
                    self.draw_load(None)?;
                }
            }
            #[cfg(feature = "load")]
            Event::LoadTick { tick } if self.options.progress => self.draw_load(Some(tick))?,
            #[cfg(feature = "load")]
            Event::LoadFinished { record, folder } => {
                self.clear()?;
                if folder.is_some() {
                    self.options.kept_in.clone_from(folder);
                }
                self.out.write_all(render_load_summary(record, &self.options).as_bytes())?;
                self.out.flush()?;
            }
            Event::RunFinished { record, folder } => {
                self.clear()?;
                if folder.is_some() {
                    self.options.kept_in.clone_from(folder);
                }
                self.out.write_all(render_run(record, &self.options).as_bytes())?;
                self.out.flush()?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl<W: Write> Drop for Terminal<W> {
    fn drop(&mut self) {
        // A run that ended early must not leave half a line behind; nobody is left to tell.
        let _ = self.clear();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "writing to a vector does not fail")]

    use super::super::fixture::{case_started, hub_run};
    use super::*;

    fn written(progress: bool, events: &[Event]) -> String {
        let mut text = Vec::new();
        let options = TerminalOptions { progress, ..TerminalOptions::default() };
        let mut terminal = Terminal::new(&mut text, options);
        for event in events {
            terminal.event(event).unwrap();
        }
        drop(terminal);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn progress_is_gone_before_the_table_comes() {
        let finished = Event::RunFinished { record: hub_run(), folder: None };
        let text = written(true, &[case_started(), finished.clone()]);
        let (line, table) = text.split_once(CLEAR).unwrap();
        assert!(line.starts_with("\rhub_swarm::coordinate[100]  launch 3 of 8"), "{line}");
        assert_eq!(table, render_run(&hub_run(), &TerminalOptions::default()));
        assert_eq!(written(false, &[case_started(), finished]), table);
    }

    #[cfg(feature = "load")]
    #[test]
    fn a_load_test_is_two_lines_and_then_its_summary() {
        let record = super::super::load::fixture::open_run();
        let environment = record.environment.clone();
        let started =
            Event::LoadStarted { run: record.run.clone(), environment, plan: record.plan.clone() };
        let tick = Event::LoadTick { tick: record.timeline[0].clone() };
        let finished = Event::LoadFinished { record: record.clone(), folder: None };
        let text = written(true, &[started.clone(), tick, finished.clone()]);
        let (lines, summary) = text.split_once(CLEAR).unwrap();
        assert!(lines.contains("in flight 31") && lines.contains("planned 2,000/s"), "{lines}");
        // Each drawing leaves the cursor in the first of its lines.
        assert_eq!(lines.matches('\n').count(), lines.matches("\x1b[1A\r").count());
        assert_eq!(summary, render_load_summary(&record, &TerminalOptions::default()));
        assert_eq!(written(false, &[started, finished]), summary);
    }

    #[test]
    fn a_run_that_ends_early_leaves_a_clean_line() {
        assert!(written(true, &[case_started()]).ends_with(CLEAR));
        assert_eq!(written(false, &[case_started()]), "");
    }
}
