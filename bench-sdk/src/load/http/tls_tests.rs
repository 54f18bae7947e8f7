//! Requests and round trips over TLS, to a server whose certificate certifies itself.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Tls;
use crate::load::http::fixture::{run, server};
use crate::load::http::{HttpOptions, HttpTarget};
use crate::record::load::RequestPlan;

const FIXTURE: &[u8] = include_bytes!("tls_fixture.pem");

/// A server that answers every request of a connection over TLS.
fn encrypted() -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(FIXTURE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(FIXTURE).expect("a key");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate], key));
    let config = Arc::new(config.expect("a server"));
    server(move |_, connection| {
        let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        let stream = connection.stream.try_clone().expect("a copy");
        let mut stream = StreamOwned::new(session, stream);
        let mut text = Vec::new();
        let mut piece = [0; 1024];
        while let Ok(count @ 1..) = stream.read(&mut piece) {
            text.extend_from_slice(&piece[..count]);
            if text.ends_with(b"\r\n\r\n") {
                text.clear();
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                if stream.write_all(answer).and_then(|()| stream.flush()).is_err() {
                    return;
                }
            }
        }
    })
}

#[test]
fn any_certificate_is_taken_where_that_was_asked_for() {
    let base = format!("https://localhost:{}", encrypted().port());
    let options = HttpOptions { insecure: true, ..HttpOptions::default() };
    let came = run(&[RequestPlan::get("/")], &base, options, 5);
    assert_eq!(came.kinds(), ["passed"; 5]);
    assert!(came.sum("http_req_tls_handshaking") > 0);
    assert_eq!(came.sum("http_req_failed"), 0);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_a_failure_with_its_remedy() {
    if Tls::new(false, false).is_err() {
        // This machine trusts nobody; there is nothing to hold certificates against.
        return;
    }
    let base = format!("https://localhost:{}", encrypted().port());
    let came = run(&[RequestPlan::get("/")], &base, HttpOptions::default(), 1);
    assert_eq!(came.kinds(), ["tls"]);
    let words = format!("{:?}", came.outcomes);
    assert!(words.contains("--insecure"), "{words}");
    assert!(came.rest_ns > 0);
}

#[test]
fn a_server_without_tls_is_a_failure() {
    let plain = server(|_, connection| {
        connection.send(b"HTTP/1.1 400 Bad\r\n\r\n");
    });
    let options = HttpOptions { insecure: true, ..HttpOptions::default() };
    let came = run(&[RequestPlan::get("/")], &format!("https://{plain}"), options, 1);
    assert_eq!(came.kinds(), ["tls"]);
}

#[test]
fn https_is_accepted_as_an_address() {
    let options = HttpOptions { insecure: true, ..HttpOptions::default() };
    assert!(HttpTarget::open(&[RequestPlan::get("https://127.0.0.1/")], None, options).is_ok());
}
