//! How a connection of HTTP becomes one of WebSocket: RFC 6455, section 4.

use crate::load::http::address::base64;
use crate::load::http::failure::Failure;

/// Bytes that the head of the answer may take.
const HEAD_BYTES: usize = 64 << 10;
const HEADERS: usize = 64;

/// The headers that ask for WebSocket, with a key of these random bytes.
pub(crate) struct Ask {
    key: String,
}

impl Ask {
    /// With a key of its own.
    pub(crate) fn new(random: [u8; 16]) -> Self {
        Self { key: base64(&random) }
    }

    /// Adds the headers, and ends the head.
    pub(crate) fn finish(&self, head: &mut Vec<u8>) {
        head.extend_from_slice(
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
              Sec-WebSocket-Key: ",
        );
        head.extend_from_slice(self.key.as_bytes());
        head.extend_from_slice(b"\r\n\r\n");
    }

    /// Takes the answer: how long its head is, or nothing where it is not complete yet.
    ///
    /// # Errors
    /// It is no, or something else.
    pub(crate) fn answered(&self, bytes: &[u8]) -> Result<Option<usize>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(bytes);
        let parsed =
            parsed.map_err(|_| Failure::Protocol("the answer to the handshake is none"))?;
        let httparse::Status::Complete(length) = parsed else {
            let is_too_long = bytes.len() > HEAD_BYTES;
            return if is_too_long {
                Err(Failure::Protocol("its head is endless"))
            } else {
                Ok(None)
            };
        };
        let status = response.code.unwrap_or(0);
        if status != 101 {
            return Err(Failure::Status(status));
        }
        let accept = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("sec-websocket-accept"));
        if accept.is_none_or(|accept| accept.value.trim_ascii() != self.accepted().as_bytes()) {
            return Err(Failure::Protocol("the handshake is not accepted as RFC 6455 asks"));
        }
        Ok(Some(length))
    }

    fn accepted(&self) -> String {
        accepted(&self.key)
    }
}

/// What a server answers to that key.
pub(crate) fn accepted(key: &str) -> String {
    const NAMESPACE: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    base64(&sha1_smol::Sha1::from(format!("{key}{NAMESPACE}")).digest().bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_accepted_as_in_the_example_of_rfc_6455() {
        assert_eq!(accepted("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        let ask = Ask::new(*b"the sample nonce");
        let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        assert_eq!(ask.answered(answer.as_bytes()), Ok(Some(answer.len())));
        assert_eq!(ask.answered(&answer.as_bytes()[..40]), Ok(None));
        let other = answer.replace("s3pP", "s3pQ");
        assert!(matches!(ask.answered(other.as_bytes()), Err(Failure::Protocol(_))));
        assert_eq!(ask.answered(b"HTTP/1.1 403 No\r\n\r\n"), Err(Failure::Status(403)));
    }
}
