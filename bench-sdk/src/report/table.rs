//! Columns under a tree: widths, alignment, and what goes when there is no room.

use super::escape::{cut, width};
use super::style::{Paint, end_line, push_painted, push_spaces};

/// Space between two columns, and what it shrinks to before several columns have to go.
const GAP: usize = 3;
const NARROW_GAP: usize = 2;
/// Columns that stay when the others had to go.
const LAST_TO_GO: usize = 2;

/// A piece of text in a column.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The text, safe for a terminal.
    pub(crate) text: String,
    /// Its role.
    pub(crate) paint: Paint,
}

impl Cell {
    /// A painted cell.
    pub(crate) fn new(text: impl Into<String>, paint: Paint) -> Self {
        Self { text: text.into(), paint }
    }

    /// A figure.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Paint::Plain)
    }

    /// Says that there is no such figure.
    pub(crate) fn absent() -> Self {
        Self::new("·", Paint::Dim)
    }
}

/// One line of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// Branches of the tree.
    pub(crate) lead: String,
    /// The name at the end of them.
    pub(crate) label: Cell,
    /// The columns; `None` stays blank.
    pub(crate) cells: Vec<Option<Cell>>,
    /// A word after the last column.
    pub(crate) note: Option<Cell>,
}

/// A table as text.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its lines.
    pub(crate) text: String,
    /// How many columns found room.
    pub(crate) columns: usize,
}

/// How tightly a table is set.
#[derive(Clone, Copy)]
struct Fit {
    /// Space between two columns.
    gap: usize,
    /// One part in so many hundred of the width that names may take before columns go.
    label_percent: usize,
    /// Whether there is a word behind a row, or only a mark.
    words: bool,
}

/// Ways to set a table, the most comfortable first. Names may take almost half of the width at
/// first; what a word says is said in full below the table.
const FITS: [Fit; 4] = [
    Fit { gap: GAP, label_percent: 45, words: true },
    Fit { gap: NARROW_GAP, label_percent: 45, words: true },
    Fit { gap: NARROW_GAP, label_percent: 33, words: true },
    Fit { gap: NARROW_GAP, label_percent: 33, words: false },
];

struct Layout {
    fit: Fit,
    label: usize,
    columns: Vec<usize>,
    with_note: bool,
}

/// Draws the rows in at most that many columns: the label cut if it must be, the rest dropped from
/// the right, no row ever wrapped. So many columns of figures, if there are as many, are worth
/// setting the table more tightly.
pub(crate) fn render_table(rows: &[Row], columns: usize, wanted: usize, color: bool) -> Table {
    let all = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut best = layout(rows, columns, FITS[0]);
    for fit in &FITS[1..] {
        if best.columns.len() >= wanted.min(all) {
            break;
        }
        let tighter = layout(rows, columns, *fit);
        if tighter.columns.len() > best.columns.len() {
            best = tighter;
        }
    }
    let mut text = String::new();
    for row in rows {
        push_row(&mut text, row, &best, color);
    }
    Table { text, columns: best.columns.len() }
}

fn layout(rows: &[Row], available: usize, fit: Fit) -> Layout {
    let gap = fit.gap;
    let mut natural = 0;
    let mut note = 0;
    let mut columns: Vec<usize> = Vec::new();
    for row in rows {
        natural = natural.max(width(&row.lead) + width(&row.label.text));
        let marked = |cell: &Cell| if fit.words { width(&cell.text) + gap } else { 2 };
        note = note.max(row.note.as_ref().map_or(0, marked));
        for (at, cell) in row.cells.iter().enumerate() {
            let wide = cell.as_ref().map_or(0, |cell| width(&cell.text));
            match columns.get_mut(at) {
                Some(column) => *column = wide.max(*column),
                None => columns.push(wide),
            }
        }
    }
    let wanted = natural.min(available * fit.label_percent / 100);
    let taken = |columns: &[usize]| columns.iter().map(|column| column + gap).sum::<usize>();
    while wanted + taken(&columns) + note > available {
        if columns.len() > LAST_TO_GO {
            columns.pop();
        } else if note > 0 {
            note = 0;
        } else if columns.len() > 1 {
            columns.pop();
        } else {
            break;
        }
    }
    let label = natural.min(available.saturating_sub(taken(&columns) + note));
    Layout { fit, label, columns, with_note: note > 0 }
}

fn push_row(out: &mut String, row: &Row, layout: &Layout, color: bool) {
    let lead = cut(&row.lead, layout.label);
    let label = cut(&row.label.text, layout.label - width(&lead));
    push_painted(out, &lead, Paint::Dim, color);
    push_painted(out, &label, row.label.paint, color);
    let mut spare = layout.label - width(&lead) - width(&label);
    for (at, column) in layout.columns.iter().enumerate() {
        spare += layout.fit.gap + column;
        if let Some(Some(cell)) = row.cells.get(at) {
            push_spaces(out, spare - width(&cell.text));
            push_painted(out, &cell.text, cell.paint, color);
            spare = 0;
        }
    }
    if let Some(note) = row.note.as_ref().filter(|_| layout.with_note) {
        if layout.fit.words {
            push_spaces(out, spare + layout.fit.gap);
            push_painted(out, &note.text, note.paint, color);
        } else {
            push_spaces(out, spare + 1);
            push_painted(out, "!", note.paint, color);
        }
    }
    end_line(out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |lead: &str, label: &str, figures: [&str; 4], note: Option<&str>| Row {
            lead: lead.to_owned(),
            label: Cell::plain(label),
            cells: figures.map(|text| (!text.is_empty()).then(|| Cell::plain(text))).into(),
            note: note.map(Cell::plain),
        };
        vec![
            row("", "a_crate", ["time", "interval", "rate", "n"], None),
            row("├─ ", "short", ["1 ns", "± 1 %", "2.34 M/s", "400"], Some("noisy")),
            row("╰─ ", "a_longer_name", ["panicked", "", "", ""], None),
        ]
    }

    fn text(available: usize) -> String {
        render_table(&rows(), available, 0, false).text
    }

    #[test]
    fn for_the_columns_that_are_wanted_the_table_is_set_more_tightly() {
        let tight = |available, wanted| render_table(&rows(), available, wanted, false).text;
        assert_eq!(
            tight(53, 3),
            "a_crate               time  interval      rate\n\
             ├─ short              1 ns     ± 1 %  2.34 M/s  noisy\n\
             ╰─ a_longer_name  panicked\n"
        );
        assert_eq!(
            tight(48, 3),
            "a_crate               time  interval      rate\n\
             ├─ short              1 ns     ± 1 %  2.34 M/s !\n\
             ╰─ a_longer_name  panicked\n"
        );
    }

    #[test]
    fn columns_go_from_the_right_then_names_are_cut() {
        assert_eq!(
            text(80),
            "a_crate                time   interval       rate     n\n\
             ├─ short               1 ns      ± 1 %   2.34 M/s   400   noisy\n\
             ╰─ a_longer_name   panicked\n"
        );
        assert_eq!(
            text(50),
            "a_crate                time   interval\n\
             ├─ short               1 ns      ± 1 %   noisy\n\
             ╰─ a_longer_name   panicked\n"
        );
        assert_eq!(
            text(24),
            "a_crate             time\n\
             ├─ short            1 ns\n\
             ╰─ a_longer_…   panicked\n"
        );
    }

    #[test]
    fn no_row_is_wider_than_allowed() {
        for available in 12..100 {
            for line in text(available).lines() {
                assert!(width(line) <= available, "{available}: {line}");
            }
        }
    }
}
