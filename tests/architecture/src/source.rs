//! Rust files as the rules see them.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::flatten::{Token, flatten};

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path below the folder that was read, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Its tokens without comments, groups opened up.
    pub(crate) tokens: Vec<Token>,
    /// Whether the file is compiled for tests only.
    pub(crate) test: bool,
}

impl Source {
    /// A file of that content; one that is not Rust gives the tokenizer's complaint.
    pub fn new(path: &str, text: &str) -> Result<Self, String> {
        let tokens = flatten(text).map_err(|error| format!("{path}: {error}"))?;
        Ok(Self { path: path.to_owned(), text: text.to_owned(), tokens, test: false })
    }

    /// The module that the file is, from the crate's root: `["report", "jsonl"]`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        stem.split('/').filter(|part| *part != "lib").collect()
    }

    /// The breach at that line.
    pub(crate) fn breach(&self, line: usize, what: impl Into<String>) -> Breach {
        Breach { path: self.path.clone(), line, what: what.into() }
    }
}

/// All files below a folder.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The files, sorted by path.
    pub sources: Vec<Source>,
}

impl Tree {
    /// Reads every `.rs` file below the folder.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut paths = Vec::new();
        let failed = |error: io::Error| format!("failed to read {}: {error}", folder.display());
        collect(folder, &mut paths).map_err(failed)?;
        let mut files = Vec::new();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(failed)?;
            let below = path.strip_prefix(folder).unwrap_or(&path);
            files.push((below.to_string_lossy().replace('\\', "/"), text));
        }
        files.sort();
        Self::of(&files)
    }

    /// Files given as path and content.
    pub fn of<S: AsRef<str>>(files: &[(S, S)]) -> Result<Self, String> {
        let source = |(path, text): &(S, S)| Source::new(path.as_ref(), text.as_ref());
        let mut sources = files.iter().map(source).collect::<Result<Vec<_>, _>>()?;
        mark_test_files(&mut sources);
        Ok(Self { sources })
    }
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    Ok(())
}

/// `#[cfg(test)] mod fixture;` makes a test of another file.
fn mark_test_files(sources: &mut [Source]) {
    let mut tests = Vec::new();
    for source in &*sources {
        for (at, found) in source.tokens.windows(3).enumerate() {
            if found[0].test && found[0].is("mod") && found[2].is(";") {
                tests.push(declared(source, at));
            }
        }
    }
    for source in sources {
        let module = source.module();
        source.test = tests.iter().any(|test| module.starts_with(&to_strs(test)));
        if source.test {
            source.tokens.iter_mut().for_each(|token| token.test = true);
        }
    }
}

/// The module that the file at `mod name;` would be, or that `#[path = ".."]` before it names.
fn declared(source: &Source, at: usize) -> Vec<String> {
    let mut module: Vec<String> = source.module().into_iter().map(Into::into).collect();
    let before = &source.tokens[..at];
    if let [.., key, sign, file, end] = before
        && key.is("path")
        && sign.is("=")
        && file.literal
        && end.is("]")
    {
        if !source.path.ends_with("mod.rs") && !source.path.ends_with("lib.rs") {
            module.pop();
        }
        let file = file.text.trim_matches('"');
        module.extend(file.trim_end_matches(".rs").split('/').map(Into::into));
    } else {
        module.push(source.tokens[at + 1].text.clone());
    }
    module
}

fn to_strs(module: &[String]) -> Vec<&str> {
    module.iter().map(String::as_str).collect()
}

/// A rule that does not hold somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
pub(crate) mod tests {
    use super::*;

    /// What the rule finds in one file.
    pub(crate) fn found(rule: fn(&Source) -> Vec<Breach>, path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]).unwrap();
        rule(&tree.sources[0]).into_iter().map(|breach| breach.what).collect()
    }

    #[test]
    fn modules_are_those_of_their_paths() {
        let module = |path| Source::new(path, "").unwrap().module().join("::");
        assert_eq!(module("report/jsonl.rs"), "report::jsonl");
        assert_eq!(module("report/mod.rs"), "report");
        assert_eq!(module("lib.rs"), "");
    }

    #[test]
    fn a_file_declared_for_tests_is_one() {
        let files = [
            ("a/mod.rs", "#[cfg(test)] mod b; mod c;"),
            ("a/b.rs", "fn f() {}"),
            ("a/c.rs", "#[cfg(test)] #[path = \"c_tests.rs\"] mod tests;"),
            ("a/c_tests.rs", "fn f() {}"),
        ];
        let tree = Tree::of(&files).unwrap();
        let tests = tree.sources.iter().filter(|source| source.test);
        let paths: Vec<&str> = tests.map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["a/b.rs", "a/c_tests.rs"]);
    }
}
