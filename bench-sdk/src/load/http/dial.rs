//! Making connections.

use std::future::{Future, poll_fn};
use std::io;
use std::task::Poll;

use tokio::net::TcpStream;

use super::deadline::Deadline;
use super::exchange::Talk;
use super::failure::Failure;
use super::place::Place;
use super::stream::Stream;
use crate::load::request::RequestSample;

/// How connections are made.
#[derive(Clone, Debug)]
pub(crate) struct Dialer {
    #[cfg(feature = "load-tls")]
    tls: Option<super::tls::Tls>,
}

impl Dialer {
    /// Gets ready; with TLS where it may be needed, which `insecure` takes any certificate for.
    ///
    /// # Errors
    /// TLS is surely needed, and cannot be set up.
    pub(crate) fn new(needs_tls: bool, insecure: bool) -> Result<Self, String> {
        #[cfg(feature = "load-tls")]
        return match super::tls::Tls::new(insecure) {
            Ok(tls) => Ok(Self { tls: Some(tls) }),
            Err(error) if needs_tls => Err(error),
            // Redirects to it will fail.
            Err(_) => Ok(Self { tls: None }),
        };
        #[cfg(not(feature = "load-tls"))]
        {
            let _ = (needs_tls, insecure);
            Ok(Self {})
        }
    }

    /// Connects to a server, with TLS where its scheme has it; the times are added to `sample`.
    ///
    /// # Errors
    /// No connection, or time is up.
    pub(crate) async fn dial(
        &self,
        place: &Place,
        talk: &mut Talk,
        sample: &mut RequestSample,
    ) -> Result<Stream, Failure> {
        // Connecting is rare: in a box it does not make every virtual user larger.
        let connected = within(&mut talk.deadline, Box::pin(connect(place))).await;
        sample.connecting_ns += talk.lap();
        let stream = connected?;
        if !place.scheme.is_encrypted() {
            return Ok(Stream::Plain(stream));
        }
        let secured = self.secure(stream, &place.host);
        let secured = within(&mut talk.deadline, Box::pin(secured)).await;
        sample.tls_ns += talk.lap();
        secured
    }

    #[cfg(feature = "load-tls")]
    async fn secure(&self, stream: TcpStream, host: &str) -> Result<Stream, Failure> {
        let tls = self.tls.as_ref().ok_or_else(|| Failure::Tls("it is not set up".to_owned()))?;
        Ok(Stream::Tls(Box::new(tls.handshake(stream, host).await?)))
    }

    #[cfg(not(feature = "load-tls"))]
    #[expect(clippy::unused_async, reason = "as with the feature")]
    async fn secure(&self, _stream: TcpStream, _host: &str) -> Result<Stream, Failure> {
        Err(Failure::Tls("this executable was built without the feature `load-tls`".to_owned()))
    }
}

/// Tries the addresses of a server one after the other.
async fn connect(place: &Place) -> Result<TcpStream, Failure> {
    let mut last = Failure::NameNotFound(place.host.clone());
    for (at, address) in place.in_order() {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                place.prefer(at);
                set_up(&stream).map_err(|error| Failure::of_connecting(&error))?;
                return Ok(stream);
            }
            Err(error) => last = Failure::of_connecting(&error),
        }
    }
    Err(last)
}

fn set_up(stream: &TcpStream) -> io::Result<()> {
    match stream.set_nodelay(true) {
        // Closed already: reading will tell.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}

/// Waits for that, but no longer than the deadline.
async fn within<T>(
    deadline: &mut Deadline,
    mut waited: std::pin::Pin<Box<impl Future<Output = Result<T, Failure>>>>,
) -> Result<T, Failure> {
    poll_fn(|context| match waited.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(done),
        Poll::Pending => deadline.poll(context).map(|()| Err(Failure::ConnectTimeout)),
    })
    .await
}
