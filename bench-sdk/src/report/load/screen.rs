//! Which lines of a running load test stand on the terminal.

use super::{live_line, live_lines};
use crate::record::load::{LoadPlan, Tick};
use crate::report::TerminalOptions;

/// Terminals narrower than this have one line.
const MIN_FOR_TWO: usize = 60;

/// The plan of the test that goes on, and what is drawn of it.
#[derive(Debug, Default)]
pub(crate) struct LiveLoad(Option<LoadPlan>);

impl LiveLoad {
    /// A test begins.
    pub(crate) fn start(&mut self, plan: &LoadPlan) {
        self.0 = Some(plan.clone());
    }

    /// What to draw, from the start of the line: one or two lines, with the cursor back in the first;
    /// empty where no test goes on.
    pub(crate) fn draw(&self, tick: Option<&Tick>, options: &TerminalOptions) -> String {
        let Some(plan) = &self.0 else { return String::new() };
        let elapsed = tick.map_or(0, |tick| tick.at_ns);
        let (columns, color) = (options.width, options.color);
        if columns < MIN_FOR_TWO {
            return live_line(plan, tick, elapsed, columns, color) + "\x1b[K";
        }
        let [first, second] = live_lines(plan, tick, elapsed, columns, color);
        // Drawn and then erased behind, which flickers less than erasing before.
        format!("{first}\x1b[K\n{second}\x1b[K\x1b[1A\r")
    }
}
