//! Connections: a thread for each.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::address::ServeAddress;
use super::events::{EventStream, OPENING};
use super::request::{Refusal, Request, Wanted, read_request};
use super::response::{Kind, answer, head, refused};
use crate::clock::Stopwatch;
use crate::store::RunStore;

/// Connections that are open at once; a page holds one for its events.
const MOST_CONNECTIONS: usize = 64;
/// The longest head of a request that is read.
const LONGEST_HEAD: usize = 16 * 1024;
/// How long a client may take to ask, and to take what it asked for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one may take to hear that it is refused.
const GOODBYE: Duration = Duration::from_secs(1);
/// How often the run is looked at.
const EVERY: Duration = Duration::from_millis(250);

/// How long nothing is accepted after something could not be.
const PAUSE: Duration = Duration::from_millis(50);

/// What is served.
pub(crate) struct Served<P> {
    pub(crate) store: RunStore,
    /// Makes the page, or says why there is none.
    pub(crate) page: P,
}

/// Serves until the process ends; `ready` is told the address first. An error says that nothing was
/// served.
pub(crate) fn serve<P>(
    address: ServeAddress,
    served: Served<P>,
    ready: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> io::Result<()>
where
    P: Fn() -> Result<String, String> + Send + Sync + 'static,
{
    let listener = TcpListener::bind(address.socket())?;
    let own = listener.local_addr()?;
    ready(own)?;
    let served = Arc::new(served);
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let Some(stream) = next_connection(&listener) else { continue };
        let ticket = Ticket::take(&open);
        let before = ticket.before;
        if before >= 2 * MOST_CONNECTIONS {
            // Not even refused: that takes a thread, too.
            continue;
        }
        let served = Arc::clone(&served);
        let answered = move || {
            let _ticket = ticket;
            // Whoever does not listen any more needs to be told nothing.
            let _ = if before < MOST_CONNECTIONS {
                attend(&stream, own, &served)
            } else {
                refuse(&stream, Refusal::Busy)
            };
        };
        // Without a thread the connection is closed, as for any other reason.
        let _ = thread::Builder::new().name("connection".to_owned()).spawn(answered);
    }
}

/// The next connection. A client that went away before it was answered is no reason to stop, and
/// neither is a lack of file numbers; but what is lacking is not there at once.
fn next_connection(listener: &TcpListener) -> Option<TcpStream> {
    let accepted = listener.accept();
    if accepted.is_err() {
        thread::sleep(PAUSE);
    }
    accepted.ok().map(|(stream, _)| stream)
}

/// A place among the connections; given back with the value.
struct Ticket {
    open: Arc<AtomicUsize>,
    /// How many had one before.
    before: usize,
}

impl Ticket {
    fn take(open: &Arc<AtomicUsize>) -> Self {
        Self { open: Arc::clone(open), before: open.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Reads one request and answers it.
fn attend<P>(stream: &TcpStream, own: SocketAddr, served: &Served<P>) -> io::Result<()>
where
    P: Fn() -> Result<String, String>,
{
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    match request(stream, own)? {
        Err(refusal) => refuse(stream, refusal),
        Ok(Request { is_head, wanted: Wanted::Events }) => {
            send(stream, head("200 OK", Kind::Events, None).as_bytes())?;
            if is_head { Ok(()) } else { stream_events(stream, served) }
        }
        Ok(Request { is_head, wanted: Wanted::Page }) => {
            let (status, kind, body) = match (served.page)() {
                Ok(page) => ("200 OK", Kind::Html, page),
                Err(why) => ("500 Internal Server Error", Kind::Text, format!("{why}\n")),
            };
            send(stream, &answer(status, kind, body.as_bytes(), is_head))
        }
        Ok(Request { is_head, wanted: Wanted::Run(id) }) => match served.store.text(&id) {
            Ok(Some(bytes)) => send(stream, &answer("200 OK", Kind::Json, &bytes, is_head)),
            Ok(None) => {
                let words = b"there is no run of that id\n";
                send(stream, &answer(Refusal::NotFound.status(), Kind::Text, words, is_head))
            }
            Err(error) => {
                let words = format!("{error}\n");
                let status = "500 Internal Server Error";
                send(stream, &answer(status, Kind::Text, words.as_bytes(), is_head))
            }
        },
    }
}

/// The request of a connection, or why there is none.
fn request(mut stream: &TcpStream, own: SocketAddr) -> io::Result<Result<Request, Refusal>> {
    let mut bytes = Vec::with_capacity(1_024);
    let mut chunk = [0; 1_024];
    let watch = Stopwatch::start();
    loop {
        let count = stream.read(&mut chunk)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..count]);
        match read_request(&bytes, own) {
            Ok(None) if bytes.len() >= LONGEST_HEAD => return Ok(Err(Refusal::TooLong)),
            Ok(None) if watch.elapsed() > PATIENCE => return Err(io::ErrorKind::TimedOut.into()),
            Ok(None) => {}
            Ok(Some(request)) => return Ok(Ok(request)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
}

/// Sends what is told until the client is gone.
fn stream_events<P>(stream: &TcpStream, served: &Served<P>) -> io::Result<()> {
    // Before the client hears that it is heard: nothing that begins from then on is missed.
    let mut events = EventStream::of(served.store.results_dir());
    send(stream, OPENING.as_bytes())?;
    stream.set_read_timeout(Some(EVERY))?;
    loop {
        let text = events.next()?;
        if !text.is_empty() {
            send(stream, text.as_bytes())?;
        }
        wait_or_end(stream)?;
    }
}

/// Waits a little; an error where the client has closed the connection meanwhile.
fn wait_or_end(mut stream: &TcpStream) -> io::Result<()> {
    match stream.read(&mut [0; 256]) {
        // The end, or a second question, which this connection is not for.
        Ok(_) => Err(io::ErrorKind::UnexpectedEof.into()),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) =>
        {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Refuses, and lets go of a connection on which something may still be on its way: closed at once, the
/// answer would be thrown away with it.
fn refuse(mut stream: &TcpStream, refusal: Refusal) -> io::Result<()> {
    stream.set_write_timeout(Some(GOODBYE))?;
    stream.set_read_timeout(Some(EVERY))?;
    send(stream, &refused(refusal))?;
    stream.shutdown(Shutdown::Write)?;
    let watch = Stopwatch::start();
    let mut chunk = [0; 4_096];
    while watch.elapsed() < GOODBYE && stream.read(&mut chunk)? > 0 {}
    Ok(())
}

fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_accepted_is_not_tried_again_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let watch = Stopwatch::start();
        assert!(next_connection(&listener).is_none());
        assert!(watch.elapsed() >= PAUSE);
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let accepted = (0..100).find_map(|_| next_connection(&listener));
        assert_eq!(accepted.unwrap().peer_addr().unwrap(), client.local_addr().unwrap());
    }
}
