//! What cargo says of a workspace.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;

use super::cargo::{CargoOptions, not_started};
use super::failure::Failure;

/// Feature that turns benches on.
const FEATURE: &str = "bench";

/// A workspace.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    /// Packages that are built where none is named.
    #[serde(default)]
    workspace_default_members: Vec<String>,
    pub(super) target_directory: PathBuf,
}

/// A package of the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) manifest_path: PathBuf,
    pub(super) authors: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) homepage: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) license: Option<String>,
    pub(super) features: std::collections::BTreeMap<String, Vec<String>>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

/// Something that a package builds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dependency {
    name: String,
    rename: Option<String>,
    optional: bool,
    path: Option<PathBuf>,
}

impl Metadata {
    /// Asks cargo about the workspace around that folder.
    pub(super) fn read(folder: &Path, options: &CargoOptions) -> Result<Self, Failure> {
        let output = options
            .metadata(folder)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| not_started(&error))?;
        if !output.status.success() {
            let shown = crate::harness::shortened(&folder.display().to_string());
            return Err(Failure::new(format!(
                "`cargo metadata` failed in {shown}, its message stands above"
            )));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| {
            Failure::new(format!("what `cargo metadata` says is not understood: {error}"))
        })
    }

    /// The features that turn on benches in all selected packages, and in packages of the
    /// workspace that those depend on directly: cargo takes features of no others.
    pub(super) fn bench_features(&self, options: &CargoOptions) -> Vec<String> {
        let mut features = Vec::new();
        for package in self.selected(options) {
            let depends = package.dependencies.iter().filter_map(|dependency| {
                let path = dependency.path.as_ref()?;
                let is_it = |other: &&Package| other.folder() == path;
                let other = self.packages.iter().find(is_it)?;
                // Naming a feature of an optional dependency would turn that on.
                let plain = !dependency.optional && dependency.rename.is_none();
                (plain && other.has_benches()).then_some(&dependency.name)
            });
            let own = package.has_benches().then_some(&package.name);
            features.extend(own.into_iter().chain(depends).map(|name| format!("{name}/{FEATURE}")));
        }
        features.sort();
        features.dedup();
        features
    }

    /// The packages that cargo would build.
    fn selected(&self, options: &CargoOptions) -> Vec<&Package> {
        let all = self.packages.iter();
        let names = |list: &[String], package: &Package| list.iter().any(|spec| package.is(spec));
        if !options.packages.is_empty() {
            all.filter(|package| names(&options.packages, package)).collect()
        } else if options.workspace {
            all.filter(|package| !names(&options.excluded, package)).collect()
        } else {
            all.filter(|package| self.workspace_default_members.contains(&package.id)).collect()
        }
    }
}

impl Package {
    /// The folder of its manifest.
    pub(super) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// The crate of the library that other targets can use; `None` where there is none.
    pub(super) fn library(&self) -> Option<String> {
        let is_library = |kind: &String| matches!(kind.as_str(), "lib" | "rlib");
        let library = self.targets.iter().find(|target| target.kind.iter().any(is_library));
        library.map(|target| target.name.replace('-', "_"))
    }

    fn has_benches(&self) -> bool {
        self.features.contains_key(FEATURE)
    }

    /// Whether what was given to `-p` means this package: a name, `name@version`, an id, or a
    /// pattern in which `*` stands for any text.
    fn is(&self, spec: &str) -> bool {
        let name = spec.split_once('@').map_or(spec, |(name, _)| name);
        spec == self.id || crate::plan::glob(name, &self.name)
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        let text = r#"{
            "target_directory": "/w/target",
            "workspace_default_members": ["id:app"],
            "packages": [
                {"id": "id:app", "name": "app", "manifest_path": "/w/app/Cargo.toml",
                 "features": {"bench": []},
                 "dependencies": [{"name": "inner", "path": "/w/inner"},
                                  {"name": "plain", "path": "/w/plain"},
                                  {"name": "extra", "path": "/w/extra", "optional": true},
                                  {"name": "serde"}]},
                {"id": "id:inner", "name": "inner", "manifest_path": "/w/inner/Cargo.toml",
                 "features": {"bench": []}},
                {"id": "id:extra", "name": "extra", "manifest_path": "/w/extra/Cargo.toml",
                 "features": {"bench": []}},
                {"id": "id:plain", "name": "plain", "manifest_path": "/w/plain/Cargo.toml",
                 "features": {"default": []}}
            ]
        }"#;
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn features(options: &CargoOptions) -> String {
        metadata().bench_features(options).join(",")
    }

    #[test]
    fn the_feature_is_turned_on_where_cargo_takes_it() {
        assert_eq!(features(&CargoOptions::default()), "app/bench,inner/bench");
        let all = CargoOptions { workspace: true, ..CargoOptions::default() };
        assert_eq!(features(&all), "app/bench,extra/bench,inner/bench");
        let most = CargoOptions { excluded: vec!["app".to_owned()], ..all };
        assert_eq!(features(&most), "extra/bench,inner/bench");
        let named = |spec: &str| CargoOptions {
            packages: vec![spec.to_owned()],
            ..CargoOptions::default()
        };
        assert_eq!(features(&named("inner@0.1.0")), "inner/bench");
        assert_eq!(features(&named("ex*")), "extra/bench");
        assert_eq!(features(&named("plain")), "");
    }
}
