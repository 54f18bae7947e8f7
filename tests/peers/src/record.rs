//! Raw data of one study, with all that is needed to read it later.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::effort::Effort;
use crate::failure::{Context, Result};
use crate::machine::Machine;

/// One study as it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recorded<T> {
    pub(crate) study: String,
    pub(crate) command: String,
    pub(crate) date: String,
    pub(crate) commit: String,
    pub(crate) seed: u64,
    pub(crate) effort: Effort,
    pub(crate) seconds: f64,
    /// Load average over one minute, before and after.
    pub(crate) load: [Option<f64>; 2],
    pub(crate) machine: Machine,
    pub(crate) data: T,
}

impl<T: Serialize> Recorded<T> {
    /// Writes the record where [`read`](Self::read) finds it.
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        let path = data_file(out, &self.study);
        let text = serde_json::to_string(self).context(|| "writing JSON".to_owned())? + "\n";
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context(|| format!("creating {}", folder.display()))?;
        }
        // A study that is ended while it writes leaves the file of before.
        let unfinished = path.with_extension("json.part");
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, &path))
            .context(|| format!("writing {}", path.display()))
    }
}

impl<T: DeserializeOwned> Recorded<T> {
    /// The record of a study; `None` if it was not carried out yet.
    pub(crate) fn read(out: &Path, study: &str) -> Result<Option<Self>> {
        let path = data_file(out, study);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .context(|| format!("reading {}", path.display()))
                .map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context(|| format!("reading {}", path.display())),
        }
    }
}

fn data_file(out: &Path, study: &str) -> PathBuf {
    out.join("data").join(format!("{study}.json"))
}

/// Today, in UTC, such as `2026-01-31`.
pub(crate) fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = civil(since.as_secs() / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day since 1970-01-01, in the Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_513), (2026, 3, 1));
        assert_eq!(civil(19_722), (2023, 12, 31));
    }
}
