//! Weights in a few bits each, for sending a network to another hub.

use bench_sdk::hub_bench;

/// Weights as whole multiples of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantized {
    /// The distance between two levels.
    pub step: f32,
    /// How many steps each weight is.
    pub levels: Vec<i8>,
}

/// Rounds weights to the levels that `BITS` bits (2 to 8) can tell apart, zero and the largest
/// magnitude among them.
#[hub_bench(
    consts = [4, 8],
    inputs = || crate::sample::values::<f32>(4096),
    items_count = 4096,
    tags = ["transport"],
)]
pub fn quantize<const BITS: u32>(weights: &[f32]) -> Quantized {
    const { assert!(2 <= BITS && BITS <= 8, "a level takes 2 to 8 bits") };
    let highest = ((1_u32 << (BITS - 1)) - 1) as f32;
    let largest = weights.iter().fold(0.0_f32, |max, w| max.max(w.abs()));
    let step = if largest > 0.0 { largest / highest } else { 1.0 };
    let levels = weights.iter().map(|weight| (weight / step).round() as i8);
    Quantized { step, levels: levels.collect() }
}

/// The weights that the levels stand for.
#[hub_bench(
    inputs = || quantize::<8>(&crate::sample::values::<f32>(4096)),
    items_count = 4096,
    tags = ["transport"],
)]
pub fn dequantize(quantized: &Quantized) -> Vec<f32> {
    let levels = quantized.levels.iter();
    levels.map(|&level| f32::from(level) * quantized.step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn no_weight_moves_by_more_than_half_a_step() {
        let weights = sample::values::<f32>(500);
        for quantized in [quantize::<4>(&weights), quantize::<8>(&weights)] {
            for (before, after) in weights.iter().zip(dequantize(&quantized)) {
                assert!((before - after).abs() <= quantized.step * 0.500_01);
            }
        }
    }

    #[test]
    fn levels_fit_into_their_bits() {
        let weights = sample::values::<f32>(500);
        let range = quantize::<4>(&weights).levels;
        assert!(range.iter().all(|level| (-7..=7).contains(level)));
        assert!(range.iter().any(|level| level.abs() == 7));
    }

    #[test]
    fn zeros_stay_zeros() {
        let quantized = quantize::<8>(&[0.0; 3]);
        assert_eq!(quantized.levels, [0; 3]);
        assert!(dequantize(&quantized).iter().all(|w| w.abs() < f32::EPSILON));
    }
}
