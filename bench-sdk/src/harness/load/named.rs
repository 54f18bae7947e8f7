//! Which load bench is meant.

use super::super::usage::{UsageError, shortened};
use crate::plan::nearest;

/// The place of the load bench that is meant among these ids: the one of that id, else the only one
/// whose id ends in it, else the only one whose id contains it. An error says what there is; `none`
/// is its help where there is nothing at all.
pub(crate) fn named(ids: &[&str], wanted: &str, none: &str) -> Result<usize, UsageError> {
    let tail = format!("::{wanted}");
    let ways: [&dyn Fn(&str) -> bool; 3] =
        [&|id| id == wanted, &|id| id.ends_with(&tail), &|id| id.contains(wanted)];
    for is_meant in ways {
        let found: Vec<usize> = (0..ids.len()).filter(|at| is_meant(ids[*at])).collect();
        match found.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            [first, second, ..] => {
                return Err(UsageError::new(format!(
                    "`{}` may be {} or {}",
                    shortened(wanted),
                    shortened(ids[*first]),
                    shortened(ids[*second])
                ))
                .help("give the whole id"));
            }
        }
    }
    let error = UsageError::new(format!("there is no load bench `{}`", shortened(wanted)));
    Err(match nearest(wanted, ids.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(known(ids, none)),
    })
}

/// Names what there is.
pub(super) fn known(ids: &[&str], none: &str) -> String {
    if ids.is_empty() { none.to_owned() } else { format!("known: {}", ids.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_wins_over_an_end_and_that_over_a_part() {
        let ids = ["api::create", "api::create_many", "shop::api::list", "list"];
        let found = |wanted| named(&ids, wanted, "none").map_err(|error| error.message);
        assert_eq!(found("list"), Ok(3));
        assert_eq!(found("create"), Ok(0));
        assert_eq!(found("many"), Ok(1));
        assert_eq!(found("api"), Err("`api` may be api::create or api::create_many".to_owned()));
        assert_eq!(found("lost"), Err("there is no load bench `lost`".to_owned()));
        let help = |ids: &[&str], wanted| named(ids, wanted, "none").err().and_then(|e| e.help);
        assert_eq!(help(&ids, "lists"), Some("did you mean `list`?".to_owned()));
        assert_eq!(help(&ids[..1], "x"), Some("known: api::create".to_owned()));
        assert_eq!(help(&[], "x"), Some("none".to_owned()));
    }
}
