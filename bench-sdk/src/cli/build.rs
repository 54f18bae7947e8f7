//! Builds bench binaries, and finds them among what cargo has built.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::cargo::{CargoOptions, not_started};
use super::executable::{BenchExecutable, search_paths, variables};
use super::failure::Failure;
use super::metadata::{Metadata, Package};
use super::rustflags::SEPARATOR;
use crate::harness::shortened;
use crate::resource::marker_of;

/// What to build.
#[derive(Clone, Debug)]
pub(super) struct BuildRequest {
    /// Folder that cargo is started in.
    pub(super) root: PathBuf,
    /// What is selected and how it is built.
    pub(super) options: CargoOptions,
    /// Target folder, before the one that the options name.
    pub(super) target_dir: Option<PathBuf>,
    /// Flags for the compiler, whole; what cargo finds by itself if `None`.
    pub(super) rustflags: Option<Vec<String>>,
}

impl BuildRequest {
    /// A build where the user stands, as cargo would do it.
    pub(super) fn here(options: CargoOptions) -> Self {
        Self { root: options.folder(), options, target_dir: None, rustflags: None }
    }
}

/// Builds, with cargo's messages on standard error; gives the bench binaries in the order of
/// package and target. Targets with `bench = false` are among them only where `--bench` names them.
pub(super) fn build(request: &BuildRequest) -> Result<Vec<BenchExecutable>, Failure> {
    let metadata = Metadata::read(&request.root, &request.options)?;
    let messages = compile(request, &metadata)?;
    let target_dir = target_dir(request, &metadata);
    let mut executables = Vec::new();
    for message in messages.iter().filter(|message| is_bench(message)) {
        let Some(path) = message["executable"].as_str().map(PathBuf::from) else { continue };
        let Some(package) = package_of(message, &metadata) else { continue };
        let marker = marker_of(&path).map_err(|error| {
            Failure::new(format!("failed to read {}, which cargo built: {error}", path.display()))
        })?;
        let Some(marker) = marker else { continue };
        let target = text(&message["target"]["name"]);
        executables.push(BenchExecutable {
            package: package.name.clone(),
            is_default: !left_out(package, &target),
            target,
            package_dir: package.folder().to_owned(),
            pair_protocol: marker.pair_protocol,
            search_paths: search_paths(&path, &messages, &target_dir),
            variables: variables(package, &messages),
            path,
        });
    }
    executables.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
    Ok(executables)
}

/// What to say where there is nothing to run.
pub(super) fn none_found(request: &BuildRequest) -> Failure {
    let folder = shortened(&request.root.display().to_string());
    Failure::empty(format!("no bench binaries were built in {folder}")).help(
        "a package needs a feature `bench`, and a target in [[bench]] with `harness = false` \
         whose file holds  bench_sdk::main!(link = [my_crate]);",
    )
}

/// Runs `cargo bench --no-run` and gives what it says of each step.
fn compile(request: &BuildRequest, metadata: &Metadata) -> Result<Vec<Value>, Failure> {
    let mut command = request.options.bench(&request.root);
    command.args(["--no-run", "--message-format", "json-render-diagnostics"]);
    let features = metadata.bench_features(&request.options);
    if !features.is_empty() {
        command.args(["--features", &features.join(",")]);
    }
    if let Some(folder) = request.target_dir.as_deref().or(request.options.target_dir()) {
        command.arg("--target-dir").arg(folder);
    }
    if let Some(flags) = &request.rustflags {
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR));
    }
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(&error))?;
    if !output.status.success() {
        let folder = shortened(&request.root.display().to_string());
        return Err(Failure::new(format!(
            "cargo could not build the benches in {folder}, its messages stand above"
        )));
    }
    let lines = output.stdout.split(|byte| *byte == b'\n');
    Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

fn target_dir(request: &BuildRequest, metadata: &Metadata) -> PathBuf {
    let told = request.target_dir.as_deref().or(request.options.target_dir());
    told.unwrap_or(&metadata.target_directory).to_owned()
}

fn is_bench(message: &Value) -> bool {
    message["reason"] == "compiler-artifact" && message["target"]["kind"][0] == "bench"
}

fn package_of<'a>(message: &Value, metadata: &'a Metadata) -> Option<&'a Package> {
    let id = message["package_id"].as_str()?;
    metadata.packages.iter().find(|package| package.id == id)
}

/// Whether the manifest keeps the target out of plain `cargo bench`.
fn left_out(package: &Package, target: &str) -> bool {
    // Cargo has read the same file: what cannot be read now is no reason to fail.
    let manifest = std::fs::read_to_string(&package.manifest_path).unwrap_or_default();
    is_left_out(&manifest, target)
}

fn is_left_out(manifest: &str, target: &str) -> bool {
    let manifest: Value = basic_toml::from_str(manifest).unwrap_or_default();
    let targets = manifest["bench"].as_array().into_iter().flatten();
    targets.filter(|known| known["name"] == target).any(|known| known["bench"] == false)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A folder, for messages.
pub(super) fn shown(path: &Path) -> String {
    shortened(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::is_left_out;

    #[test]
    fn targets_with_bench_off_are_known() {
        let manifest = "[package]\nname = \"a\"\n[[bench]]\nname = \"all\"\n[[bench]]\n\
                        name = \"part\"\nbench = false\n";
        assert!(!is_left_out(manifest, "all") && is_left_out(manifest, "part"));
        assert!(!is_left_out(manifest, "unheard") && !is_left_out("[", "all"));
    }
}
