//! A comparison as people read it: counts first, then only what matters.

use super::comparison_words::{change, headline, interval, launches, rule_of_exit, subject};
use super::escape::{cut, escape, width};
use super::header::plural;
use super::style::{Paint, end_line, push_painted, push_spaces};
use super::units::{duration, percent};
use crate::record::{
    CaseComparison, ComparisonRecord, Method, Note, Severity, Side, SideRecord, Verdict,
    metric_name,
};

/// Narrower terminals are treated as this wide.
const MIN_WIDTH: usize = 40;
/// Cases of one kind that are listed, at most.
const LISTED: usize = 40;

/// How a comparison is to be shown.
#[derive(Clone, Debug)]
pub struct ComparisonOptions {
    /// Columns there are.
    pub width: usize,
    /// Whether colour is wanted.
    pub color: bool,
    /// Whether what is equivalent is listed, too.
    pub verbose: bool,
    /// What the process is going to end with.
    pub exit_code: u8,
    /// Where the comparison is kept.
    pub kept_in: Option<String>,
}

impl Default for ComparisonOptions {
    /// 100 columns, no colour, exit 0.
    fn default() -> Self {
        Self { width: 100, color: false, verbose: false, exit_code: 0, kept_in: None }
    }
}

/// The whole comparison, for a terminal.
pub(super) fn pretty(record: &ComparisonRecord, options: &ComparisonOptions) -> String {
    let mut page =
        Page { out: String::new(), width: options.width.max(MIN_WIDTH), color: options.color };
    page.head(record);
    page.notes(&record.notes);
    page.line("", Paint::Plain);
    page.counts(record);
    let mut listed = vec![Verdict::Regressed, Verdict::Improved, Verdict::Inconclusive];
    listed.push(Verdict::NotComparable);
    if options.verbose {
        listed.push(Verdict::Equivalent);
    }
    for verdict in listed {
        page.group(record, verdict);
    }
    page.broken(record);
    page.alone("only in the baseline", &record.only_in_baseline);
    page.alone("only in the candidate", &record.only_in_candidate);
    page.line("", Paint::Plain);
    if let Some(folder) = &options.kept_in {
        page.line(&format!("kept in {}", escape(folder)), Paint::Dim);
    }
    let paint = if options.exit_code == 0 { Paint::Good } else { Paint::Bad };
    page.line(&rule_of_exit(record, options.exit_code), paint);
    page.out
}

/// Whether the comparison is worth a line of its own: times always are; other metrics where they
/// moved.
pub(super) fn is_listed(comparison: &CaseComparison) -> bool {
    comparison.metric == metric_name::TIME
        || matches!(comparison.verdict, Verdict::Regressed | Verdict::Improved)
}

