//! The bytes of a connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection with or without TLS.
pub(crate) enum Stream {
    /// Without.
    Plain(TcpStream),
    /// With it.
    #[cfg(feature = "load-tls")]
    Tls(Box<super::tls::TlsStream>),
}

impl Stream {
    /// Writes what fits.
    pub(crate) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            #[cfg(feature = "load-tls")]
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }

    /// Sends on what was written and is kept back; of plain connections nothing is.
    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        #[cfg(feature = "load-tls")]
        if let Self::Tls(stream) = self {
            return Pin::new(stream.as_mut()).poll_flush(context);
        }
        let _ = context;
        Poll::Ready(Ok(()))
    }

    /// Reads what there is. A read that does not fill the buffer tells the runtime that nothing is
    /// left, so that the next one waits for news without asking the kernel.
    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            #[cfg(feature = "load-tls")]
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }

    /// Ready when there may be something to read; else wakes then.
    pub(crate) fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        let stream = match self {
            Self::Plain(stream) => stream,
            #[cfg(feature = "load-tls")]
            Self::Tls(stream) => stream.get_ref().0,
        };
        stream.poll_read_ready(context).map(drop)
    }

    /// Whether nothing came while nothing was expected: neither bytes nor the end. Asks the kernel
    /// only where something did.
    pub(crate) fn is_quiet(&self, context: &mut Context<'_>) -> bool {
        match self {
            Self::Plain(stream) => {
                let mut byte = [0];
                stream.poll_read_ready(context).is_pending()
                    || matches!(stream.try_read(&mut byte),
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock)
            }
            // Tickets for later sessions may come at any time.
            #[cfg(feature = "load-tls")]
            Self::Tls(_) => true,
        }
    }
}
