//! A bench binary that was built, and how cargo would start it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::metadata::Package;

/// Variable with the folders that shared libraries are looked for in.
const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// A bench binary.
#[allow(dead_code, reason = "`gate` asks for the protocol, and for what is run by default")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BenchExecutable {
    /// Cargo package.
    pub(super) package: String,
    /// Cargo target.
    pub(super) target: String,
    /// The file.
    pub(super) path: PathBuf,
    /// Folder of the package.
    pub(super) package_dir: PathBuf,
    /// Version of the protocol of pairs that it speaks.
    pub(super) pair_protocol: u32,
    /// Whether plain `cargo bench` runs it: its target has no `bench = false`.
    pub(super) is_default: bool,
    /// Folders with shared libraries that it may need.
    pub(super) search_paths: Vec<PathBuf>,
    /// Variables that cargo sets for it.
    pub(super) variables: Vec<(String, String)>,
}

/// The command that starts it as `cargo bench` does: in the folder of its package, with cargo's
/// variables and library paths. Arguments are left to the caller, `--bench` included.
pub(super) fn command_for(executable: &BenchExecutable) -> Command {
    let mut command = Command::new(&executable.path);
    command
        .current_dir(&executable.package_dir)
        .env("CARGO_MANIFEST_DIR", &executable.package_dir)
        .env("CARGO_MANIFEST_PATH", executable.package_dir.join("Cargo.toml"))
        .envs(executable.variables.iter().map(|(name, value)| (name, value)));
    if let Some(path) = library_path(executable, std::env::var_os(LIBRARY_PATH)) {
        command.env(LIBRARY_PATH, path);
    }
    command
}

/// Our folders before those that are set; `None` where they cannot be joined.
fn library_path(executable: &BenchExecutable, set: Option<OsString>) -> Option<OsString> {
    let set = set.unwrap_or_default();
    let before = std::env::split_paths(&set).filter(|path| !path.as_os_str().is_empty());
    std::env::join_paths(executable.search_paths.iter().cloned().chain(before)).ok()
}

/// What of `CARGO_PKG_*` and of the package's build script is set at run time.
pub(super) fn variables(package: &Package, messages: &[Value]) -> Vec<(String, String)> {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let (numbers, pre) = package.version.split_once('-').unwrap_or((&package.version, ""));
    let mut numbers = numbers.split('+').next().unwrap_or_default().split('.');
    let mut number = || numbers.next().unwrap_or_default().to_owned();
    let mut variables: Vec<(String, String)> = [
        ("NAME", package.name.clone()),
        ("VERSION", package.version.clone()),
        ("VERSION_MAJOR", number()),
        ("VERSION_MINOR", number()),
        ("VERSION_PATCH", number()),
        ("VERSION_PRE", pre.split('+').next().unwrap_or_default().to_owned()),
        ("AUTHORS", package.authors.join(":")),
        ("DESCRIPTION", or_empty(&package.description)),
        ("HOMEPAGE", or_empty(&package.homepage)),
        ("REPOSITORY", or_empty(&package.repository)),
        ("LICENSE", or_empty(&package.license)),
    ]
    .map(|(name, value)| (format!("CARGO_PKG_{name}"), value))
    .into();
    for script in scripts(messages).filter(|script| script["package_id"] == package.id.as_str()) {
        let pairs = script["env"].as_array().into_iter().flatten();
        variables.extend(
            pairs.filter_map(|pair| {
                Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()))
            }),
        );
        variables
            .extend(script["out_dir"].as_str().map(|dir| ("OUT_DIR".to_owned(), dir.to_owned())));
    }
    variables
}

/// Folders with shared libraries: those that build scripts made below the target folder, as cargo
/// has it, and those of the executable itself.
pub(super) fn search_paths(
    executable: &Path,
    messages: &[Value],
    target_dir: &Path,
) -> Vec<PathBuf> {
    let linked = scripts(messages).flat_map(|script| {
        script["linked_paths"].as_array().cloned().unwrap_or_default().into_iter()
    });
    let linked = linked.filter_map(|path| {
        let path = path.as_str()?;
        let path = path.split_once('=').map_or(path, |(_, path)| path);
        Path::new(path).starts_with(target_dir).then(|| PathBuf::from(path))
    });
    // `target/release/deps` and `target/release`.
    let mut paths: Vec<PathBuf> =
        linked.chain(executable.ancestors().skip(1).take(2).map(Path::to_owned)).collect();
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}

fn scripts(messages: &[Value]) -> impl Iterator<Item = &Value> {
    messages.iter().filter(|message| message["reason"] == "build-script-executed")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn messages() -> Vec<Value> {
        vec![
            json!({"reason": "build-script-executed", "package_id": "#a", "out_dir": "/t/out",
                   "env": [["MADE", "yes"]],
                   "linked_paths": ["native=/t/out/lib", "/usr/lib", "/t/out/lib"]}),
            json!({"reason": "build-script-executed", "package_id": "#b", "out_dir": "/t/b",
                   "env": [["OTHER", "x"]], "linked_paths": []}),
        ]
    }

    #[test]
    fn variables_are_those_of_the_package() {
        let package = Package {
            id: "#a".to_owned(),
            name: "a".to_owned(),
            version: "1.2.3-rc.1+build.5".to_owned(),
            ..Package::default()
        };
        let variables = variables(&package, &messages());
        let get = |name: &str| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(get("CARGO_PKG_NAME"), Some("a"));
        assert_eq!(get("CARGO_PKG_VERSION_PATCH"), Some("3"));
        assert_eq!(get("CARGO_PKG_VERSION_PRE"), Some("rc.1"));
        assert_eq!(get("CARGO_PKG_LICENSE"), Some(""));
        assert_eq!(
            (get("MADE"), get("OUT_DIR"), get("OTHER")),
            (Some("yes"), Some("/t/out"), None)
        );
    }

    #[test]
    fn libraries_are_looked_for_where_cargo_does() {
        let paths = search_paths(Path::new("/t/release/deps/all-1"), &messages(), Path::new("/t"));
        assert_eq!(paths, ["/t/out/lib", "/t/release/deps", "/t/release"].map(PathBuf::from));
    }
}
