//! Events as they happen, one JSON object a line.

use std::io::Write;

use super::{ReportError, Reporter};
use crate::record::Event;

/// Writes each event as a line, at once.
///
/// ```
/// use bench_sdk::report::JsonLines;
///
/// let mut log: Vec<u8> = Vec::new();
/// let reporter = JsonLines::new(&mut log);
/// # let _ = reporter;
/// ```
#[derive(Debug)]
pub struct JsonLines<W: Write>(W);

impl<W: Write> JsonLines<W> {
    /// Lines go to that writer.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> Reporter for JsonLines<W> {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        let mut line = serde_json::to_string(event)?;
        line.push('\n');
        // One write a line: who reads along never sees half of one.
        self.0.write_all(line.as_bytes())?;
        self.0.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "writing to a vector does not fail")]

    use super::super::fixture::{case_started, measured, run_of};
    use super::*;

    #[test]
    fn every_line_reads_back_as_its_event() {
        let record = run_of(vec![measured("a", "", "b", 100.0, 1.0)]);
        let events = [case_started(), Event::RunFinished { record, folder: None }];
        let mut log = Vec::new();
        let mut reporter = JsonLines::new(&mut log);
        for event in &events {
            reporter.event(event).unwrap();
        }
        let text = String::from_utf8(log).unwrap();
        let read: Vec<Event> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, events);
        assert!(text.starts_with("{\"event\":\"case_started\""));
    }
}
