//! Builds the fixtures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::clean;

/// What identifies an executable: package, kind (`bench`, `test`, `lib`) and target.
type Key = (String, String, String);

/// The executables, or what the compiler said; a failure is not repeated for each test.
static BUILT: OnceLock<Result<BTreeMap<Key, PathBuf>, String>> = OnceLock::new();

/// The workspace of the fixtures.
pub fn fixtures_dir() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package has a parent");
    tests.join("fixtures")
}

/// Where the fixtures are built, shared by all test executables of this package.
pub fn target_dir() -> PathBuf {
    // Next to the executable of the test: `target/PROFILE/deps/NAME` belongs to `target`.
    let this = std::env::current_exe().expect("the test knows its own path");
    let target = this.ancestors().nth(3).expect("the test lives in a target folder");
    target.join("tmp").join("e2e-fixtures")
}

/// Cargo in the workspace of the fixtures, free of what the cargo above has set.
pub fn cargo(verb: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    clean(&mut command);
    command.current_dir(fixtures_dir()).args(verb).env("CARGO_TARGET_DIR", target_dir());
    command
}

/// A bench binary of a fixture.
pub fn bench(package: &str, target: &str) -> PathBuf {
    executable(package, "bench", target)
}

/// The unit tests of a fixture.
pub fn unit_tests(package: &str) -> PathBuf {
    executable(package, "lib", package)
}

/// Any executable of a fixture.
pub fn executable(package: &str, kind: &str, target: &str) -> PathBuf {
    let key = (package.to_owned(), kind.to_owned(), target.to_owned());
    let built = BUILT.get_or_init(build);
    let built =
        built.as_ref().unwrap_or_else(|error| panic!("the fixtures do not build:\n{error}"));
    built.get(&key).unwrap_or_else(|| panic!("no fixture {key:?} in {built:#?}")).clone()
}

/// The command `cargo hub-bench`.
pub fn hub_bench() -> PathBuf {
    static COMMAND: OnceLock<()> = OnceLock::new();
    COMMAND.get_or_init(|| {
        let manifest = fixtures_dir().join("../../bench-sdk/Cargo.toml");
        let mut command = cargo(&["build", "--bin", "cargo-hub-bench", "--features", "cli"]);
        // It hashes executables.
        command.args(["--config", "profile.dev.package.hmac-sha256.opt-level=3"]);
        let output = command.arg("--manifest-path").arg(manifest).output().expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the command does not build:\n{said}");
    });
    target_dir().join("debug/cargo-hub-bench")
}

fn build() -> Result<BTreeMap<Key, PathBuf>, String> {
    let mut command = cargo(&["test", "--workspace", "--lib", "--tests", "--benches"]);
    command.args(["--features", "bench", "--no-run", "--message-format", "json"]);
    let output = command.output().expect("cargo starts");
    let messages = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(rendered(&messages) + &String::from_utf8_lossy(&output.stderr));
    }
    let parsed = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    Ok(parsed.filter_map(|message: Value| artifact(&message)).collect())
}

fn artifact(message: &Value) -> Option<(Key, PathBuf)> {
    let executable = message["executable"].as_str()?;
    let target = &message["target"];
    let package = Path::new(message["manifest_path"].as_str()?).parent()?.file_name()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let key =
        (package.to_string_lossy().into_owned(), text(&target["kind"][0]), text(&target["name"]));
    Some((key, PathBuf::from(executable)))
}

/// What the compiler said, out of cargo's JSON.
fn rendered(messages: &str) -> String {
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    parsed.filter_map(|m| m["message"]["rendered"].as_str().map(str::to_owned)).collect()
}

/// The example hub's server, on a port of its own: the process, and its address without a path.
pub fn hub_api() -> (std::process::Child, String) {
    static SERVER: OnceLock<()> = OnceLock::new();
    SERVER.get_or_init(|| {
        let manifest = fixtures_dir().join("../../examples/hub/hub-api/Cargo.toml");
        let mut command = cargo(&["build", "--bin", "hub-api", "--manifest-path"]);
        let output = command.arg(manifest).output().expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the example hub does not build:\n{said}");
    });
    let mut command = Command::new(target_dir().join("debug/hub-api"));
    command.arg("127.0.0.1:0").stdout(std::process::Stdio::piped());
    let mut server = command.spawn().expect("the server starts");
    let mut said = std::io::BufReader::new(server.stdout.take().expect("it is piped"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).expect("it tells its address");
    let address = line.trim().trim_end_matches("/agents").to_owned();
    (server, address)
}
