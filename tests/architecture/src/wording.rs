//! What must not stand in a source.

use crate::edges::each;
use crate::flatten::begins;
use crate::source::{Breach, Source};

/// Panics that are written down, outside tests.
pub fn panics(source: &Source) -> Vec<Breach> {
    each(source, |rest| {
        if rest[0].test {
            return None;
        }
        let method = ["unwrap", "expect", "unwrap_err", "expect_err"]
            .iter()
            .find(|name| begins(rest, &[".", **name, "("]));
        let called =
            ["panic", "todo", "unimplemented"].iter().find(|name| begins(rest, &[**name, "!"]));
        match (method, called) {
            (Some(name), _) => Some(format!("`.{name}(..)` outside tests")),
            (None, Some(name)) => Some(format!("`{name}!` outside tests")),
            (None, None) => None,
        }
    })
}

/// `#[allow(..)]` and `#[expect(..)]` that do not say why.
pub fn silent_allows(source: &Source) -> Vec<Breach> {
    each(source, |rest| {
        let skip = 1 + usize::from(begins(rest, &["#", "!"]));
        let attribute = rest.get(skip..).filter(|_| rest[0].is("#"))?;
        let name = ["allow", "expect"].into_iter().find(|name| begins(attribute, &["[", name]))?;
        let inside = attribute[1..].iter().take_while(|token| token.depth > attribute[0].depth);
        let has_reason = inside.clone().any(|token| token.is("reason"));
        (!has_reason).then(|| format!("`#[{name}(..)]` without a reason"))
    })
}

/// Work put off in a comment: it belongs into an issue.
pub fn postponed(source: &Source) -> Vec<Breach> {
    // In halves, or this file would be the first to be found.
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
    let mut breaches = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        let mut spelled = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        if let Some(word) = spelled.find(|word| words.contains(word)) {
            breaches.push(source.breach(at + 1, format!("`{word}` puts work off")));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::found;

    #[test]
    fn panics_are_found_outside_tests() {
        for text in [
            "fn f() { g().unwrap(); }",
            "fn f() { g().expect(\"why\"); }",
            "fn f() { panic!(\"no\"); }",
            "fn f() { todo!() }",
        ] {
            assert_eq!(found(panics, "plan/x.rs", text).len(), 1, "{text}");
            let tests = format!("#[cfg(test)] mod tests {{ {text} }}");
            assert_eq!(found(panics, "plan/x.rs", &tests), [""; 0]);
        }
        let fine = "/// Never `.unwrap()`s.\n#[expect(lint, reason = \"x\")]\nfn f() { g().unwrap_or(1); }";
        assert_eq!(found(panics, "plan/x.rs", fine), [""; 0]);
    }

    #[test]
    fn silent_allows_are_found() {
        assert_eq!(found(silent_allows, "x.rs", "#[allow(dead_code)] fn f() {}").len(), 1);
        assert_eq!(found(silent_allows, "x.rs", "#![expect(dead_code)]").len(), 1);
        let fine = "#[allow(dead_code, reason = \"later\")] fn f() { a.expect(1); }";
        assert_eq!(found(silent_allows, "x.rs", fine), [""; 0]);
    }

    #[test]
    fn postponed_work_is_found() {
        let text = concat!("// TO", "DO: later\nfn todo() {}");
        assert_eq!(found(postponed, "x.rs", text).len(), 1);
        assert_eq!(found(postponed, "x.rs", "// done\n"), [""; 0]);
    }
}
