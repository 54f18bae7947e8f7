//! Serves a hub: `hub-api [ADDRESS]`, by default on port 8080 of this machine.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use hub_api::{Api, serve};
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    match run(&address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(address: &str) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("http://{}/agents", listener.local_addr()?);
        serve(listener, Api::new()).await
    })
}
