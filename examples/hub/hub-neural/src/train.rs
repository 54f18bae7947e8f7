//! Backpropagation with stochastic gradient descent.

use bench_sdk::hub_bench;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::activation::softmax;
use crate::network::{Network, NetworkError};
use crate::scalar::Scalar;

/// Feature vectors and the class each belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples<T> {
    features: Array2<T>,
    labels: Vec<usize>,
}

impl<T: Scalar> Examples<T> {
    /// Examples with one row of features and one label each.
    pub fn new(features: Array2<T>, labels: Vec<usize>) -> Result<Self, NetworkError> {
        if features.nrows() != labels.len() {
            return Err(NetworkError::WrongLabels {
                examples: features.nrows(),
                labels: labels.len(),
            });
        }
        if labels.is_empty() {
            return Err(NetworkError::NoExamples);
        }
        Ok(Self { features, labels })
    }

    /// Examples that are known to have one label each.
    pub(crate) const fn unchecked(features: Array2<T>, labels: Vec<usize>) -> Self {
        Self { features, labels }
    }

    /// The feature vectors, one a row.
    pub const fn features(&self) -> &Array2<T> {
        &self.features
    }

    /// The class of each row.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    fn pick(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.select(Axis(0), rows),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
        }
    }
}

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// How far each step goes against the gradient.
    pub rate: f64,
    /// How many examples a step looks at; at least one.
    pub batch: usize,
    /// Decides the order of the examples.
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Self { rate: 0.1, batch: 16, seed: 0 }
    }
}

/// What one layer has to change.
struct Gradient<T> {
    weights: Array2<T>,
    bias: Array1<T>,
}

/// One step downhill on a batch. Returns the mean cross-entropy before the step.
#[hub_bench(
    types = [f32, f64],
    inputs = classifier_and_batch,
    sample_size = 8,
    items_count = 16,
    tags = ["training"],
)]
pub fn train_step<T: Scalar>(
    network: &mut Network<T>,
    batch: &Examples<T>,
    rate: f64,
) -> Result<T, NetworkError> {
    network.check_features(batch.features.ncols())?;
    if let Some(&class) = batch.labels.iter().find(|&&c| c >= network.classes()) {
        return Err(NetworkError::UnknownClass(class));
    }
    let (loss, gradients) = backpropagate(network, batch);
    for (layer, gradient) in network.layers.iter_mut().zip(&gradients) {
        layer.weights.scaled_add(T::of(-rate), &gradient.weights);
        layer.bias.scaled_add(T::of(-rate), &gradient.bias);
    }
    Ok(loss)
}

#[bench_sdk::bench_only]
fn classifier_and_batch<T: Scalar>() -> (Network<T>, Examples<T>, f64) {
    let network = crate::sample::classifier();
    let batch = crate::sample::examples(&network, 16);
    (network, batch, 0.05)
}

/// One pass over all examples in an order decided by the seed. Returns the mean of the losses.
pub fn train_epoch<T: Scalar>(
    network: &mut Network<T>,
    examples: &Examples<T>,
    training: Training,
) -> Result<T, NetworkError> {
    let mut order: Vec<usize> = (0..examples.labels.len()).collect();
    fastrand::Rng::with_seed(training.seed).shuffle(&mut order);
    let mut total = T::zero();
    for rows in order.chunks(training.batch.max(1)) {
        let loss = train_step(network, &examples.pick(rows), training.rate)?;
        total += loss * T::of(rows.len() as f64);
    }
    Ok(total / T::of(order.len() as f64))
}

