//! The hub over TCP.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::api::Api;
use crate::http::{Parsed, Reply, parse_request, write_reply};

/// Answers whoever connects, for as long as the future is polled.
pub async fn serve(listener: TcpListener, api: Api) -> io::Result<()> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // A client that goes away is no failure of the hub's.
                tokio::spawn(answer(stream, api.clone()));
            }
            // One connection that failed, or none left: others are still served.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Answers the requests of one connection until it is closed.
async fn answer(mut stream: TcpStream, api: Api) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut received, mut sent) = (Vec::with_capacity(1024), Vec::with_capacity(1024));
    let mut keep = true;
    while keep {
        match parse_request(&received) {
            Ok(Parsed::Whole(request, length)) => {
                received.drain(..length);
                keep = request.keep;
                let (reply, work) = api.handle(&request);
                send(&mut stream, &mut sent, &reply).await?;
                if let Some(work) = work {
                    let api = api.clone();
                    tokio::spawn(async move { api.work(work) });
                }
            }
            Ok(Parsed::Partial) => keep = stream.read_buf(&mut received).await? > 0,
            Err(_) => {
                let body = "{\"error\":\"this is not a request\"}".to_owned();
                send(&mut stream, &mut sent, &Reply { status: 400, body }).await?;
                keep = false;
            }
        }
    }
    Ok(())
}

async fn send(stream: &mut TcpStream, bytes: &mut Vec<u8>, reply: &Reply) -> io::Result<()> {
    bytes.clear();
    write_reply(bytes, reply);
    stream.write_all(bytes).await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::client::Client;

    #[test]
    fn a_connection_is_used_again_and_garbage_is_refused() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(serve(listener, Api::new()));
            let mut client = Client::connect(address).await.unwrap();
            let ada = r#"{"name":"ada","capabilities":["code"]}"#;
            assert_eq!(client.send("POST", "/agents", ada).await.unwrap().status, 201);
            assert_eq!(client.send("GET", "/agents", "").await.unwrap().status, 200);
            assert_eq!(client.send("\0", "/", "").await.unwrap().status, 400);
            assert!(client.send("GET", "/agents", "").await.is_err());
        });
    }
}
