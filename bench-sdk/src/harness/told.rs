//! Standard error, for people.

use std::fmt::Arguments;
use std::io::Write;

/// Prints that on standard error. Where nobody takes it (closed, or on a full disk) there is nobody
/// to be told so either: a run goes on, and ends with its own exit code.
pub(crate) fn tell(text: Arguments<'_>) {
    // In one piece, so that lines of several processes do not mix.
    let _ = std::io::stderr().write_all(text.to_string().as_bytes());
}

/// As `eprintln!`, which panics where standard error cannot be written.
macro_rules! tell_line {
    ($($text:tt)*) => {
        $crate::harness::tell(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use tell_line;
