//! Names of cases where there is no room for all of them.

use crate::report::comparison_words::cut_front;
use crate::report::escape::{cut, width};

/// Of an argument as much is left as tells where it begins and ends.
const MIN_ARGUMENT: usize = 7;

/// The name in so many columns. Crate and function say what it is, and the end tells cases of one
/// benchmark apart, so it is cut within its argument where that makes it fit, else in its middle.
pub(super) fn cut_name(name: &str, columns: usize) -> String {
    if width(name) <= columns {
        return name.to_owned();
    }
    if let (Some(opened), Some(closed)) = (name.find('['), name.rfind(']'))
        && opened < closed
    {
        let (before, argument, behind) =
            (&name[..=opened], &name[opened + 1..closed], &name[closed..]);
        let room = columns.saturating_sub(width(before) + width(behind));
        if room >= MIN_ARGUMENT {
            return format!("{before}{}{behind}", cut_middle(argument, room));
        }
    }
    cut_middle(name, columns)
}

/// Beginning and end with `…` between them.
fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let behind = columns.saturating_sub(1) / 2;
    let end = cut_front(text, behind + 1);
    format!("{}{}", cut(text, columns - behind), end.trim_start_matches('…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "text::longest_word[the quick brown fox jumps over the lazy dog]";

    #[test]
    fn crate_and_function_stay() {
        assert_eq!(cut_name(LONG, 64), LONG);
        assert_eq!(cut_name(LONG, 40), "text::longest_word[the quick … lazy dog]");
        assert_eq!(cut_name(LONG, 27), "text::longest_word[the…dog]");
        assert_eq!(cut_name(LONG, 20), "text::long…lazy dog]");
        assert_eq!(cut_name("hub_tasks::queue::push[1000]", 25), "hub_tasks::q…::push[1000]");
        assert_eq!(cut_name("hub::sort<[u8; 4]>{t=2}", 12), "hub::s…{t=2}");
    }

    #[test]
    fn it_always_fits() {
        let hostile = format!("a::中文[e\u{301}{}大]", "\u{301}👨‍👩‍👧".repeat(300));
        for columns in 0..40 {
            for name in [LONG, hostile.as_str(), "]a[", "[]", "…………………"] {
                let cut = cut_name(name, columns);
                assert!(width(&cut) <= columns, "{columns}: {cut}");
            }
        }
    }
}
