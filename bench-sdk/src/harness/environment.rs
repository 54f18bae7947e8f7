//! Settings that come from variables and from `hub-bench.toml`.

use std::path::{Path, PathBuf};

use super::usage::{UsageError, shortened};
use crate::plan::{Configuration, SETTING_NAMES, set_by_name};
use crate::record::Settings;
use crate::report::Columns;
use crate::store::workspace_of;

/// Variable with the name of the run that processes have together, before cargo-nextest's own.
pub(crate) const RUN_ID: &str = "HUB_BENCH_RUN_ID";

/// What surrounds the process.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// Folder of the package, else the working folder.
    pub(super) package_dir: PathBuf,
    /// Settings in variables.
    pub(super) variables: Settings,
    pub(super) configuration: Configuration,
    /// Columns that the configuration asks for.
    pub(super) columns: Option<Columns>,
    /// Where the results go.
    pub(crate) results_dir: PathBuf,
    /// The run that this process is a part of.
    pub(super) joined_run: Option<String>,
}

impl Surroundings {
    /// Reads variables and the configuration file.
    pub(crate) fn read() -> Result<Self, UsageError> {
        let package_dir = path_variable("CARGO_MANIFEST_DIR")
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_else(|| PathBuf::from("."));
        let workspace = workspace_of(&package_dir);
        let file = workspace.join("hub-bench.toml");
        let configuration = configuration(&file)?;
        let columns = configuration.columns.as_deref().map(Columns::parse).transpose();
        let columns = columns
            .map_err(|error| UsageError::new(format!("{}: `columns`: {error}", file.display())))?;
        Ok(Self {
            results_dir: results_dir_with(&configuration, &package_dir),
            package_dir,
            variables: variables()?,
            configuration,
            columns,
            joined_run: [RUN_ID, "NEXTEST_RUN_ID"].iter().find_map(|name| std::env::var(name).ok()),
        })
    }
}

/// Where a bench binary of that package, or of one in that workspace, keeps its results.
#[cfg(feature = "cli")]
pub(crate) fn results_dir(package_dir: &Path) -> Result<PathBuf, UsageError> {
    let configuration = configuration(&workspace_of(package_dir).join("hub-bench.toml"))?;
    Ok(results_dir_with(&configuration, package_dir))
}

fn results_dir_with(configuration: &Configuration, package_dir: &Path) -> PathBuf {
    let workspace = workspace_of(package_dir);
    let configured = configuration.results_dir.as_ref().map(|dir| workspace.join(dir));
    let told = path_variable("HUB_BENCH_DIR").or(configured);
    let target = path_variable("CARGO_TARGET_DIR");
    let found = crate::store::results_dir(told.as_deref(), package_dir, target.as_deref());
    // Workers are started in other folders than this process.
    called_from().join(found)
}

/// Where the user stands: cargo starts bench binaries in the folder of their package, but a relative
/// path was written where cargo was called. The shell's `PWD` tells, as long as it is a folder of
/// the same workspace; a stale one is not followed.
pub(crate) fn called_from() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let package = path_variable("CARGO_MANIFEST_DIR");
    called_from_among(&here, package.as_deref(), path_variable("PWD").as_deref())
}

fn called_from_among(here: &Path, package: Option<&Path>, shell: Option<&Path>) -> PathBuf {
    let started_by_cargo = package == Some(here);
    let plausible = |shell: &&Path| {
        started_by_cargo && shell.is_absolute() && shell.starts_with(workspace_of(here))
    };
    shell.filter(plausible).unwrap_or(here).to_owned()
}

fn path_variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn configuration(path: &Path) -> Result<Configuration, UsageError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Configuration::parse(&text)
            .map_err(|error| UsageError::of_lines(&format!("{}: {error}", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Configuration::default()),
        Err(error) => Err(UsageError::new(format!("failed to read {}: {error}", path.display()))),
    }
}

/// `HUB_BENCH_LAUNCHES` and the like.
fn variables() -> Result<Settings, UsageError> {
    let mut settings = Settings::default();
    for name in SETTING_NAMES {
        let variable = format!("HUB_BENCH_{}", name.to_uppercase());
        if let Some(value) = std::env::var_os(&variable) {
            let text = value.to_string_lossy();
            set_by_name(&mut settings, name, &text)
                .map_err(|error| UsageError::new(format!("{variable}: {}", shortened(&error))))?;
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_where_cargo_was_called() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = workspace_of(package);
        let from = |here: &Path, shell: &Path| called_from_among(here, Some(package), Some(shell));
        assert_eq!(from(package, &workspace), workspace);
        assert_eq!(from(package, Path::new("/somewhere/else")), package);
        let elsewhere = Path::new("/tmp");
        assert_eq!(from(elsewhere, &workspace), elsewhere);
    }
}
