//! Load tests of the interface, against a hub that listens on this machine while they run:
//! `cargo hub-bench load api_create_agent`.

use std::io;
#[bench_only]
use std::net::SocketAddr;
use std::time::Duration;

use bench_sdk::{Vu, bench_only, hub_bench};
#[bench_only]
use tokio::net::TcpListener;

#[bench_only]
use crate::api::Api;
use crate::client::Client;
#[bench_only]
use crate::server::serve;

/// Starts a hub with twenty agents on a port of its own; it runs until the load test ends.
#[bench_only]
async fn start_hub() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, Api::new()));
    let mut client = Client::connect(address).await?;
    for number in 0..20 {
        let body = format!(r#"{{"name":"founder-{number}","capabilities":["plan"]}}"#);
        client.expect(201, ("POST", "/agents", &body)).await?;
    }
    Ok(address)
}

/// Each virtual user keeps a connection.
#[bench_only]
async fn connect(_: &Vu, hub: &SocketAddr) -> io::Result<Client> {
    Client::connect(*hub).await
}

/// Newcomers arrive at a steady rate, whether or not the hub keeps up.
#[hub_bench(
    setup = start_hub,
    vu_setup = connect,
    tags = ["write"],
    load(
        executor = "constant-arrival-rate",
        rate = 2_000,
        duration = "10s",
        pre_allocated_vus = 50,
        max_vus = 500,
        thresholds = ["response: p(99) < 50ms", "http_req_failed: rate < 0.01"],
    ),
)]
async fn api_create_agent(vu: Vu, client: &mut Client) -> io::Result<()> {
    let number = vu.iteration_in_scenario();
    let body = format!(r#"{{"name":"agent-{number}","capabilities":["code","review"]}}"#);
    let request = client.expect(201, ("POST", "/agents", &body));
    let reply = vu.request("create_agent", request).await?;
    vu.check("has an id", reply.body.contains("\"id\":"));
    Ok(())
}

/// Visitors who look at the list again and again.
#[hub_bench(
    setup = start_hub,
    vu_setup = connect,
    tags = ["read"],
    load(
        executor = "constant-vus",
        vus = 50,
        duration = "10s",
        thresholds = ["http_req_duration: p(95) < 50ms", "checks: rate > 0.99"],
    ),
)]
async fn api_list(vu: Vu, client: &mut Client) -> io::Result<()> {
    let reply = vu.request("list_agents", client.expect(200, ("GET", "/agents", ""))).await?;
    vu.check("shows twenty", reply.body.matches("\"name\":").count() == 20);
    Ok(())
}

/// A task from submission to its result, as an application waits for it.
#[hub_bench(
    setup = start_hub,
    vu_setup = connect,
    tags = ["write"],
    load(
        executor = "ramping-vus",
        stages = [("5s", 20), ("10s", 20), ("5s", 0)],
        thresholds = ["until_done: p(95) < 200ms"],
    ),
)]
async fn api_run_task(vu: Vu, client: &mut Client) -> io::Result<()> {
    let body = r#"{"kind":"index","text":"The queue grows. Nobody empties the queue."}"#;
    let submitted = std::time::Instant::now();
    let submit = client.expect(202, ("POST", "/tasks", body));
    let reply = vu.request("submit_task", submit).await?;
    let number = reply.body.trim_matches(|c: char| !c.is_ascii_digit());
    let path = format!("/tasks/{number}");
    loop {
        let reply = vu.request("task_status", client.expect(200, ("GET", &path, ""))).await?;
        if reply.body.contains("\"done\"") {
            break;
        }
        vu.sleep(Duration::from_millis(5)).await;
    }
    vu.trend_duration("until_done", submitted.elapsed());
    Ok(())
}
