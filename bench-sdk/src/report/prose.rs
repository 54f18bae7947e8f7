//! What is said in words around the table.

use super::escape::{cut, escape, escape_output_line, width};
use super::header::plural;
use super::pretty::{TerminalOptions, note_word, push_word, status_paint};
use super::scaling::{FitLine, exceeded_words, fit_lines, push_exceeded, push_plot};
use super::style::{Paint, end_line, push_painted, push_spaces};
use super::tree::Place;
use super::units::duration;
use crate::record::{CaseRecord, Mode, RunRecord, ScalingRecord, Severity, Status};

/// From this many cases on, one remark they share is one line.
const CROWD: usize = 4;
/// Words of remarks that tell of the machine rather than of the case.
const OF_THE_MACHINE: [&str; 4] = ["noisy", "busy machine", "stolen", "throttled"];
/// Lines of captured output shown of one case.
const MAX_OUTPUT_LINES: usize = 20;
/// Columns of an id that stands alone.
const MAX_ID: usize = 300;
/// Columns for the name at the start of a remark.
const MAX_SUBJECT: usize = 40;
/// Text narrower than this is not worth an indent.
const MIN_TEXT: usize = 24;

const UNOPTIMISED: &str = "unoptimised_build";

/// A line below the table: what, of whom, why.
struct Remark<'a> {
    word: String,
    subjects: Vec<String>,
    text: String,
    paint: Paint,
    /// A fit to be drawn below.
    drawn: Option<&'a ScalingRecord>,
}

impl<'a> Remark<'a> {
    fn of_fit(line: FitLine<'a>) -> Self {
        Self {
            word: line.word.to_owned(),
            subjects: vec![line.subject],
            text: line.text,
            paint: line.paint,
            drawn: line.is_drawn.then_some(line.fit),
        }
    }

    fn subject(&self) -> String {
        match self.subjects.as_slice() {
            [only] => cut(only, MAX_SUBJECT),
            many => plural(many.len(), "case"),
        }
    }
}

/// Notes on the run as a whole.
pub(crate) fn push_run_notes(out: &mut String, record: &RunRecord, columns: usize, color: bool) {
    if record.cases.is_empty() {
        return;
    }
    for note in record.run.notes.iter().filter(|note| note.severity == Severity::Warning) {
        push_painted(out, "note:", Paint::Caution, color);
        out.push(' ');
        push_wrapped(out, &escape(&note.text), 6, columns);
    }
}

/// One line for each fit, for each warning, and for each benchmark that gave no case.
pub(crate) fn push_remarks(
    out: &mut String,
    record: &RunRecord,
    options: &TerminalOptions,
    columns: usize,
) {
    let color = options.color;
    let fits = fit_lines(record, options.plots).into_iter().map(Remark::of_fit);
    let remarks: Vec<Remark<'_>> = fits.chain(gather(record)).collect();
    let word_width = remarks.iter().map(|remark| width(&remark.word)).max().unwrap_or(0);
    let subject_width = remarks.iter().map(|remark| width(&remark.subject())).max().unwrap_or(0);
    for remark in &remarks {
        let subject = remark.subject();
        push_word(out, &remark.word, remark.paint, color);
        push_spaces(out, word_width - width(&remark.word));
        out.push_str(&subject);
        let indent = word_width + 2 + subject_width + 3;
        if indent + MIN_TEXT <= columns {
            push_spaces(out, subject_width - width(&subject) + 3);
            push_wrapped(out, &remark.text, indent, columns);
        } else {
            out.push_str("\n  ");
            push_wrapped(out, &remark.text, 2, columns);
        }
        if let Some(fit) = remark.drawn {
            push_plot(out, fit, columns, color);
        }
    }
    if !remarks.is_empty() {
        out.push('\n');
    }
}

