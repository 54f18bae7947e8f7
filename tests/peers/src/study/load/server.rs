//! Servers that load is put on.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::failure::{Context, Failure, Result};
use crate::fixture::hyper_server;
use crate::ground::{Ground, empty_folder};

/// A server on the second processor, which answers everything with 200 and three bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Nginx,
    Hyper,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Hyper => "hyper",
        }
    }
}

/// One that runs until it is dropped.
pub(super) struct Server {
    process: Child,
    pub(super) kind: Kind,
    pub(super) address: String,
}

impl Server {
    pub(super) fn start(kind: Kind, ground: &Ground) -> Result<Self> {
        let free =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let port = free.context(|| "finding a free port".to_owned())?.port();
        let mut command = Command::new("taskset");
        command.args(["-c", "1"]);
        match kind {
            Kind::Nginx => {
                let folder = ground.work.join("nginx");
                empty_folder(&folder)?;
                let file = folder.join("nginx.conf");
                fs::write(&file, nginx_conf(&folder, port))
                    .context(|| format!("writing {}", file.display()))?;
                command.args(["nginx", "-p"]).arg(&folder).arg("-c").arg(&file);
            }
            Kind::Hyper => {
                let server = hyper_server(ground)?.binary("hyper-server", &[])?;
                command.arg(server).arg(port.to_string());
            }
        }
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let process = process.context(|| format!("starting taskset and {}", kind.name()))?;
        let server = Self { process, kind, address: format!("http://127.0.0.1:{port}/") };
        for _ in 0..100 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(server);
            }
            sleep(Duration::from_millis(50));
        }
        Err(Failure::new(format!("{} does not answer; is it installed?", kind.name())))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The master of nginx ends its worker when it is asked to, not when it is killed.
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn nginx_conf(folder: &Path, port: u16) -> String {
    let shown = folder.display();
    format!(
        "worker_processes 1;\nworker_rlimit_nofile 30000;\ndaemon off;\npid {shown}/pid;\n\
         error_log {shown}/error.log;\nevents {{ worker_connections 20000; }}\n\
         http {{\n  access_log off;\n  keepalive_requests 1000000000;\n  server {{\n    \
         listen 127.0.0.1:{port} backlog=4096;\n    \
         location / {{ return 200 \"ok\\n\"; }}\n  }}\n}}\n"
    )
}

/// A server that answers at once, but for the first second of every ten.
pub(super) fn stalling() -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.context(|| "opening a port".to_owned())?;
    let address = listener.local_addr().context(|| "asking for a port".to_owned())?;
    let started = Instant::now();
    spawn(move || {
        for stream in listener.incoming().flatten() {
            spawn(move || answer(stream, started));
        }
    });
    Ok(format!("http://{address}/"))
}

/// Length of a stall, and from one to the next.
pub(super) const STALL: Duration = Duration::from_secs(1);
pub(super) const EVERY: Duration = Duration::from_secs(10);

fn answer(mut stream: TcpStream, started: Instant) {
    let mut bytes = [0; 4096];
    let mut read = 0;
    loop {
        match stream.read(&mut bytes[read..]) {
            Ok(more) if more > 0 => read += more,
            _ => return,
        }
        while let Some(end) = bytes[..read].windows(4).position(|four| four == b"\r\n\r\n") {
            bytes.copy_within(end + 4..read, 0);
            read -= end + 4;
            let into = started.elapsed().as_nanos() % EVERY.as_nanos();
            if into < STALL.as_nanos() {
                sleep(STALL.saturating_sub(Duration::from_nanos(into as u64)));
            }
            if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
                return;
            }
        }
    }
}
