//! Numbers as short as they may be.

use serde_json::{Number, Value};

use crate::stats::rounded;

/// Figures over runs, or over cases, as one text: separated by commas, nothing where there is none,
/// `=` for the same as the one before.
///
/// A page with 200,000 points is read at once this way, and each line is taken apart when it is
/// looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Series {
    text: String,
    /// How many entries were left behind.
    commas: usize,
    last: String,
}

impl Series {
    /// Writes the entry at that place; places come in rising order.
    pub(super) fn set(&mut self, place: usize, value: f64, digits: usize) {
        if !value.is_finite() || place < self.commas {
            return;
        }
        self.text.extend(std::iter::repeat_n(',', place - self.commas));
        self.commas = place;
        let entry = short(value, digits);
        if entry == self.last {
            self.text.push('=');
        } else {
            self.text.push_str(&entry);
            self.last = entry;
        }
    }

    /// The text; entries that are missing at the end are left out.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// The shortest text of the rounded value: `812.4`, `15e8`.
fn short(value: f64, digits: usize) -> String {
    let value = rounded(value, digits);
    let (plain, exponent) = (value.to_string(), whole_mantissa(&format!("{value:e}")));
    if exponent.len() < plain.len() { exponent } else { plain }
}

/// `1.235e-5` without its point: `1235e-8`.
fn whole_mantissa(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once('e') else { return text.to_owned() };
    let (Some((whole, fraction)), Ok(exponent)) =
        (mantissa.split_once('.'), exponent.parse::<i32>())
    else {
        return text.to_owned();
    };
    match exponent - fraction.chars().fold(0, |digits, _| digits + 1) {
        0 => format!("{whole}{fraction}"),
        exponent => format!("{whole}{fraction}e{exponent}"),
    }
}

/// The same value with every fraction rounded; whole numbers stay what they are.
pub(super) fn rounded_json(value: Value, digits: usize) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let short = number.as_f64().and_then(|value| Number::from_f64(rounded(value, digits)));
            Value::Number(short.unwrap_or(number))
        }
        Value::Array(list) => list.into_iter().map(|item| rounded_json(item, digits)).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(name, item)| (name, rounded_json(item, digits))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_repetitions_are_short() {
        let mut series = Series::default();
        for (place, value) in [(1, 812.437), (2, 812.44), (5, 1.5e9), (6, f64::NAN), (7, 812.44)] {
            series.set(place, value, 4);
        }
        assert_eq!(series.text(), ",812.4,=,,,15e8,,812.4");
        assert_eq!(Series::default().text(), "");
    }

    #[test]
    fn figures_keep_their_digits() {
        let shown: Vec<String> =
            [0.0, 2.0, 0.000_012_346, 123_456.0, -3.25, 1e21].map(|v| short(v, 4)).into();
        assert_eq!(shown, ["0", "2", "1235e-8", "123500", "-3.25", "1e21"]);
    }

    #[test]
    fn only_fractions_are_rounded() {
        let value = serde_json::json!({"a": [1.234_567_89, 18_446_744_073_709_551_615_u64], "b": "1.23456789"});
        let expected =
            serde_json::json!({"a": [1.235, 18_446_744_073_709_551_615_u64], "b": "1.23456789"});
        assert_eq!(rounded_json(value, 4), expected);
    }
}
