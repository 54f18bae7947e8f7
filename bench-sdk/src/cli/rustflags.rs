//! The flags that cargo would give the compiler by itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::build::shown;
use super::cargo::CargoOptions;
use super::cfg::Cfg;
use super::failure::Failure;

/// What separates flags in `CARGO_ENCODED_RUSTFLAGS`.
pub(super) const SEPARATOR: &str = "\x1f";
/// Functions begin at multiples of 64 bytes, so that a change in one does not move the others
/// within their cache lines.
const ALIGNED: &str = "-Cllvm-args=-align-all-functions=6";

/// The user's own flags and ours, for both sides of a comparison.
pub(super) fn comparable_rustflags(options: &CargoOptions) -> Result<Vec<String>, Failure> {
    let mut flags = effective_rustflags(options)?;
    flags.push(ALIGNED.to_owned());
    Ok(flags)
}

/// The flags that cargo would take where the user stands: of `CARGO_ENCODED_RUSTFLAGS`, else of
/// `RUSTFLAGS`, else of the `target` tables of its configuration, else of `build.rustflags`.
fn effective_rustflags(options: &CargoOptions) -> Result<Vec<String>, Failure> {
    let variable = |name: &str| std::env::var(name).ok();
    if let Some(encoded) = variable("CARGO_ENCODED_RUSTFLAGS") {
        let flags = encoded.split(SEPARATOR).filter(|flag| !flag.is_empty());
        return Ok(flags.map(str::to_owned).collect());
    }
    if let Some(plain) = variable("RUSTFLAGS") {
        return Ok(words(&plain));
    }
    let configuration = configuration(&options.folder(), options)?;
    let asked = options.target.clone().or_else(|| variable("CARGO_BUILD_TARGET"));
    let target = asked.or_else(|| configuration.iter().rev().find_map(build_target));
    let compiler = Compiler::ask(target.as_deref())?;
    let name = compiler.target.to_uppercase().replace(['-', '.'], "_");
    let of_target = variable(&format!("CARGO_TARGET_{name}_RUSTFLAGS"));
    let of_build = variable("CARGO_BUILD_RUSTFLAGS");
    Ok(chosen(&configuration, &compiler, of_target.as_deref(), of_build.as_deref()))
}

/// The flags of the `target` tables that match, else those of `build`; variables come last, as
/// cargo joins them.
fn chosen(
    configuration: &[Value],
    compiler: &Compiler,
    of_target: Option<&str>,
    of_build: Option<&str>,
) -> Vec<String> {
    let mut flags: Vec<String> = Vec::new();
    let tables = configuration.iter().filter_map(|file| file["target"].as_object());
    for (key, table) in tables.clone().flatten() {
        if *key == compiler.target {
            flags.extend(list(&table["rustflags"]));
        }
    }
    flags.extend(of_target.map(words).into_iter().flatten());
    for (key, table) in tables.flatten() {
        if key.starts_with("cfg(") && Cfg::parse(key).is_some_and(|cfg| cfg.holds(&compiler.cfgs)) {
            flags.extend(list(&table["rustflags"]));
        }
    }
    if flags.is_empty() {
        let files = configuration.iter().flat_map(|file| list(&file["build"]["rustflags"]));
        flags.extend(files.chain(of_build.map(words).into_iter().flatten()));
    }
    flags
}

/// Cargo's configuration files, the weakest first, and what `--config` says.
fn configuration(folder: &Path, options: &CargoOptions) -> Result<Vec<Value>, Failure> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let mut folders: Vec<PathBuf> = folder.ancestors().map(|above| above.join(".cargo")).collect();
    folders.extend(home.filter(|home| !folders.contains(home)));
    let mut files = Vec::new();
    for folder in folders.iter().rev() {
        let names = ["config", "config.toml"].map(|name| folder.join(name));
        if let Some(file) = names.iter().find(|file| file.is_file()) {
            files.push(read(file)?);
        }
    }
    for config in &options.configs {
        let file = folder.join(config);
        files.push(if file.is_file() {
            read(&file)?
        } else {
            // Cargo has refused what is wrong with it, or will.
            basic_toml::from_str(config).unwrap_or_default()
        });
    }
    Ok(files)
}

fn read(file: &Path) -> Result<Value, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(file))))?;
    basic_toml::from_str(&text).map_err(|error| {
        Failure::usage(format!("failed to read {}: {error}", shown(file)))
            .help("set RUSTFLAGS to the flags that you build with, and the file is not read")
    })
}

fn build_target(file: &Value) -> Option<String> {
    let target = &file["build"]["target"];
    target.as_str().or_else(|| target[0].as_str()).map(str::to_owned)
}

/// A list of flags, written as a list or as one text.
fn list(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => words(text),
        Value::Array(flags) => flags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What the compiler says of what it compiles for.
struct Compiler {
    target: String,
    /// `unix`, `target_os="linux"` and so on.
    cfgs: Vec<String>,
}

impl Compiler {
    fn ask(target: Option<&str>) -> Result<Self, Failure> {
        let mut arguments = vec!["--print", "cfg"];
        arguments.extend(target.into_iter().flat_map(|target| ["--target", target]));
        let cfgs = rustc(&arguments)?.lines().map(str::to_owned).collect();
        let target = if let Some(target) = target {
            target.to_owned()
        } else {
            let version = rustc(&["-vV"])?;
            let host = version.lines().find_map(|line| line.strip_prefix("host: "));
            host.unwrap_or_default().to_owned()
        };
        Ok(Self { target, cfgs })
    }
}

fn rustc(arguments: &[&str]) -> Result<String, Failure> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::new(format!("failed to start rustc: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = crate::harness::shortened(String::from_utf8_lossy(&output.stderr).trim());
    Err(Failure::new(format!("`rustc {}` failed: {message}", arguments.join(" "))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flags(files: &[Value], of_target: Option<&str>, of_build: Option<&str>) -> String {
        let compiler = Compiler {
            target: "x86_64-unknown-linux-gnu".to_owned(),
            cfgs: vec!["unix".to_owned(), "target_os=\"linux\"".to_owned()],
        };
        chosen(files, &compiler, of_target, of_build).join(" ")
    }

    #[test]
    fn flags_of_the_target_go_before_those_of_the_build() {
        let home = json!({"build": {"rustflags": "-g  -O"}});
        let here = json!({"build": {"rustflags": ["-C", "x y"]}});
        let files = [home, here];
        assert_eq!(flags(&files, None, None), "-g -O -C x y");
        assert_eq!(flags(&files, None, Some("-last")), "-g -O -C x y -last");
        let target = json!({"target": {
            "x86_64-unknown-linux-gnu": {"rustflags": ["-triple"]},
            "cfg(unix)": {"rustflags": ["-unix"]},
            "cfg(windows)": {"rustflags": ["-windows"]},
            "aarch64-apple-darwin": {"rustflags": ["-other"]},
        }});
        let files = [files, [target, Value::Null]].concat();
        assert_eq!(flags(&files, Some("-var"), Some("-last")), "-triple -var -unix");
        assert_eq!(flags(&[], None, None), "");
    }
}
