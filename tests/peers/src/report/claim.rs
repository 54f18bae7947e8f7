//! A target, and whether it was met.

use crate::figures::range;

/// A target beside what was measured. A miss says by how much.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    what: String,
    target: String,
    measured: String,
    spread: String,
    verdict: String,
    unit: &'static str,
}

impl Claim {
    /// A figure that may be as large as the target, and no larger.
    pub(crate) fn at_most(
        what: impl Into<String>,
        target: f64,
        measured: Option<f64>,
        unit: &'static str,
    ) -> Self {
        let verdict = match measured {
            None => "not measured".to_owned(),
            Some(measured) if measured <= target => "met".to_owned(),
            Some(measured) => missed_by(measured, target),
        };
        Self {
            what: what.into(),
            target: format!("<= {}{unit}", figure(target)),
            measured: measured.map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m))),
            spread: String::new(),
            verdict,
            unit,
        }
    }

    /// A statement that holds, or does not for the reason given.
    pub(crate) fn holds(
        what: impl Into<String>,
        target: impl Into<String>,
        measured: impl Into<String>,
        miss: Option<String>,
    ) -> Self {
        Self {
            what: what.into(),
            target: target.into(),
            measured: measured.into(),
            spread: String::new(),
            verdict: miss.map_or_else(|| "met".to_owned(), |miss| format!("missed: {miss}")),
            unit: "",
        }
    }

    /// A figure without a target.
    pub(crate) fn told(
        what: impl Into<String>,
        measured: impl Into<String>,
        unit: &'static str,
    ) -> Self {
        Self {
            what: what.into(),
            target: "-".to_owned(),
            measured: measured.into(),
            spread: String::new(),
            verdict: "told".to_owned(),
            unit,
        }
    }

    /// Adds the range of the repetitions.
    pub(crate) fn spread(mut self, repetitions: impl AsRef<[f64]>) -> Self {
        let repetitions = repetitions.as_ref();
        if let (Some((low, high)), true) = (range(repetitions), repetitions.len() > 1) {
            let unit = self.unit;
            let count = repetitions.len();
            self.spread = format!("{} to {}{unit} in {count}", figure(low), figure(high));
        }
        self
    }

    /// Adds an interval of the figure.
    pub(crate) fn interval(mut self, interval: Option<[f64; 2]>) -> Self {
        if let Some([low, high]) = interval {
            self.spread = format!("{} to {}{}", figure(low), figure(high), self.unit);
        }
        self
    }

    /// Adds bounds of the figure, in words.
    pub(crate) fn bounds(mut self, bounds: String) -> Self {
        self.spread = bounds;
        self
    }

    /// `met`, `missed by ...` or `not measured`.
    #[cfg(test)]
    pub(crate) fn verdict(&self) -> &str {
        &self.verdict
    }

    pub(crate) fn cells(&self) -> Vec<String> {
        let cells = [&self.what, &self.target, &self.measured, &self.spread, &self.verdict];
        cells.into_iter().cloned().collect()
    }
}

fn missed_by(measured: f64, target: f64) -> String {
    let over = measured / target - 1.0;
    if over < 1.0 {
        format!("missed by {} %", figure(over * 100.0))
    } else {
        format!("missed, {} times the target", figure(measured / target))
    }
}

/// Three significant digits, or all before the point.
pub(crate) fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let digits = usize::try_from(digits).unwrap_or(0).min(9);
    let text = format!("{value:.digits$}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    if text.contains('.') { trimmed.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_says_by_how_much() {
        let verdict = |m| Claim::at_most("x", 50.0, Some(m), " ms").verdict().to_owned();
        assert_eq!(verdict(50.0), "met");
        assert_eq!(verdict(50.1), "missed by 0.2 %");
        assert_eq!(verdict(60.0), "missed by 20 %");
        assert_eq!(verdict(150.0), "missed, 3 times the target");
        assert_eq!(Claim::at_most("x", 1.0, None, "").verdict(), "not measured");
    }

    #[test]
    fn figures_have_three_digits() {
        let shown = [1.3, 0.012_345, 1234.5, 50.0, 0.0, 0.125, 1.0].map(figure);
        assert_eq!(shown, ["1.3", "0.0123", "1234", "50", "0", "0.125", "1"]);
    }

    #[test]
    fn spread_is_the_range_of_repetitions() {
        let claim = Claim::at_most("x", 1.0, Some(0.9), " x").spread(vec![0.8, 1.1]);
        assert_eq!(claim.cells()[3], "0.8 to 1.1 x in 2");
        assert_eq!(Claim::told("x", "1", "").spread([1.0]).cells()[3], "");
    }
}
