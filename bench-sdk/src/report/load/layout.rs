//! Lines of aligned pieces.

use crate::report::escape::{cut, width};
use crate::report::prose::push_wrapped;
use crate::report::style::{end_line, push_painted, push_spaces};
use crate::report::table::Cell;

/// Space between two pieces.
const GAP: usize = 3;
/// A piece that has less room than this is left out.
const MIN_PIECE: usize = 8;

/// The last piece of a row is wrapped where it has so much room, to that many lines.
const MIN_TEXT: usize = 24;
const MAX_LINES: usize = 3;

/// Appends rows whose pieces stand below one another, within that many columns: a last piece that is
/// too long is wrapped below itself, or cut where it has little room, or left out with those that find
/// none before it.
pub(super) fn push_aligned(
    out: &mut String,
    rows: &[Vec<Cell>],
    indent: usize,
    columns: usize,
    color: bool,
) {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let wide = width(&cell.text);
            match widths.get_mut(at) {
                Some(known) => *known = wide.max(*known),
                None => widths.push(wide),
            }
        }
    }
    // One long name must not push away what is said of all the others.
    for known in widths.iter_mut().rev().skip(1) {
        *known = (*known).min(columns / 2);
    }
    for row in rows {
        push_spaces(out, indent);
        let mut at = indent;
        for (column_number, (cell, column)) in row.iter().zip(&widths).enumerate() {
            let room = columns.saturating_sub(at);
            if room < MIN_PIECE && width(&cell.text) > room {
                break;
            }
            if column_number + 1 == row.len() && room >= MIN_TEXT && width(&cell.text) > room {
                push_painted(out, &wrapped(&cell.text, at, columns), cell.paint, color);
                break;
            }
            let text = cut(&cell.text, room.min((*column).max(1)));
            push_painted(out, &text, cell.paint, color);
            push_spaces(out, column.saturating_sub(width(&text)) + GAP);
            at += column + GAP;
        }
        end_line(out);
    }
}

/// A text that begins in that column, on a few lines at most.
fn wrapped(text: &str, at: usize, columns: usize) -> String {
    let mut lines = String::new();
    push_sentence(&mut lines, &cut(text, (columns - at) * MAX_LINES), at, columns);
    lines.truncate(lines.trim_end().len());
    lines
}

/// Appends a sentence from where the line stands, wrapped at that indent; words that are wider than
/// a line are cut.
pub(super) fn push_sentence(out: &mut String, text: &str, indent: usize, columns: usize) {
    let room = columns.saturating_sub(indent).max(1);
    let words: Vec<String> = text.split(' ').map(|word| cut(word, room)).collect();
    push_wrapped(out, &words.join(" "), indent, columns);
}

/// Parts with ` · ` between them, as many as find room, at least the first one.
pub(super) fn joined(parts: &[String], columns: usize) -> String {
    let mut line = String::new();
    for part in parts {
        let joint = if line.is_empty() { "" } else { " · " };
        if !line.is_empty() && width(&line) + width(joint) + width(part) > columns {
            break;
        }
        line.push_str(joint);
        line.push_str(part);
    }
    cut(&line, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::Paint;

    fn rows(last: &str, columns: usize) -> String {
        let row = |last: &str| vec![Cell::plain("response"), Cell::new(last, Paint::Bad)];
        let mut out = String::new();
        push_aligned(&mut out, &[row("12 ms"), row(last)], 2, columns, false);
        out
    }

    #[test]
    fn what_is_too_long_at_the_end_of_a_row_goes_on_below() {
        let text = rows("one two three four five six seven eight nine", 40);
        assert_eq!(
            text,
            "  response   12 ms\n  response   one two three four five six\n             seven eight nine\n"
        );
    }

    #[test]
    fn it_goes_on_for_a_few_lines_and_is_cut_where_there_is_little_room() {
        let long = "word ".repeat(200);
        let text = rows(&long, 40);
        assert!(text.lines().count() <= 5 && text.ends_with("…\n"), "{text}");
        assert!(text.lines().all(|line| width(line) <= 40), "{text}");
        assert_eq!(rows(&long, 30).lines().count(), 2);
    }
}
