//! Layers, and inference through them.

use std::fmt;

use bench_sdk::hub_bench;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::activation::{Activation, softmax};
use crate::scalar::Scalar;

/// One fully connected layer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dense<T> {
    /// One row for each input, one column for each output.
    pub(crate) weights: Array2<T>,
    pub(crate) bias: Array1<T>,
    pub(crate) activation: Activation,
}

impl<T: Scalar> Dense<T> {
    /// Weights small enough, by the number of neighbours, for signals to keep their size (Glorot
    /// and Bengio's uniform initialisation).
    fn random(width: (usize, usize), activation: Activation, rng: &mut fastrand::Rng) -> Self {
        let limit = (6.0 / (width.0 + width.1) as f64).sqrt();
        let weights =
            Array2::from_shape_simple_fn(width, || T::of((rng.f64() * 2.0 - 1.0) * limit));
        Self { weights, bias: Array1::zeros(width.1), activation }
    }

    /// The outputs for a batch, one example a row.
    pub(crate) fn forward(&self, inputs: &ArrayView2<'_, T>) -> Array2<T> {
        let mut outputs = inputs.dot(&self.weights);
        outputs += &self.bias;
        let activation = self.activation;
        outputs.mapv_inplace(|sum| activation.apply(sum));
        outputs
    }
}

/// A multilayer perceptron that sorts feature vectors into classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<T> {
    pub(crate) layers: Vec<Dense<T>>,
}

impl<T: Scalar> Network<T> {
    /// An untrained network: `widths` lists features, hidden layers and classes. The same seed
    /// gives the same network.
    pub fn new(widths: &[usize], hidden: Activation, seed: u64) -> Result<Self, NetworkError> {
        if widths.len() < 2 {
            return Err(NetworkError::TooFewLayers(widths.len()));
        }
        if let Some(layer) = widths.iter().position(|&width| width == 0) {
            return Err(NetworkError::EmptyLayer(layer));
        }
        let mut rng = fastrand::Rng::with_seed(seed);
        let last = widths.len() - 2;
        let layers = widths.windows(2).enumerate().map(|(position, pair)| {
            let activation = if position == last { Activation::Identity } else { hidden };
            Dense::random((pair[0], pair[1]), activation, &mut rng)
        });
        Ok(Self { layers: layers.collect() })
    }

    /// How many features an example has.
    pub fn features(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.weights.nrows())
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.weights.ncols())
    }

    /// How many numbers training adjusts.
    pub fn parameters(&self) -> usize {
        let sizes = self.layers.iter();
        sizes.map(|layer| layer.weights.len() + layer.bias.len()).sum()
    }

    pub(crate) fn check_features(&self, found: usize) -> Result<(), NetworkError> {
        let expected = self.features();
        if found == expected {
            Ok(())
        } else {
            Err(NetworkError::WrongFeatures { expected, found })
        }
    }

    fn logits(&self, inputs: &ArrayView2<'_, T>) -> Array2<T> {
        let mut layers = self.layers.iter();
        let Some(first) = layers.next() else {
            return inputs.to_owned();
        };
        layers.fold(first.forward(inputs), |signal, layer| layer.forward(&signal.view()))
    }
}

/// The probability of each class for one example.
#[hub_bench(
    types = [f32, f64],
    setup = crate::sample::classifier,
    inputs = crate::sample::features,
    tags = ["inference"],
)]
pub fn forward<T: Scalar>(
    network: &Network<T>,
    features: &Array1<T>,
) -> Result<Vec<T>, NetworkError> {
    network.check_features(features.len())?;
    let row = features.view().insert_axis(Axis(0));
    let mut probabilities = network.logits(&row).into_raw_vec_and_offset().0;
    softmax(&mut probabilities);
    Ok(probabilities)
}

/// The most probable class of each example, one example a row.
pub fn forward_batch<T: Scalar>(
    network: &Network<T>,
    examples: &Array2<T>,
) -> Result<Vec<usize>, NetworkError> {
    network.check_features(examples.ncols())?;
    let logits = network.logits(&examples.view());
    Ok(logits.rows().into_iter().map(most_probable).collect())
}

/// The position of the largest of some values; of equals the first.
pub fn most_probable<'v, T: Scalar>(values: impl IntoIterator<Item = &'v T>) -> usize {
    let start = (0, T::neg_infinity());
    let values = values.into_iter().copied().enumerate();
    values.fold(start, |best, new| if new.1 > best.1 { new } else { best }).0
}

