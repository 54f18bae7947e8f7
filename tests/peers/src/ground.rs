//! Where throw-away crates are generated and built, outside of this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context, Result};
use crate::parse::{executable_of, executable_of_bin, locked_version};
use crate::process::run;

/// Variables of the cargo that runs this, and settings of the tools under study; neither may reach
/// what is measured.
const FOREIGN_VARIABLES: [&str; 9] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_CRITERION",
    "CRITERION_",
    "DIVAN_",
    "HUB_BENCH_",
];

/// The workspace under study, and the folder to work in.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) root: PathBuf,
    pub(crate) work: PathBuf,
}

impl Ground {
    pub(crate) fn new(work: PathBuf) -> Result<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = package.ancestors().nth(2).context(|| "no workspace above".to_owned())?;
        fs::create_dir_all(&work).context(|| format!("creating {}", work.display()))?;
        Ok(Self { root: root.to_owned(), work })
    }

    /// The table entry that depends on that folder of the workspace.
    pub(crate) fn path_to(&self, folder: &str) -> String {
        format!("path = {:?}", self.root.join(folder).display().to_string())
    }

    /// Writes a package and fetches what it depends on, in the versions that the workspace uses
    /// where it uses them. Files that are as they should be are not touched.
    pub(crate) fn package(&self, name: &str, files: &[(&str, String)]) -> Result<Package> {
        let folder = self.work.join(name);
        for (path, text) in files {
            write_if_new(&folder.join(path), text)?;
        }
        let package = Package { folder, target: self.work.join("target").join(name) };
        if !package.folder.join("Cargo.lock").exists() {
            let lock = fs::read_to_string(self.root.join("Cargo.lock"));
            let lock = lock.context(|| "reading Cargo.lock".to_owned())?;
            write_if_new(&package.folder.join("Cargo.lock"), &lock)?;
        }
        run(package.cargo().args(["fetch", "--quiet"]))?;
        Ok(package)
    }

    /// A folder of the workspace as a package, built beside the generated ones.
    pub(crate) fn member(&self, folder: &str) -> Package {
        Package { folder: self.root.join(folder), target: self.work.join("target/members") }
    }

    /// Builds `cargo-hub-bench` of the workspace, optimised.
    pub(crate) fn command(&self) -> Result<PathBuf> {
        self.member("bench-sdk").binary("cargo-hub-bench", &["cli"])
    }

    /// The commit under study, with a mark for changes that are not committed.
    pub(crate) fn commit(&self) -> String {
        let mut git = Command::new("git");
        git.current_dir(&self.root).args(["describe", "--always", "--dirty", "--exclude", "*"]);
        run(&mut git).map_or_else(|_| "unknown".to_owned(), |done| done.stdout.trim().to_owned())
    }
}

/// A package that can be built.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
    pub(crate) target: PathBuf,
}

impl Package {
    /// A cargo that knows nothing of the one that runs this program.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        forget_foreign(&mut cargo);
        cargo.current_dir(&self.folder).env("CARGO_TARGET_DIR", &self.target);
        cargo.env("CARGO_TERM_COLOR", "never");
        cargo
    }

    /// Builds a bench target with optimisation, and says where it is.
    pub(crate) fn bench_executable(&self, target: &str, features: &[&str]) -> Result<PathBuf> {
        let mut cargo = self.cargo();
        cargo.args([
            "bench",
            "--offline",
            "--no-run",
            "--message-format",
            "json-render-diagnostics",
            "--bench",
            target,
        ]);
        if !features.is_empty() {
            cargo.args(["--features", &features.join(",")]);
        }
        let messages = run(&mut cargo)?.stdout;
        executable_of(&messages, target)
            .context(|| format!("cargo names no executable of bench target `{target}`"))
    }

    /// Builds a binary with optimisation, and says where it is.
    pub(crate) fn binary(&self, name: &str, features: &[&str]) -> Result<PathBuf> {
        let mut cargo = self.cargo();
        cargo.args(["build", "--release", "--offline", "--bin", name]);
        cargo.args(["--message-format", "json-render-diagnostics"]);
        if !features.is_empty() {
            cargo.args(["--features", &features.join(",")]);
        }
        executable_of_bin(&run(&mut cargo)?.stdout, name)
            .context(|| format!("cargo names no executable `{name}`"))
    }

    /// Starts an executable of this package, away from foreign settings.
    pub(crate) fn start(&self, executable: &Path) -> Command {
        let mut command = Command::new(executable);
        forget_foreign(&mut command);
        command.current_dir(&self.folder);
        command
    }

    /// The version of a dependency.
    pub(crate) fn version_of(&self, name: &str) -> Result<String> {
        let lock = self.folder.join("Cargo.lock");
        let text = fs::read_to_string(&lock).context(|| format!("reading {}", lock.display()))?;
        locked_version(&text, name).context(|| format!("`{name}` is not in Cargo.lock"))
    }
}

/// Removes a folder, if it is there.
pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Makes a folder with nothing in it.
pub(crate) fn empty_folder(folder: &Path) -> Result<()> {
    remove_folder(folder)?;
    fs::create_dir_all(folder).context(|| format!("creating {}", folder.display()))
}

fn forget_foreign(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if FOREIGN_VARIABLES.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
}

fn write_if_new(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, text).context(|| format!("writing {}", path.display()))
}
