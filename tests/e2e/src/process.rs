//! Processes, seen from outside.

use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Ids of the live processes that carry that text in their arguments or their environment.
pub fn processes_with(marker: &str) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let carries = |pid: &u32| {
        let read = |file| std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let has = |bytes: Vec<u8>| bytes.windows(marker.len()).any(|at| at == marker.as_bytes());
        *pid != std::process::id() && (has(read("cmdline")) || has(read("environ")))
    };
    pids.filter(carries).collect()
}

/// Sends a signal to a process that this test has started.
pub fn send_signal(child: &Child, signal: i32) {
    let pid = libc::pid_t::try_from(child.id()).expect("process ids fit");
    // SAFETY: `kill` touches no memory; the process is a child that was not waited for yet.
    unsafe { libc::kill(pid, signal) };
}

/// Waits until something holds; whether it did before the limit.
pub fn until(limit: Duration, holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if holds() {
            return true;
        }
        sleep(Duration::from_millis(5));
    }
    holds()
}

/// Waits for a child; `None`, and the child is killed, if it outlasts the limit.
pub fn wait_for_exit(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return Some(status);
        }
        sleep(Duration::from_millis(5));
    }
    child.kill().expect("the child can be killed");
    child.wait().expect("the child can be waited for");
    None
}
