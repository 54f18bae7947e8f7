//! Colour, always a second channel: the words say the same without it.

/// The role of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// As it is.
    Plain,
    /// Secondary.
    Dim,
    /// The head of something.
    Bold,
    /// Good news.
    Good,
    /// To be read with care.
    Caution,
    /// Bad news.
    Bad,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Dim => "\x1b[2m",
            Self::Bold => "\x1b[1m",
            Self::Good => "\x1b[32m",
            Self::Caution => "\x1b[33m",
            Self::Bad => "\x1b[31m",
        }
    }
}

/// Appends the text, painted where colour is wanted.
pub(crate) fn push_painted(out: &mut String, text: &str, paint: Paint, color: bool) {
    if color && paint != Paint::Plain && !text.is_empty() {
        out.push_str(paint.code());
        out.push_str(text);
        out.push_str("\x1b[0m");
    } else {
        out.push_str(text);
    }
}

/// Appends that many spaces.
pub(crate) fn push_spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Ends a line that may have been padded.
pub(crate) fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}
