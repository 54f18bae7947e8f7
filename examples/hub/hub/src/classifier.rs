//! Inferring from a text what an agent must be able to do with it.

use bench_sdk::hub_bench;
use hub_agents::Capability;
use hub_neural::network::most_probable;
use hub_neural::{Activation, Examples, Network, NetworkError, Training, forward, train_epoch};
use ndarray::Array2;

use crate::features::{FEATURES, featurize};

const HIDDEN: usize = 24;

/// A network that has learned which capability a text calls for.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    network: Network<f32>,
}

/// What a text calls for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inference {
    /// The most probable capability.
    pub capability: Capability,
    /// How probable it is, from 0 to 1.
    pub confidence: f32,
}

impl Classifier {
    /// Learns from phrases and the capability that each calls for.
    pub fn trained(
        phrases: &[(&str, Capability)],
        epochs: usize,
        seed: u64,
    ) -> Result<Self, NetworkError> {
        let widths = [FEATURES, HIDDEN, Capability::COUNT];
        let mut network = Network::new(&widths, Activation::Tanh, seed)?;
        let examples = examples(phrases)?;
        for epoch in 0..epochs {
            let training = Training { rate: 0.5, batch: 8, seed: seed.wrapping_add(epoch as u64) };
            train_epoch(&mut network, &examples, training)?;
        }
        Ok(Self { network })
    }
}

/// Tells what a text calls for.
#[hub_bench(
    setup = trained,
    inputs = || crate::scenario::PHRASES[3].0.to_owned(),
    tags = ["inference"],
)]
pub fn infer(classifier: &Classifier, text: &str) -> Result<Inference, NetworkError> {
    let probabilities = forward(&classifier.network, &featurize(text))?;
    let class = most_probable(&probabilities);
    Ok(Inference { capability: Capability::ALL[class], confidence: probabilities[class] })
}

#[bench_sdk::bench_only]
#[expect(clippy::expect_used, reason = "without the classifier there is nothing to measure")]
fn trained() -> Classifier {
    crate::scenario::classifier().expect("every phrase is a complete example")
}

fn examples(phrases: &[(&str, Capability)]) -> Result<Examples<f32>, NetworkError> {
    let mut features = Array2::zeros((phrases.len(), FEATURES));
    for (mut row, (text, _)) in features.rows_mut().into_iter().zip(phrases) {
        row.assign(&featurize(text));
    }
    let labels = phrases.iter().map(|(_, capability)| capability.index());
    Examples::new(features, labels.collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::scenario::{PHRASES, classifier};

    #[test]
    fn what_was_learned_is_recognised() {
        let classifier = classifier().unwrap();
        for (text, capability) in PHRASES {
            let inference = infer(&classifier, text).unwrap();
            assert_eq!(inference.capability, capability, "{text}");
            assert!(inference.confidence > 0.5);
        }
    }

    #[test]
    fn similar_texts_call_for_the_same() {
        let classifier = classifier().unwrap();
        let inferred = |text| infer(&classifier, text).unwrap().capability;
        assert_eq!(inferred("Translate this letter."), Capability::Translate);
        assert_eq!(inferred("Summarize these notes in one sentence!"), Capability::Summarize);
    }

    #[test]
    fn nothing_is_learned_from_nothing() {
        assert_eq!(Classifier::trained(&[], 1, 0).err(), Some(NetworkError::NoExamples));
    }
}
