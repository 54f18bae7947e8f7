//! The hub's small neural network: a multilayer perceptron that sorts feature vectors into
//! classes.
//!
//! - [`activation`]: activation functions and softmax;
//! - [`network`]: layers, and inference for one example or a batch;
//! - [`train`]: backpropagation, one step or one epoch;
//! - [`quantize`]: weights in a few bits, for the way to another hub.
//!
//! Everything is generic over `f32` and `f64`.
#![forbid(unsafe_code)]

pub mod activation;
pub mod network;
pub mod quantize;
pub mod sample;
pub mod train;

mod benches;
mod scalar;

pub use activation::{Activation, softmax};
pub use network::{Network, NetworkError, forward, forward_batch};
pub use scalar::Scalar;
pub use train::{Examples, Training, train_epoch, train_step};
