//! What is known of the machine's noise: `noise.json`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::StoreError;
#[cfg(feature = "cli")]
use super::files::{create, write};
use super::runs::RunStore;
use crate::record::{MachineNoise, NOISE_SCHEMA};

impl RunStore {
    /// Keeps what calibration found in place of what it found before; gives the file.
    #[cfg(feature = "cli")]
    pub(crate) fn save_noise(&self, noise: &MachineNoise) -> Result<PathBuf, StoreError> {
        let path = self.noise_path();
        if let Some(folder) = path.parent() {
            create(folder)?;
        }
        write(&path, noise)?;
        Ok(path)
    }

    /// What calibration found last; `None` where there was none.
    pub(crate) fn noise(&self) -> Result<Option<MachineNoise>, StoreError> {
        let path = self.noise_path();
        match fs::read(&path) {
            Ok(bytes) => parse(&path, &bytes).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io(&path, "read")(error)),
        }
    }

    fn noise_path(&self) -> PathBuf {
        self.results_dir().join("noise.json")
    }
}

/// A file that says nothing is refused, and so is one of a newer layout.
fn parse(path: &Path, bytes: &[u8]) -> Result<MachineNoise, StoreError> {
    let unusable = |why: String| StoreError::Noise { path: path.to_owned(), why };
    let damaged = |error: serde_json::Error| unusable(format!("is damaged: {error}"));
    let value: Value = serde_json::from_slice(bytes).map_err(damaged)?;
    if let Some(schema) = value["schema"].as_u64().filter(|schema| *schema > NOISE_SCHEMA.into()) {
        return Err(unusable(format!(
            "has schema {schema}, this version reads up to {NOISE_SCHEMA}"
        )));
    }
    let noise: MachineNoise = serde_json::from_value(value).map_err(damaged)?;
    let is_positive = |value: f64| value > 0.0 && value.is_finite();
    if is_positive(noise.s0) && is_positive(noise.d0) {
        Ok(noise)
    } else {
        Err(unusable("is damaged: `s0` and `d0` are to be positive".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_told() {
        let read = |text: &str| {
            let read = parse(Path::new("noise.json"), text.as_bytes());
            read.map(|noise| noise.d0).map_err(|error| error.message())
        };
        let whole = r#"{"schema": 1, "measured_at": "", "s0": 0.004, "d0": 9.0}"#;
        assert_eq!(read(whole), Ok(9.0));
        for (text, why) in [
            (r#"{"schema": 2, "what": "ever"}"#, "noise.json has schema 2"),
            (r#"{"schema": 1, "s0":"#, "noise.json is damaged: EOF"),
            (&whole.replace("9.0", "-1.0"), "`s0` and `d0` are to be positive"),
        ] {
            assert!(read(text).is_err_and(|error| error.contains(why)), "{text}");
        }
    }
}
