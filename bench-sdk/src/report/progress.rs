//! The one line that is redrawn while a run goes on.

use super::escape::{cut, escape, width};
use super::style::push_spaces;
use super::units::duration;
use crate::record::{CaseId, PlanSummary, Position};

/// Cells of the bar.
const BAR: usize = 16;
/// Names narrower than this tell nothing: then something else has to go.
const MIN_NAME: usize = 12;
/// Columns given to names, however long they are.
const MAX_NAME: usize = 44;

/// Draws positions; keeps the name's column as wide as the plan needs, so that the bar stands
/// still from case to case.
#[derive(Debug, Default)]
pub(crate) struct ProgressLine {
    name_width: usize,
}

impl ProgressLine {
    /// Takes the widest name of the plan.
    pub(crate) fn plan(&mut self, plan: &PlanSummary) {
        let widths = plan.cases.iter().map(|id| width(&cut(&escape(id.as_str()), MAX_NAME)));
        self.name_width = widths.max().unwrap_or(0);
    }

    /// `hub_swarm::coordinate[100]  launch 3 of 8  ━━━━━━╸           41 %  about 14 s left`, in
    /// fewer columns than given: a full line would wrap on some terminals.
    pub(crate) fn draw(&self, id: &CaseId, position: &Position, columns: usize) -> String {
        let columns = columns.saturating_sub(1);
        let mut parts = Vec::new();
        if position.launches > 1 {
            parts.push(format!("  launch {} of {}", position.launch, position.launches));
        }
        parts.push(bar(position.done));
        if let Some(left_s) = position.left_s.filter(|left_s| left_s.is_finite()) {
            parts.push(format!("  about {} left", rough_duration(left_s)));
        }
        let taken = |parts: &[String]| parts.iter().map(|part| width(part)).sum::<usize>();
        while !parts.is_empty() && taken(&parts) + MIN_NAME > columns {
            parts.pop();
        }
        let room = columns - taken(&parts);
        let name = cut(&escape(id.as_str()), room.min(MAX_NAME));
        let padding = self.name_width.min(room).saturating_sub(width(&name));
        let mut line = name;
        if !parts.is_empty() {
            push_spaces(&mut line, padding);
        }
        line.extend(parts);
        line
    }
}

/// `hub_swarm::coordinate[100]  launch 3   12 of 31 decided`, in fewer columns than given.
pub(crate) fn comparison_line(
    id: &CaseId,
    launch: u32,
    (closed, cases): (u32, u32),
    columns: usize,
) -> String {
    let columns = columns.saturating_sub(1);
    let tail = if launch == 0 {
        format!("  first look, {} of {cases}", closed + 1)
    } else {
        format!("  launch {launch}, {closed} of {cases} decided")
    };
    let tail = if width(&tail) + MIN_NAME > columns { String::new() } else { tail };
    cut(&escape(id.as_str()), (columns - width(&tail)).min(MAX_NAME)) + &tail
}

/// Whole seconds: nobody knows the future better.
fn rough_duration(seconds: f64) -> String {
    if seconds < 99.5 { format!("{:.0} s", seconds.max(1.0)) } else { duration(seconds) }
}

fn bar(done: f64) -> String {
    format!("  {}  {:3.0} %", bar_of(done, BAR), (within(done) * 100.0).floor())
}

/// That many cells, of which the share that is done is drawn, to half a cell.
pub(super) fn bar_of(done: f64, cells: usize) -> String {
    let halves = (within(done) * (cells * 2) as f64).round() as usize;
    let mut bar = String::new();
    bar.extend(std::iter::repeat_n('━', halves / 2));
    if halves % 2 == 1 {
        bar.push('╸');
    }
    push_spaces(&mut bar, cells - halves.div_ceil(2));
    bar
}

fn within(done: f64) -> f64 {
    if done.is_finite() { done.clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(done: f64, left_s: Option<f64>) -> Position {
        Position { launch: 3, launches: 8, done, left_s }
    }

    #[test]
    fn the_line_tells_case_launch_share_and_time_left() {
        let line = ProgressLine::default();
        let id = CaseId::from("hub_swarm::coordinate[100]");
        assert_eq!(
            line.draw(&id, &position(0.41, Some(14.2)), 100),
            "hub_swarm::coordinate[100]  launch 3 of 8  ━━━━━━╸            41 %  about 14 s left"
        );
        assert_eq!(
            line.draw(&id, &position(1.0, None), 100),
            "hub_swarm::coordinate[100]  launch 3 of 8  ━━━━━━━━━━━━━━━━  100 %"
        );
        let once = Position { launch: 1, launches: 1, done: 0.0, left_s: Some(3.0) };
        assert_eq!(
            line.draw(&id, &once, 100),
            "hub_swarm::coordinate[100]                      0 %  about 3 s left"
        );
    }

    #[test]
    fn bars_stand_still_and_names_give_way() {
        let mut line = ProgressLine::default();
        line.plan(&PlanSummary {
            cases: vec![CaseId::from("a::b"), CaseId::from("a::long_name")],
            ..PlanSummary::default()
        });
        let drawn = |columns| line.draw(&CaseId::from("a::b"), &position(0.5, None), columns);
        assert_eq!(drawn(80), "a::b          launch 3 of 8  ━━━━━━━━           50 %");
        assert_eq!(drawn(30), "a::b          launch 3 of 8");
        assert_eq!(drawn(15), "a::b");
    }

    #[test]
    fn a_comparison_tells_how_many_are_decided() {
        let id = CaseId::from("a::b");
        assert_eq!(comparison_line(&id, 0, (4, 31), 80), "a::b  first look, 5 of 31");
        assert_eq!(comparison_line(&id, 3, (4, 31), 80), "a::b  launch 3, 4 of 31 decided");
        for columns in 0..60 {
            let line = comparison_line(&CaseId::from("中".repeat(99)), 3, (4, 31), columns);
            assert!(width(&line) < columns.max(1), "{line}");
        }
    }

    #[test]
    fn no_line_reaches_the_last_column() {
        let line = ProgressLine::default();
        let id = CaseId::from("中\x1b[2J".repeat(5_000));
        for columns in 0..160 {
            let text = line.draw(&id, &position(f64::NAN, Some(f64::INFINITY)), columns);
            assert!(width(&text) < columns.max(1) && !text.contains('\x1b'), "{text}");
        }
    }
}
