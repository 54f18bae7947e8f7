//! Networks and examples of any size, for tests, demonstrations and benchmarks.

use ndarray::{Array1, Array2};

use crate::activation::Activation;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::train::Examples;

/// Numbers between -1 and 1, always the same ones.
pub fn values<T: Scalar>(count: usize) -> Vec<T> {
    let mut rng = fastrand::Rng::with_seed(count as u64);
    std::iter::repeat_with(|| T::of(rng.f64() * 2.0 - 1.0)).take(count).collect()
}

/// An untrained network with one hidden layer as wide as its input, and eight classes.
pub fn network<T: Scalar>(width: usize) -> Network<T> {
    let widths = [width.max(1), width.max(1), 8];
    // Three layers, none of them empty: nothing can be refused.
    Network::new(&widths, Activation::Tanh, 42).unwrap_or(Network { layers: Vec::new() })
}

/// An untrained network of 64 features.
pub fn classifier<T: Scalar>() -> Network<T> {
    network(64)
}

/// A feature vector for a network.
pub fn features<T: Scalar>(network: &Network<T>) -> Array1<T> {
    Array1::from(values(network.features()))
}

/// Rows of features, always the same ones.
pub fn rows<T: Scalar>(count: usize, features: usize) -> Array2<T> {
    let mut values = values(count * features).into_iter();
    Array2::from_shape_simple_fn((count, features), || values.next().unwrap_or_else(T::zero))
}

/// Examples for a network, with the classes in turn.
pub fn examples<T: Scalar>(network: &Network<T>, count: usize) -> Examples<T> {
    let count = count.max(1);
    let labels = (0..count).map(|row| row % network.classes().max(1));
    Examples::unchecked(rows(count, network.features()), labels.collect())
}
