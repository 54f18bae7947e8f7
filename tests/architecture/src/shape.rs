//! How large files are, and what stands in which.

use crate::source::{Breach, Source};

/// From here on a file is asked to split.
const CROWDED_LINES: usize = 500;
/// From here on it must.
const TOO_LONG_LINES: usize = 800;

/// Files that should be split.
pub fn crowded(source: &Source) -> Vec<Breach> {
    longer_than(source, CROWDED_LINES)
}

/// Files that must be split.
pub fn too_long(source: &Source) -> Vec<Breach> {
    longer_than(source, TOO_LONG_LINES)
}

fn longer_than(source: &Source, limit: usize) -> Vec<Breach> {
    let lines = source.text.lines().count();
    if lines <= limit {
        return Vec::new();
    }
    vec![source.breach(limit + 1, format!("{lines} lines, more than {limit}"))]
}

/// Logic in a `mod.rs`, which declares and re-exports; a trait that its modules implement may stand
/// there.
pub fn module_files(source: &Source) -> Vec<Breach> {
    if !source.path.ends_with("mod.rs") {
        return Vec::new();
    }
    let logic = ["fn", "impl", "struct", "enum", "static", "const", "macro_rules"];
    let top = source.tokens.iter().filter(|token| token.depth == 0);
    let found = top.filter(|token| logic.iter().any(|word| token.is(word)));
    found.map(|token| source.breach(token.line, format!("`{}` in a mod.rs", token.text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::found;

    #[test]
    fn long_files_are_found() {
        let lines = |count| "\n".repeat(count);
        assert_eq!(found(crowded, "x.rs", &lines(500)), [""; 0]);
        assert_eq!(found(crowded, "x.rs", &lines(501)), ["501 lines, more than 500"]);
        assert_eq!(found(too_long, "x.rs", &lines(800)), [""; 0]);
        assert_eq!(found(too_long, "x.rs", &lines(801)).len(), 1);
    }

    #[test]
    fn logic_in_module_files_is_found() {
        let text = "//! Docs.\nmod a;\npub use a::A;\ntrait B { fn c(&self); }\nfn d() {}";
        assert_eq!(found(module_files, "a/mod.rs", text), ["`fn` in a mod.rs"]);
        assert_eq!(found(module_files, "a/b.rs", text), [""; 0]);
    }
}
