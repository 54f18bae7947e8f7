//! The numbers a network computes with.

use ndarray::NdFloat;

/// A floating-point type that networks can be made of.
pub trait Scalar: NdFloat {
    /// The value of this type nearest to a number.
    fn of(number: f64) -> Self;
}

impl Scalar for f32 {
    fn of(number: f64) -> Self {
        number as Self
    }
}

impl Scalar for f64 {
    fn of(number: f64) -> Self {
        number
    }
}
