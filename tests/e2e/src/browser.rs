//! A Chromium without a window, driven through the pipes of its protocol for developers' tools.
//!
//! Chromium reads commands from descriptor 3 and answers on descriptor 4, each message ended by a
//! zero byte: <https://chromedevtools.github.io/devtools-protocol/>. That is little enough to need no
//! crate.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write, pipe};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// No answer takes longer than that.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page; gone with the value.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    commands: PipeWriter,
    answers: Receiver<Value>,
    profile: PathBuf,
    session: Option<String>,
    last_id: u64,
    events: Vec<Value>,
    server: Option<String>,
}

/// The browser of this machine; a missing one is told, or fails the test where it is required.
pub fn chromium() -> Option<PathBuf> {
    let told = std::env::var_os("HUB_BENCH_CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let places = std::env::split_paths(&path).flat_map(|at| names.map(|name| at.join(name)));
    let found = told.into_iter().chain(places).find(|file| file.is_file());
    let required = std::env::var("HUB_BENCH_REQUIRE").is_ok_and(|list| list.contains("browser"));
    assert!(
        found.is_some() || !required,
        "HUB_BENCH_REQUIRE asks for a browser, and none is found"
    );
    if found.is_none() {
        println!("skipped: no Chromium found, install chromium or set HUB_BENCH_CHROMIUM");
    }
    found
}

impl Browser {
    /// Starts the browser with an empty page of that size.
    pub fn start(chromium: &Path, (width, height): (u32, u32)) -> Self {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("hub-bench-chromium-{}-{number}", std::process::id());
        let profile = std::env::temp_dir().join(name);
        let (its_commands, commands) = pipe().expect("a pipe");
        let (answers, its_answers) = pipe().expect("a pipe");
        let child = spawn(chromium, &profile, &its_commands, &its_answers);
        drop((its_commands, its_answers));
        let answers = listen(answers);
        let (session, events, server) = (None, Vec::new(), None);
        let mut browser =
            Self { child, commands, answers, profile, session, last_id: 0, events, server };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", &attach);
        browser.session = attached["sessionId"].as_str().map(Into::into);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser.resize((width, height));
        browser
    }

    /// Opens a file, with that fragment, and waits until its program says that it is ready.
    pub fn open(&mut self, file: &Path, fragment: &str) {
        // Another fragment of the same page would not load it anew.
        self.call("Page.navigate", &json!({ "url": "about:blank" }));
        let url = format!("file://{}{fragment}", file.display());
        self.call("Page.navigate", &json!({ "url": url }));
        self.wait_for("document.documentElement?.dataset.ready !== undefined");
    }

    /// Opens a page of a server; what it asks of that server is no complaint.
    pub fn open_url(&mut self, url: &str) {
        self.server = Some(url.to_owned());
        self.call("Page.navigate", &json!({ "url": url }));
        self.wait_for("document.documentElement?.dataset.ready !== undefined");
    }

    /// Makes the window another size.
    pub fn resize(&mut self, (width, height): (u32, u32)) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true });
        let answer = self.call("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression in the page is true.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.evaluate(expression) != true {
            assert!(start.elapsed() < PATIENCE, "never true: {expression}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses a key of that name.
    pub fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", &json!({ "type": kind, "key": key, "code": key }));
        }
    }

    /// Has the system ask for `light` or `dark`.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// What went wrong so far, or was asked of the network: exceptions, errors and warnings of the
    /// console, requests for anything but files and what is made in the page.
    pub fn complaints(&mut self) -> Vec<String> {
        self.evaluate("new Promise((done) => setTimeout(done, 50))");
        let complaint = |event: &Value| {
            let parameters = &event["params"];
            let is_bad = match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" | "Network.webSocketCreated" => true,
                "Runtime.consoleAPICalled" => parameters["type"] != "log",
                "Log.entryAdded" => parameters["entry"]["level"] != "verbose",
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str().unwrap_or_default();
                    let server = self.server.as_deref().unwrap_or("file:");
                    ![server, "file:", "data:", "blob:", "about:"]
                        .iter()
                        .any(|kind| url.starts_with(kind))
                }
                _ => false,
            };
            is_bad.then(|| event.to_string())
        };
        self.events.iter().filter_map(complaint).collect()
    }

    /// What the browser asked for since it was started.
    pub fn requests(&self) -> Vec<String> {
        let sent =
            self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|event| event["params"]["request"]["url"].as_str().unwrap_or_default());
        urls.filter(|url| !url.starts_with("about:")).map(Into::into).collect()
    }

    /// Sends a command and waits for its answer; events that come meanwhile are kept.
    #[track_caller]
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last_id += 1;
        let mut command = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.commands.write_all(&bytes).expect("the browser listens");
        loop {
            let message = self.answers.recv_timeout(PATIENCE);
            let message = message.unwrap_or_else(|error| panic!("{method}: {error}"));
            if message["id"] == self.last_id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends by itself when its pipe closes; this is for one that hangs.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn spawn(chromium: &Path, profile: &Path, commands: &PipeReader, answers: &PipeWriter) -> Child {
    let mut command = Command::new(chromium);
    command.args(["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"]);
    // Root, and containers with little shared memory, are where tests run.
    command.args(["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--disable-sync", "--hide-scrollbars"]);
    command.arg(format!("--user-data-dir={}", profile.display())).arg("about:blank");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (commands, answers) = (commands.as_raw_fd(), answers.as_raw_fd());
    let take_over = move || {
        // Copies out of the way first: either may be one of the two that are given away.
        // SAFETY: these calls touch no memory, and may be made between fork and exec.
        let done = unsafe {
            let commands = libc::fcntl(commands, libc::F_DUPFD, 10);
            let answers = libc::fcntl(answers, libc::F_DUPFD, 10);
            libc::dup2(commands, 3) == 3 && libc::dup2(answers, 4) == 4
        };
        if done { Ok(()) } else { Err(std::io::Error::last_os_error()) }
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe { command.pre_exec(take_over) };
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", chromium.display()))
}

/// Reads messages in a thread of their own, so that waiting for one can end.
fn listen(answers: PipeReader) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(answers);
        let mut bytes = Vec::new();
        while reader.read_until(0, &mut bytes).is_ok_and(|count| count > 0) {
            bytes.pop();
            let Ok(message) = serde_json::from_slice(&bytes) else { break };
            bytes.clear();
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}
