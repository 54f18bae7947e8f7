//! Names of baselines.

use std::ffi::OsStr;
use std::fmt;

/// Characters of the longest name.
const MAX_CHARS: usize = 64;

/// A name that can be a folder everywhere, and an argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BaselineName(String);

impl BaselineName {
    /// The name, if it is one; else what is accepted.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let is_name = !text.is_empty()
            && text.len() <= MAX_CHARS
            && text.chars().all(fits)
            && !text.starts_with(['.', '-']);
        if is_name { Ok(Self(text.to_owned())) } else { Err(ACCEPTED.to_owned()) }
    }

    /// The name in an argument.
    pub(crate) fn from_os(text: &OsStr) -> Result<Self, String> {
        text.to_str().map_or_else(|| Err(ACCEPTED.to_owned()), Self::parse)
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a name has to look like.
const ACCEPTED: &str = "1 to 64 ASCII letters, digits, `.`, `_` and `-`, the first of them neither \
                        `.` nor `-`";

impl fmt::Display for BaselineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for name in ["main", "release-1.2", "0", "A_b", "con", &"x".repeat(64)] {
            assert!(BaselineName::parse(name).is_ok_and(|parsed| parsed.as_str() == name));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = "x".repeat(10_000);
        let hostile = [
            "",
            ".",
            "..",
            "../up",
            "a/b",
            "a\\b",
            "-x",
            ".hidden",
            "a b",
            "é",
            "\u{1b}[31m",
            "a\0b",
            "a\nb",
            &long,
            &long[..65],
        ];
        for name in hostile {
            let refused = BaselineName::parse(name);
            assert!(refused.is_err_and(|error| error.contains("64")), "{name:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_text_is_refused() {
        use std::os::unix::ffi::OsStrExt;
        assert!(BaselineName::from_os(OsStr::from_bytes(b"a\xff")).is_err());
        assert!(BaselineName::from_os(OsStr::new("main")).is_ok());
    }
}
