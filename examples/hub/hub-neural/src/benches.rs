//! Benchmarks over sizes, and of whole epochs.
bench_sdk::group! { name = "by size", tags = ["scaling"] }

use std::hint::black_box;

use bench_sdk::{Bencher, ItemsCount, hub_bench};
use ndarray::Array1;

use crate::activation::Activation;
use crate::network::{forward, forward_batch};
use crate::sample;
use crate::train::{Training, train_epoch};

/// One example through networks of growing width: the weights grow with its square.
#[hub_bench(args = [8, 16, 32, 64, 128, 256], tags = ["inference"], complexity = "n^2")]
fn forward_by_width(b: Bencher, width: usize) {
    let network = sample::network::<f32>(width);
    let features = sample::features(&network);
    b.bench(|| forward(black_box(&network), black_box(&features)));
}

/// Batches of growing size through the same network.
#[hub_bench(args = [1, 4, 16, 64, 256], tags = ["inference"])]
fn forward_by_batch(b: Bencher, examples: usize) {
    let network = sample::classifier::<f32>();
    let rows = sample::rows(examples, network.features());
    b.counter(ItemsCount::new(examples))
        .bench(|| forward_batch(black_box(&network), black_box(&rows)));
}

/// Training passes over growing sets of examples, each from the same untrained network.
#[hub_bench(args = [16, 32, 64, 128, 256], tags = ["training"], complexity = "n")]
fn epoch_by_examples(b: Bencher, examples: usize) {
    let network = sample::network::<f32>(32);
    let examples = sample::examples(&network, examples);
    b.counter(ItemsCount::new(examples.labels().len()))
        .with_inputs(|| network.clone())
        .bench_refs(|network| train_epoch(network, &examples, Training::default()));
}

/// One activation function over a layer of 1024 neurons.
#[hub_bench(
    args = [Activation::Relu, Activation::Sigmoid, Activation::Tanh],
    items_count = 1024,
)]
fn activate(b: Bencher, activation: Activation) {
    let sums = Array1::<f32>::from(sample::values(1024));
    b.with_inputs(|| sums.clone())
        .bench_refs(|sums| sums.mapv_inplace(|sum| activation.apply(sum)));
}

/// A fresh network: mostly random numbers.
#[hub_bench(args = [8, 64])]
fn initialise(width: usize) -> crate::Network<f32> {
    sample::network(width)
}
