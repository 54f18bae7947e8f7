//! The lines that a `Cargo.toml` needs so that benches can stand in its crate.

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

/// The feature that turns benches on, and what it turns on.
const FEATURE: &str = "bench";
const TURNS_ON: &str = "bench-sdk/bench";
/// Targets: kind, name.
pub(super) const TARGETS: [(&str, &str); 2] = [("bench", "hub"), ("test", "hub_bench")];

/// Where bench-sdk comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A folder.
    Path(String),
    /// A repository.
    Git(String),
}

impl Source {
    fn key(&self) -> (&'static str, &str) {
        match self {
            Self::Path(path) => ("path", path),
            Self::Git(url) => ("git", url),
        }
    }

    /// The same as seen from that folder: a path that does not leave the repository is relative, so
    /// that it holds wherever the repository is cloned.
    pub(super) fn seen_from(&self, folder: &Path, repository: &Path) -> Self {
        match self {
            Self::Path(path) if self.is_within(repository) => {
                Self::Path(relative(folder, Path::new(path)))
            }
            other => other.clone(),
        }
    }

    /// Whether it is there in every clone of that repository.
    pub(super) fn is_within(&self, repository: &Path) -> bool {
        match self {
            Self::Path(path) => Path::new(path).starts_with(repository),
            Self::Git(_) => true,
        }
    }

    /// As options of `cargo install`.
    pub(super) fn install(&self) -> String {
        let (key, text) = self.key();
        format!("--{key} '{}'", text.replace('\'', "'\\''"))
    }
}

/// The way from one folder to another, both absolute.
fn relative(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into());
    let way = up.chain(down).collect::<Vec<String>>().join("/");
    if way.is_empty() { ".".to_owned() } else { way }
}

/// The text with everything that is missing, all else left as it was; the same text where nothing
/// is.
pub(super) fn with_benches(text: &str, source: &Source) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let root = document.as_table_mut();
    dependency(table(root, "dependencies")?, source);
    feature(table(root, "features")?)?;
    let lib = table(root, "lib")?;
    if !lib.contains_key("bench") {
        lib.insert("bench", value(false));
    }
    for (kind, name) in TARGETS {
        target(root, kind, name)?;
    }
    let new = document.to_string();
    // What was added has the line ends of the others.
    Ok(if text.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new })
}

/// Whether the manifest has a target of that kind and name.
pub(super) fn has_target(text: &str, kind: &str, name: &str) -> bool {
    let document = text.parse::<DocumentMut>().unwrap_or_default();
    let targets = document.get(kind).and_then(Item::as_array_of_tables);
    targets.is_some_and(|targets| targets.iter().any(|target| is_called(target, name)))
}

fn is_called(target: &Table, name: &str) -> bool {
    target.get("name").and_then(Item::as_str) == Some(name)
}

fn table<'t>(root: &'t mut Table, name: &str) -> Result<&'t mut Table, String> {
    root.entry(name)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_mut()
        .ok_or_else(|| format!("`{name}` is not a table of its own"))
}

fn dependency(dependencies: &mut Table, source: &Source) {
    if dependencies.contains_key("bench-sdk") {
        return;
    }
    let (key, text) = source.key();
    let mut entry = InlineTable::new();
    entry.insert(key, Value::from(text));
    dependencies.insert("bench-sdk", value(entry));
}

fn feature(features: &mut Table) -> Result<(), String> {
    let list = features.entry(FEATURE).or_insert_with(|| value(Array::new()));
    let list = list.as_array_mut().ok_or("the feature `bench` is not a list")?;
    if !list.iter().any(|item| item.as_str() == Some(TURNS_ON)) {
        list.push(TURNS_ON);
    }
    Ok(())
}

fn target(root: &mut Table, kind: &str, name: &str) -> Result<(), String> {
    let targets = root
        .entry(kind)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| format!("`{kind}` is not a list of tables"))?;
    if targets.iter().any(|target| is_called(target, name)) {
        return Ok(());
    }
    let mut entry = Table::new();
    entry.insert("name", value(name));
    entry.insert("harness", value(false));
    entry.insert("required-features", value(Array::from_iter([FEATURE])));
    targets.push(entry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source::Path("../hub-bench/bench-sdk".to_owned())
    }

    #[test]
    fn what_is_missing_is_added_and_all_else_stays() {
        let text =
            "# mine\n[package]\nname = \"demo\"   # the name\n\n[features]\nbench = [\"x\"]\n";
        let new = with_benches(text, &source()).unwrap_or_default();
        assert!(new.starts_with("# mine\n[package]\nname = \"demo\"   # the name\n"), "{new}");
        for line in [
            "bench = [\"x\", \"bench-sdk/bench\"]",
            "bench-sdk = { path = \"../hub-bench/bench-sdk\" }",
            "[lib]\nbench = false",
            "[[bench]]\nname = \"hub\"\nharness = false\nrequired-features = [\"bench\"]",
            "[[test]]\nname = \"hub_bench\"",
        ] {
            assert!(new.contains(line), "{line} in {new}");
        }
        assert_eq!(with_benches(&new, &source()), Ok(new.clone()), "a second time changes nothing");
    }

    #[test]
    fn what_was_chosen_stays() {
        let text = "[dependencies]\nbench-sdk = \"1\"\n[lib]\nbench = true\n";
        let new = with_benches(text, &source()).unwrap_or_default();
        assert!(new.contains("bench-sdk = \"1\"") && new.contains("bench = true"), "{new}");
    }

    #[test]
    fn lines_end_as_the_others_do() {
        let text = "[package]\r\nname = \"demo\" # mine\r\n\r\n[[bench]]\r\nname = \"own\"\r\n";
        let new = with_benches(text, &source()).unwrap_or_default();
        assert_eq!(new.matches('\n').count(), new.matches("\r\n").count(), "{new:?}");
        assert!(new.starts_with("[package]\r\nname = \"demo\" # mine\r\n"), "{new:?}");
        assert!(has_target(&new, "bench", "own") && has_target(&new, "bench", "hub"), "{new}");
        assert!(!has_target(text, "bench", "hub") && !has_target("[", "bench", "hub"));
        assert_eq!(with_benches(&new, &source()), Ok(new.clone()));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in ["[", "features = 3\n", "[features]\nbench = 1\n", "bench = \"no\"\n"] {
            assert!(with_benches(text, &source()).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_within_the_repository_are_relative() {
        let inside = Source::Path("/r/libs/bench-sdk".to_owned());
        let seen = inside.seen_from(Path::new("/r/apps/hub"), Path::new("/r"));
        assert_eq!(seen, Source::Path("../../libs/bench-sdk".to_owned()));
        let outside = Source::Path("/other/bench-sdk".to_owned());
        assert_eq!(outside.seen_from(Path::new("/r/apps"), Path::new("/r")), outside);
        assert!(!outside.is_within(Path::new("/r")) && inside.is_within(Path::new("/r")));
        assert_eq!(relative(Path::new("/r"), Path::new("/r")), ".");
    }

    #[test]
    fn sources_are_quoted_for_a_shell() {
        assert_eq!(Source::Git("https://x/y".to_owned()).install(), "--git 'https://x/y'");
        assert_eq!(Source::Path("it's".to_owned()).install(), "--path 'it'\\''s'");
    }
}
