//! Lines of aligned pieces.

use crate::report::escape::{cut, width};
use crate::report::prose::push_wrapped;
use crate::report::style::{end_line, push_painted, push_spaces};
use crate::report::table::Cell;

/// Space between two pieces.
const GAP: usize = 3;
/// A piece that has less room than this is left out.
const MIN_PIECE: usize = 8;

/// Appends rows whose pieces stand below one another, each row on one line of at most that many
/// columns: the last piece is cut, or left out with those that find no room before it.
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
        for (cell, column) in row.iter().zip(&widths) {
            let room = columns.saturating_sub(at);
            if room < MIN_PIECE && width(&cell.text) > room {
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