fn gather(record: &RunRecord) -> Vec<Remark<'static>> {
    let mut remarks = Vec::new();
    let names = short_names(&record.cases);
    for (case, name) in record.cases.iter().zip(&names) {
        for note in case.notes.iter().filter(|note| note.severity == Severity::Warning) {
            if record.run.optimized || note.code != UNOPTIMISED {
                add(&mut remarks, &note_word(&note.code), name, &note.text, Paint::Caution);
            }
        }
    }
    for (case, name) in record.cases.iter().zip(&names) {
        if case.status == Status::Skipped {
            add(&mut remarks, "skipped", name, case.message.as_deref().unwrap_or(""), Paint::Dim);
        }
    }
    for skipped in &record.run.skipped {
        add(&mut remarks, "skipped", &escape(skipped.id.as_str()), &skipped.reason, Paint::Dim);
    }
    let mut shown = Vec::new();
    for remark in crowded(&remarks) {
        if remark.subjects.len() >= CROWD {
            shown.push(remark);
        } else {
            for subject in remark.subjects {
                shown.push(Remark {
                    word: remark.word.clone(),
                    subjects: vec![subject],
                    text: remark.text.clone(),
                    paint: remark.paint,
                    drawn: None,
                });
            }
        }
    }
    shown
}

/// Makes one remark of many that say the same of the machine, with slightly different figures.
fn crowded(remarks: &[Remark<'static>]) -> Vec<Remark<'static>> {
    let mut merged: Vec<Remark<'static>> = Vec::new();
    for remark in remarks {
        let alike = || remarks.iter().filter(|other| other.word == remark.word);
        let cases: usize = alike().map(|other| other.subjects.len()).sum();
        let differ = alike().count() > 1 && OF_THE_MACHINE.contains(&remark.word.as_str());
        if merged.iter().any(|other| other.word == remark.word && cases >= CROWD && differ) {
            continue;
        }
        let (mut subjects, mut text) = (remark.subjects.clone(), remark.text.clone());
        if cases >= CROWD && differ {
            // The others say nearly the same; each stands in the record.
            text = format!("{}: {text}", cut(&subjects[0], MAX_SUBJECT));
            subjects = alike().flat_map(|other| other.subjects.iter().cloned()).collect();
        }
        let word = remark.word.clone();
        merged.push(Remark { word, subjects, text, paint: remark.paint, drawn: None });
    }
    merged
}

/// Adds a remark; a reason that says nothing is not worth a line.
fn add(remarks: &mut Vec<Remark<'_>>, word: &str, subject: &str, text: &str, paint: Paint) {
    let text = escape(text.trim());
    if text.is_empty() {
        return;
    }
    let twin = remarks.iter_mut().find(|remark| remark.word == word && remark.text == text);
    match twin {
        Some(remark) => remark.subjects.push(subject.to_owned()),
        None => remarks.push(Remark {
            word: word.to_owned(),
            subjects: vec![subject.to_owned()],
            text,
            paint,
            drawn: None,
        }),
    }
}

/// `name[arg]` where that is enough to tell a case from the others, else the whole id.
fn short_names(cases: &[CaseRecord]) -> Vec<String> {
    let short: Vec<String> = cases
        .iter()
        .map(|case| format!("{}{}", escape(&case.name), escape(&Place::of(case).suffix)))
        .collect();
    let mut sorted: Vec<&String> = short.iter().collect();
    sorted.sort_unstable();
    let is_unique = |name: &String| {
        let at = sorted.partition_point(|other| *other < name);
        sorted.get(at + 1).is_none_or(|next| *next != name)
    };
    let pairs = short.iter().zip(cases);
    pairs
        .map(|(name, case)| if is_unique(name) { name.clone() } else { escape(case.id.as_str()) })
        .collect()
}

/// Every case that broke or is over budget and every benchmark that grows too fast, with all that
/// is known of why.
pub(crate) fn push_failures(out: &mut String, record: &RunRecord, columns: usize, color: bool) {
    for case in &record.cases {
        if !case.status.is_broken() && case.status != Status::BudgetFailed {
            continue;
        }
        push_word(out, case.status.words(), status_paint(case.status), color);
        out.push_str(&cut(&escape(case.id.as_str()), MAX_ID));
        if !case.source.file.is_empty() {
            let place = format!("   {}:{}", escape(&case.source.file), case.source.line);
            push_painted(out, &place, Paint::Dim, color);
        }
        end_line(out);
        for line in case.message.as_deref().unwrap_or("").lines() {
            out.push_str("  ");
            out.push_str(&escape_output_line(line));
            end_line(out);
        }
        push_output(out, case.output.as_deref().unwrap_or(""), color);
        out.push('\n');
    }
    push_exceeded(out, record, columns, color);
    for failure in &record.run.failed_reporters {
        push_word(out, "not written", Paint::Bad, color);
        out.push_str(&escape(failure));
        out.push_str("\n\n");
    }
}

fn push_output(out: &mut String, output: &str, color: bool) {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let hidden = lines.len().saturating_sub(MAX_OUTPUT_LINES);
    if hidden > 0 {
        let lead = format!("  │ … {} before, kept in the record", plural(hidden, "line"));
        push_painted(out, &lead, Paint::Dim, color);
        out.push('\n');
    }
    for line in &lines[hidden..] {
        push_painted(out, "  │ ", Paint::Dim, color);
        out.push_str(&escape_output_line(line));
        end_line(out);
    }
}

/// `31 measured in 24 s · kept in target/hub-bench/runs/20260101_120000_3f2a`
pub(crate) fn push_closing(
    out: &mut String,
    record: &RunRecord,
    options: &TerminalOptions,
    columns: usize,
) {
    if record.cases.is_empty() && !options.quiet {
        // The head has said that nothing was selected.
        return;
    }
    let line = outcome(record, options.color);
    let kept = options.kept_in.as_deref().map(|path| format!("kept in {}", escape(path)));
    let plain_width = width(&outcome(record, false));
    out.push_str(&line);
    if let Some(kept) = kept {
        let fits = plain_width + 3 + width(&kept) <= columns;
        out.push_str(if fits { " · " } else { "\n" });
        out.push_str(&kept);
    }
    out.push('\n');
}

pub(super) fn outcome(record: &RunRecord, color: bool) -> String {
    let count = |status: Status| record.cases.iter().filter(|case| case.status == status).count();
    let verb = if record.run.mode == Mode::Test { "tested" } else { "measured" };
    let good = count(Status::Measured);
    let mut line = format!("{good} {verb}");
    for status in [
        Status::BudgetFailed,
        Status::Panicked,
        Status::Failed,
        Status::Died,
        Status::TimedOut,
        Status::Skipped,
    ] {
        let cases =
            count(status) + if status == Status::Skipped { record.run.skipped.len() } else { 0 };
        if cases > 0 {
            line.push_str(", ");
            let words = format!("{cases} {}", status.words());
            push_painted(&mut line, &words, status_paint(status), color);
        }
    }
    if let Some(words) = exceeded_words(record) {
        line.push_str(", ");
        push_painted(&mut line, &words, Paint::Bad, color);
    }
    // Of an imported run it is not known.
    if record.run.duration_ns > 0 {
        line.push_str(" in ");
        line.push_str(&duration(record.run.duration_ns as f64 / 1e9));
    }
    if record.run.interrupted {
        line.push_str(", ");
        push_painted(&mut line, "interrupted", Paint::Caution, color);
    }
    line
}

/// Appends words, going to a new indented line where the next one does not fit; ends the line.
pub(crate) fn push_wrapped(out: &mut String, text: &str, indent: usize, columns: usize) {
    let mut column = indent;
    // A figure and its per cent sign stay together.
    let text = text.replace(" %", "\u{a0}%");
    for (nth, word) in text.split(' ').filter(|word| !word.is_empty()).enumerate() {
        let word = &word.replace('\u{a0}', " ");
        let wide = width(word);
        if nth > 0 && column + 1 + wide > columns {
            end_line(out);
            push_spaces(out, indent);
            column = indent;
        } else if nth > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += wide;
    }
    end_line(out);
}
