//! What stands in for running a load bench without the feature `load`: a message.

use super::LoadBench;

/// Says which feature is missing.
pub(crate) fn run_once<O>(bench: LoadBench, options: &O) -> Result<(), String> {
    let (LoadBench, _) = (bench, options);
    Err("load benches need the feature `load` of bench-sdk; in Cargo.toml: \
         bench = [\"bench-sdk/bench\", \"bench-sdk/load\"] under [features]"
        .to_owned())
}
