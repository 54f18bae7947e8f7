//! Who may touch the world outside.

use crate::flatten::{Token, begins};
use crate::source::{Breach, Source};

/// Reading a clock, outside `clock`.
pub fn clocks(source: &Source) -> Vec<Breach> {
    if is_of(source, &["clock"]) {
        return Vec::new();
    }
    each(source, |rest| {
        let found = ["Instant", "SystemTime"].iter().any(|name| rest[0].is(name));
        found.then(|| format!("only `clock` names `{}`", rest[0].text))
    })
}

/// Arguments, variables, printing and exiting, outside layer 5.
pub fn surroundings(source: &Source) -> Vec<Breach> {
    if is_of(source, &["runner", "harness", "cli"]) {
        return Vec::new();
    }
    each(source, |rest| {
        for name in ["println", "print", "eprintln", "eprint", "dbg"] {
            if begins(rest, &[name, "!"]) {
                return Some(format!("only layer 5 prints, and here is `{name}!`"));
            }
        }
        for name in ["stdout", "stderr"] {
            let is_call = begins(rest, &[name, "(", ")"]);
            if is_call && !is_declared(source, rest) {
                return Some(format!("only layer 5 writes to `{name}`"));
            }
        }
        for name in ["exit", "abort"] {
            if begins(rest, &["process", ":", ":", name]) {
                return Some(format!("only layer 5 ends the process, and here is `{name}`"));
            }
        }
        begins(rest, &["env", ":", ":"]).then(|| {
            let what = rest.get(3).map_or("", |token| token.text.as_str());
            format!("only layer 5 reads the environment, and here is `env::{what}`")
        })
    })
}

/// Creating or writing files, outside `store`.
pub fn files(source: &Source) -> Vec<Breach> {
    if is_of(source, &["store"]) {
        return Vec::new();
    }
    let calls = [["fs", "write"], ["fs", "rename"], ["File", "create"], ["File", "create_new"]];
    each(source, |rest| {
        if rest[0].is("OpenOptions") {
            return Some("only `store` opens files for writing (`OpenOptions`)".to_owned());
        }
        let is_call = |[a, b]: &&[&str; 2]| begins(rest, &[*a, ":", ":", *b]);
        let [a, b] = calls.iter().find(is_call)?;
        Some(format!("only `store` writes files, and here is `{a}::{b}`"))
    })
}

/// `unsafe`, outside `clock` and `resource`.
pub fn unsafe_code(source: &Source) -> Vec<Breach> {
    if is_of(source, &["clock", "resource"]) {
        return Vec::new();
    }
    let text = || "only `clock` and `resource` hold `unsafe` code".to_owned();
    each(source, |rest| rest[0].is("unsafe").then(text))
}

/// Whether the file belongs to one of these modules.
fn is_of(source: &Source, modules: &[&str]) -> bool {
    source.module().first().is_some_and(|module| modules.contains(module))
}

/// Whether the call is a method or a definition of that name.
fn is_declared(source: &Source, rest: &[Token]) -> bool {
    let at = source.tokens.len() - rest.len();
    at > 0 && (source.tokens[at - 1].is(".") || source.tokens[at - 1].is("fn"))
}

/// Asks at every token what is wrong with what begins there.
pub(crate) fn each(source: &Source, judge: impl Fn(&[Token]) -> Option<String>) -> Vec<Breach> {
    let places = 0..source.tokens.len();
    let breach = |at: usize| {
        let rest = &source.tokens[at..];
        judge(rest).map(|what| source.breach(rest[0].line, what))
    };
    places.filter_map(breach).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::found;

    #[test]
    fn clocks_are_found_outside_clock() {
        let text = "use std::time::{Duration, Instant};";
        assert_eq!(found(clocks, "plan/x.rs", text).len(), 1);
        assert_eq!(found(clocks, "plan/x.rs", "fn f(t: std::time::SystemTime) {}").len(), 1);
        assert_eq!(found(clocks, "clock/wall.rs", text), [""; 0]);
    }

    #[test]
    fn surroundings_are_found_outside_layer_five() {
        for text in [
            "fn f() { println!(\"x\"); }",
            "fn f() { eprintln!(); }",
            "fn f() { let _ = std::env::var(\"HOME\"); }",
            "use std::env; fn f() { env::args(); }",
            "fn f() { std::process::exit(1) }",
            "fn f() { write(io::stdout()); }",
        ] {
            assert_eq!(found(surroundings, "plan/x.rs", text).len(), 1, "{text}");
            assert_eq!(found(surroundings, "harness/x.rs", text), [""; 0]);
        }
        let fine = "const V: &str = env!(\"X\"); fn f() { command.stdout(x); \"println!\"; }";
        assert_eq!(found(surroundings, "plan/x.rs", fine), [""; 0]);
    }

    #[test]
    fn writing_files_is_found_outside_store() {
        for text in [
            "fn f() { std::fs::write(path, bytes); }",
            "fn f() { File::create(path); }",
            "use std::fs::OpenOptions;",
        ] {
            assert_eq!(found(files, "report/x.rs", text).len(), 1, "{text}");
            assert_eq!(found(files, "store/x.rs", text), [""; 0]);
        }
        assert_eq!(found(files, "resource/x.rs", "fn f() { File::open(path); }"), [""; 0]);
    }

    #[test]
    fn unsafe_is_found_outside_its_two_homes() {
        assert_eq!(found(unsafe_code, "stats/x.rs", "fn f() { unsafe { g() } }").len(), 1);
        assert_eq!(found(unsafe_code, "resource/x.rs", "unsafe fn f() {}"), [""; 0]);
    }
}
