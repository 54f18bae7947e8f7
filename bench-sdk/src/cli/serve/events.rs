//! What the run that goes on tells, as server-sent events.

use std::path::Path;

use serde_json::Value;

use crate::store::{Following, Told};

/// Times that nothing is new, until a comment asks whether the client is still there.
const QUIET: u32 = 40;
/// What a stream begins with: how long a client waits, in milliseconds, before it asks again.
pub(super) const OPENING: &str = "retry: 2000\n\n";

/// The stream of one client.
#[derive(Debug)]
pub(super) struct EventStream {
    following: Following,
    quiet: u32,
}

impl EventStream {
    /// What is told from now on; of a run that goes on, all that it has told.
    pub(super) fn of(results_dir: &Path) -> Self {
        Self { following: Following::of(results_dir), quiet: 0 }
    }

    /// What to send now; often nothing.
    pub(super) fn next(&mut self) -> std::io::Result<String> {
        let told = self.following.next()?;
        let text: String = told.iter().filter_map(event).collect();
        self.quiet = if text.is_empty() { self.quiet + 1 } else { 0 };
        if self.quiet == QUIET {
            self.quiet = 0;
            return Ok(": still there\n\n".to_owned());
        }
        Ok(text)
    }
}

/// One event. Lines of any `kind` are passed on: who listens knows what to make of them. What is not an
/// object with a kind is nobody's event.
fn event(told: &Told) -> Option<String> {
    let data = match told {
        Told::Begun => "{\"kind\":\"begun\"}".to_owned(),
        Told::Gone => "{\"kind\":\"gone\"}".to_owned(),
        Told::Line(line) => {
            let value: Value = serde_json::from_str(line).ok()?;
            value["kind"].as_str()?;
            // Written anew, it is one line whatever was read.
            value.to_string()
        }
    };
    Some(format!("data: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: &str) -> Option<String> {
        event(&Told::Line(line.to_owned()))
    }

    #[test]
    fn any_kind_is_passed_on_and_nothing_else() {
        let tick = r#"{"kind":"load_tick","rate":1999.5}"#;
        assert_eq!(sent(tick), Some(format!("data: {tick}\n\n")));
        let two = "{\"kind\":\"a\rdata: forged\"}";
        assert_eq!(sent(two), None);
        assert_eq!(sent("{\"kind\":\r\"a\"}").as_deref(), Some("data: {\"kind\":\"a\"}\n\n"));
        assert_eq!(sent("{\"kind\":7}"), None);
        assert_eq!(sent("[]"), None);
        assert_eq!(sent("{\"kind\":\"cut"), None);
        assert_eq!(event(&Told::Gone).as_deref(), Some("data: {\"kind\":\"gone\"}\n\n"));
    }

    #[test]
    fn a_quiet_stream_asks_whether_anybody_listens() {
        let mut stream = EventStream::of(Path::new("/nowhere/at/all"));
        let mut told = (0..2 * QUIET).map(|_| stream.next().unwrap_or_default());
        let all: Vec<String> = told.by_ref().filter(|text| !text.is_empty()).collect();
        assert_eq!(all, [": still there\n\n", ": still there\n\n"]);
    }
}