/// Why a network cannot be made, run or trained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// A network has at least features and classes.
    TooFewLayers(usize),
    /// The layer at this position has no neurons.
    EmptyLayer(usize),
    /// An example has another number of features than the network.
    WrongFeatures {
        /// What the network has.
        expected: usize,
        /// What the example has.
        found: usize,
    },
    /// There are more or fewer labels than examples.
    WrongLabels {
        /// How many examples there are.
        examples: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A label names no class of the network.
    UnknownClass(usize),
    /// There is nothing to learn from.
    NoExamples,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewLayers(found) => {
                write!(f, "a network has at least two layers, not {found}")
            }
            Self::EmptyLayer(layer) => write!(f, "layer {layer} has no neurons"),
            Self::WrongFeatures { expected, found } => {
                write!(f, "the network takes {expected} features, not {found}")
            }
            Self::WrongLabels { examples, labels } => {
                write!(f, "{examples} examples cannot have {labels} labels")
            }
            Self::UnknownClass(class) => write!(f, "the network has no class {class}"),
            Self::NoExamples => f.write_str("there are no examples to learn from"),
        }
    }
}

impl std::error::Error for NetworkError {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use ndarray::{arr1, arr2};

    use super::*;

    /// Two features, two hidden neurons, two classes, weights that can be followed by hand.
    fn by_hand() -> Network<f64> {
        Network {
            layers: vec![
                Dense {
                    weights: arr2(&[[1.0, -1.0], [2.0, 0.5]]),
                    bias: arr1(&[0.0, 1.0]),
                    activation: Activation::Relu,
                },
                Dense {
                    weights: arr2(&[[1.0, 0.0], [0.0, 1.0]]),
                    bias: arr1(&[0.0, 3.0]),
                    activation: Activation::Identity,
                },
            ],
        }
    }

    #[test]
    fn a_network_followed_by_hand() {
        // Hidden: relu(1*1 + 2*1), relu(-1 + 0.5 + 1); logits 3 and 3.5.
        let probabilities = forward(&by_hand(), &arr1(&[1.0, 1.0])).unwrap();
        let expected = 1.0 / (1.0 + 0.5_f64.exp());
        assert!((probabilities[0] - expected).abs() < 1e-12);
        assert!((probabilities[0] + probabilities[1] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_batch_gives_what_its_examples_give() {
        let network = Network::<f32>::new(&[3, 8, 4], Activation::Tanh, 5).unwrap();
        let examples = arr2(&[[0.1, 0.2, 0.3], [-1.0, 0.5, 2.0], [3.0, -3.0, 0.0]]);
        let together = forward_batch(&network, &examples).unwrap();
        let alone: Vec<_> = examples
            .rows()
            .into_iter()
            .map(|row| most_probable(&forward(&network, &row.to_owned()).unwrap()))
            .collect();
        assert_eq!(together, alone);
    }

    #[test]
    fn a_seed_stands_for_one_network() {
        let network = |seed| Network::<f32>::new(&[4, 4, 2], Activation::Relu, seed).unwrap();
        assert_eq!(network(7), network(7));
        assert_ne!(network(7), network(8));
        assert_eq!(network(7).parameters(), 4 * 4 + 4 + 4 * 2 + 2);
    }

    #[test]
    fn impossible_shapes_are_refused() {
        let network = |widths: &[usize]| Network::<f32>::new(widths, Activation::Relu, 0);
        assert_eq!(network(&[3]).err(), Some(NetworkError::TooFewLayers(1)));
        assert_eq!(network(&[3, 0, 2]).err(), Some(NetworkError::EmptyLayer(1)));
        assert!(network(&[3, 2]).is_ok());
    }

    #[test]
    fn examples_of_the_wrong_width_are_refused() {
        let error = NetworkError::WrongFeatures { expected: 2, found: 3 };
        let network = by_hand();
        assert_eq!(forward(&network, &arr1(&[1.0, 2.0, 3.0])).err(), Some(error.clone()));
        assert_eq!(forward_batch(&network, &Array2::zeros((5, 3))).err(), Some(error));
    }

    #[test]
    fn of_equal_values_the_first_is_taken() {
        assert_eq!(most_probable(&[0.2, 0.4, 0.4]), 1);
        assert_eq!(most_probable::<f32>(&[]), 0);
    }
}
