//! Figures for spreadsheets: a row for each case and metric, after RFC 4180.

use super::escape::escape;
use super::json_text::number;
use crate::record::{Better, CaseRecord, Metric, RunRecord, Status};

const HEAD: [&str; 18] = [
    "run",
    "started_at",
    "case",
    "crate",
    "group",
    "name",
    "types",
    "args",
    "threads",
    "status",
    "metric",
    "unit",
    "better",
    "estimate",
    "low",
    "high",
    "level",
    "samples",
];
/// Columns that tell of the metric.
const OF_METRIC: usize = 8;

/// The run as a table with a heading; a case without figures has one row, which tells its status.
pub(super) fn render_csv(record: &RunRecord) -> String {
    let mut out = String::new();
    push_row(&mut out, &HEAD.map(str::to_owned));
    for case in &record.cases {
        let of_case = case_cells(record, case);
        if case.metrics.is_empty() {
            push_row(&mut out, &[of_case.clone(), vec![String::new(); OF_METRIC]].concat());
        }
        for (name, metric) in &case.metrics {
            push_row(&mut out, &[of_case.clone(), metric_cells(name, metric)].concat());
        }
    }
    out
}

fn case_cells(record: &RunRecord, case: &CaseRecord) -> Vec<String> {
    vec![
        text(&record.run.id),
        text(&record.run.started_at),
        text(case.id.as_str()),
        text(&case.crate_name),
        text(&case.group),
        text(&case.name),
        text(&case.types.join(", ")),
        text(&case.args.join(", ")),
        case.threads.map(|threads| threads.to_string()).unwrap_or_default(),
        status(case.status).to_owned(),
    ]
}

fn metric_cells(name: &str, metric: &Metric) -> Vec<String> {
    let figure = |value: Option<f64>| value.and_then(number).unwrap_or_default();
    let better = match metric.better {
        Better::Lower => "lower",
        Better::Higher => "higher",
    };
    vec![
        text(name),
        metric.unit.symbol().to_owned(),
        better.to_owned(),
        figure(Some(metric.estimate)),
        figure(metric.low),
        figure(metric.high),
        figure(metric.level),
        metric.samples.map(|samples| samples.to_string()).unwrap_or_default(),
    ]
}

/// The word of the record.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Measured => "measured",
        Status::Panicked => "panicked",
        Status::Failed => "failed",
        Status::Died => "died",
        Status::TimedOut => "timed_out",
        Status::BudgetFailed => "budget_failed",
        Status::Skipped => "skipped",
    }
}

/// A row, and the line break of the standard.
pub(super) fn push_row(out: &mut String, cells: &[String]) {
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// Text that others chose, as a cell: on one line, quoted where it has to be, and no formula to any
/// spreadsheet. Figures are numbers of ours and stay as they are, with a minus sign where they have
/// one.
pub(super) fn text(text: &str) -> String {
    let mut safe = escape(text);
    if safe.starts_with(begins_a_formula) {
        safe.insert(0, '\'');
    }
    if safe.contains([',', '"', '\r', '\n']) {
        safe = format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

/// Characters at which a spreadsheet takes a cell for a formula, in their wide forms too.
///
/// OWASP, "CSV Injection": <https://owasp.org/www-community/attacks/CSV_Injection>.
fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{broken, measured, mixed_run, run_of};
    use super::*;

    #[test]
    fn a_row_for_each_case_and_metric() {
        let mut record = mixed_run();
        record.cases.truncate(3);
        record.cases[0].args = vec!["1000".to_owned()];
        assert_eq!(
            render_csv(&record).replace("\r\n", "\n"),
            "\
run,started_at,case,crate,group,name,types,args,threads,status,metric,unit,better,estimate,low,high,level,samples
20260101_120000_3f2a,2026-01-01T12:00:00Z,hub_agents::registry::create,hub_agents,registry,create,,1000,,measured,time,ns,lower,999.97,998.07,1001.87,,400
20260101_120000_3f2a,2026-01-01T12:00:00Z,hub_agents::registry::noop,hub_agents,registry,noop,,,,measured,time,ns,lower,0.1,-0.07,0.27,,400
20260101_120000_3f2a,2026-01-01T12:00:00Z,hub_data::ingest[1000],hub_data,,ingest,,,,panicked,,,,,,,,
"
        );
    }

    #[test]
    fn every_line_ends_as_the_standard_has_it() {
        let text = render_csv(&mixed_run());
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.ends_with("\r\n"));
    }

    #[test]
    fn cells_are_quoted_and_formulas_defused() {
        assert_eq!(text("a,b"), "\"a,b\"");
        assert_eq!(text("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(text("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(text("+1"), "'+1");
        assert_eq!(text("-1"), "'-1");
        assert_eq!(text("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(text("＝1"), "'＝1");
        assert_eq!(text("\t=1"), "\\t=1");
        assert_eq!(text("\r\n=1"), "\\r\\n=1");
        assert_eq!(text("=1,\"2\""), "\"'=1,\"\"2\"\"\"");
        assert_eq!(text("é中"), "é中");
    }

    #[test]
    fn a_metric_that_is_missing_has_no_row() {
        let record = run_of(vec![
            measured("a", "", "b", 1.0, 0.5),
            broken("a", "", "c", Status::Skipped, "=why"),
        ]);
        let text = render_csv(&record);
        assert_eq!(text.lines().count(), 3);
        assert!(text.ends_with(",skipped,,,,,,,,\r\n"), "{text}");
        assert!(!text.contains("throughput"));
    }
}