/// Text in the making.
struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    /// One line, cut to the width.
    fn line(&mut self, text: &str, paint: Paint) {
        let text = cut(text, self.width);
        push_painted(&mut self.out, &text, paint, self.color);
        end_line(&mut self.out);
    }

    /// Words, broken where the line ends, from that column on.
    fn wrapped(&mut self, text: &str, indent: usize, paint: Paint) {
        let room = self.width.saturating_sub(indent).max(20);
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && width(&line) + 1 + width(word) > room {
                self.indented(&line, indent, paint);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.indented(&line, indent, paint);
        }
    }

    fn indented(&mut self, text: &str, indent: usize, paint: Paint) {
        push_spaces(&mut self.out, indent);
        let text = cut(text, self.width.saturating_sub(indent));
        push_painted(&mut self.out, &text, paint, self.color);
        end_line(&mut self.out);
    }

    fn head(&mut self, record: &ComparisonRecord) {
        let sides = format!("{} → {}", side(&record.baseline), side(&record.candidate));
        let method = match record.method {
            Method::Paired => "paired",
            Method::Unpaired => "records only",
        };
        let cases = plural(cases_of(record), "case");
        let seconds = duration(record.duration_ns as f64 / 1e9);
        let promise = match record.method {
            Method::Paired => {
                let chance = percent(2.0 * record.rules.alpha);
                format!(" · at most {chance} of unchanged cases would be called by chance")
            }
            Method::Unpaired => String::new(),
        };
        let verb = "gate  ";
        let facts = format!("{method} · {cases} · {seconds}{promise}");
        if width(verb) + width(&sides) + 3 + width(&facts) <= self.width {
            self.line(&format!("{verb}{sides}   {facts}"), Paint::Bold);
        } else {
            self.line(&format!("{verb}{sides}"), Paint::Bold);
            self.wrapped(&facts, width(verb), Paint::Dim);
        }
    }

    fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            self.wrapped(&format!("note: {}", escape(&note.text)), 0, Paint::Caution);
        }
    }

    fn counts(&mut self, record: &ComparisonRecord) {
        let text = headline(record);
        self.line(&text, Paint::Bold);
    }

    fn group(&mut self, record: &ComparisonRecord, verdict: Verdict) {
        let listed = |c: &&CaseComparison| c.verdict == verdict && is_listed(c);
        let all: Vec<&CaseComparison> = record.comparisons.iter().filter(listed).collect();
        if all.is_empty() {
            return;
        }
        self.line("", Paint::Plain);
        let (word, paint) = match verdict {
            Verdict::Regressed => ("REGRESSED", Paint::Bad),
            Verdict::Improved => ("improved", Paint::Good),
            Verdict::Equivalent => ("equivalent", Paint::Dim),
            Verdict::Inconclusive => ("inconclusive", Paint::Caution),
            Verdict::NotComparable => ("not comparable", Paint::Caution),
        };
        let names = all.iter().take(LISTED).map(|c| width(&subject(c))).max().unwrap_or(0);
        let room = (self.width / 2).max(16);
        let column = names.min(room);
        for comparison in all.iter().take(LISTED) {
            self.row(word, paint, comparison, column);
            self.details(comparison, width(word) + 2);
        }
        if all.len() > LISTED {
            self.line(&format!("{word}  and {} more", all.len() - LISTED), Paint::Dim);
        }
    }

    /// Verdict, name, change, interval, figures, launches: as many as there is room for.
    fn row(&mut self, word: &str, paint: Paint, comparison: &CaseComparison, column: usize) {
        let mut cells = vec![change(comparison)];
        cells.extend(interval(comparison));
        cells.extend(super::comparison_words::figures(comparison));
        if comparison.launches > 0 && comparison.metric == metric_name::TIME {
            cells.push(launches(comparison.launches));
        }
        let name = cut(&subject(comparison), column);
        let mut taken = width(word) + 2 + column;
        push_painted(&mut self.out, word, paint, self.color);
        push_spaces(&mut self.out, 2);
        self.out.push_str(&name);
        push_spaces(&mut self.out, column - width(&name));
        for (at, cell) in cells.iter().enumerate() {
            // The change, which comes first, stays aligned.
            let cell = if at == 0 { format!("{cell:>9}") } else { cell.clone() };
            if taken + 3 + width(&cell) > self.width {
                break;
            }
            taken += 3 + width(&cell);
            push_spaces(&mut self.out, 3);
            self.out.push_str(&cell);
        }
        end_line(&mut self.out);
    }

    fn details(&mut self, comparison: &CaseComparison, indent: usize) {
        for line in super::comparison_words::details(comparison) {
            self.wrapped(&escape(&line), indent, Paint::Plain);
        }
        for note in &comparison.notes {
            let paint =
                if note.severity == Severity::Warning { Paint::Caution } else { Paint::Dim };
            self.wrapped(&escape(&note.text), indent, paint);
        }
    }

    fn broken(&mut self, record: &ComparisonRecord) {
        if record.broken.is_empty() {
            return;
        }
        self.line("", Paint::Plain);
        for case in &record.broken {
            let side = match case.side {
                Side::Baseline => "in the baseline",
                Side::Candidate => "in the candidate",
            };
            let id = escape(case.id.as_str());
            self.line(&format!("BROKEN  {}  {side}", cut(&id, self.width / 2)), Paint::Bad);
            for line in case.message.lines().take(8) {
                self.wrapped(&escape(line), 8, Paint::Plain);
            }
        }
    }

    fn alone(&mut self, what: &str, ids: &[crate::record::CaseId]) {
        if ids.is_empty() {
            return;
        }
        self.line("", Paint::Plain);
        let shown: Vec<String> = ids.iter().take(LISTED).map(|id| escape(id.as_str())).collect();
        let more = ids.len().saturating_sub(LISTED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.wrapped(&format!("{what}: {}{rest}", shown.join(", ")), 0, Paint::Dim);
    }
}

/// `HEAD~1 (4b1c2d9)`
pub(super) fn side(side: &SideRecord) -> String {
    let name = escape(&side.name);
    let commit = side.commit.as_deref().map(|commit| commit.chars().take(7).collect::<String>());
    match commit {
        Some(commit) if !name.starts_with(&commit) && side.name != "working tree" => {
            format!("{name} ({})", escape(&commit))
        }
        _ => name,
    }
}

/// Cases that were compared.
pub(super) fn cases_of(record: &ComparisonRecord) -> usize {
    record.comparisons.iter().filter(|c| c.metric == metric_name::TIME).count()
        + record.broken.len()
}
