//! What the functions that `setup` and `vu_setup` name return: a state, or a `Result` of one.
//!
//! Which of the two is asked of the type, as `bencher::probe` asks.

use std::any::type_name;
use std::cell::Cell;
use std::fmt::Debug;

/// What such a function returned.
pub struct Made<T>(Cell<Option<T>>);

impl<T> Made<T> {
    /// Wraps it.
    pub fn new(made: T) -> Self {
        Self(Cell::new(Some(made)))
    }

    fn taken(&self) -> Result<T, String> {
        self.0.take().ok_or_else(|| "the state was taken before".to_owned())
    }
}

/// A `Result` is the state in it, or the end of the run.
pub trait MayFail {
    /// The state.
    type State;

    /// The state, or why there is none.
    fn take(&self) -> Result<Self::State, String>;
}

impl<T, E: Debug> MayFail for &&Made<Result<T, E>> {
    type State = T;

    fn take(&self) -> Result<T, String> {
        self.taken()?.map_err(|error| format!("{error:?}"))
    }
}

impl<T, E> MayFail for &Made<Result<T, E>> {
    type State = T;

    fn take(&self) -> Result<T, String> {
        self.taken()?.map_err(|_| format!("an error of type {}", type_name::<E>()))
    }
}

/// Everything else is the state itself.
pub trait IsMade {
    /// The state.
    type State;

    /// The state.
    fn take(&self) -> Result<Self::State, String>;
}

impl<T> IsMade for Made<T> {
    type State = T;

    fn take(&self) -> Result<T, String> {
        self.taken()
    }
}

/// A state that all virtual users share, on whatever thread they are.
pub fn shared<S: Send + Sync + 'static>(made: Result<S, String>) -> Result<S, String> {
    made
}

/// The state of those that have none.
pub fn nothing() -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Made;

    macro_rules! taken {
        ($made:expr) => {{
            #[allow(unused_imports, reason = "each call picks one of the two")]
            use super::{IsMade as _, MayFail as _};
            (&&&Made::new($made)).take()
        }};
    }

    struct Opaque;

    #[test]
    fn a_value_is_the_state() {
        assert_eq!(taken!(3), Ok(3));
        assert_eq!(taken!(Some(3)), Ok(Some(3)));
    }

    #[test]
    fn a_result_is_the_state_in_it_or_a_failure() {
        assert_eq!(taken!(Ok::<_, u8>(3)), Ok(3));
        assert_eq!(taken!(Err::<u8, _>("no server")), Err("\"no server\"".to_owned()));
        let opaque = taken!(Err::<u8, _>(Opaque));
        assert!(opaque.is_err_and(|words| words.ends_with("Opaque")));
    }
}
