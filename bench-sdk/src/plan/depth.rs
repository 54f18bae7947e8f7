//! Texts that are nested deeper than anybody writes, which would exhaust the stack of their readers.

/// Brackets that may stand in one another.
const MOST: i64 = 500;

/// Refuses a text in which more brackets are open at once than anybody writes by hand.
///
/// # Errors
/// Says how many there may be.
pub(crate) fn check_depth(text: &str) -> Result<(), String> {
    let mut open = 0_i64;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open -= 1,
            _ => {}
        }
        if open > MOST {
            return Err(format!("more than {MOST} brackets stand in one another"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_writes_is_refused() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(check_depth(&nested(500)), Ok(()));
        assert_eq!(check_depth(&"{}".repeat(10_000)), Ok(()));
        assert!(check_depth(&nested(501)).is_err_and(|why| why.contains("500")));
    }
}
