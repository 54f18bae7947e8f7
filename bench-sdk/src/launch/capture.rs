//! What a worker prints, kept for the case that breaks.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Bytes kept of what was printed last.
const KEPT_BYTES: usize = 8 * 1024;

/// The end of what a worker has printed, gathered while it runs.
#[derive(Clone, Default)]
pub(super) struct Tail(Arc<Mutex<VecDeque<u8>>>);

impl Tail {
    /// Drains a pipe on a thread of its own until it is closed.
    pub(super) fn drain(&self, mut pipe: impl Read + Send + 'static) -> JoinHandle<()> {
        let tail = self.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                match pipe.read(&mut buffer) {
                    Ok(0) => return,
                    Ok(count) => tail.push(&buffer[..count]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    // What a dead worker might still have said is not worth failing for.
                    Err(_) => return,
                }
            }
        })
    }

    fn push(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(bytes);
        let excess = kept.len().saturating_sub(KEPT_BYTES);
        kept.drain(..excess);
    }

    /// Takes what is kept, as text.
    pub(super) fn take(&self) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.drain(..).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_kept() {
        let tail = Tail::default();
        let text = "x".repeat(50_000) + "the end";
        let thread = tail.drain(std::io::Cursor::new(text.into_bytes()));
        assert!(thread.join().is_ok());
        let kept = tail.take();
        assert!(kept.len() == KEPT_BYTES && kept.ends_with("the end"));
        assert_eq!(tail.take(), "");
    }
}
