//! The options of cargo that verbs pass on, and cargo itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::failure::Failure;
use crate::harness::UsageError;

/// What of cargo's options was given: which packages and targets to build, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CargoOptions {
    /// For every cargo command: where dependencies come from, and configuration.
    pub(super) common: Vec<OsString>,
    /// For `cargo bench`.
    pub(super) build: Vec<OsString>,
    /// `--bench`
    pub(super) benches: Vec<String>,
    /// `-p`
    pub(super) packages: Vec<String>,
    /// `--exclude`
    pub(super) excluded: Vec<String>,
    /// `--workspace`
    pub(super) workspace: bool,
    /// `--target`
    pub(super) target: Option<String>,
    /// `--config`
    pub(super) configs: Vec<String>,
    /// `--target-dir`
    pub(super) target_dir: Option<PathBuf>,
    /// `--manifest-path`
    pub(super) manifest: Option<PathBuf>,
}

/// Options with a value that only `cargo bench` needs.
const WITH_VALUE: [&str; 5] = ["features", "profile", "jobs", "target", "color"];
/// The same without a value.
const FLAGS: [&str; 4] =
    ["all-features", "no-default-features", "ignore-rust-version", "keep-going"];
/// Options without a value that every cargo command takes.
const COMMON_FLAGS: [&str; 3] = ["locked", "offline", "frozen"];

impl CargoOptions {
    /// Every option that is passed on, for "did you mean".
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        const OTHERS: [&str; 10] = [
            "package",
            "exclude",
            "workspace",
            "all",
            "bench",
            "release",
            "config",
            "target-dir",
            "manifest-path",
            "no-fail-fast",
        ];
        WITH_VALUE.into_iter().chain(FLAGS).chain(COMMON_FLAGS).chain(OTHERS)
    }

    /// Takes an option that begins with two dashes; `false` if it is none of cargo's.
    pub(super) fn long(
        &mut self,
        name: &str,
        parser: &mut lexopt::Parser,
    ) -> Result<bool, UsageError> {
        match name {
            // The profile `bench` is the release build already, and a run goes on after a failure.
            "release" | "no-fail-fast" => {}
            "workspace" | "all" => self.workspace = true,
            "package" => self.packages.push(text(name, parser)?),
            "exclude" => self.excluded.push(text(name, parser)?),
            "bench" => self.benches.push(text(name, parser)?),
            "target-dir" => self.target_dir = Some(here().join(value(name, parser)?)),
            "manifest-path" => self.manifest = Some(here().join(value(name, parser)?)),
            "config" => {
                let config = text(name, parser)?;
                self.common.extend(["--config".into(), config.clone().into()]);
                self.configs.push(config);
            }
            _ if COMMON_FLAGS.contains(&name) => self.common.push(format!("--{name}").into()),
            _ if FLAGS.contains(&name) => self.build.push(format!("--{name}").into()),
            _ if WITH_VALUE.contains(&name) => {
                let value = text(name, parser)?;
                if name == "target" {
                    self.target = Some(value.clone());
                }
                self.build.extend([format!("--{name}").into(), value.into()]);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes an option of one letter; `false` if it is none of cargo's.
    pub(super) fn short(
        &mut self,
        name: char,
        parser: &mut lexopt::Parser,
    ) -> Result<bool, UsageError> {
        match name {
            'p' => self.long("package", parser),
            'F' => self.long("features", parser),
            'j' => self.long("jobs", parser),
            'v' => {
                self.build.push("-v".into());
                Ok(true)
            }
            'Z' => {
                let flag = text("-Z", parser)?;
                self.common.extend(["-Z".into(), flag.into()]);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The folder that cargo is to start from: that of the manifest, else the working folder.
    pub(super) fn folder(&self) -> PathBuf {
        let manifest = self.manifest.as_deref().and_then(Path::parent);
        manifest.map_or_else(here, Path::to_owned)
    }

    /// The target folder asked for.
    pub(super) fn target_dir(&self) -> Option<&Path> {
        self.target_dir.as_deref()
    }

    /// `cargo metadata` in that folder.
    pub(super) fn metadata(&self, folder: &Path) -> Command {
        let mut command = cargo(folder);
        command.args(["metadata", "--no-deps", "--format-version", "1"]).args(&self.common);
        command
    }

    /// `cargo bench` in that folder, with all that selects.
    pub(super) fn bench(&self, folder: &Path) -> Command {
        let mut command = cargo(folder);
        command.arg("bench").args(&self.common).args(&self.build);
        for (option, values) in
            [("-p", &self.packages), ("--exclude", &self.excluded), ("--bench", &self.benches)]
        {
            command.args(values.iter().flat_map(|value| [option, value]));
        }
        if self.workspace {
            command.arg("--workspace");
        }
        command
    }
}

/// The cargo that called us, else the one that is found.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

/// The failure of a cargo that did not start.
pub(super) fn not_started(error: &std::io::Error) -> Failure {
    Failure::new(format!("failed to start cargo: {error}"))
        .help("is it in PATH? the variable CARGO names another one")
}

fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// The value of an option.
pub(super) fn value(name: &str, parser: &mut lexopt::Parser) -> Result<OsString, UsageError> {
    parser.value().map_err(|_| UsageError::new(format!("`{}` needs a value", dashed(name))))
}

/// The value of an option, as text.
pub(super) fn text(name: &str, parser: &mut lexopt::Parser) -> Result<String, UsageError> {
    value(name, parser)?.into_string().map_err(|raw| {
        let shown = crate::harness::shortened(&raw.to_string_lossy());
        UsageError::new(format!("value `{shown}` of `{}` is not valid UTF-8", dashed(name)))
    })
}

fn dashed(name: &str) -> String {
    if name.starts_with('-') { name.to_owned() } else { format!("--{name}") }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn options(line: &str) -> CargoOptions {
        let mut parser = lexopt::Parser::from_args(line.split_whitespace());
        let mut options = CargoOptions::default();
        while let Ok(Some(argument)) = parser.next() {
            let taken = match argument {
                lexopt::Arg::Long(name) => {
                    let name = name.to_owned();
                    options.long(&name, &mut parser)
                }
                lexopt::Arg::Short(name) => options.short(name, &mut parser),
                lexopt::Arg::Value(_) => Ok(false),
            };
            assert_eq!(taken, Ok(true), "{line}");
        }
        options
    }

    fn words(command: &Command) -> Vec<&str> {
        command.get_args().filter_map(OsStr::to_str).collect()
    }

    #[test]
    fn options_reach_the_commands_they_belong_to() {
        let options = options("-p a --package=b --bench x --offline -F y,z -j2 --release --all");
        assert_eq!(
            words(&options.bench(Path::new("/"))).join(" "),
            "bench --offline --features y,z --jobs 2 -p a -p b --bench x --workspace"
        );
        assert_eq!(
            words(&options.metadata(Path::new("/"))).join(" "),
            "metadata --no-deps --format-version 1 --offline"
        );
    }

    #[test]
    fn every_name_is_taken() {
        for name in CargoOptions::names() {
            let mut parser = lexopt::Parser::from_args([format!("--{name}"), "v".to_owned()]);
            assert!(parser.next().is_ok());
            assert_eq!(CargoOptions::default().long(name, &mut parser), Ok(true), "{name}");
        }
    }

    #[test]
    fn the_folder_is_that_of_the_manifest() {
        let options = options("--manifest-path /some/where/Cargo.toml --target-dir /else");
        assert_eq!(options.folder(), Path::new("/some/where"));
        assert_eq!(options.target_dir(), Some(Path::new("/else")));
    }
}
