//! One line a case, for grep and awk.

use super::escape::{escape, width};
use super::pretty::time_text;
use super::style::push_spaces;
use super::units::plus_minus;
use crate::record::{CaseRecord, RunRecord, Status, metric_name};

/// Ids longer than this push their own line only.
const MAX_ID: usize = 60;

/// `id  estimate unit  ± %  status`; a figure that is not there is `-`.
pub fn render_terse(record: &RunRecord) -> String {
    let ids: Vec<String> = record.cases.iter().map(|case| escape(case.id.as_str())).collect();
    let widest = ids.iter().map(|id| width(id)).filter(|wide| *wide <= MAX_ID).max().unwrap_or(0);
    let mut out = String::new();
    for (case, id) in record.cases.iter().zip(&ids) {
        out.push_str(id);
        push_spaces(&mut out, widest.saturating_sub(width(id)));
        let (time, interval) = figures(case);
        let line = format!("  {time:>8}  {interval:>9}  {}\n", case.status.words());
        out.push_str(&line);
    }
    out
}

fn figures(case: &CaseRecord) -> (String, String) {
    let absent = || "-".to_owned();
    let metric = case.metric(metric_name::TIME);
    let (Status::Measured | Status::BudgetFailed, Some(metric)) = (case.status, metric) else {
        return (absent(), absent());
    };
    let at_floor = case.has_note("at_floor");
    let half_width = metric.half_width().filter(|_| !at_floor);
    (time_text(case, at_floor).unwrap_or_else(absent), half_width.map_or_else(absent, plus_minus))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::mixed_run;
    use super::*;

    #[test]
    fn one_line_a_case() {
        assert_eq!(
            render_terse(&mixed_run()),
            "\
hub_agents::registry::create  1.000 µs    ± 0.2 %  measured
hub_agents::registry::noop    ≤ 0.3 ns          -  measured
hub_data::ingest[1000]               -          -  panicked
hub_data::ingest[1000000]            -          -  timed out
hub_data::parse               12.35 ms    ± 0.4 %  over budget
hub_data::upload                     -          -  skipped
"
        );
    }
}
