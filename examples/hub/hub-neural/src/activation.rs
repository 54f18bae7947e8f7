//! Activation functions.

use std::fmt;

use bench_sdk::hub_bench;

use crate::scalar::Scalar;

/// What a layer does to each of its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing; for the last layer, whose values are logits.
    Identity,
    /// Cuts off what is below zero.
    Relu,
    /// Squeezes into 0 to 1.
    Sigmoid,
    /// Squeezes into -1 to 1.
    Tanh,
}

impl Activation {
    /// The function at one point.
    pub fn apply<T: Scalar>(self, x: T) -> T {
        match self {
            Self::Identity => x,
            Self::Relu => x.max(T::zero()),
            Self::Sigmoid => T::one() / (T::one() + (-x).exp()),
            Self::Tanh => x.tanh(),
        }
    }

    /// The slope where the function has the value `y`; all of these can be told from the value
    /// alone, so training need not keep the sums.
    pub fn slope<T: Scalar>(self, y: T) -> T {
        match self {
            Self::Identity => T::one(),
            Self::Relu if y > T::zero() => T::one(),
            Self::Relu => T::zero(),
            Self::Sigmoid => y * (T::one() - y),
            Self::Tanh => T::one() - y * y,
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
        })
    }
}

/// Turns logits into probabilities, in place.
///
/// The largest logit is subtracted first: the result is the same, and no exponential overflows.
#[hub_bench(types = [f32, f64], inputs = || crate::sample::values(256), items_count = 256)]
pub fn softmax<T: Scalar>(logits: &mut [T]) {
    let largest = logits.iter().copied().fold(T::neg_infinity(), T::max);
    let mut total = T::zero();
    for logit in logits.iter_mut() {
        *logit = (*logit - largest).exp();
        total += *logit;
    }
    for logit in logits {
        *logit /= total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Activation; 4] =
        [Activation::Identity, Activation::Relu, Activation::Sigmoid, Activation::Tanh];

    #[test]
    fn known_values() {
        let at_zero = ALL.map(|activation| activation.apply(0.0_f64));
        assert_eq!(at_zero.map(|y| (y * 2.0) as i32), [0, 0, 1, 0]);
        assert!((Activation::Sigmoid.apply(2.0_f64) - 0.880_797_077_977_882).abs() < 1e-12);
        assert!((Activation::Tanh.apply(1.0_f64) - 0.761_594_155_955_765).abs() < 1e-12);
        assert!(Activation::Relu.apply(-3.0_f64).abs() < f64::EPSILON);
    }

    #[test]
    fn the_slope_is_the_derivative() {
        let step = 1e-6_f64;
        for activation in ALL {
            for x in [-2.0, -0.5, 0.3, 1.7] {
                let rise = activation.apply(x + step) - activation.apply(x - step);
                let slope = activation.slope(activation.apply(x));
                assert!((rise / (2.0 * step) - slope).abs() < 1e-6, "{activation} at {x}");
            }
        }
    }

    #[test]
    fn softmax_gives_probabilities_in_the_same_order() {
        let mut values = [1.0, 3.0, 2.0_f64];
        softmax(&mut values);
        assert!((values.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(values[1] > values[2] && values[2] > values[0]);
        assert!((values[1] / values[2] - std::f64::consts::E).abs() < 1e-12);
    }

    #[test]
    fn softmax_survives_large_logits() {
        let mut values = [1e30_f32, 1e30, -1e30];
        softmax(&mut values);
        assert!(values.iter().all(|p| p.is_finite()));
        assert!((values[0] - 0.5).abs() < 1e-6);
    }
}