/// The mean cross-entropy over a batch and its gradient, layer by layer from the first.
fn backpropagate<T: Scalar>(network: &Network<T>, batch: &Examples<T>) -> (T, Vec<Gradient<T>>) {
    let mut signals = Vec::with_capacity(network.layers.len());
    for layer in &network.layers {
        let input =
            signals.last().map_or(batch.features.view(), |signal: &Array2<T>| signal.view());
        signals.push(layer.forward(&input));
    }
    let logits = signals.pop().unwrap_or_else(|| batch.features.clone());
    let (loss, mut error) = cross_entropy(logits, &batch.labels);

    let mut gradients = Vec::with_capacity(network.layers.len());
    for (position, layer) in network.layers.iter().enumerate().rev() {
        let below = position
            .checked_sub(1)
            .map(|below| (&signals[below], network.layers[below].activation));
        let input: ArrayView2<'_, T> =
            below.map_or(batch.features.view(), |(signal, _)| signal.view());
        gradients.push(Gradient { weights: input.t().dot(&error), bias: error.sum_axis(Axis(0)) });
        if let Some((signal, activation)) = below {
            error = error.dot(&layer.weights.t());
            error.zip_mut_with(signal, |error, &y| *error *= activation.slope(y));
        }
    }
    gradients.reverse();
    (loss, gradients)
}

/// The mean loss, and by how much each logit should be lower.
fn cross_entropy<T: Scalar>(mut logits: Array2<T>, labels: &[usize]) -> (T, Array2<T>) {
    let examples = T::of(labels.len() as f64);
    let mut loss = T::zero();
    for (mut row, &label) in logits.rows_mut().into_iter().zip(labels) {
        if let Some(probabilities) = row.as_slice_mut() {
            softmax(probabilities);
        }
        loss -= row[label].max(T::min_positive_value()).ln();
        row[label] -= T::one();
        row.mapv_inplace(|difference| difference / examples);
    }
    (loss / examples, logits)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use ndarray::arr2;

    use super::*;
    use crate::activation::Activation;
    use crate::network::forward_batch;

    fn exclusive_or() -> Examples<f64> {
        let features = arr2(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        Examples::new(features, vec![0, 1, 1, 0]).unwrap()
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let network = Network::<f64>::new(&[2, 3, 2], Activation::Tanh, 11).unwrap();
        let examples = exclusive_or();
        let (_, gradients) = backpropagate(&network, &examples);
        let step = 1e-6;
        for (layer, gradient) in gradients.iter().enumerate() {
            for index in [(0, 0), (1, 1)] {
                let loss_at = |offset: f64| {
                    let mut moved = network.clone();
                    moved.layers[layer].weights[index] += offset;
                    backpropagate(&moved, &examples).0
                };
                let slope = (loss_at(step) - loss_at(-step)) / (2.0 * step);
                let difference = slope - gradient.weights[index];
                assert!(difference.abs() < 1e-8, "layer {layer}, {index:?}");
            }
        }
    }

    #[test]
    fn exclusive_or_is_learned() {
        let mut network = Network::new(&[2, 8, 2], Activation::Tanh, 3).unwrap();
        let examples = exclusive_or();
        let training = Training { rate: 0.5, batch: 4, seed: 1 };
        let first = train_epoch(&mut network, &examples, training).unwrap();
        let mut last = first;
        for _ in 0..500 {
            last = train_epoch(&mut network, &examples, training).unwrap();
        }
        assert!(last < first / 10.0, "{first} became {last}");
        let classes = forward_batch(&network, examples.features()).unwrap();
        assert_eq!(classes, examples.labels());
    }

    #[test]
    fn an_untrained_loss_is_near_the_logarithm_of_the_classes() {
        let mut network = Network::<f64>::new(&[2, 2], Activation::Tanh, 0).unwrap();
        network.layers[0].weights.fill(0.0);
        let loss = train_step(&mut network, &exclusive_or(), 0.1).unwrap();
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-12);
    }

    #[test]
    fn unusable_examples_are_refused_and_nothing_is_learned() {
        assert_eq!(
            Examples::<f32>::new(Array2::zeros((2, 3)), vec![0]).err(),
            Some(NetworkError::WrongLabels { examples: 2, labels: 1 })
        );
        assert_eq!(
            Examples::<f32>::new(Array2::zeros((0, 3)), vec![]).err(),
            Some(NetworkError::NoExamples)
        );
        let mut network = Network::<f32>::new(&[3, 2], Activation::Relu, 0).unwrap();
        let before = network.clone();
        let examples = Examples::new(Array2::zeros((1, 3)), vec![2]).unwrap();
        assert_eq!(train_step(&mut network, &examples, 0.1), Err(NetworkError::UnknownClass(2)));
        assert_eq!(network, before);
    }
}
