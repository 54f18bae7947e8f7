//! A client of the hub: one connection, one request at a time.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::{Parsed, Reply, parse_reply, write_request};

/// A connection to a hub.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, sent: Vec::new(), received: Vec::new() })
    }

    /// Sends a request and waits for its reply, whatever its status.
    pub async fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<Reply> {
        self.sent.clear();
        write_request(&mut self.sent, method, path, body);
        self.stream.write_all(&self.sent).await?;
        self.received.clear();
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match parse_reply(&self.received) {
                Ok(Parsed::Whole(reply, _)) => return Ok(reply),
                Ok(Parsed::Partial) => {}
                Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }

    /// The same, where anything but that status is an error.
    pub async fn expect(
        &mut self,
        status: u16,
        (method, path, body): (&str, &str, &str),
    ) -> io::Result<Reply> {
        let reply = self.send(method, path, body).await?;
        if reply.status == status {
            return Ok(reply);
        }
        Err(io::Error::other(format!("{method} {path}: status {}", reply.status)))
    }
}
