//! Who may import whom.

use crate::flatten::{Token, begins};
use crate::source::{Breach, Source};

/// Modules by layer, lowest first; `docs/architecture.md` has the reasons. Within a layer a module
/// may import those before it only where `IN_ORDER` says so.
const LAYERS: [&[&str]; 6] = [
    &["record", "counter"],
    &["stats", "clock", "resource"],
    &["bencher", "load", "load_bench", "registry", "plan", "launch"],
    &["compare", "analysis"],
    &["report", "store", "profile", "page"],
    &["runner", "harness", "cli"],
];
/// Layers whose modules may import the ones before them.
const IN_ORDER: [usize; 3] = [0, 2, 5];
/// What users and generated code see of the crate: it names everything.
const SURFACE: [&str; 3] = ["", "__private", "macros"];
/// Stands in for the crate while its feature is off, so nothing else exists beside it.
const ALONE: &str = "off";

/// Imports that go up, or sideways where there is no order.
pub fn layers(source: &Source) -> Vec<Breach> {
    let module = source.module().first().copied().unwrap_or_default().to_owned();
    if SURFACE.contains(&module.as_str()) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (line, imported) in imports(source) {
        if imported != module
            && let Some(why) = refusal(&module, &imported)
        {
            breaches.push(source.breach(line, format!("`{module}` imports `{imported}`: {why}")));
        }
    }
    breaches
}

/// Why the first may not import the second.
fn refusal(module: &str, imported: &str) -> Option<String> {
    if module == ALONE {
        let is_counter = imported == "counter";
        return (!is_counter).then(|| "it may name `counter` and nothing else".to_owned());
    }
    let place = |name: &str| {
        let layer = LAYERS.iter().position(|layer| layer.contains(&name))?;
        Some((layer, LAYERS[layer].iter().position(|other| *other == name)?))
    };
    let Some((layer, rank)) = place(module) else {
        return Some(format!("`{module}` has no layer; give it one in this test and in the docs"));
    };
    let Some((other_layer, other_rank)) = place(imported) else {
        return Some("that is no module with a layer; name the module, not a re-export".to_owned());
    };
    let in_order = IN_ORDER.contains(&layer) && other_rank < rank;
    if other_layer < layer || (other_layer == layer && in_order) {
        return None;
    }
    Some(format!("layer {layer} may not know layer {other_layer} here"))
}

/// Top-level modules named through `crate::` or through `super::` up to the root, with lines.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let depth_of_file = source.module().len();
    let mut imports = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let rest = &source.tokens[at..];
        // `pub(in crate::x)` names a place, not an import.
        if at > 0 && source.tokens[at - 1].is("in") {
            continue;
        }
        if begins(rest, &["crate", ":", ":"]) {
            heads(&rest[3..], &mut imports);
        } else if token.is("super") && !(at > 1 && source.tokens[at - 1].is(":")) {
            let mut ups = 0;
            while begins(&rest[ups * 3..], &["super", ":", ":"]) {
                ups += 1;
            }
            if ups > 0 && ups >= depth_of_file + token.modules {
                heads(&rest[ups * 3..], &mut imports);
            }
        }
    }
    imports
}

/// First names of a use tree: `a::b` is `a`, `{a::b, c}` is `a` and `c`.
fn heads(tree: &[Token], into: &mut Vec<(usize, String)>) {
    let Some(first) = tree.first() else { return };
    if !first.is("{") {
        into.push((first.line, first.text.clone()));
        return;
    }
    let mut expected = true;
    for token in tree[1..].iter().take_while(|token| token.depth > first.depth) {
        if token.depth == first.depth + 1 {
            if expected && token.is_word() {
                into.push((token.line, token.text.clone()));
            }
            expected = token.is(",");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::layers;
    use crate::source::tests::found;

    #[test]
    fn imports_that_go_up_are_found_in_every_spelling() {
        for text in [
            "use crate::report::Reporter;",
            "use crate::{record::Event, report::{Reporter, from_fn}};",
            "fn f() { crate::report::render(); }",
            "use super::super::report::Reporter;",
            "mod inner { use super::super::super::report; }",
            "#[cfg(test)] mod tests { use crate::report::Reporter; }",
            "use crate::Runner;",
        ] {
            assert_eq!(found(layers, "plan/layers.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn siblings_are_found_unless_they_are_in_order() {
        let one = |path, text| found(layers, path, text).len();
        assert_eq!(one("store/runs.rs", "use crate::report::Format;"), 1);
        assert_eq!(one("clock/wall.rs", "use crate::stats::median;"), 1);
        assert_eq!(one("bencher/bench.rs", "use crate::registry::Catalog;"), 1);
        assert_eq!(one("registry/set.rs", "use crate::bencher::Bencher;"), 0);
        assert_eq!(one("runner/facade.rs", "use crate::harness::Target;"), 1);
        assert_eq!(one("harness/execute.rs", "use crate::runner::Session;"), 0);
        assert_eq!(one("counter.rs", "use crate::stats::median;"), 1);
    }

    #[test]
    fn what_has_no_layer_is_found() {
        assert_eq!(found(layers, "novelty/mod.rs", "use crate::record::Event;").len(), 1);
        assert_eq!(found(layers, "off.rs", "use crate::record::Event;").len(), 1);
    }

    #[test]
    fn what_is_allowed_is_let_through() {
        let text = "//! [`x`](crate::report)\n use crate::{record::*, stats::median as m};\n \
                    use super::config::Override; pub(crate) fn f() -> &'static str { \"crate::cli\" }";
        assert_eq!(found(layers, "plan/layers.rs", text), [""; 0]);
        assert_eq!(found(layers, "lib.rs", "mod cli; pub use crate::runner::Runner;"), [""; 0]);
    }
}
